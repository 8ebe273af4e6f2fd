"""Small calendar arithmetic for the deadline grammar. None wherever no such day exists."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from importers.grid import folded
from importers.numerals import number

FIRST_YEAR, LAST_YEAR = 1990, 2100
_PLANS = {"十三": 2020, "十四": 2025, "十五": 2030, "十六": 2035}
_QUARTERS = {word: n for n, words in enumerate(("一1", "二2", "三3", "四4"), 1) for word in words}
_MONTH = re.compile(
    r"(?:20\d\d年)?(?:(?P<digits>1[0-2]|0?[1-9])|(?P<words>十[一二]?|[一二三四五六七八九]))月份?"
)
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_MONTH = re.compile(rf"({'|'.join(_ENGLISH)})[a-z]{{0,6}}\.?")
_QUARTER = re.compile(r"第?(?P<quarter>[一二三四1-4])季度?|q(?P<q>[1-4])")


def day(year: int | None, month: int, number: int) -> date | None:
    """That day, if it exists and its year is plausible."""
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= month <= 12:
        return None
    return date(year, month, number) if 1 <= number <= monthrange(year, month)[1] else None


def month_end(year: int | None, month: int) -> date | None:
    """The month's last day."""
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= month <= 12:
        return None
    return date(year, month, monthrange(year, month)[1])


def quarter_end(year: int | None, word: str) -> date | None:
    """The last day of 一 … 四 季度."""
    return month_end(year, _QUARTERS[word] * 3)


def plan_end(word: str) -> date | None:
    """The end of the five-year plan 十三 … 十六 五."""
    return day(_PLANS.get(word), 12, 31)


def next_monthly(after: date | None, number: int) -> date | None:
    """The next such day of a month, not before `after`; 31 means the month's last day."""
    if after is None or not 1 <= number <= 31:
        return None
    this = _clipped(after.year, after.month, number)
    if this >= after:
        return this
    following = (after.replace(day=1) + timedelta(days=31)).replace(day=1)
    return _clipped(following.year, following.month, number)


def next_period_end(after: date | None, months: int) -> date | None:
    """The end of the quarter (3), half year (6) or year (12) that `after` lies in."""
    if after is None:
        return None
    return month_end(after.year, -(-after.month // months) * months)


def _clipped(year: int, month: int, number: int) -> date:
    return date(year, month, min(number, monthrange(year, month)[1]))


@lru_cache(maxsize=512)
def time_of(label: str) -> str:
    """What a header cell calls a month or quarter, as deadlines write it; '' for anything else."""
    word = folded(label).lower()
    if month := _MONTH.fullmatch(word):
        return f"{month['digits'] or number(month['words'])}月".lstrip("0")
    if quarter := _QUARTER.fullmatch(word):
        said = quarter["quarter"] or quarter["q"]
        return f"{said if said.isdigit() else number(said)}季度"
    english = _ENGLISH_MONTH.fullmatch(word)
    return f"{_ENGLISH.index(english.group(1)) + 1}月" if english else ""
