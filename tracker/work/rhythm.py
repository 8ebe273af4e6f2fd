"""The reporting rhythm (反馈周期) of a part: when the next report is due, and whether it is late.

A rule gives days (每月28日前: each 28th). A day on which the office does not work is moved to the
next working day. `Assignment.next_report_on` keeps the first day not yet reported for, unmoved, so
that a change of the calendar needs no change of rows. A report counts for the period it is made in;
one that comes late counts for all that was missed, and for the present period only on its last day.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import col

from importers.rhythm_rule import Rhythm
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.workdays import WorkingCalendar

AHEAD = 3
"""Working days before its day that a report is asked for."""
ONE_DAY = timedelta(days=1)


class ReportDue(StrEnum):
    """待报进展 due, 迟报 late; later: there is a rhythm but it is not yet time."""

    LATE = "late"
    DUE = "due"
    LATER = "later"
    NONE = "none"


@dataclass(frozen=True)
class Window:
    """A day's bounds for unmoved days: up to `late` they have passed, up to `due` they are near.

    A day is moved past no working day, so comparing unmoved days with working days is enough.
    """

    late: date
    due: date


@dataclass(frozen=True)
class Period:
    """From when to when a report is for; `due_on` is moved to a working day, `named_on` is not."""

    opens_on: date
    named_on: date
    due_on: date


def window(today: date, calendar: WorkingCalendar) -> Window:
    """What is late and what is due today."""
    return Window(calendar.before_workday(today), calendar.after_workdays(today, AHEAD))


def standing(part: Assignment, at: Window) -> ReportDue:
    """Whether the part's report is due; only work in progress is reported on."""
    if part.next_report_on is None or part.state != AssignmentState.IN_PROGRESS:
        return ReportDue.NONE
    if part.next_report_on <= at.late:
        return ReportDue.LATE
    return ReportDue.DUE if part.next_report_on <= at.due else ReportDue.LATER


def standing_column(at: Window) -> sa.ColumnElement[str]:
    """The same rule for assignments in the database."""
    next_on = col(Assignment.next_report_on)
    return sa.case(
        (next_on.is_(None), ReportDue.NONE.value),
        (col(Assignment.state) != AssignmentState.IN_PROGRESS, ReportDue.NONE.value),
        (next_on <= at.late, ReportDue.LATE.value),
        (next_on <= at.due, ReportDue.DUE.value),
        else_=ReportDue.LATER.value,
    )


def is_asked_for(at: Window) -> sa.ColumnElement[bool]:
    """The part's report is due or late: for lists, and for reminders."""
    return sa.and_(
        col(Assignment.done).is_(sa.false()),
        col(Assignment.state) == AssignmentState.IN_PROGRESS,
        col(Assignment.next_report_on) <= at.due,
    )


def is_late(at: Window) -> sa.ColumnElement[bool]:
    """The part's report is late; for lists."""
    return sa.and_(is_asked_for(at), col(Assignment.next_report_on) <= at.late)


def present(rule: Rhythm, day: date, calendar: WorkingCalendar) -> Period:
    """The period that a day lies in: it ends on the first day of the rule that, moved, has not
    passed."""
    named = rule.on_or_after(calendar.before_workday(day) + ONE_DAY)
    return period_of(rule, named, calendar)


def period_of(rule: Rhythm, named_on: date, calendar: WorkingCalendar) -> Period:
    """The period that ends on a day of the rule."""
    opens = calendar.moved(rule.before(named_on)) + ONE_DAY
    return Period(min(opens, named_on), named_on, calendar.moved(named_on))


def first(rule: Rhythm | None, day: date, calendar: WorkingCalendar) -> date | None:
    """The next report of a part that begins on a day, or takes up work again."""
    return present(rule, day, calendar).named_on if rule else None


def after_report(
    rule: Rhythm | None, next_on: date | None, day: date, calendar: WorkingCalendar
) -> date | None:
    """The next report of a part that reports on a day."""
    if rule is None:
        return None
    now = present(rule, day, calendar)
    missed = next_on is not None and next_on < now.named_on
    if missed and day < now.due_on:
        return now.named_on
    following = rule.on_or_after(now.named_on + ONE_DAY)
    return following if next_on is None else max(next_on, following)


def has_reported(next_on: date | None, now: Period) -> bool:
    """Whether the part has reported in the period."""
    return next_on is not None and next_on > now.named_on
