"""The receipt's own clock: one working day, over weekends and holidays; one rule in Python and SQL."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col

from tests.progress.test_rhythm import REAL
from tests.reminders.cast import county
from tracker.clock import day_of
from tracker.db import Database
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.light import Light
from tracker.work import receiptclock
from tracker.workdays import WorkingCalendar

ZONE = "Asia/Shanghai"


def at(day: date, hour: int) -> datetime:
    """An hour of the office's day."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("issued", "due"),
    [
        (at(date(2026, 3, 10), 9), date(2026, 3, 11)),
        (at(date(2026, 3, 10), 23), date(2026, 3, 11)),
        (at(date(2026, 3, 13), 17), date(2026, 3, 16)),
        (at(date(2026, 3, 14), 9), date(2026, 3, 16)),
        (at(date(2025, 12, 31), 16), date(2026, 1, 4)),
        (at(date(2026, 9, 30), 10), date(2026, 10, 8)),
    ],
)
def test_it_is_one_working_day_after_the_day_of_issue(issued: datetime, due: date) -> None:
    assert receiptclock.due_on(issued, REAL, zone=ZONE) == due


@pytest.mark.parametrize(
    ("today", "light", "late"),
    [
        (date(2026, 3, 13), Light.NORMAL, 0), (date(2026, 3, 15), Light.NORMAL, 0),
        (date(2026, 3, 16), Light.DUE_SOON, 0), (date(2026, 3, 18), Light.OVERDUE, 2),
    ],
)  # fmt: skip
def test_the_light_of_what_was_issued_on_a_friday(today: date, light: Light, late: int) -> None:
    seen = receiptclock.clock_of(at(date(2026, 3, 13), 17), None, REAL, today=today, zone=ZONE)
    assert (seen.light, seen.days_late) == (light, late)


@pytest.mark.parametrize(("signed", "late"), [(date(2026, 3, 16), 0), (date(2026, 3, 19), 3)])
def test_a_signed_part_says_whether_it_was_in_time(signed: date, late: int) -> None:
    seen = receiptclock.clock_of(
        at(date(2026, 3, 13), 17), at(signed, 10), REAL, today=date(2026, 6, 1), zone=ZONE
    )
    assert (seen.light, seen.days_late) == (Light.COMPLETED, late)


DAYS = st.dates(date(2025, 2, 1), date(2026, 11, 30))


@given(DAYS, st.integers(0, 23), DAYS, st.dictionaries(DAYS, st.booleans(), max_size=60))
def test_late_is_issued_before_one_moment(
    issued: date, hour: int, today: date, differing: dict[date, bool]
) -> None:
    calendar, moment = WorkingCalendar(differing, frozenset()), at(issued, hour)
    seen = receiptclock.clock_of(moment, None, calendar, today=today, zone=ZONE)
    before = receiptclock.late_before(today, calendar, zone=ZONE)
    assert (moment < before) == (seen.light == Light.OVERDUE)


def test_the_database_finds_the_unsigned_ones_past_their_day(database: Database) -> None:
    cast, today = county(database), date(2026, 3, 10)
    moments = [at(today - timedelta(days=n), hour) for n in range(8) for hour in (0, 8, 23)]
    for moment in moments:
        for state in (AssignmentState.ISSUED, AssignmentState.IN_PROGRESS):
            task = cast.task(None, "教育局", state=state)
            with database.writing() as session:
                wanted = col(Assignment.task_id) == task
                session.execute(sa.update(Assignment).where(wanted).values(issued_at=moment))
    before = receiptclock.late_before(today, REAL, zone=ZONE)
    with database.reading() as session:
        rows = session.execute(sa.select(Assignment, receiptclock.is_late(before))).all()
    for part, late in rows:
        unsigned = part.state == AssignmentState.ISSUED
        due = receiptclock.due_on(part.issued_at, REAL, zone=ZONE)
        assert late == (unsigned and due < today), day_of(part.issued_at, ZONE)
    assert {late for _part, late in rows} == {True, False}
