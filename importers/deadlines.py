"""The deadline grammar: what is written in a deadline cell → a kind and, where there is one, a day.

Never raises and never guesses silently: a reading that is not certain carries a `code`, and what
is damaged has no `due_on`, only a proposal. The year, where none is written, is the caller's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from importers import deadline_forms as forms
from importers.calendar_words import day, month_end
from importers.deadline_forms import Context, Reading
from importers.grid import says_nothing

__all__ = ["NONE", "Context", "Reading", "read_deadline"]

NONE = Reading("none")
_DASHES = str.maketrans(dict.fromkeys("—–―－~～〜至‐‑−", "-") | {"⺝": "月", "⺼": "月"})
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
    if says_nothing(folded):
        return NONE
    for pattern, build in _RULES:
        match = pattern.fullmatch(folded)
        if match:
            reading = build(match, context)
            hides_a_date = reading.kind in _DATELESS and _ANY_DATE.search(_AS_OF.sub("", folded))
            if hides_a_date and build is not forms.yearly:
                return _unreadable(folded, context)
            return _questioned(reading, context)
    return _unreadable(folded, context)


def _fold(text: str) -> str:
    """One width, no time of day, no spaces, one dash; 到 is one too, but for 到位 and the like."""
    wide = _CLOCK.sub("", unicodedata.normalize("NFKC", text[:200]))
    return _UNTIL.sub("-", "".join(wide.split()).translate(_DASHES))


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
    """The same day of the next year; the end of February for a 29th that it lacks."""
    return day(due.year + 1, due.month, due.day) or month_end(due.year + 1, due.month) or due


def _unreadable(text: str, context: Context) -> Reading:
    """Two dates in one cell are proposed by the later one; anything else is left to the person."""
    if _PLACEHOLDER.search(text):
        return Reading("damaged", code="damaged_deadline")
    found = [
        day(forms.year_of_cell(m.group(1), context), int(m.group(2)), int(m.group(3)))
        if m.group(3)
        else month_end(forms.year_of_cell(m.group(1), context), int(m.group(2)))
        for m in _ANY_DATE.finditer(text)
    ]
    dates = [d for d in found if d]
    if dates:
        code = "several_deadlines" if len(found) > 1 else "damaged_deadline"
        return Reading("damaged", proposed=max(dates), code=code)
    return Reading("damaged", code="damaged_deadline")


_ANY_DATE = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:(\d{1,2})[日号])?")
_DATELESS = frozenset({"ongoing", "at_once", "recurring", "relative"})
_CLOCK = re.compile(r"(?<=[\d日号])[\sT]+\d{1,2}:\d{2}(?::\d{2})?")
_UNTIL = re.compile("到(?![位期达])")
_AS_OF = re.compile(r"截-[^,、;。)]*")
_PLACEHOLDER = re.compile(r"[Xx×*_?]+[年月日号]")
_SPAN = rf"{_YEAR}{_D}月?(?:份|初|底)?-(?:(\d{{4}})年)?{_D}月"
_PATTERNS: tuple[tuple[str, Callable[[re.Match[str], Context], Reading]], ...] = (
    (
        rf"(\d{{4}})[-./年]{_D}[-./月]{_D}[日号]?{_END}",
        forms.full_date,
    ),
    (r"(20\d\d)(\d\d)(\d\d)", forms.full_date),
    (rf"{_YEAR}{_D}月{_D}[日号]{_END}", forms.full_date),
    (rf"(?:于|在|截止)?-?{_YEAR}{_D}月{_END}", forms.month),
    (rf"(\d{{4}})[-./]{_D}", forms.month),
    (rf"{_YEAR}{_D}月份?(初|上旬|中旬|下旬|中)(?:之前|以前|前)?{_END}", forms.part_of_month),
    (rf"{_SPAN}{_END}", forms.months),
    (rf"{_YEAR}{_D}月{_D}[日号]?-(?:(\d{{4}})年)?(?:{_D}月)?{_D}[日号]{_END}", forms.days),
    (rf"-?{_YEAR}(年?[底末内终]|全年|下半年|上半年|年度内?){_END}", forms.year_word),
    (rf"-?{_YEAR}第?([一二三四1-4])季度{_END}", forms.quarter),
    (r"[Qq]([1-4])[,/-]?(\d{4})?()", forms.quarter_english),
    (r"(?:\d{4}年?)?每个?月(?:的)?(?:(\d{1,2})[日号])?(?:[底末]|月底|月末)?.*", forms.monthly),
    (r"(?:\d{4}年?)?每个?(季度?|半年|年)(?!.*\d+[月日]).*", forms.periodic),
    (r"每年度?(\d{1,2})月(?:(\d{1,2})[日号])?.*", forms.yearly),
    (r"(?:每个?(?:周|日|天|旬|学期|次|两|季).*|按[月季周年]度?.*|定期.*)", forms.weekly),
    (
        r"(?:自?.{0,8}?)?[\d一二三四五六七八九十两]+个?(?:工作日|日|天|个?月|周)(?:之内|以内|内).*",
        forms.says("relative"),
    ),
    (r"[\d一二三四五六七八九十两]+个工作日", forms.says("relative")),
    (r"-?[“\"']?(十[三四五六])五[”\"']?(?:时期|期间|期末|末|规划期?).*", forms.five_years),
    (r"-?(\d{4})年(?:(?:完成|实现|基本).*)?", forms.horizon),
    (r"(\d{4})年?-(\d{4})年?(?:底|末)?", forms.horizon),
    (
        r"(?:立行立改|即知即改|边查边改|立即.*|马上.*|即时.*|即日起?|当天|当日)",
        forms.says("at_once"),
    ),
    (
        r"(?:.{0,6}(?:长期|持续|常态化?|不间断|贯穿).*|按需.*|适时.*|随时.*|ongoing|按要求.*|按(?:上级|省|市)要求.*|视情.*)",
        forms.says("ongoing"),
    ),
    (
        r"(?:已|已经|均已|全部)?(?:全部)?(?:完成|办结|销号|整改完成|完成整改|整改到位|落实到位)。?",
        forms.says("done"),
    ),
    (r"(?:未|尚未|正在|没有).*", forms.says("none", "unclear_status")),
    (
        r"(?:有效期|截[至止](?=.*(?:数据|统计|情况))).*|有效期?-.*",
        forms.says("none", "deadline_validity"),
    ),
    (r"截[至止]?-?(?:\d{4}年)?\d{1,2}月\d{1,2}日", forms.says("none", "deadline_validity")),
    (r"(\d{5})(?:\.\d+)?", forms.serial),
    (r"(\d{3,4})[日号]", forms.run_together),
    (r"(\d{1,2})\.(\d{1,2})", forms.dotted),
)
_RULES: tuple[Rule, ...] = tuple((re.compile(p, re.IGNORECASE), build) for p, build in _PATTERNS)
