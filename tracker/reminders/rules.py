"""When a deadline calls for a reminder: a declared table, and pure functions of a day.

Before the deadline there are four steps; a row stands on the tightest one that it has reached.
After it there is one on the first day, then one a week. Each step has a nominal day counted in
plain days from the deadline, which names it in the ledger: the working calendar decides when a
step is reached, never which step it is, so editing the calendar cannot send a step twice.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.plans.light import SOON
from tracker.reminders.calendar import WorkingCalendar
from tracker.reminders.reminder import Rule

WEEK = 7


class Measure(StrEnum):
    """What the days before a deadline are counted in."""

    DAYS = "days"
    WORKDAYS = "workdays"


@dataclass(frozen=True)
class Notice:
    """Reached when at most `left` days of that measure remain."""

    left: int
    measure: Measure
    why: str


BEFORE = (
    Notice(0, Measure.WORKDAYS, "到期当天，或到期前最后一个工作日"),
    Notice(1, Measure.WORKDAYS, "时限前 1 个工作日"),
    Notice(3, Measure.WORKDAYS, "时限前 3 个工作日"),
    Notice(SOON.days, Measure.DAYS, f"进入临期（{SOON.days} 天内）"),
)
"""Tightest first; the last one is where the light turns yellow."""


@dataclass(frozen=True)
class Step:
    """What a deadline calls for on a day: the rule, its nominal day, the reason in words."""

    rule: Rule
    day: date
    why: str


def step_on(on: date, due_on: date, calendar: WorkingCalendar) -> Step | None:
    """The step a deadline stands on at `on`; None while it is far away."""
    if due_on < on:
        return _after(on, due_on)
    for notice in BEFORE:
        if _left(notice.measure, on, due_on, calendar) <= notice.left:
            return Step(Rule.DUE_SOON, due_on - timedelta(days=notice.left), notice.why)
    return None


def _after(on: date, due_on: date) -> Step:
    weeks = ((on - due_on).days - 1) // WEEK
    why = f"逾期满 {weeks} 周" if weeks else "时限已过"
    return Step(Rule.OVERDUE, due_on + timedelta(days=1 + WEEK * weeks), why)


def _left(measure: Measure, on: date, due_on: date, calendar: WorkingCalendar) -> int:
    if measure is Measure.DAYS:
        return (due_on - on).days
    return calendar.workdays_left(on, due_on)


def oldest(on: date) -> date:
    """No step in force on a day has a nominal day before this one."""
    return on - timedelta(days=WEEK)


def horizon(on: date, calendar: WorkingCalendar) -> date:
    """The last deadline that any step can be reached for on a day.

    Before a long holiday this lies beyond the yellow light: three working days may be ten days.
    """
    most = max(notice.left for notice in BEFORE if notice.measure is Measure.WORKDAYS)
    in_workdays = calendar.after_workdays(on, most + 1) - timedelta(days=1)
    return max(on + SOON, in_workdays)
