"""A progress report (反馈): what was done, how far, what is in the way, what comes next."""

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from tracker.actor import Actor
from tracker.db import Amount, UtcDateTime
from tracker.errors import InputError, SentTwice, StepRefused
from tracker.events import Event, deed
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.text import clean_text
from tracker.work.target import shown

LONGEST_KEY = 64


class Report(SQLModel, table=True):
    """`percent` is 0 to 100. `value` is what was reached of the task's target, in `unit`, the target's
    when it was written. `form_key` is the form's own: the same form sent twice is kept once."""

    __tablename__ = "report"
    __table_args__ = (
        sa.Index("uq_report_form", "assignment_id", "form_key", unique=True),
        sa.Index(
            "ix_report_difficulties", "id", sqlite_where=sa.text("difficulties <> ''"),
            postgresql_where=sa.text("difficulties <> ''"),
        ),
        {"sqlite_autoincrement": True},
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True, ondelete="CASCADE")
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")
    text: str = Field(sa_type=sa.Text)
    percent: int
    difficulties: str = Field(default="", sa_type=sa.Text)
    next_step: str = Field(default="", sa_type=sa.Text)
    value: Decimal | None = Field(default=None, sa_type=Amount)
    unit: str = Field(default="", sa_column_kwargs={"server_default": ""})
    form_key: str | None = None


def report(
    part: Assignment, *, by: Actor, at: datetime, text: str, percent: int,
    difficulties: str = "", next_step: str = "", value: Decimal | None = None, unit: str = "",
    form_key: str = "",
) -> tuple[Report, Event]:  # fmt: skip
    """Say how the work stands; `value` in the target's `unit`. Raises StepRefused before receipt and
    after the end, InputError where nothing is said or for a percentage outside 0 to 100."""
    by.require("work.report")
    refuse_unless_working(part)
    text = clean_text(text, field="进展情况")
    if not (text or difficulties.strip() or next_step.strip()):
        raise InputError("请写明进展情况。", "text")
    if not 0 <= percent <= 100:
        raise InputError(f"完成比例 {percent} 不在 0 到 100 之间。", "percent")
    assert part.id is not None
    row = Report(
        assignment_id=part.id, at=at, by=by.user_id, text=text, percent=percent,
        difficulties=clean_text(difficulties, field="困难或问题"),
        next_step=clean_text(next_step, field="下一步计划"), value=value,
        unit=unit if value is not None else "", form_key=form_key[:LONGEST_KEY] or None,
    )  # fmt: skip
    said = _said(row, before=part.percent)
    part.percent = percent
    return row, deed(
        by, "assignment.reported", "assignment", part.id, at=at, plan_id=part.plan_id,
        task_id=part.task_id, department_id=part.department_id, **said,
    )  # fmt: skip


def _said(row: Report, *, before: int) -> dict[str, int | str]:
    """What the history says of it: a percentage lower than the one before is named with it."""
    said: dict[str, int | str] = {"percent": row.percent, "text": row.text}
    if row.percent < before:
        said["before"] = before
    if row.value is not None:
        said["value"] = shown(row.value) + row.unit
    return said


def refuse_repeated(session: Session, part: Assignment, form_key: str) -> None:
    """Raises SentTwice when this very form has brought its report already; a form without a key is
    always new."""
    same = select(Report.id).where(
        Report.assignment_id == part.id, col(Report.form_key) == form_key[:LONGEST_KEY]
    )
    if form_key and session.exec(same).first() is not None:
        raise SentTwice("这份进展已经上报，没有重复写入。")


def refuse_unless_working(part: Assignment) -> None:
    """Raises StepRefused unless the part is being worked on."""
    if part.state == AssignmentState.ISSUED:
        raise StepRefused("请先签收这项任务，再报进展。")
    if part.state == AssignmentState.SUBMITTED:
        raise StepRefused("这项任务已经申请办结，正在等待审核。")
    if part.done:
        raise StepRefused("这项任务已经办结或撤销，不能再报进展。")
