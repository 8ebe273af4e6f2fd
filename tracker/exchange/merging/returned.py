"""A returned workbook (交回的表): what came in, from whom, of which export; it waits until somebody who
may has looked at its merge and confirmed it."""

from datetime import datetime
from enum import StrEnum
from itertools import takewhile
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from tracker.actor import Actor
from tracker.db import UtcDateTime, word
from tracker.errors import AlreadyDone, StepRefused
from tracker.events import Event, deed
from tracker.exchange.export import Export
from tracker.exchange.merging.keeping import from_plain, plain
from tracker.exchange.merging.recognising import Found
from tracker.exchange.merging.rowmark import KEY_LENGTH
from tracker.packing import pack, unpack
from tracker.storage import StoredFile

READ_EARLIER = "这份表是旧版本收下的，不能再核对。请放弃它，再交一次。"


class ReturnState(StrEnum):
    """Waiting → applied, or discarded; a newer one of the same department supersedes it. What was
    applied may be undone."""

    WAITING = "waiting"
    APPLIED = "applied"
    DISCARDED = "discarded"
    SUPERSEDED = "superseded"
    UNDONE = "undone"


class ReturnedFile(SQLModel, table=True):
    """`cells` is what the file says (packed, see `kept_cells`), so that it is read once;
    `department_id` the department whose copy it is, none for a whole plan's. `counts` is what applying
    it came to, `told` what was seen then (`merging/memory.py`), `trace` what it did to which rows
    (`merging/traces.py`); `mail_id` the mail it came with (`mailbox/received.py`), if by mail."""

    __tablename__ = "returned_file"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    export_id: int = Field(foreign_key="export.id", index=True, ondelete="CASCADE")
    plan_id: int = Field(foreign_key="plan.id", index=True, ondelete="CASCADE")
    department_id: int | None = Field(default=None, foreign_key="department.id")
    file_id: int = Field(foreign_key="stored_file.id")
    cells: bytes = Field(sa_type=sa.LargeBinary)
    state: ReturnState = Field(default=ReturnState.WAITING, sa_type=word(ReturnState))
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_by: int | None = Field(default=None, foreign_key="user.id")
    mail_id: int | None = Field(default=None, foreign_key="received_mail.id")
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    told: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    trace: bytes | None = Field(default=None, sa_type=sa.LargeBinary)


def hand_in(
    export: Export, file: StoredFile, found: Found, *, by: Actor, at: datetime
) -> tuple[ReturnedFile, Event]:  # fmt: skip
    """Keep a returned workbook until it is confirmed; the file's row is kept already."""
    by.require("return.hand_in")
    assert export.id is not None and file.id is not None
    row = ReturnedFile(
        export_id=export.id, plan_id=export.plan_id, department_id=export.department_id,
        file_id=file.id, cells=kept_cells(found, export.key), at=at, by=by.user_id,
    )  # fmt: skip
    return row, deed(
        by, "workbook.returned", "export", export.id, at=at, plan_id=export.plan_id,
        department_id=export.department_id, file=file.name,
    )  # fmt: skip


def supersede(session: Session, row: ReturnedFile, *, at: datetime) -> int:
    """The newest of a department's copies counts: earlier ones that wait are put aside; how many."""
    if row.department_id is None:
        return 0
    earlier = (
        sa.update(ReturnedFile)
        .where(
            col(ReturnedFile.plan_id) == row.plan_id,
            col(ReturnedFile.department_id) == row.department_id,
            col(ReturnedFile.state) == ReturnState.WAITING, col(ReturnedFile.id) != row.id,
        )
        .values(state=ReturnState.SUPERSEDED, settled_at=at)
    )  # fmt: skip
    return int(session.execute(earlier).rowcount)  # type: ignore[attr-defined]


def earlier(session: Session, row: ReturnedFile) -> list[ReturnedFile]:
    """The copies of its department that were put aside for this one, newest first; those before one
    that was written are done with."""
    if row.department_id is None:
        return []
    wanted = select(ReturnedFile).where(
        ReturnedFile.plan_id == row.plan_id, ReturnedFile.department_id == row.department_id,
        ReturnedFile.id != row.id,
    )  # fmt: skip
    found = session.exec(wanted.order_by(col(ReturnedFile.id).desc())).all()
    return list(takewhile(lambda one: one.state is ReturnState.SUPERSEDED, found))


def prefer(
    session: Session, row: ReturnedFile, *, by: Actor, at: datetime, beside: bool = False
) -> Event:
    """Of a department's copies this one counts after all: it waits again, the others are put aside,
    or with `beside` wait as well.

    Raises AlreadyDone unless a newer one has superseded it.
    """
    by.require("return.hand_in")
    if row.state is not ReturnState.SUPERSEDED:
        raise AlreadyDone("这份表已经处理过了，不用再选。")
    row.state, row.settled_at = ReturnState.WAITING, None
    if not beside:
        supersede(session, row, at=at)
    return deed(
        by, "workbook.preferred", "export", row.export_id, at=at, plan_id=row.plan_id,
        department_id=row.department_id,
    )  # fmt: skip


def refuse_settled(row: ReturnedFile, name: str = "") -> None:
    """Raises AlreadyDone when somebody applied or discarded it before, or a newer copy came; `name` says
    which of several it is."""
    which = f"“{name}”" if name else "这个单位"
    if row.state is ReturnState.SUPERSEDED:
        raise AlreadyDone(f"{which}刚交来更新的一份，没有写入。请重新核对。")
    if row.state is not ReturnState.WAITING:
        raise AlreadyDone(f"{which}的这份表已经处理过了，没有再次写入。")


def settle(
    row: ReturnedFile, state: ReturnState, *, by: Actor, at: datetime, **counts: int
) -> Event:
    """The file was applied or discarded. Raises AlreadyDone when somebody settled it before."""
    refuse_settled(row)
    row.state, row.settled_at, row.settled_by, row.counts = state, at, by.user_id, dict(counts)
    return deed(
        by, f"workbook.{state.value}", "export", row.export_id, at=at, plan_id=row.plan_id,
        department_id=row.department_id, **counts,
    )  # fmt: skip


def kept_cells(found: Found, key: str) -> bytes:
    """What a workbook says of one export, packed."""
    return pack(plain(found, key[:KEY_LENGTH]))


def found_in(row: ReturnedFile, key: str) -> Found:
    """What the workbook said, as it was recognised. Raises StepRefused for one that an earlier version
    of the tracker took in."""
    kept = unpack(row.cells)
    if "tables" not in kept:
        raise StepRefused(READ_EARLIER)
    return from_plain(kept)
