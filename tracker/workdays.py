"""Counting in working days: which days the office works, as far as that is known.

Where the days come from is `reminders/calendar.py`; here nothing is looked up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

SATURDAY = 5


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

    def before_workday(self, day: date) -> date:
        """The last working day before a day."""
        earlier = (day - timedelta(days=n) for n in count(1))
        return next(found for found in earlier if self.works(found))

    def moved(self, day: date) -> date:
        """The day itself where the office works, else the next working day (遇节假日顺延)."""
        return day if self.works(day) else self.after_workdays(day, 1)

    def warnings(self, *days: date) -> list[str]:
        """One sentence for each year that is needed but not known."""
        missing = sorted({day.year for day in days} - self.years)
        return [
            f"工作日历缺少 {year} 年的放假安排，暂按周一至周五上班计算。请在“提醒 → 工作日历”中补录。"
            for year in missing
        ]


def _days(after: date, number: int) -> Iterator[date]:
    return (after + timedelta(days=n) for n in range(1, number + 1))
