"""A year's holidays (放假安排) as the office writes them down from the government's notice.

Lines in, the days that differ from their weekday out, and back:

    01-01 至 01-03 元旦        10月1日至8日 国庆节        02-14
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from tracker.actor import Actor
from tracker.db import serialise
from tracker.errors import InputError
from tracker.events import deed, keep
from tracker.reminders.calendar import (
    SHIPPED,
    CalendarDay,
    CalendarYear,
    Day,
    shipped,
)
from tracker.text import clean_line, clean_text
from tracker.workdays import SATURDAY

OFFICE = "office"
LONGEST = 3000
_LINE = re.compile(
    r"(?P<month>\d{1,2})[-月](?P<day>\d{1,2})日?(?!日)"
    r"(?:\s*(?:[至到~～—–]+|to)\s*(?:(?P<last_month>\d{1,2})[-月])?(?P<last_day>\d{1,2})日?(?!日))?"
    r"\s*(?P<name>(?!至|到|to\b)(?!.*\d[-月]\d)[^\W\d].*)?"
)
"""A day or a run of days, and what it is called; a name that holds another date is none."""
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Arrangement:
    """A year's differing days; `source` says whose they are, empty while nobody knows the year."""

    year: int
    source: str
    days: tuple[Day, ...]

    @property
    def resting(self) -> int:
        """Days from Monday to Friday that are free."""
        return sum(not works for _day, works, _name in self.days)

    @property
    def worked(self) -> int:
        """Days of weekends that are worked."""
        return len(self.days) - self.resting


def of_year(session: Session, year: int) -> Arrangement:
    """What rules a year: the table, else the shipped list, else nothing but weekends."""
    ruled = session.get(CalendarYear, year)
    if ruled is None:
        lent = shipped().get(year)
        return Arrangement(year, SHIPPED if lent else "", tuple(lent or ()))
    rows = session.exec(select(CalendarDay).where(_within(year)).order_by(col(CalendarDay.day)))
    return Arrangement(year, ruled.source, tuple((row.day, row.works, row.name) for row in rows))


def _within(year: int) -> sa.ColumnElement[bool]:
    return col(CalendarDay.day).between(date(year, 1, 1), date(year, 12, 31))


def rule(session: Session, year: int, days: Iterable[Day], *, by: Actor, at: datetime) -> None:
    """From now on the office's own days rule the year, all of it."""
    by.require("calendar.change")
    serialise(session, "calendar")
    session.execute(sa.delete(CalendarDay).where(_within(year)))
    session.merge(CalendarYear(year=year, source=OFFICE))
    found = Arrangement(year, OFFICE, tuple(days))
    session.add_all(CalendarDay(day=day, works=works, name=name) for day, works, name in found.days)
    keep(session, deed(
        by, "calendar.changed", "calendar", year, at=at, resting=found.resting,
        worked=found.worked,
    ))  # fmt: skip


def read(year: int, resting: str, worked: str) -> list[Day]:
    """The differing days of what was written: lines of free days, lines of worked weekend days.

    Raises InputError naming the field and quoting the line that is wrong.
    """
    free = dict(_named(year, resting, "resting"))
    made_up = dict(_named(year, worked, "worked"))
    if not free:
        raise InputError("请至少写一行放假的日子。", "resting")
    for day in sorted(made_up):
        if day in free:
            raise InputError(f"{day:%m-%d} 既写了放假，又写了上班。", "worked")
        if day.weekday() < SATURDAY:
            raise InputError(f"{day:%m-%d} 不是周末，本来就上班。请核对日期。", "worked")
    differing = [(day, False, name) for day, name in free.items() if day.weekday() < SATURDAY]
    return sorted(differing + [(day, True, name) for day, name in made_up.items()])


def _named(year: int, text: str, field: str) -> Iterator[tuple[date, str]]:
    for line in clean_text(text, field=field, longest=LONGEST).splitlines():
        if line := clean_line(line):
            yield from _days(year, line, field)


def _days(year: int, line: str, field: str) -> Iterator[tuple[date, str]]:
    found = _LINE.fullmatch(line)
    try:
        if found is None:
            raise ValueError
        first = date(year, int(found["month"]), int(found["day"]))
        last = _last(first, found)
    except ValueError:
        raise InputError(f"“{line}”看不懂。请按“10-01 至 10-08 国庆节”的样子写。", field) from None
    if last < first:
        raise InputError(f"“{line}”的结束日早于开始日；跨年的假期请分到两年里写。", field)
    for number in range((last - first).days + 1):
        yield first + number * _ONE_DAY, found["name"] or ""


def _last(first: date, found: re.Match[str]) -> date:
    if found["last_day"] is None:
        return first
    return date(first.year, int(found["last_month"] or first.month), int(found["last_day"]))


def written(days: Iterable[Day]) -> tuple[str, str]:
    """The lines that `read` takes, free days and worked ones; a holiday runs on over weekends."""
    differing = sorted(days)
    made_up = {day for day, works, _name in differing if works}
    runs: list[tuple[date, date, str]] = []
    for day, works, name in differing:
        if works:
            continue
        if runs and runs[-1][2] == name and _is_free_between(runs[-1][1], day, made_up):
            runs[-1] = (runs[-1][0], day, name)
        else:
            runs.append((day, day, name))
    worked = [_line(day, day, name) for day, works, name in differing if works]
    return "\n".join(_line(*run) for run in runs), "\n".join(worked)


def _is_free_between(last: date, day: date, made_up: set[date]) -> bool:
    between = (last + number * _ONE_DAY for number in range(1, (day - last).days))
    return all(one.weekday() >= SATURDAY and one not in made_up for one in between)


def _line(first: date, last: date, name: str) -> str:
    days = f"{first:%m-%d}" if first == last else f"{first:%m-%d} 至 {last:%m-%d}"
    return f"{days} {name}".rstrip()
