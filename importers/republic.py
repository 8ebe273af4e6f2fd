"""Years of the Republic, as Taiwan counts them: 115年 is 2026."""

from __future__ import annotations

import re

_BEFORE = 1911
_NEAR = 10
_NAMED = r"(?:中[華华])?民[國国]\s*(?P<named>\d{2,3})\s*年"
_IN_TITLE = re.compile(rf"{_NAMED}|(?<!\d)(?P<bare>1[0-3]\d)\s*年度")
_IN_DAY = re.compile(
    rf"{_NAMED}|(?<!\d)(?P<bare>1[0-3]\d)年(?=度?(?:\d{{1,2}}月|[底末内]|年[底末]|[上下]半年|第?[一二三四1-4]季))"
    r"|^(?P<dotted>1[0-3]\d)(?=([./-])\d{1,2}\4\d{1,2}$)"
)


def year_of_title(text: str) -> int | None:
    """The year in 115年度 or 民國115年; None where there is none."""
    match = _IN_TITLE.search(text)
    return _BEFORE + int(match["named"] or match["bare"]) if match else None


def in_common_years(text: str, year: int | None) -> str:
    """A deadline with its years of the Republic as common ones, if near the plan's `year`."""
    return _IN_DAY.sub(lambda m: _common(m, year), text)


def _common(match: re.Match[str], year: int | None) -> str:
    common = _BEFORE + int(match["named"] or match["bare"] or match["dotted"])
    if not match["named"] and (year is None and match["dotted"] or _is_far(common, year)):
        return match.group()
    return str(common) if match["dotted"] else f"{common}年"


def _is_far(common: int, year: int | None) -> bool:
    return year is not None and abs(common - year) > _NEAR
