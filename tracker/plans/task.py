"""A task (任务): one row of a plan. It is complete when all its leads are."""

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import Points


class Task(SQLModel, table=True):
    """`due_on` is the date in force, `original_due_on` the one of the plan; both office dates.

    `deadline_text` is what was written, `deadline_kind` the reader's word for it. `match_key` is
    what the row says (outline, number, text), to know it again in a later version of the plan.
    `source` is the cell it came from, `row` the row on that sheet. `closed_on` is the day of 销号,
    `withdrawn_on` that of 撤销: a withdrawn task is in no figure and nobody works on it.
    `rhythm` is the task's own reporting rhythm: '' for that of its deadline or plan, 'none' for no
    reports.
    """

    __tablename__ = "task"
    __table_args__ = (
        sa.Index("ix_task_in_plan", "plan_id", "position", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    section_id: int | None = Field(default=None, foreign_key="section.id", index=True)
    batch_id: int | None = Field(default=None, foreign_key="batch.id", index=True)
    position: int
    number: str = ""
    text: str = Field(sa_type=sa.Text)
    standard: str = Field(default="", sa_type=sa.Text)
    modes: str = ""
    points: Decimal | None = Field(default=None, sa_type=Points)
    deadline_text: str = ""
    deadline_kind: str = "none"
    deadline_version: int = 1
    due_on: date | None = None
    original_due_on: date | None = None
    match_key: str = ""
    source: str = ""
    fields: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    completed_on: date | None = None
    is_complete: bool = False
    closed_on: date | None = None
    withdrawn_on: date | None = None
    rhythm: str = Field(default="", sa_column_kwargs={"server_default": ""})


class UnresolvedName(SQLModel, table=True):
    """A name in a department cell that stands for nobody yet (相关部门): visible until decided."""

    __tablename__ = "unresolved_name"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", index=True)
    task_id: int = Field(foreign_key="task.id", index=True, ondelete="CASCADE")
    name: str
    role: str
    source: str = ""
