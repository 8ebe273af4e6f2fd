"""A returned workbook (交回的表): what came in, from whom, of which export; it waits until somebody who
may has looked at its merge and confirmed it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col

from tracker.actor import Actor
from tracker.db import UtcDateTime, word
from tracker.errors import AlreadyDone
from tracker.events import Event, deed
from tracker.exchange.export import Export
from tracker.exchange.merging.fields import Of
from tracker.exchange.merging.merge import Cell, Written
from tracker.exchange.merging.recognising import Found, Loose
from tracker.exchange.merging.rowmark import KEY_LENGTH, read_mark
from tracker.packing import pack, unpack
from tracker.storage import StoredFile


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
    it came to, `trace` what it did to which rows (`merging/traces.py`)."""

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
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
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


def prefer(session: Session, row: ReturnedFile, *, by: Actor, at: datetime) -> Event:
    """Of a department's copies this one counts after all: it waits again, the others are put aside.

    Raises AlreadyDone unless a newer one has superseded it.
    """
    by.require("return.hand_in")
    if row.state is not ReturnState.SUPERSEDED:
        raise AlreadyDone("这份表已经处理过了，不用再选。")
    row.state, row.settled_at = ReturnState.WAITING, None
    supersede(session, row, at=at)
    return deed(
        by, "workbook.preferred", "export", row.export_id, at=at, plan_id=row.plan_id,
        department_id=row.department_id,
    )  # fmt: skip


def refuse_settled(row: ReturnedFile) -> None:
    """Raises AlreadyDone when somebody applied or discarded it before."""
    if row.state is not ReturnState.WAITING:
        raise AlreadyDone("这份表已经处理过了，没有再次写入。")


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
    own = key[:KEY_LENGTH]
    return pack(
        {
            "cells": [[*cell, [list(one) for one in written]]
                      for cell, written in found.cells.get(own, {}).items()],
            "rows": {str(mark): place for mark, place in found.rows.get(own, {}).items()},
            "loose": [
                [one.source, {key: list(cell) for key, cell in one.written.items()}, one.after]
                for one in found.loose
            ],
            "twice": [[str(mark), places] for mark, places in found.twice.items()],
            "unread": found.unread,
            "others": found.others,
        }
    )  # fmt: skip


def found_in(row: ReturnedFile, key: str) -> Found:
    """What the workbook said, as it was recognised."""
    own, kept = key[:KEY_LENGTH], unpack(row.cells)
    marks = {read_mark(text): place for text, place in kept["rows"].items()}
    twice = {read_mark(text): places for text, places in kept["twice"]}
    return Found(
        cells={own: {
            Cell(Of(of), ident, field): [Written(*one) for one in written]
            for of, ident, field, written in kept["cells"]
        }},
        rows={own: {mark: place for mark, place in marks.items() if mark}},
        loose=[
            Loose(source, {key: Written(*cell) for key, cell in written.items()}, after)
            for source, written, after in kept["loose"]
        ],
        twice={mark: places for mark, places in twice.items() if mark},
        unread=kept["unread"],
        others=kept["others"],
    )  # fmt: skip
