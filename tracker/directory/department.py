"""A department (责任单位): a body that tasks are given to."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.db import UtcDateTime
from tracker.text import match_key


class Department(SQLModel, table=True):
    """`key` is the name as it is compared; `short_name` what tables and lists show."""

    __tablename__ = "department"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    key: str = Field(unique=True)
    short_name: str = ""
    position: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_on: date | None = None

    @classmethod
    def named(cls, name: str, *, at: datetime, position: int = 0) -> "Department":
        """A new department."""
        return cls(name=name, key=match_key(name), created_at=at, position=position)

    @property
    def label(self) -> str:
        """The name to show where space is short."""
        return self.short_name or self.name


def standing() -> SelectOfScalar[Department]:
    """The departments that exist, in the directory's order."""
    return (
        select(Department)
        .where(col(Department.ended_on).is_(None))
        .order_by(col(Department.position), col(Department.id))
    )
