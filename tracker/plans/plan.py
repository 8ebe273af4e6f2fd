"""A plan (计划): one table of tasks that a coordinating office issued."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import UtcDateTime, word


class PlanState(StrEnum):
    """Active plans are worked on; archived ones are only read."""

    ACTIVE = "active"
    ARCHIVED = "archived"


class Plan(SQLModel, table=True):
    """`version` grows with every change of its rows, so that a stale preview is told.

    `rhythm` is how often its departments report, as a code of `importers/rhythm_rule.py`; '' for
    none. A task may have its own.
    """

    __tablename__ = "plan"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    title: str = ""
    document: str = ""
    issued_on: date | None = None
    state: PlanState = Field(default=PlanState.ACTIVE, sa_type=word(PlanState))
    version: int = 1
    rhythm: str = Field(default="", sa_column_kwargs={"server_default": ""})
    archived_on: date | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    created_by: int | None = Field(default=None, foreign_key="user.id")


class Section(SQLModel, table=True):
    """A heading of the plan's outline (类别, 项目, 子项目); depth counts from 0."""

    __tablename__ = "section"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", index=True)
    parent_id: int | None = Field(default=None, foreign_key="section.id", index=True)
    title: str = Field(sa_type=sa.Text)
    depth: int
    position: int
