"""Praise (表扬): the office or a leader commends a department, for a plan or one of its tasks."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.actor import Actor
from tracker.db import UtcDateTime
from tracker.errors import InputError
from tracker.events import Event, deed
from tracker.plans.plan import Plan
from tracker.text import clean_text


class Praise(SQLModel, table=True):
    """Who praised whom, when, for what."""

    __tablename__ = "praise"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", index=True)
    department_id: int = Field(foreign_key="department.id")
    task_id: int | None = Field(default=None, foreign_key="task.id", ondelete="SET NULL")
    reason: str = Field(sa_type=sa.Text)
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")


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
