"""The reminder ledger: one row for what one person is told of one assignment under one rule."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import UtcDateTime, word


class Rule(StrEnum):
    """Why somebody is reminded."""

    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


class Reminder(SQLModel, table=True):
    """`deadline_version` is the task's: a new date makes a new reminder. `day` is the step's
    nominal day (rules.py), not the day of the run. `message_id` is the digest that carries it;
    `cancelled_reason` says why none will."""

    __tablename__ = "reminder"
    __table_args__ = (
        sa.UniqueConstraint("assignment_id", "user_id", "rule", "deadline_version", "day"),
        sa.Index("ix_reminder_day", "day", "user_id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", ondelete="CASCADE")
    user_id: int = Field(foreign_key="user.id")
    rule: Rule = Field(sa_type=word(Rule))
    deadline_version: int
    day: date
    due_on: date
    planned_at: datetime = Field(sa_type=UtcDateTime)
    message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cancelled_reason: str = ""
