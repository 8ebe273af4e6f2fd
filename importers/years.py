"""Which year a plan is for, where its deadlines name none: title, document number, sheet, file name.

A span of years (2025—2027年) names none: a month without a year could lie in any of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from importers.republic import year_of_title

DOCUMENT = re.compile(
    r"(?:[\u3400-\u9fff]{2,12}|^\s*|(?<=[\s(（]))[〔\[（(【]\s*((?:19|20)\d\d)\s*[〕\]）)】]\s*第?\d+\s*[号期次]"
)
_Y = r"(?<!\d)((?:19|20)\d\d)"
_YEAR = re.compile(rf"{_Y}\s*年")
_ENGLISH = re.compile(rf"(?<![^\W\d_])(?:FY\s*)?{_Y}(?!\d)")
_SPAN = re.compile(
    rf"{_Y}\s*年?\s*(?:[-—–－~～〜至/]+|到)\s*(?:(?:19|20)?\d\d)\s*(?:学?年|(?=\D|$))"
)
_NAMED = re.compile(rf"{_Y}(?=\s*年)|^{_Y}(?![\d.\-_/])")
_DAY = re.compile(r"\s*(20\d\d)\s*[年./-]")
_SHORT = 40
_BACK = re.compile("截[至止]|反馈|根据|依据|数据|同期|以来|实绩|上年|去年")
_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_IN_NUMERALS = re.compile(r"二[〇○零][〇○零一二三四五六七八九]{2}(?=\s*年)")


def year_of(text: str) -> int | None:
    """The year in a document number, else the first year in a title; None for a span of years."""
    if not text:
        return None
    folded = unicodedata.normalize("NFKC", _in_digits(text))
    match = DOCUMENT.search(text) or DOCUMENT.search(folded)
    if match:
        return int(match.group(1))
    folded = _SPAN.sub(" ", folded)
    match = (_ENGLISH if folded.isascii() else _YEAR).search(folded)
    return int(match.group(1)) if match else year_of_title(folded)


def year_in_name(name: str) -> int | None:
    """The year a file or a sheet is called by (2026年重点工作, 2026任务表), if it is one alone."""
    folded = _SPAN.sub(" ", unicodedata.normalize("NFKC", _in_digits(name)))
    years = {int(m.group(1) or m.group(2)) for m in _NAMED.finditer(folded)}
    return years.pop() if len(years) == 1 else None


def only_year(texts: Iterable[str]) -> int | None:
    """The year that several short lines name, if they name one alone; what looks back is no year."""
    short = (text for text in texts if len(text) <= _SHORT and not _BACK.search(text))
    years = {year for text in short if (year := year_of(text))}
    return years.pop() if len(years) == 1 else None


def year_of_days(texts: Iterable[str]) -> int | None:
    """The year that the days of a column name, if they name one alone and at least half, and two, do so."""
    filled = [text for text in texts if text]
    years = [int(match.group(1)) for text in filled if (match := _DAY.match(text))]
    return years[0] if len(set(years)) == 1 and 2 * len(years) >= max(len(filled), 4) else None


def plan_year(given: int | None, issued_on: date | None, named: int | None) -> int | None:
    """What the caller says; else the year of issue, or the next where the plan names that one."""
    if given or issued_on is None:
        return given or named
    return named if named == issued_on.year + 1 else issued_on.year


def _in_digits(text: str) -> str:
    """二〇二六年 → 2026年."""
    return _IN_NUMERALS.sub(lambda m: m.group().translate(_NUMERALS), text)
