"""On which step a deadline stands: pure functions of two days and a calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.plans.light import Light, light_of
from tracker.reminders.calendar import WorkingCalendar, shipped
from tracker.reminders.reminder import Rule
from tracker.reminders.rules import horizon, oldest, step_on

YEAR = WorkingCalendar({day: works for day, works, _name in shipped()[2026]}, frozenset({2026}))
FRIDAY = date(2026, 3, 20)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("before", "nominal"),
    [(8, None), (7, 7), (5, 7), (4, 7), (3, 3), (2, 3), (1, 1), (0, 0), (-1, -1), (-7, -1),
     (-8, -8), (-15, -15)],
)  # fmt: skip
def test_a_friday_deadline(before: int, nominal: int | None) -> None:
    step = step_on(FRIDAY - timedelta(days=before), FRIDAY, YEAR)
    expected = None if nominal is None else FRIDAY - timedelta(days=nominal)
    assert (step and step.day) == expected


def test_a_sunday_deadline_has_its_last_call_on_friday() -> None:
    step = step_on(FRIDAY, FRIDAY + timedelta(days=2), YEAR)
    assert step and step.why.startswith("到期当天")


def test_three_working_days_may_lie_before_a_long_holiday() -> None:
    before, after = date(2026, 9, 29), date(2026, 10, 9)
    step = step_on(before, after, YEAR)
    assert step and step.why == "时限前 3 个工作日"
    assert horizon(before, YEAR) >= after


@given(on=DAYS, due_on=DAYS)
def test_whatever_is_yellow_or_red_stands_on_a_step(on: date, due_on: date) -> None:
    light = light_of(done=False, due_on=due_on, today=on)
    step = step_on(on, due_on, YEAR)
    if light is Light.OVERDUE:
        assert step and step.rule is Rule.OVERDUE
    elif light is Light.DUE_SOON:
        assert step and step.rule is Rule.DUE_SOON


@given(on=DAYS, due_on=DAYS)
def test_steps_never_go_back_and_none_lies_beyond_the_horizon(on: date, due_on: date) -> None:
    step, later = (step_on(day, due_on, YEAR) for day in (on, on + timedelta(days=1)))
    if step:
        assert later and later.day >= step.day
        assert due_on <= horizon(on, YEAR)
        assert step.day >= oldest(on)
