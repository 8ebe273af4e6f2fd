"""The working calendar of a request, and what of it the pages about reports and receipts need."""

from datetime import datetime

from sqlmodel import Session

from tracker.reminders import calendar
from tracker.web.context import today, tracker
from tracker.work import receiptclock, rhythm
from tracker.work.receiptclock import ReceiptClock
from tracker.work.rhythm import Window
from tracker.workdays import WorkingCalendar


def working_calendar(session: Session) -> WorkingCalendar:
    """The calendar around today."""
    return calendar.load(session, today())


def report_window(days: WorkingCalendar) -> Window:
    """Which reports are late and which are due today."""
    return rhythm.window(today(), days)


def receipt_clock(
    issued_at: datetime, received_at: datetime | None, days: WorkingCalendar
) -> ReceiptClock:
    """The receipt's light today."""
    zone = tracker().settings.timezone
    return receiptclock.clock_of(issued_at, received_at, days, today=today(), zone=zone)


def unsigned_before(days: WorkingCalendar) -> datetime:
    """What was issued before this moment and is not signed for is past its day."""
    return receiptclock.late_before(today(), days, zone=tracker().settings.timezone)
