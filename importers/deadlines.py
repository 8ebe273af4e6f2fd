"""The deadline grammar: what is written in a deadline cell → a kind and, where there is one, a day.

Never raises and never guesses silently: a reading that is not certain carries a `code`, and what
is damaged has no `due_on`, only a proposal. The year, where none is written, is the caller's.
"""

from __future__ import annotations

import re
import unicodedata
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


NONE = Reading("none")
_NONE_WORDS = frozenset({"", "/", "\\", "-", "--", "无", "暂无", "―", "——"})
_DASHES = str.maketrans(dict.fromkeys("—–―－~～〜至到‐‑−", "-") | {"⺝": "月", "⺼": "月"})
_D = r"(\d{1,2})"
_YEAR = r"(?:(\d{4})年?度?)?"
_BY = r"(?:份|之前|以前|前|底|末|止|内|左右)*"
_DO = (
    r"(?:(?:并|均|要|需|应|全部|全面|基本|按时|力争|确保|继续|整改|组织|工作|任务|项目|竣工|投入|建成)*"
    r"(?:完成|办结|到位|落实|达标|销号|运营|投用|使用|结束|见效|上报|验收|整改)*(?:整改|工作|任务|验收)?)"
)
_AFTER = r"(?:[,、]?(?:之后|此后)?(?:并|后)?(?:长期|持续|常态|坚持|推进|跟踪|巩固|保持|化)+.*)?"
_END = r"(?:\d{1,2}[时点:](?:00)?)?" + _BY + _DO + _AFTER + r"[。.;,]*"

Rule = tuple[re.Pattern[str], Callable[[re.Match[str], Context], Reading]]


def read_deadline(text: str, context: Context) -> Reading:
    """Read one cell's text. Any text at all is accepted."""
    folded = _fold(text)
    if folded in _NONE_WORDS or not folded.strip("-/"):
        return NONE
    for pattern, build in _RULES:
        match = pattern.fullmatch(folded)
        if match:
            return _questioned(build(match, context), context)
    return _unreadable(folded, context)


def _fold(text: str) -> str:
    """One width, no spaces, one dash. '到2027年' keeps its 到 by being folded to a dash too."""
    wide = unicodedata.normalize("NFKC", text[:200])
    return re.sub(r"\s+", "", wide).translate(_DASHES)


def _questioned(reading: Reading, context: Context) -> Reading:
    """Doubts that no single rule can see: no year, before the issue, far from the plan's year."""
    due = reading.due_on
    if reading.code or reading.kind not in ("date", "range"):
        return reading
    if due is None:
        return reading._replace(code="deadline_without_year")
    if context.year is not None and not -5 <= due.year - context.year <= 10:
        return reading._replace(code="implausible_date")
    if context.issued_on and due < context.issued_on:
        return reading._replace(code="before_issue", proposed=_a_year_later(due))
    return reading


def _a_year_later(due: date) -> date:
    return (
        month_end(due.year + 1, due.month) or due
        if due.day > 28
        else due.replace(year=due.year + 1)
    )


def _year(written: str | None, context: Context) -> int | None:
    return int(written) if written else context.year


def _dated(due: date | None, valid: bool = True, approximate: bool = False) -> Reading:
    """A date; a day or month that cannot be is damage, a missing year is a question."""
    if not valid:
        return Reading("damaged", proposed=due, code="damaged_deadline")
    return Reading("date", due, approximate=approximate)


def _full_date(m: re.Match[str], context: Context) -> Reading:
    year, month, number = _year(m.group(1), context), int(m.group(2)), int(m.group(3))
    due = day(year, month, number)
    if due is None and (year is not None or not day(2024, month, number)):
        return _dated(_mended_day(year, month, number), valid=False)
    return _dated(due)


def _mended_day(year: int | None, month: int, number: int) -> date | None:
    """2月30日 → the month's last day; 44月 → 4月; else nothing is proposed."""
    month = _mended_month(month) or 0
    return month_end(year, month) if 29 <= number <= 31 else day(year, month, number)


def _mended_month(month: int) -> int | None:
    if 1 <= month <= 12:
        return month
    tens, ones = divmod(month, 10)
    return ones if tens == ones else None


def _month(m: re.Match[str], context: Context) -> Reading:
    year, month = _year(m.group(1), context), int(m.group(2))
    if 1 <= month <= 12:
        return _dated(month_end(year, month), year is None or FIRST_YEAR <= year <= LAST_YEAR)
    mended = _mended_month(month)
    return _dated(month_end(year, mended) if mended else None, valid=False)


def _part_of_month(m: re.Match[str], context: Context) -> Reading:
    year, month, part = _year(m.group(1), context), int(m.group(2)), m.group(3)
    last = {"初": 10, "上旬": 10, "中旬": 20, "中": 20}.get(part)
    due = day(year, month, last) if last else month_end(year, month)
    return _dated(due, 1 <= month <= 12, approximate=True)


def _months(m: re.Match[str], context: Context) -> Reading:
    year, first = _year(m.group(1), context), int(m.group(2))
    until, last = _year(m.group(3), context) if m.group(3) else year, int(m.group(4))
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return Reading("damaged", code="damaged_deadline")
    if m.group(3) is None and last < first:
        due = month_end(year + 1 if year else None, last)
        return Reading("range", due, proposed=due, code="over_new_year")
    return Reading("range", month_end(until, last))


def _days(m: re.Match[str], context: Context) -> Reading:
    """From a day to a day; the end may leave out its year or its month."""
    year, month = _year(m.group(1), context), int(m.group(2))
    until = _year(m.group(4), context) if m.group(4) else year
    last = int(m.group(5)) if m.group(5) else month
    due = day(until, last, int(m.group(6)))
    if due is None and until is not None:
        return Reading("damaged", code="damaged_deadline")
    if m.group(4) is None and last < month:
        later = day(until + 1 if until else None, last, int(m.group(6)))
        return Reading("range", later, proposed=later, code="over_new_year")
    return Reading("range", due)


def _year_word(m: re.Match[str], context: Context) -> Reading:
    year, word = _year(m.group(1), context), m.group(2)
    return _dated(month_end(year, 6 if word.startswith("上半") else 12))


def _quarter(m: re.Match[str], context: Context) -> Reading:
    return _dated(quarter_end(_year(m.group(1), context), m.group(2)))


def _quarter_english(m: re.Match[str], context: Context) -> Reading:
    return _dated(quarter_end(_year(m.group(2) or m.group(3), context), m.group(1)))


def _monthly(m: re.Match[str], context: Context) -> Reading:
    number = int(m.group(1)) if m.group(1) else 31
    return Reading("recurring", next_monthly(context.issued_on, number))


def _periodic(m: re.Match[str], context: Context) -> Reading:
    months = {"季": 3, "半": 6, "年": 12}[m.group(1)[0]]
    return Reading("recurring", next_period_end(context.issued_on, months))


def _yearly(m: re.Match[str], context: Context) -> Reading:
    """每年6月30日前: the first such day that is not before the issue."""
    month, number, after = int(m.group(1)), m.group(2), context.issued_on
    for year in (after.year, after.year + 1) if after else ():
        due = day(year, month, int(number)) if number else month_end(year, month)
        if due and after and due >= after:
            return Reading("recurring", due)
    return Reading("recurring")


def _weekly(m: re.Match[str], context: Context) -> Reading:
    after = context.issued_on
    if m.group(0).startswith("每周") and after:
        return Reading("recurring", after + timedelta(days=6 - after.weekday()))
    return Reading("recurring")


def _horizon(m: re.Match[str], _: Context) -> Reading:
    return Reading("horizon", day(int(m.group(m.lastindex or 1)), 12, 31), approximate=True)


def _five_years(m: re.Match[str], _: Context) -> Reading:
    return Reading("horizon", plan_end(m.group(1)), approximate=True)


def _serial(m: re.Match[str], context: Context) -> Reading:
    due = context.epoch + timedelta(days=int(m.group(1)))
    likely = FIRST_YEAR <= due.year <= LAST_YEAR
    return _dated(due) if likely else Reading("damaged", code="damaged_deadline")


def _run_together(m: re.Match[str], context: Context) -> Reading:
    """1129日: the month and the day without what parts them."""
    digits = m.group(1)
    due = day(context.year, int(digits[:-2]), int(digits[-2:]))
    return Reading("damaged", proposed=due, code="damaged_deadline")


def _dotted(m: re.Match[str], context: Context) -> Reading:
    due = day(context.year, int(m.group(1)), int(m.group(2)))
    return Reading("damaged", proposed=due, code="damaged_deadline")


def _says(kind: str, code: str = "") -> Callable[[re.Match[str], Context], Reading]:
    return lambda _match, _context: Reading(kind, code=code)


def _unreadable(text: str, context: Context) -> Reading:
    """Two dates in one cell are proposed by the later one; anything else is left to the person."""
    if _PLACEHOLDER.search(text):
        return Reading("damaged", code="damaged_deadline")
    found = [
        day(_year(m.group(1), context), int(m.group(2)), int(m.group(3)))
        if m.group(3)
        else month_end(_year(m.group(1), context), int(m.group(2)))
        for m in _ANY_DATE.finditer(text)
    ]
    dates = [d for d in found if d]
    if dates:
        code = "several_deadlines" if len(found) > 1 else "damaged_deadline"
        return Reading("damaged", proposed=max(dates), code=code)
    return Reading("damaged", code="damaged_deadline")


_ANY_DATE = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:(\d{1,2})[日号])?")
_PLACEHOLDER = re.compile(r"[Xx×*_?]+[年月日号]")
_SPAN = rf"{_YEAR}{_D}月?(?:份|初|底)?-(?:(\d{{4}})年)?{_D}月"
_PATTERNS: tuple[tuple[str, Callable[[re.Match[str], Context], Reading]], ...] = (
    (rf"(\d{{4}})[-./年]{_D}[-./月]{_D}(?:[日号]|T?00:00(?::00)?|00:00:00)?{_END}", _full_date),
    (r"(20\d\d)(\d\d)(\d\d)", _full_date),
    (rf"{_YEAR}{_D}月{_D}[日号]{_END}", _full_date),
    (rf"(?:于|在|截止|截至)?-?{_YEAR}{_D}月{_END}", _month),
    (rf"(\d{{4}})[-./]{_D}", _month),
    (rf"{_YEAR}{_D}月份?(初|上旬|中旬|下旬|中)(?:之前|以前|前)?{_END}", _part_of_month),
    (rf"{_SPAN}{_END}", _months),
    (rf"{_YEAR}{_D}月{_D}[日号]?-(?:(\d{{4}})年)?(?:{_D}月)?{_D}[日号]{_END}", _days),
    (rf"{_YEAR}(年?[底末内终]|全年|下半年|上半年|年度内?){_END}", _year_word),
    (rf"{_YEAR}第?([一二三四1-4])季度{_END}", _quarter),
    (r"[Qq]([1-4])[,/-]?(\d{4})?()", _quarter_english),
    (r"(?:\d{4}年?)?每个?月(?:的)?(?:(\d{1,2})[日号])?(?:[底末]|月底|月末)?.*", _monthly),
    (r"(?:\d{4}年?)?每个?(季度?|半年|年)(?!.*\d+[月日]).*", _periodic),
    (r"每年度?(\d{1,2})月(?:(\d{1,2})[日号])?.*", _yearly),
    (r"(?:每个?(?:周|日|天|旬|学期|次|两|季).*|按[月季周年]度?.*|定期.*)", _weekly),
    (
        r"(?:自?.{0,8}?)?[\d一二三四五六七八九十两]+个?(?:工作日|日|天|个?月|周)(?:之内|以内|内).*",
        _says("relative"),
    ),
    (r"[\d一二三四五六七八九十两]+个工作日", _says("relative")),
    (r"-?[“\"']?(十[三四五六])五[”\"']?(?:时期|期间|期末|末|规划期?).*", _five_years),
    (r"-?(\d{4})年(?:(?:完成|实现|基本).*)?", _horizon),
    (r"(\d{4})年?-(\d{4})年?(?:底|末)?", _horizon),
    (r"(?:立行立改|即知即改|边查边改|立即.*|马上.*|即时.*|即日起?|当天|当日)", _says("at_once")),
    (
        r"(?:.{0,6}(?:长期|持续|常态化?|不间断|贯穿).*|按需.*|适时.*|随时.*|ongoing|按要求.*|按(?:上级|省|市)要求.*|视情.*)",
        _says("ongoing"),
    ),
    (
        r"(?:已|已经|均已|全部)?(?:全部)?(?:完成|办结|销号|整改完成|完成整改|整改到位|落实到位)。?",
        _says("done"),
    ),
    (r"(?:未|尚未|正在|没有).*", _says("none", "unclear_status")),
    (
        r"(?:有效期|截[至止](?=.*(?:数据|统计|情况))).*|有效期?-.*",
        _says("none", "deadline_validity"),
    ),
    (r"截[至止]?-?(?:\d{4}年)?\d{1,2}月\d{1,2}日", _says("none", "deadline_validity")),
    (r"(\d{5})(?:\.\d+)?", _serial),
    (r"(\d{3,4})[日号]", _run_together),
    (r"(\d{1,2})\.(\d{1,2})", _dotted),
)
_RULES: tuple[Rule, ...] = tuple((re.compile(p, re.IGNORECASE), build) for p, build in _PATTERNS)
