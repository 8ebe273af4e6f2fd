"""Chores that run once a period, whoever ticks: each is claimed by its row, never by a thread."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from tracker.db import UtcDateTime


class ChoreRun(SQLModel, table=True):
    """The last time a chore was done: `period` names the day or hour it was done for."""

    __tablename__ = "chore_run"

    name: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
