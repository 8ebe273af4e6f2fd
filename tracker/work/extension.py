"""An extension (延期): asked before the deadline, decided by the office; every date is kept."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import UtcDateTime


class Extension(SQLModel, table=True):
    """`granted` is empty until the office decides."""

    __tablename__ = "extension"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True, ondelete="CASCADE")
    was_due_on: date
    asked_on: date
    reason: str = Field(sa_type=sa.Text)
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")
    granted: bool | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by: int | None = Field(default=None, foreign_key="user.id")
    answer: str = Field(default="", sa_type=sa.Text)
