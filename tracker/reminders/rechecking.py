"""The last look at a mail, in the moment before it is sent."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker import clock
from tracker.directory.user import User
from tracker.mail import standing
from tracker.mail.delivery import Recheck
from tracker.mail.message import Message
from tracker.mail.outbox import Contents
from tracker.mail.outcome import Dropped
from tracker.reminders import agenda, calendar
from tracker.reminders.cancelling import DIGEST, NOTHING_LEFT, cancel_stale
from tracker.reminders.reminder import Reminder
from tracker.settings import Settings


def rechecking(settings: Settings) -> Recheck:
    """The check that delivery makes, of digests and of notices."""

    def recheck(session: Session, message: Message, at: datetime) -> Contents | Dropped | None:
        if message.kind == DIGEST:
            return _digest(session, message, at, settings)
        return standing.look_again(session, message, settings)

    return recheck


def _digest(
    session: Session, message: Message, at: datetime, settings: Settings
) -> Contents | Dropped | None:
    """Cancel what is no longer true; write the digest anew if that, or a night, lies between."""
    assert message.id is not None
    on = _speaks_of(message, at, settings)
    today = clock.day_of(at, settings.timezone)
    cancel_stale(session, held_on=max(on, today), at=at, message_id=message.id)
    holding, taken_back = _counted(session, message.id)
    if not holding:
        return Dropped(NOTHING_LEFT)
    if not taken_back and on == message.day:
        return None
    return _anew(session, message, on, settings) or Dropped(NOTHING_LEFT)


def _speaks_of(message: Message, at: datetime, settings: Settings) -> date:
    """The planned day while today is the day of planning; today once a night has passed, or when
    the clock that wrote it was ahead and has been put back."""
    today = clock.day_of(at, settings.timezone)
    written = clock.day_of(message.created_at, settings.timezone)
    if written == today:
        return message.day
    return today if written > today else max(message.day, today)


def _counted(session: Session, message_id: int) -> tuple[int, int]:
    cancelled = col(Reminder.cancelled_at)
    row = session.execute(
        sa.select(
            sa.func.count().filter(cancelled.is_(None)),
            sa.func.count().filter(cancelled.is_not(None)),
        ).where(col(Reminder.message_id) == message_id)
    ).one()
    return int(row[0]), int(row[1])


def _anew(session: Session, message: Message, on: date, settings: Settings) -> Contents | None:
    user = session.get(User, message.user_id)
    days = calendar.load(session, on)
    calls = agenda.department_calls(session, message.department_id or 0, on, days)
    if user is None or not calls:
        return None
    return agenda.write(
        calls, name=user.name, on=on, calendar=days, address=settings.address,
        locale=user.locale or settings.locale,
    )  # fmt: skip
