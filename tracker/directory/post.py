"""A post (岗位): what a person may do follows from the posts held, never from the name."""

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col

from tracker.actor import Role
from tracker.db import word


class Post(SQLModel, table=True):
    """`department_id` is set for the departmental roles."""

    __tablename__ = "post"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    title: str
    role: Role = Field(sa_type=word(Role))
    department_id: int | None = Field(default=None, foreign_key="department.id", index=True)


class Charge(SQLModel, table=True):
    """A leader's post is in charge of a department (分管); a leader without any reads them all."""

    __tablename__ = "charge"

    post_id: int = Field(foreign_key="post.id", primary_key=True)
    department_id: int = Field(foreign_key="department.id", primary_key=True, index=True)


class Holding(SQLModel, table=True):
    """A person holds a post from a day on, until (not including) another."""

    __tablename__ = "post_holding"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    user_id: int = Field(foreign_key="user.id", index=True)
    from_on: date
    until_on: date | None = None


def in_force(on: date) -> sa.ColumnElement[bool]:
    """The condition that a holding is in force on a day."""
    until = col(Holding.until_on)
    return sa.and_(col(Holding.from_on) <= on, sa.or_(until.is_(None), until > on))
