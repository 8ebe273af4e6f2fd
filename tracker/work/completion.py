"""A completion request (申请办结) and the review (审核) that answers it."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from tracker.actor import Actor
from tracker.db import UtcDateTime, word
from tracker.errors import AlreadyDone, Forbidden, InputError, StepRefused
from tracker.events import Event, deed
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState, SentBack
from tracker.text import clean_text
from tracker.work.approval import Approval, needed, reached_the_office, sign
from tracker.work.requirement import Met


class Verdict(StrEnum):
    """Accepted ends the work; returned sends it back with a demand."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


class Completion(SQLModel, table=True):
    """A lead says the work is done; open while nobody has reviewed it, the head has not kept it back
    and the department has not taken it back: `reviewed_at` is set by each of them."""

    __tablename__ = "completion"
    __table_args__ = (
        sa.Index(
            "uq_completion_open", "assignment_id", unique=True,
            sqlite_where=sa.text("reviewed_at IS NULL"),
            postgresql_where=sa.text("reviewed_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True, ondelete="CASCADE")
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")
    statement: str = Field(default="", sa_type=sa.Text)
    reviewed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    approval: Approval = Field(
        default=Approval.NOT_NEEDED,
        sa_type=word(Approval),
        sa_column_kwargs={"server_default": Approval.NOT_NEEDED.value},
    )
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    approved_by: int | None = Field(default=None, foreign_key="user.id")


class Review(SQLModel, table=True):
    """The office's answer. `demand` is what is still wanted, `again_by` the day it is wanted."""

    __tablename__ = "review"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    completion_id: int = Field(foreign_key="completion.id", unique=True, ondelete="CASCADE")
    verdict: Verdict = Field(sa_type=word(Verdict))
    demand: str = Field(default="", sa_type=sa.Text)
    again_by: date | None = None
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")


def request(
    part: Assignment, *, by: Actor, at: datetime, statement: str, required: Iterable[Met],
    needs_approval: bool = False,
) -> tuple[Completion, Event]:  # fmt: skip
    """Ask for completion (申请办结); `required` is the evidence the task must have. Raises Forbidden
    for a support, StepRefused out of turn or naming the evidence that is missing."""
    by.require("work.complete")
    if part.role != AssignmentRole.LEAD:
        raise Forbidden("只有牵头单位可以申请办结。配合单位请报进展。")
    if part.state == AssignmentState.SUBMITTED:
        raise AlreadyDone("这项任务已经申请办结，正在等待审核。")
    if part.state != AssignmentState.IN_PROGRESS:
        raise StepRefused("请先签收这项任务。" if not part.done else "这项任务已经办结或撤销。")
    if lacking := [one.lack for one in required if not one.is_met]:
        raise StepRefused(f"佐证材料还不齐，不能申请办结：{'，'.join(lacking)}。请上传后再申请。")
    assert part.id is not None
    part.move(AssignmentState.SUBMITTED)
    row = Completion(
        assignment_id=part.id, at=at, by=by.user_id,
        statement=clean_text(statement, field="办结说明"),
        approval=needed(by, wanted=needs_approval),
    )  # fmt: skip
    return row, deed(
        by, "completion.requested", "assignment", part.id, at=at, plan_id=part.plan_id,
        task_id=part.task_id, department_id=part.department_id, text=row.statement,
    )  # fmt: skip


def approve(
    completion: Completion, part: Assignment, *, by: Actor, at: datetime, given: bool,
    words: str = "",
) -> Event:  # fmt: skip
    """The head lets the request go to the office, or gives the work back to the clerk.

    Raises InputError when it is kept back without a word, else as `approval.sign`.
    """
    words = clean_text(words, field="审签意见")
    if not given and not words:
        raise InputError("不同意上报时请写明还需要做什么。", "words")
    sign(completion, by=by, at=at, given=given)
    if not given:
        completion.reviewed_at = at
        if part.state == AssignmentState.SUBMITTED:
            part.send_back(SentBack.KEPT_BACK, words)
    return _deed(part, "approved" if given else "refused_by_head", by=by, at=at, text=words)


def take_back(completion: Completion, part: Assignment, *, by: Actor, at: datetime) -> Event:
    """The department goes on working. Raises AlreadyDone when the request was answered."""
    by.require("work.complete")
    if completion.reviewed_at is not None or part.state != AssignmentState.SUBMITTED:
        raise AlreadyDone("这份办结申请已经有人审核过了，不能撤回。")
    if completion.approval == Approval.WAITING:
        completion.approval = Approval.REFUSED
    completion.reviewed_at = at
    part.move(AssignmentState.IN_PROGRESS)
    return _deed(part, "taken_back", by=by, at=at)


def _deed(part: Assignment, what: str, *, by: Actor, at: datetime, text: str = "") -> Event:
    return deed(
        by, f"completion.{what}", "assignment", part.id, at=at, plan_id=part.plan_id,
        task_id=part.task_id, department_id=part.department_id, text=text,
    )  # fmt: skip


def review(
    completion: Completion, part: Assignment, *, by: Actor, at: datetime, on: date,
    verdict: Verdict, demand: str = "", again_by: date | None = None,
) -> tuple[Review, Event]:  # fmt: skip
    """Accept the work or return it with a demand.

    Raises AlreadyDone when somebody else has decided, Forbidden for the author's own request,
    InputError when a return says nothing of what is wanted or wants it in the past.
    """
    by.require("work.review")
    if completion.reviewed_at is not None or part.state != AssignmentState.SUBMITTED:
        raise AlreadyDone("这份办结申请已经有人审核过了。请刷新页面查看结果。")
    if completion.approval == Approval.WAITING:
        raise StepRefused("这份办结申请还在等本单位负责人审签。")
    if by.user_id is not None and by.user_id in (completion.by, completion.approved_by):
        raise Forbidden("不能审核自己提交或审签的办结申请。")
    demand = clean_text(demand, field="退回要求")
    if verdict == Verdict.RETURNED and not demand:
        raise InputError("退回时请写明还需要补充什么。", "demand")
    if verdict == Verdict.RETURNED and again_by is not None and again_by < on:
        raise InputError("要求再次提交的日期已经过去。", "again_by")
    completion.reviewed_at = at
    if verdict == Verdict.ACCEPTED:
        part.move(AssignmentState.COMPLETED, on=on)
    else:
        part.send_back(SentBack.RETURNED, demand, again_by=again_by)
        part.returned += 1
    assert completion.id is not None
    row = Review(
        completion_id=completion.id, verdict=verdict, demand=demand, again_by=again_by, at=at,
        by=by.user_id,
    )  # fmt: skip
    return row, deed(
        by, f"completion.{verdict.value}", "assignment", part.id, at=at, plan_id=part.plan_id,
        task_id=part.task_id, department_id=part.department_id, demand=demand,
        again_by=again_by.isoformat() if again_by else None,
    )  # fmt: skip


def waits() -> sa.ColumnElement[bool]:
    """The request waits for the office; that of a withdrawn part rests until the part comes back.
    The query must join the assignment."""
    return sa.and_(is_open(), reached_the_office(col(Completion.approval)))


def waiting_for_head(session: Session, assignment_ids: Collection[int]) -> set[int]:
    """Of these parts, those whose request the department's own head has not signed yet."""
    wanted = select(Completion.assignment_id).where(
        col(Completion.assignment_id).in_(assignment_ids), col(Completion.reviewed_at).is_(None),
        col(Completion.approval) == Approval.WAITING,
    )  # fmt: skip
    return set(session.exec(wanted))


def is_open() -> sa.ColumnElement[bool]:
    """Nobody has answered the request of a part that still stands. The query must join the
    assignment."""
    return sa.and_(
        col(Completion.reviewed_at).is_(None), col(Assignment.state) == AssignmentState.SUBMITTED
    )
