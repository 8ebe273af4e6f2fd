"""Taking back reminders that are planned, not yet sent, and no longer true.

Completed, withdrawn, submitted or re-dated work, an archived plan, a person who left: the row in
the ledger is cancelled with the reason, and the digest with it once nothing in it is left.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.directory.post import Holding, Post, in_force
from tracker.directory.user import User
from tracker.mail.message import Message, MessageState
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.plan import Plan, PlanState
from tracker.plans.task import Task
from tracker.reminders.reminder import Reminder, Rule

DIGEST = "digest"
NOTHING_LEFT = "所列事项均已办结、撤销、改期，或收件人已变动。"
SUPERSEDED = "未发出，已并入较新的汇总。"


@dataclass(frozen=True)
class Cancelled:
    """So many of a recipient's reminders under a rule were taken back, for one reason."""

    recipient: str
    rule: Rule
    reason: str
    tasks: int


def _why(held_on: date) -> sa.ColumnElement[str | None]:
    """The reason in words, or NULL while the reminder is still true."""
    state = col(Assignment.state)
    still_there = sa.exists().where(
        col(Holding.post_id) == col(Post.id),
        col(Holding.user_id) == col(Reminder.user_id),
        col(Post.department_id) == col(Assignment.department_id),
        in_force(held_on),
    )
    dates_differ = sa.or_(
        col(Task.deadline_version) != col(Reminder.deadline_version),
        col(Assignment.due_on).is_distinct_from(col(Reminder.due_on)),
    )
    return sa.case(
        (state == AssignmentState.WITHDRAWN, "任务已撤销"),
        (col(Assignment.done) == sa.true(), "任务已办结"),
        (state == AssignmentState.SUBMITTED, "已申请办结，等待审核"),
        (col(Assignment.refusal_waits), "已提出拒签，等待答复"),
        (col(Plan.state) != PlanState.ACTIVE, "计划已归档"),
        (dates_differ, "时限已变更"),
        (col(User.disabled_at).is_not(None), "收件人已停用"),
        (col(User.email) != col(Message.address), "收件人已更换邮箱"),
        (sa.not_(still_there), "收件人已不在该单位任职"),
        else_=sa.null(),
    )


def cancel_stale(
    session: Session, *, held_on: date, at: datetime, message_id: int | None = None,
    dry_run: bool = False,
) -> list[Cancelled]:  # fmt: skip
    """Take back what is no longer true: in every waiting digest, or in one message.

    Who reads a department's mail is asked for the day `held_on`. `dry_run` only says what it would do.
    """
    waiting = sa.and_(col(Message.state) == MessageState.DUE, col(Message.kind) == DIGEST)
    chosen = waiting if message_id is None else col(Message.id) == message_id
    stale = _stale(session, chosen, held_on)
    if not dry_run:
        _cancel_rows(session, stale, at)
        if message_id is None:
            _cancel_empty_digests(session)
    counted = Counter((address, rule, why) for _, address, rule, why in stale)
    return [Cancelled(*key, tasks=number) for key, number in sorted(counted.items())]


def _stale(
    session: Session, chosen: sa.ColumnElement[bool], held_on: date
) -> list[tuple[int, str, Rule, str]]:
    why = _why(held_on)
    rows = session.execute(
        sa.select(col(Reminder.id), col(Message.address), col(Reminder.rule), why)
        .join(Message, col(Reminder.message_id) == col(Message.id))
        .join(Assignment, col(Reminder.assignment_id) == col(Assignment.id))
        .join(Task, col(Assignment.task_id) == col(Task.id))
        .join(Plan, col(Assignment.plan_id) == col(Plan.id))
        .join(User, col(Reminder.user_id) == col(User.id))
        .where(chosen, col(Reminder.cancelled_at).is_(None), why.is_not(None))
    )
    return [(int(i or 0), address, Rule(rule), str(reason)) for i, address, rule, reason in rows]


def _cancel_rows(session: Session, stale: list[tuple[int, str, Rule, str]], at: datetime) -> None:
    if stale:
        session.connection().execute(
            sa.update(Reminder)
            .where(col(Reminder.id) == sa.bindparam("row"))
            .values(cancelled_at=at, cancelled_reason=sa.bindparam("why")),
            [{"row": row, "why": why} for row, _, _, why in stale],
        )


def _cancel_empty_digests(session: Session) -> None:
    live = sa.exists().where(
        col(Reminder.message_id) == col(Message.id), col(Reminder.cancelled_at).is_(None)
    )
    session.execute(
        sa.update(Message)
        .where(col(Message.state) == MessageState.DUE, col(Message.kind) == DIGEST, sa.not_(live))
        .values(state=MessageState.CANCELLED, reason=NOTHING_LEFT)
        .execution_options(synchronize_session=False)
    )


def supersede(session: Session, replaced_by: dict[tuple[int, int], int], *, on: date) -> int:
    """Fold unsent digests of this day or earlier into the new ones; says how many.

    `replaced_by` holds the new digests by department and person. The reminders move along, so
    nothing is lost. A digest that a worker has claimed meanwhile is left to that worker.
    """
    older = {
        old: replaced_by[key]
        for old, key in _unsent(session, on)
        if key in replaced_by and old not in replaced_by.values()
    }
    folded = session.execute(
        sa.update(Message)
        .where(col(Message.id).in_(older), col(Message.state) == MessageState.DUE)
        .values(state=MessageState.CANCELLED, reason=SUPERSEDED)
        .returning(col(Message.id))
        .execution_options(synchronize_session=False)
    ).scalars()
    moves = [{"old": old, "new": older[old]} for old in folded if old]
    if moves:
        session.connection().execute(
            sa.update(Reminder)
            .where(col(Reminder.message_id) == sa.bindparam("old"))
            .values(message_id=sa.bindparam("new")),
            moves,
        )
    return len(moves)


def _unsent(session: Session, on: date) -> list[tuple[int, tuple[int, int]]]:
    rows = session.execute(
        sa.select(col(Message.id), col(Message.department_id), col(Message.user_id)).where(
            col(Message.state) == MessageState.DUE,
            col(Message.kind) == DIGEST,
            col(Message.day) <= on,
        )
    )
    return [
        (message_id, (department_id, user_id))
        for message_id, department_id, user_id in rows
        if message_id and department_id and user_id
    ]
