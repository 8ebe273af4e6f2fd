"""A department (责任单位): a body that tasks are given to."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.actor import Actor
from tracker.db import UtcDateTime
from tracker.events import Event, deed
from tracker.text import clean_line, match_key

LONGEST_NAME = 100
"""Characters of a department's name; longer words are no name and are not remembered as one."""


class Department(SQLModel, table=True):
    """`key` is the name as it is compared; `short_name` what tables and lists show. Where a
    department wants it (`needs_approval`), its head signs what its clerks send to the office."""

    __tablename__ = "department"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    key: str = Field(unique=True)
    short_name: str = ""
    position: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_on: date | None = None
    needs_approval: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})

    @classmethod
    def named(cls, name: str, *, at: datetime, position: int = 0) -> "Department":
        """A new department."""
        return cls(name=name, key=match_key(name), created_at=at, position=position)

    @property
    def label(self) -> str:
        """The name to show where space is short."""
        return self.short_name or self.name


def clean_name(written: str, *, field: str = "单位名称") -> str:
    """A name as it is kept; may be empty. Raises InputError for one that is too long."""
    return clean_line(written, field=field, longest=LONGEST_NAME)


def add(
    session: Session, names: Sequence[str], *, by: Actor, at: datetime
) -> tuple[list[Department], list[Event]]:
    """Put departments that are not there yet at the directory's end, however they came: by hand, by
    a list, by a plan that names them. Their events are the caller's to keep, after its last lock.
    """
    last = session.exec(select(func.max(Department.position))).one() or 0
    made = [Department.named(name, at=at, position=last + n) for n, name in enumerate(names, 1)]
    session.add_all(made)
    session.flush()
    return made, [
        deed(by, "department.added", "department", one.id, at=at, name=one.name) for one in made
    ]


def standing(on: date | None = None) -> SelectOfScalar[Department]:
    """The departments in the directory's order: those that never end, or that exist on a day."""
    exists: sa.ColumnElement[bool] = col(Department.ended_on).is_(None)
    if on is not None:
        exists = or_(exists, col(Department.ended_on) > on)
    return select(Department).where(exists).order_by(col(Department.position), col(Department.id))
