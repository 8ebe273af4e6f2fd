"""A progress report (反馈): what was done, how far, what is in the way, what comes next."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.actor import Actor
from tracker.db import UtcDateTime
from tracker.errors import InputError, StepRefused
from tracker.events import Event, deed
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.text import clean_text


class Report(SQLModel, table=True):
    """`percent` is 0 to 100."""

    __tablename__ = "report"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True, ondelete="CASCADE")
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")
    text: str = Field(sa_type=sa.Text)
    percent: int
    difficulties: str = Field(default="", sa_type=sa.Text)
    next_step: str = Field(default="", sa_type=sa.Text)


def report(
    part: Assignment, *, by: Actor, at: datetime, text: str, percent: int,
    difficulties: str = "", next_step: str = "",
) -> tuple[Report, Event]:  # fmt: skip
    """Say how the work stands. Raises StepRefused before receipt and after the end, InputError
    for an empty text or a percentage outside 0 to 100."""
    by.require("work.report")
    refuse_unless_working(part)
    text = clean_text(text, field="进展情况")
    if not text:
        raise InputError("请写明进展情况。", "text")
    if not 0 <= percent <= 100:
        raise InputError(f"完成比例 {percent} 不在 0 到 100 之间。", "percent")
    assert part.id is not None
    part.percent = percent
    row = Report(
        assignment_id=part.id, at=at, by=by.user_id, text=text, percent=percent,
        difficulties=clean_text(difficulties, field="困难或问题"),
        next_step=clean_text(next_step, field="下一步计划"),
    )  # fmt: skip
    return row, deed(
        by, "assignment.reported", "assignment", part.id, at=at, plan_id=part.plan_id,
        task_id=part.task_id, department_id=part.department_id, percent=percent, text=text,
    )  # fmt: skip


def refuse_unless_working(part: Assignment) -> None:
    """Raises StepRefused unless the part is being worked on."""
    if part.state == AssignmentState.ISSUED:
        raise StepRefused("请先签收这项任务，再报进展。")
    if part.state == AssignmentState.SUBMITTED:
        raise StepRefused("这项任务已经申请办结，正在等待审核。")
    if part.done:
        raise StepRefused("这项任务已经办结或撤销，不能再报进展。")
