"""Poor cooperation (配合不力): a lead says that a helper does not do its part, and why."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.actor import Actor
from tracker.db import UtcDateTime
from tracker.errors import AlreadyDone, Forbidden, InputError, StepRefused
from tracker.events import Event, deed
from tracker.plans.assignment import Assignment, AssignmentRole
from tracker.text import clean_text


class PoorCooperation(SQLModel, table=True):
    """A mark on a support's part; it stands until the lead lifts it. The office, the lead and the
    department itself see it; so a mark can be answered by a report."""

    __tablename__ = "poor_cooperation"
    __table_args__ = (
        sa.Index(
            "uq_poor_cooperation_standing", "assignment_id", "lead_id", unique=True,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True, ondelete="CASCADE")
    lead_id: int = Field(foreign_key="assignment.id", index=True, ondelete="CASCADE")
    reason: str = Field(sa_type=sa.Text)
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")
    lifted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lifted_by: int | None = Field(default=None, foreign_key="user.id")


def mark(
    helper: Assignment, lead: Assignment, *, by: Actor, at: datetime, reason: str,
    is_marked: bool = False,
) -> tuple[PoorCooperation, Event]:  # fmt: skip
    """The lead marks a helper of the same task.

    Raises Forbidden for anybody but a lead and for a mark on another lead, AlreadyDone while a mark
    of this lead stands, StepRefused when the helper's part has ended, InputError without a reason.
    """
    by.require("work.mark")
    if lead.role != AssignmentRole.LEAD or not lead.is_standing or lead.task_id != helper.task_id:
        raise Forbidden("只有这项任务的牵头单位可以标记配合不力。")
    if helper.role != AssignmentRole.SUPPORT:
        raise Forbidden("只能标记配合单位。牵头单位之间请由牵头办公室协调。")
    if helper.done:
        raise StepRefused("这个单位的任务已经办结或撤销。")
    if is_marked:
        raise AlreadyDone("已经标记过这个单位配合不力。")
    reason = clean_text(reason, field="理由")
    if not reason:
        raise InputError("请写明配合不力的情况。", "reason")
    assert helper.id is not None and lead.id is not None
    row = PoorCooperation(
        assignment_id=helper.id, lead_id=lead.id, reason=reason, at=at, by=by.user_id
    )
    return row, _deed(helper, "marked", by=by, at=at, text=reason)


def lift(row: PoorCooperation, helper: Assignment, *, by: Actor, at: datetime) -> Event:
    """The lead takes the mark back. Raises AlreadyDone when it was lifted."""
    by.require("work.mark")
    if row.lifted_at is not None:
        raise AlreadyDone("这个标记已经取消。")
    row.lifted_at, row.lifted_by = at, by.user_id
    return _deed(helper, "lifted", by=by, at=at)


def _deed(helper: Assignment, what: str, *, by: Actor, at: datetime, text: str = "") -> Event:
    return deed(
        by, f"poor_cooperation.{what}", "assignment", helper.id, at=at, plan_id=helper.plan_id,
        task_id=helper.task_id, department_id=helper.department_id, text=text,
    )  # fmt: skip
