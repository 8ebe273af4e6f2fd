"""An extension (延期): asked before the deadline, decided by the office; every date is kept."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from tracker.actor import Actor
from tracker.db import UtcDateTime, word
from tracker.errors import AlreadyDone, Forbidden, InputError, StepRefused
from tracker.events import Event, deed
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.task import Task
from tracker.text import clean_text
from tracker.work.approval import Approval, needed, reached_the_office, sign

LAST = date(2100, 12, 31)


class Extension(SQLModel, table=True):
    """A lead asks for another day; open until `decided_at`. `granted` is empty until the office
    decides, and stays so when the department took the request back or its head kept it."""

    __tablename__ = "extension"
    __table_args__ = (
        sa.Index(
            "uq_extension_open", "assignment_id", unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True, ondelete="CASCADE")
    was_due_on: date
    asked_on: date
    reason: str = Field(sa_type=sa.Text)
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")
    approval: Approval = Field(
        default=Approval.NOT_NEEDED,
        sa_type=word(Approval),
        sa_column_kwargs={"server_default": Approval.NOT_NEEDED.value},
    )
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    approved_by: int | None = Field(default=None, foreign_key="user.id")
    granted: bool | None = None
    granted_on: date | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by: int | None = Field(default=None, foreign_key="user.id")
    answer: str = Field(default="", sa_type=sa.Text)


def ask(
    part: Assignment, *, by: Actor, at: datetime, on: date, until: date | None, reason: str,
    needs_approval: bool = False, is_waiting: bool = False,
) -> tuple[Extension, Event]:  # fmt: skip
    """Ask for `until` instead of the part's day. `is_waiting`: an earlier request is still open.

    Raises Forbidden for a support, StepRefused out of turn, without a deadline or after it,
    InputError without a reason or a later day.
    """
    by.require("work.extend")
    _refuse_out_of_turn(part, is_waiting=is_waiting)
    if part.due_on is None:
        raise StepRefused("这项任务没有时限，不需要申请延期。")
    if part.due_on < on:
        raise StepRefused(
            f"时限 {part.due_on} 已过，不能再申请延期。请尽快办结，并在进展中说明原因。"
        )
    if until is None or not part.due_on < until <= LAST:
        raise InputError(f"延期后的日期要晚于现在的时限 {part.due_on}。", "until")
    reason = clean_text(reason, field="延期理由")
    if not reason:
        raise InputError("请写明申请延期的理由。", "reason")
    assert part.id is not None
    row = Extension(
        assignment_id=part.id, was_due_on=part.due_on, asked_on=until, reason=reason, at=at,
        by=by.user_id, approval=needed(by, wanted=needs_approval),
    )  # fmt: skip
    return row, _deed(part, "requested", by=by, at=at, text=reason, until=until)


def _refuse_out_of_turn(part: Assignment, *, is_waiting: bool) -> None:
    if part.role != AssignmentRole.LEAD:
        raise Forbidden("只有牵头单位可以申请延期。配合单位的时限随任务。")
    if part.state == AssignmentState.ISSUED:
        raise StepRefused("请先签收这项任务，再申请延期。")
    if part.state == AssignmentState.SUBMITTED:
        raise StepRefused("这项任务已经申请办结，正在等待审核，不需要延期。")
    if part.done:
        raise StepRefused("这项任务已经办结或撤销，不需要延期。")
    if is_waiting:
        raise AlreadyDone("延期申请已经提交，正在等待答复。")


def approve(
    row: Extension, part: Assignment, *, by: Actor, at: datetime, given: bool, words: str = ""
) -> Event:
    """The head lets the request go on, or keeps it back with a word, which ends it."""
    row.answer = clean_text(words, field="审签意见")
    if not given and not row.answer:
        raise InputError("不同意延期时请写明理由。", "words")
    sign(row, by=by, at=at, given=given)
    if given:
        return _deed(part, "approved", by=by, at=at)
    row.decided_at = at
    return _deed(part, "refused_by_head", by=by, at=at, text=row.answer)


def take_back(row: Extension, part: Assignment, *, by: Actor, at: datetime) -> Event:
    """The department no longer asks. Raises AlreadyDone when it was decided."""
    by.require("work.extend")
    if row.decided_at is not None:
        raise AlreadyDone("这份延期申请已经有答复，不能撤回。")
    row.decided_at = at
    if row.approval == Approval.WAITING:
        row.approval = Approval.REFUSED
    return _deed(part, "taken_back", by=by, at=at)


def decide(
    row: Extension, part: Assignment, task: Task, parts: Sequence[Assignment], *, by: Actor,
    at: datetime, on: date, granted: bool, until: date | None = None, answer: str = "",
) -> Event:  # fmt: skip
    """Grant the day asked for (or `until`), or decline with an answer; `parts` are all of the task's.

    Raises AlreadyDone when somebody else has decided, StepRefused when the work has ended or waits
    for review, InputError for a day that is no extension and for a decline without a word.
    """
    by.require("work.review")
    if row.decided_at is not None:
        raise AlreadyDone("这份延期申请已经有人答复过了。请刷新页面查看结果。")
    if row.approval == Approval.WAITING:
        raise StepRefused("这份延期申请还在等本单位负责人审签。")
    if by.user_id is not None and by.user_id in (row.by, row.approved_by):
        raise Forbidden("不能答复自己提交或审签的延期申请。")
    answer = clean_text(answer, field="答复")
    if granted and part.state != AssignmentState.IN_PROGRESS:
        raise StepRefused("这项任务已经办结、撤销或正在等待审核，不能再延期。")
    if not granted and not answer:
        raise InputError("不同意延期时请写明理由。", "answer")
    row.granted, row.decided_at, row.decided_by, row.answer = granted, at, by.user_id, answer
    if not granted:
        return _deed(part, "declined", by=by, at=at, text=answer)
    row.granted_on = until or row.asked_on
    if part.due_on is not None and row.granted_on <= part.due_on:
        raise InputError(f"同意的日期要晚于现在的时限 {part.due_on}。", "until")
    if not on <= row.granted_on <= LAST:
        raise InputError("同意的日期已经过去。", "until")
    was = part.due_on
    _move_deadline(part, task, parts, row.granted_on)
    return _deed(part, "granted", by=by, at=at, text=answer, until=row.granted_on, was=was)


def _move_deadline(part: Assignment, task: Task, parts: Sequence[Assignment], until: date) -> None:
    """The part has the new day; the task that of its latest lead, and its supports with it."""
    part.due_on, part.extended = until, part.extended + 1
    leads = [p for p in parts if p.role == AssignmentRole.LEAD and p.is_standing]
    days = [lead.due_on for lead in leads if lead.due_on is not None]
    task.due_on = max(days, default=until)
    task.deadline_version += 1
    for other in parts:
        if other.role == AssignmentRole.SUPPORT and not other.done:
            other.due_on = task.due_on


def _deed(
    part: Assignment, what: str, *, by: Actor, at: datetime, text: str = "",
    until: date | None = None, was: date | None = None,
) -> Event:  # fmt: skip
    return deed(
        by, f"extension.{what}", "assignment", part.id, at=at, plan_id=part.plan_id,
        task_id=part.task_id, department_id=part.department_id, text=text,
        **{key: day.isoformat() for key, day in (("until", until), ("was", was)) if day},
    )  # fmt: skip


def waiting_extensions(session: Session, assignment_ids: Collection[int]) -> set[int]:
    """Of these parts, those whose request for more time nobody has answered."""
    wanted = select(Extension.assignment_id).where(
        col(Extension.assignment_id).in_(assignment_ids), col(Extension.decided_at).is_(None)
    )
    return set(session.exec(wanted))


def waits() -> sa.ColumnElement[bool]:
    """The request waits for the office; while completion is asked for it rests. The query must join
    the assignment."""
    return sa.and_(
        col(Extension.decided_at).is_(None),
        reached_the_office(col(Extension.approval)),
        col(Assignment.state) == AssignmentState.IN_PROGRESS,
    )
