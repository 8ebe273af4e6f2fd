"""Finds the days named anywhere in a text: for proposals, and so that none is passed over."""

from __future__ import annotations

import re
from datetime import date

from importers.calendar_words import day, month_end, quarter_end

_YEAR = r"(?:(?P<{0}>\d{{4}})年度?)?"
_DAY = re.compile(
    rf"{_YEAR.format('y')}(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})(?![\d%个项次家万]))?"
    r"|(?P<year>\d{4})([-./])(?P<m>\d{1,2})(?:\5(?P<d>\d{1,2}))?(?!\d)"
    rf"|{_YEAR.format('q')}第?(?P<quarter>[一二三四1-4])季度(?!.?.?.?.?次)"
    rf"|{_YEAR.format('h')}(?P<half>[上下])半年"
    rf"|{_YEAR.format('z')}(?<!每)(?<!每年)(?<!每半)年[底末终]|(?P<x>\d{{4}})年[底末内终]"
)
AS_OF = re.compile(r"截-[^,、;。)]*")


def days_in(text: str, year: int | None) -> list[date | None]:
    """Every day, month, quarter and year's end named, in order; None for one that cannot be.

    `text` is plain (see `deadline_text`); `year` stands where none is written.
    """
    return [_day(m, year) for m in _DAY.finditer(text)]


def names_a_day(text: str) -> bool:
    """Whether a day is named, other than one up to which something was counted (截至…)."""
    return _DAY.search(AS_OF.sub("", text)) is not None


def _day(m: re.Match[str], year: int | None) -> date | None:
    written = m["y"] or m["year"] or m["q"] or m["h"] or m["z"] or m["x"]
    year = int(written) if written else year
    if m["quarter"]:
        return quarter_end(year, m["quarter"])
    if m["half"]:
        return month_end(year, 6 if m["half"] == "上" else 12)
    month, number = m["month"] or m["m"], m["day"] or m["d"]
    if not month:
        return month_end(year, 12)
    return day(year, int(month), int(number)) if number else month_end(year, int(month))
