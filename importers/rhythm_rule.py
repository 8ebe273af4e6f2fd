"""A reporting rhythm as a rule: 每月28日前, 每周五, 每季度末 → which days it falls on.

`rhythms` gives a deadline's next day; this keeps the rule itself, so that the day after it is
known, too. What is not said in a way that can be reckoned (每月第二个周五) is no rule.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from importers.numerals import number

LAST = 31
"""The day that stands for a month's last."""
FRIDAY = 5
_LETTERS = {1: "m", 3: "q", 6: "h", 12: "y"}
_MONTHS = {letter: months for months, letter in _LETTERS.items()}
_CODE = re.compile(
    r"w(?P<weekday>[1-7])|m(?P<days>\d{1,2}(?:,\d{1,2})*)|(?P<letter>[qhy])(?P<month>\d{1,2})-(?P<day>\d{1,2})"
)
_NUMERAL = re.compile(
    "[二三]?十[一二三四五六七八九]?|(?<![周期拜第])[一二三四五六七八九](?=[日号月])"
)
_TRAILER = re.compile(
    r"(?:[,，:：]?(?:之前|以前|前|下班|报送|上报|报告|反馈|调度|更新|汇总|报|进展|进度|情况|各?[一1]次))+$"
)
_EACH = "(?:每1?个?|按|逐)"
_WEEKLY = re.compile(rf"{_EACH}(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天1-6])?")
_MONTHLY = re.compile(rf"{_EACH}月(?:份|度)?的?(?P<rest>.*)")
_LONGER = re.compile(rf"{_EACH}(?P<word>季度?|半年度?|年度?)的?(?P<rest>.*)")
_PARTS = {"初": 10, "上旬": 10, "中旬": 20, "月中": 15, "中": 15}
_ENDS = frozenset(
    {
        "",
        "底",
        "末",
        "月底",
        "月末",
        "下旬",
        "最后1天",
        "最后一天",
        "终了",
        "季末",
        "年底",
        "年末",
        "年终",
    }
)
_DAYS = re.compile(r"\d{1,2}[日号]?(?:[、,和]\d{1,2}[日号]?)*")
_OF_QUARTER = re.compile(
    r"(?:第?(?P<number>[1-6一二三四五六])|(?P<first>首)|(?P<last>最后[1一]|末))个?月(?:份)?的?(?P<day>\d{1,2}[日号]|底|末|)"
)
_OF_YEAR = re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2}[日号]|底|末|)")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ENGLISH = re.compile(
    r"(?:by)?(?:the)?(?:(?P<end>end)of|(?P<days>day\d{1,2}(?:,day\d{1,2})*)of)?(?:month(?P<month>\d{1,2})of)?"
    rf"every(?P<word>week|month|quarter|half-year|year|{'|'.join(_WEEKDAYS)})"
)
_ENGLISH_LENGTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_LENGTHS = {"季": 3, "半": 6, "年": 12}


class Rhythm(NamedTuple):
    """Every week on `weekday` (1 Monday to 7), or every `months` months in the period's `month`-th
    on these `days`; 31 is the month's last, also where it has fewer days."""

    months: int = 0
    month: int = 1
    days: tuple[int, ...] = ()
    weekday: int = 0

    @property
    def code(self) -> str:
        """How it is kept: w5, m28, m5,20, q3-31, h6-31, y6-30."""
        if self.weekday:
            return f"w{self.weekday}"
        if self.months == 1:
            return "m" + ",".join(map(str, self.days))
        return f"{_LETTERS[self.months]}{self.month}-{self.days[0]}"

    def on_or_after(self, day: date) -> date:
        """The first day it falls on that is not before `day`."""
        if self.weekday:
            return day + timedelta(days=(self.weekday - day.isoweekday()) % 7)
        months = (_later(day.year, day.month, n) for n in range(self.months + 1))
        return min(d for month in months for d in self._in(*month) if d >= day)

    def before(self, day: date) -> date:
        """The last day it falls on before `day`."""
        if self.weekday:
            return day - timedelta(days=(day.isoweekday() - self.weekday - 1) % 7 + 1)
        months = (_later(day.year, day.month, -n) for n in range(self.months + 1))
        return max(d for month in months for d in self._in(*month) if d < day)

    def _in(self, year: int, month: int) -> list[date]:
        if (month - 1) % self.months + 1 != self.month:
            return []
        length = monthrange(year, month)[1]
        return [date(year, month, min(number, length)) for number in self.days]


def _later(year: int, month: int, months: int) -> tuple[int, int]:
    whole = year * 12 + month - 1 + months
    return whole // 12, whole % 12 + 1


def of_code(code: str) -> Rhythm | None:
    """The rule of a code; None for anything that is none."""
    found = _CODE.fullmatch(code)
    if found is None:
        return None
    if found["weekday"]:
        return Rhythm(weekday=int(found["weekday"]))
    if found["days"]:
        return _every(1, 1, [int(n) for n in found["days"].split(",")])
    return _every(_MONTHS[found["letter"]], int(found["month"]), [int(found["day"])])


def read_rhythm(text: str) -> Rhythm | None:
    """The rule that words say; None where they say none. Any text at all is accepted."""
    plain = _folded(text[:60])
    if found := _ENGLISH.fullmatch(plain.lower()):
        return _english(found)
    if found := _WEEKLY.fullmatch(plain):
        return Rhythm(weekday=_weekday(found["weekday"]))
    if found := _LONGER.fullmatch(plain):
        return _longer(_LENGTHS[found["word"][0]], found["rest"])
    if found := _MONTHLY.fullmatch(plain):
        return _monthly(found["rest"])
    return None


def _folded(text: str) -> str:
    plain = "".join(unicodedata.normalize("NFKC", text).split()).strip("。；;()（）")
    plain = _NUMERAL.sub(lambda m: str(number(m.group())), plain)
    return _TRAILER.sub("", plain)


def _weekday(word: str | None) -> int:
    if not word:
        return FRIDAY
    return int(word) if word.isdigit() else "一二三四五六日".index(word.replace("天", "日")) + 1


def _english(found: re.Match[str]) -> Rhythm | None:
    """Every Friday; day 28 of every month; end of month 6 of every year."""
    word, month = found["word"], found["month"]
    months = _ENGLISH_LENGTHS.get(word, 0)
    if not months:
        bare = not (found["end"] or found["days"] or month)
        weekday = _WEEKDAYS.index(word) + 1 if word in _WEEKDAYS else FRIDAY
        return Rhythm(weekday=weekday) if bare else None
    days = [int(n) for n in re.findall(r"\d+", found["days"] or "")] or [LAST]
    return _every(months, int(month) if month else 1 if months == 1 else months, days)


def _monthly(rest: str) -> Rhythm | None:
    if rest in _ENDS:
        return _every(1, 1, [LAST])
    if rest in _PARTS:
        return _every(1, 1, [_PARTS[rest]])
    span = re.fullmatch(r"\d{1,2}[日号]?[-~—–至到](\d{1,2})[日号]?", rest)
    if span:
        return _every(1, 1, [int(span.group(1))])
    return (
        _every(1, 1, [int(n) for n in re.findall(r"\d+", rest)]) if _DAYS.fullmatch(rest) else None
    )


def _longer(months: int, rest: str) -> Rhythm | None:
    if rest in _ENDS:
        return _every(months, months, [LAST])
    if months == 12 and (found := _OF_YEAR.fullmatch(rest)):
        return _every(12, int(found["month"]), [_day(found["day"])])
    if found := _OF_QUARTER.fullmatch(rest):
        said = found["number"]
        month = months if found["last"] else 1 if found["first"] else number(said) or int(said)
        return _every(months, month, [_day(found["day"])])
    return None


def _day(word: str) -> int:
    return int(word[:-1]) if word[:1].isdigit() else LAST


def _every(months: int, month: int, days: list[int]) -> Rhythm | None:
    if months > 1 and len(days) > 1:
        return None
    if not 1 <= month <= months or not all(1 <= day <= LAST for day in days):
        return None
    return Rhythm(months=months, month=month, days=tuple(sorted(set(days))))
