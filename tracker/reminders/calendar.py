"""The working calendar (工作日历): weekends, holidays, make-up workdays; in the database.

A year in `calendar_year` is ruled by the table, which the office may edit. A year that is not
there is taken from the shipped list (chinesecalendar); a year neither knows has plain weekends,
and every result that rests on it carries a warning.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import count

import sqlalchemy as sa
from chinese_calendar import constants
from sqlmodel import Field, Session, SQLModel, col, select

SHIPPED = "chinesecalendar"
SATURDAY = 5

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


@dataclass(frozen=True)
class WorkingCalendar:
    """The days that differ from their weekday, and the years for which they are known."""

    differing: Mapping[date, bool]
    years: frozenset[int]

    def works(self, day: date) -> bool:
        """Whether the office works on that day."""
        return self.differing.get(day, day.weekday() < SATURDAY)

    def workdays_left(self, today: date, until: date) -> int:
        """How many working days follow `today`, up to and with `until`; 0 when it has passed."""
        return sum(self.works(day) for day in _days(today, (until - today).days))

    def after_workdays(self, day: date, number: int) -> date:
        """The `number`-th working day after a day."""
        following = (day + timedelta(days=n) for n in count(1))
        working = (found for found in following if self.works(found))
        return next(found for n, found in enumerate(working, 1) if n == number)

    def warnings(self, *days: date) -> list[str]:
        """One sentence for each year that is needed but not known."""
        missing = sorted({day.year for day in days} - self.years)
        return [
            f"工作日历缺少 {year} 年的放假安排，暂按周一至周五上班计算。请在“提醒 → 工作日历”中补录。"
            for year in missing
        ]


def _days(after: date, number: int) -> Iterator[date]:
    return (after + timedelta(days=n) for n in range(1, number + 1))


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
