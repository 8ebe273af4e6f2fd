"""Deadlines in English tables: 30 June 2026, end of Q3, within 5 working days, ongoing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from importers.calendar_words import day, month_end, next_monthly, next_period_end, quarter_end
from importers.deadline_forms import Context, Match, Reading, damaged, dated, year_of_cell

_ASCII = re.compile(r"[\x00-\x7f‘’“”–—]*")
_WORD = re.compile(r"[A-Za-z]{2}|[QqHh][1-4]|[Nn]/[Aa]")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_M = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_MONTH, _TO_MONTH = _M.format("month"), _M.format("to_month")
_YEAR = r"(?:[\s,./-]*(?P<year>\d{4}))?"
_DAY, _TO_DAY = (rf"(?P<{name}>[0-3]?\d)(?:st|nd|rd|th)?" for name in ("day", "to_day"))
_LEAD_IN = re.compile(
    r"(?:(?:deadline|due(?: date)?|target)\s*:?\s*|(?:by|before|until|till|no later than|not later than|due|on|in"
    r"|during|from|the|at|close of business|cob|eod)\s+)*"
)
_REMARK = re.compile(
    r"(?<=.)(?:\s*\([a-z\s,;.-]*\)|\s*[-–,;]?\s*(?:and |then )*(?:ongoing|continuous(?:ly)?))$"
)
_ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4", "1st": "1", "2nd": "2"}
_ORDINALS |= {"3rd": "3", "4th": "4", "last": "4"}
_PERIODS = {"monthly": 1, "month": 1, "quarterly": 3, "quarter": 3, "yearly": 12, "annually": 12}
_PERIODS |= {"annual": 12, "year": 12, "half year": 6, "semi-annually": 6}
_COUNT = r"(?:\d{1,3}|one|two|three|four|five|six|seven|ten|fifteen|thirty)"


def is_english(text: str) -> bool:
    """Whether a cell is written in English words alone."""
    return _WORD.search(text) is not None and _ASCII.fullmatch(text) is not None


def read_english(text: str, context: Context) -> Reading:
    """Read one cell; what is not understood is damaged. The caller adds the common doubts."""
    words = " ".join(unicodedata.normalize("NFKC", text).lower().replace("’", "'").split())
    words = _REMARK.sub("", words).strip(" .;,")
    if words in ("n/a", "na", "n.a", "none", "nil", "not applicable"):
        return Reading("none")
    rest = words[_LEAD_IN.match(words).end() :]  # type: ignore[union-attr]
    for pattern, build in _RULES:
        match = pattern.fullmatch(rest)
        if match:
            return build(match, context)
    return damaged()


def _month(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


def _day(m: Match, context: Context) -> Reading:
    due = day(year_of_cell(m["year"], context), _month(m["month"]), int(m["day"]))
    return dated(due, valid=due is not None or (context.year is None and not m["year"]))


def _whole_month(m: Match, context: Context) -> Reading:
    return dated(month_end(year_of_cell(m["year"], context), _month(m["month"])))


def _part(m: Match, context: Context) -> Reading:
    year, month = year_of_cell(m["year"], context), _month(m["month"])
    last = {"early": 10, "beginning of": 10, "mid": 20, "middle of": 20}.get(m["part"].strip(" -"))
    due = day(year, month, last) if last else month_end(year, month)
    return dated(due, approximate=True)


def _range(m: Match, context: Context) -> Reading:
    year, first, last = year_of_cell(m["year"], context), _month(m["month"]), _month(m["to_month"])
    number = m["to_day"]
    over = last < first and not m["from_year"]
    until = year + 1 if over and year and not m["year"] else year
    due = day(until, last, int(number)) if number else month_end(until, last)
    if number and due is None and until:
        return damaged()
    asked = over and not m["year"]
    return Reading("range", due, due if asked else None, code="over_new_year" if asked else "")


def _quarter(m: Match, context: Context) -> Reading:
    word = m["quarter"] or _ORDINALS[m["word"]]
    return dated(quarter_end(year_of_cell(m["year"] or m["before"], context), word))


def _half(m: Match, context: Context) -> Reading:
    first = m["half"] in ("h1", "first half", "1st half")
    return dated(month_end(year_of_cell(m["year"] or m["before"], context), 6 if first else 12))


def _year_end(m: Match, context: Context) -> Reading:
    return dated(month_end(year_of_cell(m["year"], context), 12))


def _horizon(m: Match, _: Context) -> Reading:
    due = day(int(m["year"]), 12, 31)
    return Reading("horizon", due, approximate=True) if due else damaged()


def _unsure(m: Match, context: Context) -> Reading:
    """Jun-26 is a month of 2026 or a day of June: the month is proposed."""
    return damaged(month_end(2000 + int(m["short"]), _month(m["month"])))


def _rhythm(m: Match, context: Context) -> Reading:
    months = _PERIODS.get(m["rhythm"])
    after = context.issued_on
    if months == 1:
        return Reading("recurring", next_monthly(after, 31))
    return Reading("recurring", next_period_end(after, months) if months else None)


def _says(kind: str, code: str = "") -> Callable[[Match, Context], Reading]:
    return lambda _match, _context: Reading(kind, code=code)


_PATTERNS: tuple[tuple[str, Callable[[Match, Context], Reading]], ...] = (
    (rf"{_DAY}[\s-]*(?:of )?{_MONTH}{_YEAR}", _day),
    (rf"{_MONTH}\s*{_DAY}(?!\d){_YEAR}", _day),
    (rf"{_MONTH}[-’' ](?P<short>\d\d)", _unsure),
    (rf"(?:end of |end |late )?(?:the )?{_MONTH}{_YEAR}(?: end)?", _whole_month),
    (rf"(?P<part>(?:early|mid|late)[ -]+|(?:beginning|middle) of ){_MONTH}{_YEAR}", _part),
    (
        rf"(?:[0-3]?\d(?:st|nd|rd|th)? )?{_MONTH}(?:[ ,]+(?:[0-3]?\d(?!\d))?)?(?:[ ,]*(?P<from_year>\d{{4}}))?"
        rf"\s*(?:-|–|—|to|until|till)\s*(?:{_TO_DAY} )?{_TO_MONTH}{_YEAR}",
        _range,
    ),
    (
        r"(?:end of )?(?:(?P<before>\d{4})[\s-]*)?(?:q(?P<quarter>[1-4])|(?:the )?(?P<word>first|second|third|fourth"
        rf"|last|1st|2nd|3rd|4th) quarter)(?: of)?{_YEAR}",
        _quarter,
    ),
    (
        rf"(?:(?P<before>\d{{4}})[\s-]*)?(?P<half>h[12]|(?:first|second|1st|2nd) half)(?: of)?{_YEAR}",
        _half,
    ),
    (rf"(?:end of (?:the )?year|year[- ]end|eoy|end of|end){_YEAR}", _year_end),
    (r"(?:fy|year )?(?P<year>\d{4})", _horizon),
    (
        r"(?:ongoing|on-going|continuous(?:ly)?|continual(?:ly)?|permanent(?:ly)?|as (?:needed|required|appropriate)"
        r"|when needed|on demand|rolling|throughout(?: the year)?|long[- ]term)\b.*",
        _says("ongoing"),
    ),
    (r"(?:immediate(?:ly)?|at once|right away|instantly)\b.*", _says("at_once")),
    (
        r"(?:daily|weekly|bi-?weekly|fortnightly|(?P<rhythm>monthly|quarterly|annually|annual|yearly|semi-annually)"
        r"|twice a (?:year|month|week))",
        _rhythm,
    ),
    (
        r"(?:every|each|once an?|per) (?:other )?(?:(?P<rhythm>month|quarter|half year|year)|day|week|two weeks)",
        _rhythm,
    ),
    (
        rf"(?:within )?{_COUNT}[ -](?:(?:working|business|calendar) )?(?:hour|day|week|month|year)s?"
        r"(?: (?:of|after|from) .*)?",
        _says("relative"),
    ),
    (r"(?:done|completed?|finished|closed)", _says("done")),
    (
        r"(?:not |(?:in )?progress|under way|pending|incomplete|delayed|overdue).*",
        _says("none", "unclear_status"),
    ),
)
_RULES = tuple((re.compile(pattern), build) for pattern, build in _PATTERNS)
