"""The deadline grammar: what is written in a deadline cell → a kind and, where there is one, a day.

Never raises and never guesses silently: a reading that is not certain carries a `code`, and what
is damaged has no `due_on`, only a proposal. The year, where none is written, is the caller's.
"""

from __future__ import annotations

import re
from datetime import date

from importers import deadline_forms as forms
from importers import rhythms
from importers.calendar_words import day, month_end
from importers.deadline_english import is_english, read_english
from importers.deadline_forms import Context, Reading, damaged
from importers.deadline_rules import rules_for
from importers.deadline_search import days_in, names_a_day
from importers.deadline_text import plain
from importers.grid import says_nothing

__all__ = ["NONE", "Context", "Reading", "read_deadline"]

NONE = Reading("none")
_LONGEST = 200
"""Characters; what is longer is a story and left to the person."""
_DATELESS = frozenset({"ongoing", "at_once", "recurring", "relative"})
_USUAL = re.compile(
    r"(?:(?P<year>[0-9]{4})年)?(?P<month>[0-9]{1,2})月(?:(?P<day>[0-9]{1,2})日|底|末)?前?"
)
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
"""What most cells hold, and what a date in Excel comes as: these need no rules."""
_LOOSE = re.compile(r"^\s*(?:预计|暂定|初定|大?约|拟)|左右")
_FROM_NOW = re.compile(
    r"(?:[自从]?(?:即日|今[日天]?|现在|目前|当前|.{0,8}(?:印发|发文|下发|发布|签收|启动)之?[日时]?)起?(?:开始)?"
    r"|(?:长期|持续)?(?:坚持|推进|开展)?),?-(?=.)"
)
_FROM = re.compile(r"[自从](?=\d)")
_ON = re.compile(r"(?<=[月日号年底初旬])(?:起|开始),?(?=-)")
_MOON = re.compile("农历|阴历|[正腊冬]月|初[一二三四五六七八九十]")
_PERHAPS_MOON = re.compile("廿|月[一二三四五六七八九十]{1,3}$")
"""How days of the moon's calendar are written; in a plan such a day is probably the sun's."""
_PLACEHOLDER = re.compile(r"[Xx×*_?某]+[年月日号]")


def read_deadline(text: str, context: Context) -> Reading:
    """Read one cell's text. Any text at all is accepted."""
    usual = _USUAL.fullmatch(text) or _ISO.fullmatch(text)
    if usual:
        build = forms.full_date if usual["day"] else forms.month
        return _questioned(build(usual, context), text, context)
    if len(text) <= _LONGEST and says_nothing(text):
        return NONE
    if is_english(text):
        return _questioned(read_english(text[:_LONGEST], context), text, context)
    folded = plain(text[:_LONGEST], context.year)
    if len(text) > _LONGEST:
        return _unreadable(folded, context)
    rest = _without_start(folded)
    found = _by_rule(rest, context)
    if found and found.kind == "date" and len(rest) + 1 < len(folded):
        found = found._replace(kind="range")
    if found and found.kind == "date" and _PERHAPS_MOON.search(text):
        return damaged(found.due_on)
    return _questioned(found or _unreadable(folded, context), text, context)


def _without_start(folded: str) -> str:
    """即日起至12月底, 自3月起至5月, 到年底: without what says from when."""
    if "-" not in folded:
        return folded
    rest = _FROM_NOW.sub("", folded, count=1) if _FROM_NOW.match(folded) else folded
    return _ON.sub("", _FROM.sub("", rest, count=1) if _FROM.match(rest) else rest)


def _by_rule(folded: str, context: Context) -> Reading | None:
    """The reading of the first rule that fits; None where it would pass over a day."""
    for pattern, build in rules_for(folded):
        match = pattern.fullmatch(folded)
        if match:
            reading = build(match, context)
            dateless = reading.kind in _DATELESS or reading.code == "unclear_status"
            if dateless and build is not rhythms.yearly and names_a_day(folded):
                return None
            return reading
    return None


def _questioned(reading: Reading, text: str, context: Context) -> Reading:
    """Doubts that no single rule can see: no year, before the issue, far from the plan's year."""
    due = reading.due_on
    if reading.code or reading.kind not in ("date", "range"):
        return reading
    if due is None:
        return reading._replace(code="deadline_without_year")
    if _LOOSE.search(text):
        reading = reading._replace(approximate=True)
    if context.year is not None and not -5 <= due.year - context.year <= 10:
        return reading._replace(code="implausible_date")
    if context.issued_on and due < context.issued_on:
        return reading._replace(code="before_issue", proposed=_a_year_later(due))
    return reading


def _a_year_later(due: date) -> date:
    """The same day of the next year; the end of February for a 29th that it lacks."""
    return day(due.year + 1, due.month, due.day) or month_end(due.year + 1, due.month) or due


def _unreadable(folded: str, context: Context) -> Reading:
    """Two dates in one cell are proposed by the later one; anything else is left to the person."""
    if _PLACEHOLDER.search(folded) or _MOON.search(folded):
        return damaged()
    found = days_in(folded, context.year)
    dates = [d for d in found if d]
    if not dates:
        return damaged()
    code = "several_deadlines" if len(found) > 1 else "damaged_deadline"
    return Reading("damaged", proposed=max(dates), code=code)
