"""Giving a part to another department: 拒签, 转办 and 改派.

A department that was given the wrong task refuses the receipt; one that should pass it on asks to
transfer it. Both wait for the office, which reassigns the part or insists with a word. The office
may also reassign of its own. Whoever gets the part signs for it anew.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col

from tracker.actor import Actor
from tracker.db import UtcDateTime, word
from tracker.errors import AlreadyDone, Forbidden, InputError, StepRefused
from tracker.events import Event, deed
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.task import Task
from tracker.text import clean_text


class HandoverKind(StrEnum):
    """拒签 before the receipt, 转办 at any time while the work goes on."""

    REFUSAL = "refusal"
    TRANSFER = "transfer"


class Handover(SQLModel, table=True):
    """A department asks not to have this part; open until `decided_at`. `to_department_id` is whom
    it proposes, later whom the office chose."""

    __tablename__ = "handover"
    __table_args__ = (
        sa.Index(
            "uq_handover_open", "assignment_id", unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True, ondelete="CASCADE")
    kind: HandoverKind = Field(sa_type=word(HandoverKind))
    to_department_id: int | None = Field(default=None, foreign_key="department.id")
    reason: str = Field(sa_type=sa.Text)
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")
    granted: bool | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by: int | None = Field(default=None, foreign_key="user.id")
    answer: str = Field(default="", sa_type=sa.Text)


def ask(
    part: Assignment, kind: HandoverKind, *, by: Actor, at: datetime, reason: str,
    to_department_id: int | None = None, is_waiting: bool = False,
) -> tuple[Handover, Event]:  # fmt: skip
    """Ask not to have the part. A transfer names the department that should.

    Raises StepRefused out of turn, AlreadyDone while an earlier request waits, InputError without a
    reason or with the own department as the other.
    """
    by.require("work.hand_over")
    if part.done:
        raise StepRefused("这项任务已经办结或撤销，不能拒签或转办。")
    if part.state == AssignmentState.SUBMITTED:
        raise StepRefused("这项任务已经申请办结，正在等待审核，不能转办。")
    if kind == HandoverKind.REFUSAL and part.state != AssignmentState.ISSUED:
        raise StepRefused("这项任务已经签收，不能再拒签。确实不归本单位的，请申请转办。")
    if is_waiting:
        raise AlreadyDone("拒签或转办的申请已经提交，正在等待答复。")
    if kind == HandoverKind.TRANSFER and to_department_id is None:
        raise InputError("请选择要转给哪个单位。", "to")
    if to_department_id == part.department_id:
        raise InputError("不能转给本单位自己。", "to")
    reason = clean_text(reason, field="理由")
    if not reason:
        raise InputError("请写明理由。", "reason")
    assert part.id is not None
    part.refusal_waits = kind == HandoverKind.REFUSAL
    row = Handover(
        assignment_id=part.id, kind=kind, to_department_id=to_department_id, reason=reason, at=at,
        by=by.user_id,
    )  # fmt: skip
    return row, _deed(
        part, f"{kind.value}.requested", by=by, at=at, text=reason, to=to_department_id
    )


def take_back(row: Handover, part: Assignment, *, by: Actor, at: datetime) -> Event:
    """The department keeps the part after all. Raises AlreadyDone when the office has decided."""
    by.require("work.hand_over")
    _refuse_decided(row)
    row.decided_at, part.refusal_waits = at, False
    return _deed(part, f"{row.kind.value}.taken_back", by=by, at=at)


def decline(row: Handover, part: Assignment, *, by: Actor, at: datetime, answer: str) -> Event:
    """The office insists: the part stays where it is. Raises InputError without a word why."""
    _refuse_others(row, by)
    row.answer = clean_text(answer, field="答复")
    if not row.answer:
        raise InputError("不同意时请写明理由。", "answer")
    row.granted, row.decided_at, row.decided_by = False, at, by.user_id
    part.refusal_waits = False
    return _deed(part, f"{row.kind.value}.declined", by=by, at=at, text=row.answer)


def grant(
    row: Handover, task: Task, part: Assignment, parts: Sequence[Assignment], *, by: Actor,
    at: datetime, to_department_id: int | None, answer: str = "",
) -> tuple[Assignment, list[Event]]:  # fmt: skip
    """The office gives the part to a department, the proposed one or another; see `reassign`."""
    _refuse_others(row, by)
    to = to_department_id or row.to_department_id
    if to is None:
        raise InputError("请选择改派给哪个单位。", "to")
    row.answer = clean_text(answer, field="答复")
    row.granted, row.decided_at, row.decided_by = True, at, by.user_id
    row.to_department_id = to
    return reassign(task, part, parts, to, by=by, at=at, reason=row.answer or row.reason)


def reassign(
    task: Task, part: Assignment, parts: Sequence[Assignment], to_department_id: int, *,
    by: Actor, at: datetime, reason: str,
) -> tuple[Assignment, list[Event]]:  # fmt: skip
    """Withdraw the part and give it, in the same role, to another department, which signs anew.

    A department that helps already becomes the lead. `parts` are all of the task's. Returns the new
    holder's part. Raises StepRefused when the work has ended or waits for review, InputError when
    the department has this part already or no reason is given.
    """
    by.require("work.assign")
    if part.done:
        raise StepRefused("这项任务已经办结或撤销，不能改派。")
    if part.state == AssignmentState.SUBMITTED:
        raise StepRefused("这项任务已经申请办结，不能改派。请等审核同意或退回以后再改派。")
    reason = clean_text(reason, field="改派理由")
    if not reason:
        raise InputError("请写明改派的理由。", "reason")
    heir = _heir(task, part, parts, to_department_id, at=at)
    part.move(AssignmentState.WITHDRAWN)
    part.refusal_waits = False
    return heir, [
        _deed(part, "assignment.reassigned", by=by, at=at, text=reason, to=to_department_id),
        deed(
            by, "assignment.issued", "task", task.id, at=at, plan_id=task.plan_id, task_id=task.id,
            department_id=to_department_id, role=heir.role.value,
        ),
    ]  # fmt: skip


def _heir(
    task: Task, part: Assignment, parts: Sequence[Assignment], to: int, *, at: datetime
) -> Assignment:
    if to == part.department_id:
        raise InputError("改派前后是同一个单位。", "to")
    found = next((one for one in parts if one.department_id == to), None)
    if found is None:
        assert task.id is not None
        return Assignment(
            plan_id=task.plan_id, task_id=task.id, department_id=to, role=part.role,
            due_on=part.due_on, issued_at=at, in_plan=False,
        )  # fmt: skip
    if not found.is_standing:
        found.issue_again(role=part.role, due_on=part.due_on, at=at)
        return found
    if found.done or found.role == AssignmentRole.LEAD or part.role == AssignmentRole.SUPPORT:
        raise InputError("这个单位已经在这项任务里，请选择别的单位。", "to")
    found.role, found.due_on = AssignmentRole.LEAD, part.due_on
    return found


def _refuse_decided(row: Handover) -> None:
    if row.decided_at is not None:
        raise AlreadyDone("这份申请已经有人答复过了，或已经撤回。请刷新页面查看结果。")


def _refuse_others(row: Handover, by: Actor) -> None:
    by.require("work.assign")
    _refuse_decided(row)
    if row.by is not None and row.by == by.user_id:
        raise Forbidden("不能答复自己提交的申请。")


def _deed(
    part: Assignment, verb: str, *, by: Actor, at: datetime, text: str = "", to: int | None = None
) -> Event:
    return deed(
        by, verb, "assignment", part.id, at=at, plan_id=part.plan_id, task_id=part.task_id,
        department_id=part.department_id, text=text, **({"to": to} if to else {}),
    )  # fmt: skip


def waits() -> sa.ColumnElement[bool]:
    """The request waits for the office; while completion is asked for it rests. The query must join
    the assignment."""
    working = (AssignmentState.ISSUED, AssignmentState.IN_PROGRESS)
    return sa.and_(col(Handover.decided_at).is_(None), col(Assignment.state).in_(working))
