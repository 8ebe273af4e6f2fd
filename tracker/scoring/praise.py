"""Praise (表扬): the office or a leader commends a department, for a plan or one of its tasks."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.actor import Actor
from tracker.db import UtcDateTime
from tracker.errors import AlreadyDone, InputError
from tracker.events import Event, deed
from tracker.plans.plan import Plan
from tracker.text import clean_text


class Praise(SQLModel, table=True):
    """Who praised whom, when, for what. One taken back counts no more and stays to be read."""

    __tablename__ = "praise"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", index=True)
    department_id: int = Field(foreign_key="department.id")
    task_id: int | None = Field(default=None, foreign_key="task.id", ondelete="SET NULL")
    reason: str = Field(sa_type=sa.Text)
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")
    taken_back_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def praise(
    plan: Plan, department_id: int, *, by: Actor, at: datetime, reason: str,
    task_id: int | None = None,
) -> tuple[Praise, Event]:  # fmt: skip
    """Praise a department. Raises InputError without a reason."""
    by.require("praise.give")
    reason = clean_text(reason, field="表扬事由", longest=1000)
    if not reason:
        raise InputError("请写明表扬事由。", "reason")
    assert plan.id is not None
    row = Praise(
        plan_id=plan.id, department_id=department_id, task_id=task_id, reason=reason, at=at,
        by=by.user_id,
    )  # fmt: skip
    return row, deed(
        by, "department.praised", "department", department_id, at=at, plan_id=plan.id,
        task_id=task_id, department_id=department_id, text=reason,
    )  # fmt: skip


def take_back(row: Praise, *, by: Actor, at: datetime) -> Event:
    """Praise given by mistake. Raises AlreadyDone the second time."""
    by.require("praise.give")
    if row.taken_back_at is not None:
        raise AlreadyDone("这次表扬已经撤回。")
    row.taken_back_at = at
    return deed(
        by, "praise.taken_back", "department", row.department_id, at=at, plan_id=row.plan_id,
        task_id=row.task_id, department_id=row.department_id, text=row.reason,
    )  # fmt: skip
