"""A completion request (申请办结) and the review (审核) that answers it."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import UtcDateTime, word


class Verdict(StrEnum):
    """Accepted ends the work; returned sends it back with a demand."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


class Completion(SQLModel, table=True):
    """A lead says the work is done; open while nobody has reviewed it."""

    __tablename__ = "completion"
    __table_args__ = (
        sa.Index(
            "uq_completion_open", "assignment_id", unique=True,
            sqlite_where=sa.text("reviewed_at IS NULL"),
            postgresql_where=sa.text("reviewed_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True, ondelete="CASCADE")
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")
    statement: str = Field(default="", sa_type=sa.Text)
    reviewed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Review(SQLModel, table=True):
    """The office's answer. `demand` is what is still wanted, `again_by` the day it is wanted."""

    __tablename__ = "review"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    completion_id: int = Field(foreign_key="completion.id", unique=True, ondelete="CASCADE")
    verdict: Verdict = Field(sa_type=word(Verdict))
    demand: str = Field(default="", sa_type=sa.Text)
    again_by: date | None = None
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")
