"""Chores that run once a period, whoever ticks: each is claimed by its row, never by a thread."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel

from tracker.db import UtcDateTime, upsert


class ChoreRun(SQLModel, table=True):
    """The last time a chore was done: `period` names the day or hour it was done for."""

    __tablename__ = "chore_run"

    name: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)


def claim(session: Session, name: str, period: str, *, at: datetime) -> bool:
    """Whether this caller is the first for the period; holds when its transaction commits.

    On PostgreSQL a second caller waits here until the first has committed or rolled back.
    """
    row = {"name": name, "period": period, "at": at}
    insert = upsert(session, ChoreRun).values(row).on_conflict_do_nothing()
    return session.execute(insert.returning(ChoreRun.name)).first() is not None


def was_done(session: Session, name: str, period: str) -> bool:
    """Whether somebody has done the chore for the period: a look that takes no lock."""
    return session.get(ChoreRun, (name, period)) is not None
