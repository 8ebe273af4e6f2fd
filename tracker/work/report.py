"""A progress report (反馈): what was done, how far, what is in the way, what comes next."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import UtcDateTime


class Report(SQLModel, table=True):
    """`percent` is 0 to 100."""

    __tablename__ = "report"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True, ondelete="CASCADE")
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")
    text: str = Field(sa_type=sa.Text)
    percent: int
    difficulties: str = Field(default="", sa_type=sa.Text)
    next_step: str = Field(default="", sa_type=sa.Text)
