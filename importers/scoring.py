"""Scoring cells: 明查 (2 分), several modes in one cell, points alone."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from importers.grid import folded, says_nothing, without_layout

Points = int | float


class Score(NamedTuple):
    """One mode with its points; either may be missing."""

    mode: str | None
    points: Points | None


_SEPARATOR = re.compile(r"[、，,；;/\n+＋]|(?<=\))\s*(?=\S)|\s+(?![\s(\d]|分)")
_POINTS = re.compile(r"[(\[]?(?:分值|计)?[:：]?(\d{1,4}(?:\.\d{1,2})?)分?[)\]]?")
_PART = re.compile(r"(?P<mode>.*?)[(\[:：]?(?P<points>\d{1,4}(?:\.\d{1,2})?)分[)\]]?")
_KNOWN = re.compile(
    r"(?:明查|暗访|(?:网上)?材料审核|(?:实地)?(?:暗访)?考察|(?:入户)?问卷调查|听取汇报|网络调查|整体观察)"
)


def read_points(text: str) -> Points | None:
    """'2', '2.5 分', '(6分)' → the number; anything else → None."""
    match = _POINTS.fullmatch(folded(text))
    return _number(match.group(1)) if match else None


def read_scoring(text: str) -> tuple[Score, ...]:
    """The modes of a cell in their order; 'A、B(4分)' is A without points and B with 4."""
    text = without_layout(unicodedata.normalize("NFKC", text))
    if says_nothing(text):
        return ()
    parts = [_read_part(folded(part)) for part in _SEPARATOR.split(text)]
    return tuple(part for part in parts if part.mode or part.points is not None)


def says_how_scored(text: str) -> bool:
    """Whether a cell holds nothing but known modes and points, in whatever column it stands."""
    if not (_KNOWN.search(text) or "分" in text):
        return False
    scores = read_scoring(text)
    return bool(scores) and all(s.mode is None or _KNOWN.fullmatch(s.mode) for s in scores)


def _read_part(part: str) -> Score:
    match = _PART.fullmatch(part)
    if match:
        return Score(match.group("mode") or None, _number(match.group("points")))
    alone = _POINTS.fullmatch(part)
    return Score(None, _number(alone.group(1))) if alone else Score(part or None, None)


def _number(digits: str) -> Points:
    value = float(digits)
    return int(value) if value.is_integer() else value
