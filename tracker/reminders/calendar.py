"""The working calendar (工作日历): weekends, holidays, make-up workdays; in the database.

A year in `calendar_year` is ruled by the table, which the office may edit. A year that is not
there is taken from the shipped list (chinesecalendar); a year neither knows has plain weekends,
and every result that rests on it carries a warning.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

import sqlalchemy as sa
from chinese_calendar import constants
from sqlmodel import Field, Session, SQLModel, col, select

from tracker.workdays import SATURDAY
from tracker.workdays import WorkingCalendar as WorkingCalendar

SHIPPED = "chinesecalendar"

Day = tuple[date, bool, str]
"""A day that differs from its weekday: whether it is worked, and what it is called."""


class CalendarDay(SQLModel, table=True):
    """A day that differs from its weekday: a holiday, or a Saturday that is worked."""

    __tablename__ = "calendar_day"

    day: date = Field(primary_key=True)
    works: bool
    name: str = ""


class CalendarYear(SQLModel, table=True):
    """A year whose holidays are known; a missing one is said loudly."""

    __tablename__ = "calendar_year"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    source: str


@cache
def shipped() -> Mapping[int, Sequence[Day]]:
    """The years the shipped list knows, each with its differing days."""
    chinese = {holiday.value: holiday.chinese for holiday in constants.Holiday}
    years: dict[int, list[Day]] = {day.year: [] for day in constants.holidays}
    for works, listed in ((False, constants.holidays), (True, constants.workdays)):
        for day, name in listed.items():
            if (day.weekday() < SATURDAY) != works:
                years[day.year].append((day, works, chinese[name]))
    return {year: tuple(days) for year, days in years.items()}


def seed(session: Session) -> list[int]:
    """Copy shipped years into the table; years already there are left as the office has them.

    Says which years were added; safe to repeat.
    """
    known = set(session.exec(select(CalendarYear.year)))
    added = sorted(set(shipped()) - known)
    for year in added:
        session.add(CalendarYear(year=year, source=SHIPPED))
        session.add_all(CalendarDay(day=d, works=w, name=n) for d, w, n in shipped()[year])
    session.flush()
    return added


def load(session: Session, around: date) -> WorkingCalendar:
    """The calendar of the year of `around`, the one before and the one after."""
    near = range(around.year - 1, around.year + 2)
    ruled = set(session.exec(select(CalendarYear.year).where(col(CalendarYear.year).in_(near))))
    lent = set(near) & set(shipped()) - ruled
    rows = session.execute(
        sa.select(col(CalendarDay.day), col(CalendarDay.works)).where(
            col(CalendarDay.day).between(date(near[0], 1, 1), date(near[-1], 12, 31))
        )
    )
    differing = {day: works for day, works in rows if day.year in ruled}
    differing |= {day: works for year in lent for day, works, _name in shipped()[year]}
    return WorkingCalendar(differing, frozenset(ruled | lent))


def is_workday(session: Session, day: date) -> bool:
    """Whether the office works on that day, by the calendar in force."""
    return load(session, day).works(day)
