"""When a report is due: periods, working days, what a report counts for; one rule in Python and SQL."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from importers.rhythm_rule import of_code
from tests.reminders.cast import LONG_AGO, Cast, county
from tracker.db import Database
from tracker.plans.assignment import ENDED, Assignment, AssignmentRole, AssignmentState
from tracker.plans.task import Task
from tracker.reminders.calendar import shipped
from tracker.work import rhythm
from tracker.work.rhythm import ReportDue
from tracker.workdays import WorkingCalendar

PLAIN = WorkingCalendar({}, frozenset({2026}))
REAL = WorkingCalendar(
    {day: works for year in (2025, 2026) for day, works, _name in shipped()[year]},
    frozenset({2025, 2026}),
)
WEEKLY, MONTHLY = of_code("w5"), of_code("m28")
CODES = st.sampled_from(
    ["w1", "w5", "w7", "m5,20", "m28", "m31", "q3-31", "q1-5", "h6-31", "y6-30"]
)
DAYS = st.dates(date(2025, 2, 1), date(2026, 11, 30))


@pytest.fixture
def cast(database: Database) -> Cast:
    return county(database)


@pytest.mark.parametrize(
    ("code", "day", "named", "due"),
    [
        # 28 February 2026 is a Saturday worked after the Spring Festival; 28 March is a free one
        ("m28", date(2026, 2, 27), date(2026, 2, 28), date(2026, 2, 28)),
        ("m28", date(2026, 3, 27), date(2026, 3, 28), date(2026, 3, 30)),
        ("m28", date(2026, 3, 30), date(2026, 3, 28), date(2026, 3, 30)),
        ("m28", date(2026, 3, 31), date(2026, 4, 28), date(2026, 4, 28)),
        ("m31", date(2025, 12, 31), date(2025, 12, 31), date(2025, 12, 31)),
        ("m1", date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 4)),
        ("w5", date(2025, 12, 31), date(2026, 1, 2), date(2026, 1, 4)),
        ("q3-31", date(2026, 10, 1), date(2026, 12, 31), date(2026, 12, 31)),
        ("h6-31", date(2025, 12, 31), date(2025, 12, 31), date(2025, 12, 31)),
    ],
)  # fmt: skip
def test_a_period_ends_on_a_working_day(code: str, day: date, named: date, due: date) -> None:
    rule = of_code(code)
    assert rule is not None
    now = rhythm.present(rule, day, REAL)
    assert (now.named_on, now.due_on) == (named, due)


@given(CODES, DAYS)
def test_every_day_lies_in_one_period(code: str, day: date) -> None:
    rule = of_code(code)
    assert rule is not None
    now = rhythm.present(rule, day, REAL)
    assert now.opens_on <= now.named_on <= now.due_on
    assert day <= now.due_on
    following = rhythm.present(rule, now.due_on + timedelta(days=1), REAL)
    assert following.named_on > now.named_on
    assert (
        following.opens_on == now.due_on + timedelta(days=1)
        or following.opens_on == following.named_on
    )


@pytest.mark.parametrize(
    ("story", "next_on", "day", "then"),
    [
        ("in its period", date(2026, 3, 28), date(2026, 3, 10), date(2026, 4, 28)),
        ("on the moved day itself", date(2026, 3, 28), date(2026, 3, 30), date(2026, 4, 28)),
        ("a second time in the period", date(2026, 4, 28), date(2026, 3, 20), date(2026, 4, 28)),
        ("late, early in the next period", date(2026, 3, 28), date(2026, 4, 2), date(2026, 4, 28)),
        ("late by months", date(2026, 1, 28), date(2026, 4, 2), date(2026, 4, 28)),
        ("late, on the next period's own day", date(2026, 3, 28), date(2026, 4, 28), date(2026, 5, 28)),
        ("for the first time", None, date(2026, 3, 10), date(2026, 4, 28)),
        ("over the year", date(2025, 12, 28), date(2025, 12, 20), date(2026, 1, 28)),
    ],
)  # fmt: skip
def test_what_a_report_counts_for(story: str, next_on: date | None, day: date, then: date) -> None:
    assert rhythm.after_report(MONTHLY, next_on, day, REAL) == then, story


def test_without_a_rhythm_no_report_is_due() -> None:
    assert rhythm.after_report(None, date(2026, 3, 28), date(2026, 3, 1), REAL) is None
    assert rhythm.first(None, date(2026, 3, 1), REAL) is None


@given(CODES, DAYS, st.lists(st.integers(0, 40), max_size=8))
def test_who_reports_every_period_is_never_late(code: str, start: date, gaps: list[int]) -> None:
    """Whatever else she reports in between."""
    rule = of_code(code)
    next_on = rhythm.first(rule, start, REAL)
    day = start
    for gap in gaps:
        assert rule is not None
        assert next_on is not None
        day = max(day, min(day + timedelta(days=gap), REAL.moved(next_on)))
        part = SimpleNamespace(next_report_on=next_on, state=AssignmentState.IN_PROGRESS)
        assert rhythm.standing(part, rhythm.window(day, REAL)) != ReportDue.LATE  # type: ignore[arg-type]
        next_on = rhythm.after_report(rule, next_on, day, REAL)
        assert rhythm.has_reported(next_on, rhythm.present(rule, day, REAL))


@pytest.mark.parametrize(
    ("day", "seen"),
    [
        (date(2026, 3, 24), ReportDue.LATER), (date(2026, 3, 25), ReportDue.DUE),
        (date(2026, 3, 28), ReportDue.DUE), (date(2026, 3, 30), ReportDue.DUE),
        (date(2026, 3, 31), ReportDue.LATE),
    ],
)  # fmt: skip
def test_a_report_for_a_free_saturday_is_due_on_monday(day: date, seen: ReportDue) -> None:
    part = SimpleNamespace(next_report_on=date(2026, 3, 28), state=AssignmentState.IN_PROGRESS)
    assert rhythm.standing(part, rhythm.window(day, REAL)) == seen  # type: ignore[arg-type]


@given(DAYS, DAYS, st.dictionaries(DAYS, st.booleans(), max_size=60))
def test_the_window_is_what_moving_the_day_says(
    next_on: date, today: date, differing: dict[date, bool]
) -> None:
    """The bounds of unmoved days are right under any calendar."""
    calendar = WorkingCalendar(differing, frozenset())
    at, due = rhythm.window(today, calendar), calendar.moved(next_on)
    assert (next_on <= at.late) == (due < today)
    assert (next_on <= at.due) == (due <= calendar.after_workdays(today, rhythm.AHEAD))


def test_the_database_sees_the_same_on_every_day(cast: Cast, database: Database) -> None:
    """Over the long October holiday and the turn of a month."""
    days = [None, *(date(2025, 9, 15) + timedelta(days=n) for n in range(45))]
    parts = [_part(cast, state, day) for state in AssignmentState for day in days]
    cast.keep(*parts)
    seen = set()
    for today in days[1:]:
        assert today is not None
        at = rhythm.window(today, REAL)
        asked_for = rhythm.standing_column(at), rhythm.is_asked_for(at), rhythm.is_late(at)
        with database.reading() as session:
            rows = session.execute(sa.select(Assignment, *asked_for)).all()
        for part, said, asked, late in rows:
            assert rhythm.standing(part, at) == said
            assert bool(asked) == (said in (ReportDue.DUE, ReportDue.LATE))
            assert bool(late) == (said == ReportDue.LATE)
            seen.add(said)
    assert seen == set(ReportDue)


def _part(cast: Cast, state: AssignmentState, day: date | None) -> Assignment:
    (task,) = cast.keep(Task(plan_id=cast.plan_id, position=1, text="巡查"))
    return Assignment(
        plan_id=cast.plan_id, task_id=task, department_id=cast.departments["教育局"], role=AssignmentRole.LEAD,
        state=state, issued_at=LONG_AGO, next_report_on=day, done=state in ENDED,
    )  # fmt: skip
