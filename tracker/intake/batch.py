"""A batch (导入批次): one file on its way into a plan."""

import secrets
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.db import UtcDateTime, serialise, word

APPLYING = "import-apply"
"""The lock that lets one batch be applied or undone at a time: `take_turn`."""


class BatchState(StrEnum):
    """Preview until somebody confirms; applied until somebody undoes it."""

    PREVIEW = "preview"
    APPLIED = "applied"
    UNDONE = "undone"


def _new_key() -> str:
    return secrets.token_hex(16)


class Batch(SQLModel, table=True):
    """`reading` is what the reader saw, packed (see intake.kept), with the `choices` that answers had
    made (see intake.choices); `pairs` the tasks that rows of a
    later version are, packed (see intake.versions); `key` stands in the copies that are handed out
    with questions, so that a corrected one finds its batch; `plan_version` is the plan's
    version the preview was made against, empty for a new plan, then the version that applying made;
    `counts` what applying did."""

    __tablename__ = "batch"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    file_id: int = Field(foreign_key="stored_file.id")
    plan_id: int | None = Field(default=None, foreign_key="plan.id", index=True)
    plan_name: str
    plan_version: int | None = None
    issued_on: date | None = None
    state: BatchState = Field(default=BatchState.PREVIEW, sa_type=word(BatchState))
    key: str = Field(default_factory=_new_key, index=True, unique=True)
    reading: bytes = Field(default=b"", sa_type=sa.LargeBinary)
    pairs: bytes = Field(default=b"", sa_type=sa.LargeBinary)
    choices: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    created_at: datetime = Field(sa_type=UtcDateTime)
    created_by: int | None = Field(default=None, foreign_key="user.id")
    applied_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    applied_by: int | None = Field(default=None, foreign_key="user.id")
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    undone_by: int | None = Field(default=None, foreign_key="user.id")


def newest_applied(plan_id: int) -> SelectOfScalar[Batch]:
    """The batch the plan stands on: the one applied last, whichever was uploaded last."""
    return (
        select(Batch)
        .where(Batch.plan_id == plan_id, Batch.state == BatchState.APPLIED)
        .order_by(col(Batch.plan_version).desc(), col(Batch.id).desc())
        .limit(1)
    )


class BatchChange(SQLModel, table=True):
    """An existing task that the batch changed, and what it said before; undo puts it back."""

    __tablename__ = "batch_change"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id", index=True)
    task_id: int = Field(foreign_key="task.id")
    before: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)


def take_turn(session: Session) -> None:
    """Wait until no other batch is being applied or undone; ours is the turn until the transaction
    ends.

    Taken before the batch's own row is locked: undoing writes other batches' rows, and whoever
    holds one of these must not wait for the turn.
    """
    serialise(session, APPLYING)
