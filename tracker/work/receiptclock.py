"""The receipt's own clock (签收灯): one working day to sign, the day of issue not counted.

Computed from the moment of issue and the working calendar, never stored.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col

from tracker import clock
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.light import Light
from tracker.workdays import WorkingCalendar

DAYS = 1
"""Working days to sign."""


@dataclass(frozen=True)
class ReceiptClock:
    """By which day to sign, the light of today, and how many days late it was or is (0: not)."""

    due_on: date
    light: Light
    days_late: int


def due_on(issued_at: datetime, calendar: WorkingCalendar, *, zone: str) -> date:
    """The last day to sign for what was issued at a moment."""
    return calendar.after_workdays(clock.day_of(issued_at, zone), DAYS)


def clock_of(
    issued_at: datetime, received_at: datetime | None, calendar: WorkingCalendar, *, today: date,
    zone: str,
) -> ReceiptClock:  # fmt: skip
    """The receipt's light: blue once signed, red past its day, yellow on it, green before."""
    due = due_on(issued_at, calendar, zone=zone)
    until = clock.day_of(received_at, zone) if received_at else today
    late = max((until - due).days, 0)
    if received_at:
        return ReceiptClock(due, Light.COMPLETED, late)
    light = Light.OVERDUE if late else Light.DUE_SOON if due == today else Light.NORMAL
    return ReceiptClock(due, light, late)


def late_before(today: date, calendar: WorkingCalendar, *, zone: str) -> datetime:
    """What was issued before this moment and is not signed for is past its day."""
    last = calendar.before_workday(today)
    return datetime.combine(last, time(), tzinfo=ZoneInfo(zone))


def is_late(before: datetime) -> sa.ColumnElement[bool]:
    """The same rule for assignments in the database; `before` from `late_before`. The clock rests
    while a refusal waits for the office."""
    return sa.and_(
        col(Assignment.done).is_(sa.false()),
        col(Assignment.state) == AssignmentState.ISSUED,
        col(Assignment.issued_at) < before,
        col(Assignment.refusal_waits).is_(sa.false()),
    )
