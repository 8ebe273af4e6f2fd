"""An urge (催办): the office asks a department to move."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.actor import Actor
from tracker.db import UtcDateTime
from tracker.errors import AlreadyDone, StepRefused
from tracker.events import Event, deed
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.text import clean_text

LONGEST = 500
USUAL = "请抓紧办理并上报进展。"


class Urge(SQLModel, table=True):
    """Who urged, when, in which words; a part is urged once a day (`on`, the office's date)."""

    __tablename__ = "urge"
    __table_args__ = (
        sa.UniqueConstraint("assignment_id", "on"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True, ondelete="CASCADE")
    text: str = Field(sa_type=sa.Text)
    on: date
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")


def urge(
    part: Assignment, *, by: Actor, at: datetime, on: date, text: str = "",
    was_urged_today: bool = False, waits_for_head: bool = False,
) -> tuple[Urge, Event]:  # fmt: skip
    """Urge a department. Raises AlreadyDone the second time in a day, StepRefused for work that has
    ended or waits for the office itself; what waits for the department's own head may be urged."""
    by.require("work.urge")
    if part.done:
        raise StepRefused("这项任务已经办结或撤销，不需要催办。")
    if part.state == AssignmentState.SUBMITTED and not waits_for_head:
        raise StepRefused("这个单位已经申请办结，正在等待审核，不需要催办。")
    if was_urged_today:
        raise AlreadyDone("今天已经催办过这个单位。")
    assert part.id is not None
    words = clean_text(text[:LONGEST], field="催办内容") or USUAL
    row = Urge(assignment_id=part.id, text=words, on=on, at=at, by=by.user_id)
    return row, deed(
        by, "assignment.urged", "assignment", part.id, at=at, plan_id=part.plan_id,
        task_id=part.task_id, department_id=part.department_id, text=words,
    )  # fmt: skip
