"""What each written form of a deadline means, given the parts a pattern of `deadlines` found."""

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
    next_monthly,
    next_period_end,
    plan_end,
    quarter_end,
)
from importers.grid import EPOCH_1900


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


def year_of_cell(written: str | None, context: Context) -> int | None:
    """The year written in the cell, else the one the context knows."""
    return int(written) if written else context.year


def dated(due: date | None, valid: bool = True, approximate: bool = False) -> Reading:
    """A date; a day or month that cannot be is damage, a missing year is a question."""
    if not valid:
        return Reading("damaged", proposed=due, code="damaged_deadline")
    return Reading("date", due, approximate=approximate)


def full_date(m: re.Match[str], context: Context) -> Reading:
    """A day with its month: 4月30日前, 2017.06.15."""
    year, month, number = year_of_cell(m.group(1), context), int(m.group(2)), int(m.group(3))
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


def month(m: re.Match[str], context: Context) -> Reading:
    """A whole month: its last day."""
    year, month = year_of_cell(m.group(1), context), int(m.group(2))
    if 1 <= month <= 12:
        return dated(month_end(year, month), year is None or FIRST_YEAR <= year <= LAST_YEAR)
    mended = mended_month(month)
    return dated(month_end(year, mended) if mended else None, valid=False)


def part_of_month(m: re.Match[str], context: Context) -> Reading:
    """初, 上旬, 中旬, 下旬 of a month; approximate."""
    year, month, part = year_of_cell(m.group(1), context), int(m.group(2)), m.group(3)
    last = {"初": 10, "上旬": 10, "中旬": 20, "中": 20}.get(part)
    due = day(year, month, last) if last else month_end(year, month)
    return dated(due, 1 <= month <= 12, approximate=True)


def months(m: re.Match[str], context: Context) -> Reading:
    """A range of months: due on the last day of the last one."""
    year, first = year_of_cell(m.group(1), context), int(m.group(2))
    until, last = year_of_cell(m.group(3), context) if m.group(3) else year, int(m.group(4))
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return Reading("damaged", code="damaged_deadline")
    if m.group(3) is None and last < first:
        due = month_end(year + 1 if year else None, last)
        return Reading("range", due, proposed=due, code="over_new_year")
    return Reading("range", month_end(until, last))


def days(m: re.Match[str], context: Context) -> Reading:
    """From a day to a day; the end may leave out its year or its month."""
    year, month = year_of_cell(m.group(1), context), int(m.group(2))
    until = year_of_cell(m.group(4), context) if m.group(4) else year
    last = int(m.group(5)) if m.group(5) else month
    due = day(until, last, int(m.group(6)))
    if due is None and until is not None:
        return Reading("damaged", code="damaged_deadline")
    if m.group(4) is None and last < month:
        later = day(until + 1 if until else None, last, int(m.group(6)))
        return Reading("range", later, proposed=later, code="over_new_year")
    return Reading("range", due)


def year_word(m: re.Match[str], context: Context) -> Reading:
    """年底, 年内, 上半年, 下半年."""
    year, word = year_of_cell(m.group(1), context), m.group(2)
    return dated(month_end(year, 6 if word.startswith("上半") else 12))


def quarter(m: re.Match[str], context: Context) -> Reading:
    """一季度 … 四季度: its last day."""
    return dated(quarter_end(year_of_cell(m.group(1), context), m.group(2)))


def quarter_english(m: re.Match[str], context: Context) -> Reading:
    """Q1 2026, 2026 Q1: its last day."""
    return dated(quarter_end(year_of_cell(m.group(2) or m.group(3), context), m.group(1)))


def monthly(m: re.Match[str], context: Context) -> Reading:
    """每月28日前: the next such day."""
    number = int(m.group(1)) if m.group(1) else 31
    return Reading("recurring", next_monthly(context.issued_on, number))


def periodic(m: re.Match[str], context: Context) -> Reading:
    """每季度末, 每半年, 每年: the next end of that period."""
    months = {"季": 3, "半": 6, "年": 12}[m.group(1)[0]]
    return Reading("recurring", next_period_end(context.issued_on, months))


def yearly(m: re.Match[str], context: Context) -> Reading:
    """每年6月30日前: the first such day that is not before the issue."""
    month, number, after = int(m.group(1)), m.group(2), context.issued_on
    for year in (after.year, after.year + 1) if after else ():
        due = day(year, month, int(number)) if number else month_end(year, month)
        if due and after and due >= after:
            return Reading("recurring", due)
    return Reading("recurring")


def weekly(m: re.Match[str], context: Context) -> Reading:
    """每周: the next Sunday; other rhythms without a date."""
    after = context.issued_on
    if m.group(0).startswith("每周") and after:
        return Reading("recurring", after + timedelta(days=6 - after.weekday()))
    return Reading("recurring")


def horizon(m: re.Match[str], _: Context) -> Reading:
    """到2027年: the last day of the last year, approximate."""
    return Reading("horizon", day(int(m.group(m.lastindex or 1)), 12, 31), approximate=True)


def five_years(m: re.Match[str], _: Context) -> Reading:
    """“十五五”期间: the plan period’s last day, approximate."""
    return Reading("horizon", plan_end(m.group(1)), approximate=True)


def serial(m: re.Match[str], context: Context) -> Reading:
    """A bare serial number of the workbook’s epoch, if it is a likely date."""
    due = context.epoch + timedelta(days=int(m.group(1)))
    likely = FIRST_YEAR <= due.year <= LAST_YEAR
    return dated(due) if likely else Reading("damaged", code="damaged_deadline")


def run_together(m: re.Match[str], context: Context) -> Reading:
    """1129日: the month and the day without what parts them."""
    digits = m.group(1)
    due = day(context.year, int(digits[:-2]), int(digits[-2:]))
    return Reading("damaged", proposed=due, code="damaged_deadline")


def dotted(m: re.Match[str], context: Context) -> Reading:
    """4.30 without a year mark: proposed, never taken by itself."""
    due = day(context.year, int(m.group(1)), int(m.group(2)))
    return Reading("damaged", proposed=due, code="damaged_deadline")


def says(kind: str, code: str = "") -> Callable[[re.Match[str], Context], Reading]:
    """A form whose words alone say the kind."""
    return lambda _match, _context: Reading(kind, code=code)
