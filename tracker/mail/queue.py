"""The steps of a message in the queue, each one conditional update: claim, settle, sweep."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.mail.message import Message, MessageState
from tracker.mail.outcome import Dropped, Later, NoLine, Outcome, Refused, Sent, pause

LEASE = timedelta(minutes=10)
"""How long a claim holds. Far above what one message can take with every timeout run out."""
CLOCK_WENT_BACK = timedelta(days=1)
"""Nothing is ever put off, nor claimed, so far ahead: such a moment was written by a wrong clock."""

INTERRUPTED = "上次投递中断，将再次投递。"
INTERRUPTED_TOO_OFTEN = "投递一再中断或未成，不再重试。"


def free(at: datetime) -> sa.ColumnElement[bool]:
    """The message waits, and its next try is due."""
    next_try = col(Message.next_try_at)
    is_time = sa.or_(next_try <= at, next_try > at + CLOCK_WENT_BACK)
    return sa.and_(col(Message.state) == MessageState.DUE, is_time)


def claim(session: Session, *, worker: str, at: datetime) -> Message | None:
    """Take the next free message for this worker; it is the worker's once committed.

    Workers never wait for one another: PostgreSQL skips rows another is claiming, SQLite's
    writing session is alone. The answer is detached: changing it writes nothing.
    """
    first = (
        sa.select(col(Message.id))
        .where(free(at))
        .order_by(col(Message.next_try_at), col(Message.id))
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = session.execute(
        sa.update(Message)
        .where(col(Message.id) == first, free(at))
        .values(
            state=MessageState.SENDING, claimed_at=at, claimed_by=worker,
            attempts=col(Message.attempts) + 1,
        )
        .returning(col(Message.id))
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()  # fmt: skip
    message = None if taken is None else session.get(Message, taken)
    if message is not None:
        session.expunge(message)
    return message


def settle(
    session: Session, message: Message, outcome: Outcome, *, at: datetime, most_attempts: int
) -> MessageState | None:
    """Write down what became of a claimed message; its new state.

    None when the claim is no longer ours: `attempts` fences a worker that slept past its lease.
    """
    values = _after(message, outcome, at, most_attempts) | {"tries": _tries(message, outcome)}
    written = session.execute(
        sa.update(Message)
        .where(
            col(Message.id) == message.id,
            col(Message.state) == MessageState.SENDING,
            col(Message.claimed_by) == message.claimed_by,
            col(Message.attempts) == message.attempts,
        )
        .values(values)
        .returning(col(Message.id))
        .execution_options(synchronize_session=False)
    ).first()
    state: MessageState | None = None if written is None else values["state"]
    return state


def _tries(message: Message, outcome: Outcome) -> int:
    """An outage uses up no try: only what the server said of this mail, or a break while sending."""
    counts = isinstance(outcome, Later) and not isinstance(outcome, NoLine)
    return message.tries + counts


def _after(message: Message, outcome: Outcome, at: datetime, most: int) -> dict[str, Any]:
    tries = _tries(message, outcome)
    words = {"subject": message.subject, "text": message.text, "html": message.html}
    match outcome:
        case Sent():
            return {"state": MessageState.SENT, "sent_at": at, "reason": "", **words}
        case Dropped():
            return {"state": MessageState.CANCELLED, "reason": outcome.reason}
        case Refused():
            return {"state": MessageState.FAILED, "reason": outcome.reason}
        case Later() if tries >= most and not isinstance(outcome, NoLine):
            return {"state": MessageState.FAILED, "reason": _gave_up(tries, outcome)}
        case _:
            times = message.attempts if isinstance(outcome, NoLine) else tries
            next_try = at + pause(times, message.header_id)
            return {
                "state": MessageState.DUE, "next_try_at": next_try, "reason": outcome.reason,
                **words,
            }  # fmt: skip


def _gave_up(tries: int, outcome: Outcome) -> str:
    return f"投递 {tries} 次未成，不再重试。最后一次：{outcome.reason}"


def sweep(session: Session, *, at: datetime, most_attempts: int) -> int:
    """Free the messages whose worker died while sending; says how many.

    A message that was being sent when its worker died too often is given up.
    """
    claimed = col(Message.claimed_at)
    stuck = sa.and_(
        col(Message.state) == MessageState.SENDING,
        sa.or_(claimed < at - LEASE, claimed > at + CLOCK_WENT_BACK),
    )
    tries = col(Message.tries) + 1
    spent = tries >= most_attempts
    swept = session.execute(
        sa.update(Message)
        .where(stuck)
        .values(
            state=sa.case(
                (spent, sa.literal(MessageState.FAILED.value)),
                else_=sa.literal(MessageState.DUE.value),
            ),
            reason=sa.case((spent, INTERRUPTED_TOO_OFTEN), else_=INTERRUPTED),
            tries=tries,
            next_try_at=at,
        )
        .returning(col(Message.id))
        .execution_options(synchronize_session=False)
    )
    return len(swept.all())
