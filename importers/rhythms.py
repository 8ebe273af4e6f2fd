"""Deadlines that come again: each month, quarter, half year, year or week, with the next day.

A rhythm whose day is not said in a way that can be reckoned has no day.
"""

from __future__ import annotations

import re
from datetime import timedelta

from importers.calendar_words import day, next_monthly, next_period_end
from importers.deadline_forms import Context, Reading
from importers.deadline_search import days_in

_MONTHS = {"季": 3, "半": 6, "年": 12}
_NUMBER = re.compile(r"(\d{1,2})(?=[日号、和,-])|(\d{1,2})(?=前|$)")
_PARTS = {"初": 10, "上旬": 10, "中旬": 20, "月中": 15}
_OTHER_DAY = re.compile(r"[周旬]|星期|工作日|第.次|前\d|后\d")
_MONTH_OF_QUARTER = re.compile(
    r"(?P<first>首|第?一|第?1|次|结束后|过后|后)|(?P<second>第?二|第?2)|(?:最后|末|第?三|第?3)"
)
_DAY_OF_QUARTER = re.compile(r"(?:个?月(?:份)?|后)(?:的)?(\d{1,2})(?:[日号]|个?(?:日|天)[之以]?内)")
_WEEKDAY = re.compile(r"每个?(?:周|星期)([一二三四五六日天])")


def monthly(m: re.Match[str], context: Context) -> Reading:
    """每月28日前: the next such day; of several (5日、20日) the nearest."""
    rest, after = m.group(1), context.issued_on
    numbers = [int(a or b) for a, b in _NUMBER.findall(rest)]
    numbers = numbers[-1:] if "-" in rest else numbers
    numbers = numbers or [n for word, n in _PARTS.items() if word in rest]
    if not numbers and _OTHER_DAY.search(rest.replace("下旬", "")):
        return Reading("recurring")
    days = [next_monthly(after, number) for number in numbers or [31]]
    return Reading("recurring", min((d for d in days if d), default=None))


def periodic(m: re.Match[str], context: Context) -> Reading:
    """每季度末, 每半年, 每年: the next end of that period; 每季度首月5日前: that day."""
    word, rest, after = m.group(1), m.group(2), context.issued_on
    if rest.startswith("初") or (_OTHER_DAY.search(rest) and not _DAY_OF_QUARTER.search(rest)):
        return Reading("recurring")
    said = _DAY_OF_QUARTER.search(rest)
    if said is None:
        numbered = re.search(r"\d+[日号]", rest)
        due = None if numbered else next_period_end(after, _MONTHS[word[0]])
        return Reading("recurring", due)
    which = _MONTH_OF_QUARTER.search(rest)
    if which is None or word[0] != "季" or after is None:
        return Reading("recurring")
    step = 1 if which["first"] else 2 if which["second"] else 3
    months = [(after.year + n // 4, n % 4 * 3 + step) for n in range(5)]
    days = [day(year, month, int(said.group(1))) for year, month in months]
    return Reading("recurring", min((d for d in days if d and d >= after), default=None))


def yearly(m: re.Match[str], context: Context) -> Reading:
    """每年6月30日前, 每年一季度: the first such day that is not before the issue."""
    after = context.issued_on
    if after is None:
        return Reading("recurring")
    found = [d for year in (after.year, after.year + 1) for d in days_in(m.group(1), year)]
    return Reading("recurring", min((d for d in found if d and d >= after), default=None))


def other(m: re.Match[str], context: Context) -> Reading:
    """每周五: the next one; 每周: the next Sunday; other rhythms without a day."""
    after = context.issued_on
    said = _WEEKDAY.match(m.group(0))
    if after is None or not (said or re.match(r"每周(?!\d|第)", m.group(0))):
        return Reading("recurring")
    weekday = "一二三四五六日".index(said.group(1).replace("天", "日")) if said else 6
    return Reading("recurring", after + timedelta(days=(weekday - after.weekday()) % 7))
