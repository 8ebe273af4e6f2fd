"""A group (各苏木镇, 所有单位): a name that stands for several departments, dated.

An open-ended group (相关单位, 有关部门, 等) has no list; it needs a person's decision each time.
"""

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.directory.department import Department
from tracker.text import match_key


class Group(SQLModel, table=True):
    """`everyone` means all standing departments, without a list to keep."""

    __tablename__ = "department_group"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    key: str = Field(unique=True)
    everyone: bool = False

    @classmethod
    def named(cls, name: str, *, everyone: bool = False) -> "Group":
        """A new group."""
        return cls(name=name, key=match_key(name), everyone=everyone)


class Membership(SQLModel, table=True):
    """A department belongs to a group from a day on, until (not including) another."""

    __tablename__ = "group_membership"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "department_id", "from_on"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    group_id: int = Field(foreign_key="department_group.id", index=True, ondelete="CASCADE")
    department_id: int = Field(foreign_key="department.id", index=True)
    from_on: date
    until_on: date | None = None


def members(group: Group, *, on: date) -> SelectOfScalar[Department]:
    """The departments a group stands for on a day, in the directory's order."""
    found = select(Department).where(
        or_(col(Department.ended_on).is_(None), col(Department.ended_on) > on)
    )
    if not group.everyone:
        found = found.join(Membership, col(Membership.department_id) == Department.id).where(
            Membership.group_id == group.id,
            Membership.from_on <= on,
            or_(col(Membership.until_on).is_(None), col(Membership.until_on) > on),
        )
    return found.order_by(col(Department.position), col(Department.id))
