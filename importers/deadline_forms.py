"""What each written form of a dated deadline means, given the parts a rule found.

Parts are the named groups of `deadline_rules`: year, month, day, part (of the month), and `to_…`
for the end of a range.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from importers.calendar_words import (
    FIRST_YEAR,
    LAST_YEAR,
    day,
    month_end,
    plan_end,
    quarter_end,
)
from importers.grid import EPOCH_1900

_PARTS = {"初": 10, "上旬": 10, "上半月": 15, "上中旬": 20, "中旬": 20, "中": 20}


class Reading(NamedTuple):
    """`code` names the doubt (see problems.py), '' where there is none."""

    kind: str
    due_on: date | None = None
    proposed: date | None = None
    approximate: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What a cell is read against: the plan's year, its day of issue, the workbook's epoch."""

    year: int | None = None
    issued_on: date | None = None
    epoch: date = EPOCH_1900


Match = re.Match[str]
Build = Callable[[Match, Context], Reading]


def year_of_cell(written: str | None, context: Context) -> int | None:
    """The year written in the cell, else the one the context knows."""
    return int(written) if written else context.year


def dated(due: date | None, valid: bool = True, approximate: bool = False) -> Reading:
    """A date; a day or month that cannot be is damage, a missing year is a question."""
    if not valid:
        return damaged(due)
    return Reading("date", due, approximate=approximate)


def damaged(proposed: date | None = None) -> Reading:
    """No day as written; perhaps the one that was meant."""
    return Reading("damaged", proposed=proposed, code="damaged_deadline")


def full_date(m: Match, context: Context) -> Reading:
    """A day with its month: 4月30日前, 2017.06.15."""
    year, month, number = year_of_cell(m["year"], context), int(m["month"]), int(m["day"])
    due = day(year, month, number)
    if due is None and (year is not None or not day(2024, month, number)):
        return dated(mended_day(year, month, number), valid=False)
    return dated(due)


def mended_day(year: int | None, month: int, number: int) -> date | None:
    """2月30日 → the month's last day; 44月 → 4月; else nothing is proposed."""
    month = mended_month(month) or 0
    return month_end(year, month) if 29 <= number <= 31 else day(year, month, number)


def mended_month(month: int) -> int | None:
    """The month a doubled or shifted digit probably meant (44 → 4); None when nothing fits."""
    if 1 <= month <= 12:
        return month
    tens, ones = divmod(month, 10)
    return ones if tens == ones else None


def month(m: Match, context: Context) -> Reading:
    """A whole month: its last day."""
    year, month = year_of_cell(m["year"], context), int(m["month"])
    if 1 <= month <= 12:
        return dated(month_end(year, month), year is None or FIRST_YEAR <= year <= LAST_YEAR)
    mended = mended_month(month)
    return dated(month_end(year, mended) if mended else None, valid=False)


def part_of_month(m: Match, context: Context) -> Reading:
    """初, 上旬, 中旬, 下旬 of a month; approximate."""
    year, month = year_of_cell(m["year"], context), int(m["month"])
    return dated(_end_of(year, month, m["part"], None), 1 <= month <= 12, approximate=True)


def _end_of(year: int | None, month: int, part: str | None, number: str | None) -> date | None:
    """The last day of what is said of a month: a day of it, a part, or the whole."""
    if number:
        return day(year, month, int(number))
    last = _PARTS.get(part or "")
    return day(year, month, last) if last else month_end(year, month)


def span(m: Match, context: Context) -> Reading:
    """From a month or day to another: due at the end of the last one."""
    said = m.groupdict()
    year, first = year_of_cell(m["year"], context), int(m["month"])
    until = year_of_cell(m["to_year"], context) if m["to_year"] else year
    last = int(m["to_month"]) if m["to_month"] else first
    part, number = said.get("to_part"), said.get("to_day")
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return damaged()
    due = _end_of(until, last, part, number)
    if until is not None and due is None:
        return damaged()
    approximate = bool(part) and part not in ("底", "末", "份")
    if m["to_year"] is None and last < first:
        due = _end_of(year + 1 if year else None, last, part, number)
        return Reading("range", due, due, approximate, "over_new_year")
    return Reading("range", due, approximate=approximate)


def span_of_quarters(m: Match, context: Context) -> Reading:
    """一至三季度, 前三季度, 四季度至明年一季度: the last day of the last one."""
    until = year_of_cell(m["to_year"] or m["year"], context)
    return Reading("range", quarter_end(until, m["to_quarter"]))


def year_word(m: Match, context: Context) -> Reading:
    """年底, 年内, 上半年, 下半年; 年中 is about the end of June."""
    year, word = year_of_cell(m["year"], context), m["word"]
    middle = word.startswith("年中")
    return dated(month_end(year, 6 if middle or word.startswith("上半") else 12), True, middle)


def beginning_of_year(m: Match, context: Context) -> Reading:
    """年初 may be any day up to the spring: the end of January is proposed."""
    return damaged(month_end(year_of_cell(m["year"], context), 1))


def quarter(m: Match, context: Context) -> Reading:
    """一季度 … 四季度, Q1 2026: its last day."""
    return dated(quarter_end(year_of_cell(m["year"], context), m["quarter"]))


def before_year(m: Match, _: Context) -> Reading:
    """2028年前: before it begins, or by its end? The former is proposed."""
    return damaged(day(int(m["year"]) - 1, 12, 31))


def from_issue(m: Match, context: Context) -> Reading:
    """本月底, 下月底, 本季度末, 本周五, reckoned from the day of issue."""
    issued, word = context.issued_on, m["from"]
    if issued is None:
        return damaged()
    if word.endswith("季度"):
        return dated(month_end(issued.year, -(-issued.month // 3) * 3))
    if word.endswith("周"):
        weekday = "一二三四五六日".index((m["weekday"] or "日").replace("天", "日"))
        weeks = 7 if word.startswith("下") else 0
        return dated(issued + timedelta(days=weekday - issued.weekday() + weeks))
    months = issued.year * 12 + issued.month - 1 + word.startswith(("下", "次"))
    year, number = months // 12, months % 12 + 1
    return dated(day(year, number, int(m["day"])) if m["day"] else month_end(year, number))


def holiday(m: Match, context: Context) -> Reading:
    """国庆节前: the day before is proposed; a feast of the moon's calendar only its question."""
    fixed = {"元旦": (12, 31), "五一": (4, 30), "劳动": (4, 30), "六一": (5, 31), "七一": (6, 30)}
    fixed |= {"八一": (7, 31), "教师": (9, 9), "国庆": (9, 30), "十一": (9, 30)}
    found = fixed.get(m["holiday"])
    year = year_of_cell(m["year"], context)
    if year and m["year"] and m["holiday"] == "元旦":
        year -= 1
    return damaged(day(year, *found) if found else None)


def horizon(m: Match, _: Context) -> Reading:
    """到2027年: the last day of the last year, approximate."""
    due = day(int(m["to_year"]), 12, 31)
    return Reading("horizon", due, approximate=True) if due else damaged()


def five_years(m: Match, _: Context) -> Reading:
    """“十五五”期间: the plan period’s last day, approximate."""
    return Reading("horizon", plan_end(m["plan"]), approximate=True)


def serial(m: Match, context: Context) -> Reading:
    """A bare serial number of the workbook’s epoch, if it is a likely date."""
    due = context.epoch + timedelta(days=int(m["serial"]))
    return dated(due) if FIRST_YEAR <= due.year <= LAST_YEAR else damaged()


def proposed_day(m: Match, context: Context) -> Reading:
    """1129日, 4.30, 6-30, 6/7: a month and a day, or something else; proposed, never taken."""
    return damaged(day(year_of_cell(None, context), int(m["month"]), int(m["day"])))


def year_last(m: Match, context: Context) -> Reading:
    """30/6/2026 and 6/30/2026 say which is the day; 5/6/2026 does not."""
    one, other, year = int(m["one"]), int(m["other"]), int(m["year"])
    if one <= 12 and other <= 12 and one != other:
        return damaged()
    due = day(year, other, one) if one > 12 else day(year, one, other)
    return dated(due, valid=due is not None)


def says(kind: str, code: str = "") -> Build:
    """A form whose words alone say the kind."""
    return lambda _match, _context: Reading(kind, code=code)
