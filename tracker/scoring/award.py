"""Rounds, covert visits and awards of points."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import Points, UtcDateTime, word


class RoundKind(StrEnum):
    """自评, 市级模拟, 正式."""

    SELF_ASSESSMENT = "self_assessment"
    REHEARSAL = "rehearsal"
    FORMAL = "formal"


class Round(SQLModel, table=True):
    """A pass over the plan in which points are given; departments see it once published."""

    __tablename__ = "scoring_round"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", index=True)
    kind: RoundKind = Field(sa_type=word(RoundKind))
    name: str
    opened_on: date
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Visit(SQLModel, table=True):
    """An inspector's covert visit (暗访) to what one task asks for."""

    __tablename__ = "visit"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="scoring_round.id", index=True)
    task_id: int = Field(foreign_key="task.id", index=True, ondelete="CASCADE")
    inspector_id: int = Field(foreign_key="user.id", index=True)
    planned_on: date
    finding: str = Field(default="", sa_type=sa.Text)
    place: str = ""
    visited_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Award(SQLModel, table=True):
    """Points one task earned in one round; `event_id` is the deed it rests on."""

    __tablename__ = "award"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "task_id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="scoring_round.id")
    task_id: int = Field(foreign_key="task.id", index=True, ondelete="CASCADE")
    event_id: int = Field(foreign_key="event.id")
    points: Decimal = Field(sa_type=Points)
    reason: str = Field(default="", sa_type=sa.Text)
