"""An instruction (批示): a leader writes on a task what is to be done about it."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.actor import Actor
from tracker.db import UtcDateTime
from tracker.errors import InputError, StepRefused
from tracker.events import Event, deed
from tracker.plans.task import Task
from tracker.text import clean_text


class Instruction(SQLModel, table=True):
    """Read by all departments of the task."""

    __tablename__ = "instruction"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True, ondelete="CASCADE")
    text: str = Field(sa_type=sa.Text)
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")
    signed: str
    """The leader's name and post at that time."""


def instruct(task: Task, *, by: Actor, at: datetime, text: str) -> tuple[Instruction, Event]:
    """Write an instruction. Raises StepRefused for a withdrawn task, InputError without a word."""
    by.require("work.instruct")
    if task.withdrawn_on is not None:
        raise StepRefused("这项任务已经撤销，不能再批示。")
    text = clean_text(text, field="批示")
    if not text:
        raise InputError("请写明批示内容。", "text")
    assert task.id is not None
    row = Instruction(task_id=task.id, text=text, at=at, by=by.user_id, signed=by.name)
    return row, deed(
        by, "task.instructed", "task", task.id, at=at, plan_id=task.plan_id, task_id=task.id,
        text=text,
    )  # fmt: skip
