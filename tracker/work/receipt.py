"""A receipt (签收): a department signs for its part."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from tracker.actor import Actor
from tracker.db import UtcDateTime
from tracker.errors import AlreadyDone, StepRefused
from tracker.events import Event, deed
from tracker.plans.assignment import Assignment, AssignmentState


class Receipt(SQLModel, table=True):
    """Who signed, when. A part that was taken away and came back has a second one."""

    __tablename__ = "receipt"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True, ondelete="CASCADE")
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")


def receive(part: Assignment, *, by: Actor, at: datetime) -> tuple[Receipt, Event]:
    """Sign for the part. Raises AlreadyDone when it was signed for, StepRefused when it ended and
    while a refusal waits for its answer."""
    by.require("work.receive")
    if part.received_at is not None:
        raise AlreadyDone("这项任务已经签收，不必重复签收。")
    if part.done:
        raise StepRefused("这项任务已经办结或撤销，不需要签收。")
    if part.refusal_waits:
        raise StepRefused("本单位已提出拒签，正在等待牵头办公室答复。要签收请先撤回拒签。")
    assert part.id is not None
    part.received_at = at
    part.move(AssignmentState.IN_PROGRESS)
    receipt = Receipt(assignment_id=part.id, at=at, by=by.user_id)
    return receipt, deed(
        by, "assignment.received", "assignment", part.id, at=at,
        plan_id=part.plan_id, task_id=part.task_id, department_id=part.department_id,
    )  # fmt: skip
