"""Scoring cells: 明查 (2 分), several modes in one cell, points alone.

Points are one number. Ranges (1-3分), sums per item (每项1分共5分) and deductions (扣2分) are none:
they stay in the mode's words, and `read_points` gives None, which is asked about.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from importers.grid import folded, says_nothing, without_layout
from importers.namelists import outside_brackets
from importers.numerals import number

Points = int | float


class Score(NamedTuple):
    """One mode with its points; either may be missing."""

    mode: str | None
    points: Points | None


_SEPARATORS = "、，,；;/\n+＋"
_BEHIND = re.compile(r"(?<=\))\s*(?=[^\s()])|\s+(?![\s(\d]|分)|(?<=\d分)(?=[明暗材实问听网整入])")
_SPACES = re.compile(r"\s{2,}")
_ENUMERATOR = re.compile(
    r"(?:^|(?<=[\s;；,，、)]))(?:\d{1,2}[.)](?!\d)|(?<![、,，])\d{1,2}、|\(\d{1,2}\)(?!$)|[①-⑳])\s*(?=[^\s\d分])"
)
_NUMBER = r"(\d{1,4}(?:\.\d{1,2})?|(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])(?=分))"
_FULL = r"(?:分值|满分|总分|总计|共计|合计|最高|计|共|得)?(?:为|是)?[:：]?"
_POINTS = re.compile(rf"[(\[]?{_FULL}{_NUMBER}分?[)\]]?")
_PART = re.compile(rf"(?P<mode>.*?[^\d.\-~至每扣减加])??[(\[]?{_FULL}{_NUMBER}分[)\]]?")
_MODES = r"(?:明查|暗访|(?:网上)?材料审核|(?:实地)?(?:暗访)?考察|(?:入户)?问卷调查|听取汇报|网络调查|整体观察)"
_KNOWN = re.compile(_MODES)
_BARE_PART = re.compile(
    r"(?P<mode>.*?[^\d.\-~至每扣减加、:：])[(\[:：](\d{1,4}(?:\.\d{1,2})?)[)\]]?"
)
_KNOWN_PART = re.compile(rf"(?P<mode>{_MODES})(\d{{1,3}}(?:\.\d{{1,2}})?)")
_USUAL = re.compile(rf"({_MODES})(?:\s?[（(]\s?([0-9]{{1,4}}(?:\.[0-9]{{1,2}})?)\s?分[)）])?")
"""What most cells hold: these need no more."""
_POINTS_FIRST = re.compile(rf"{_NUMBER}分[(\[]?(?P<mode>[^\d()\[\]分]{{2,12}})[)\]]?")
_EACH = re.compile(rf"[(\[]?(?:各|均为?|分别为?){_NUMBER}分[)\]]?$")
_RULE = re.compile(r"^每|[扣减]|酌情|每(?:项|处|次|个|条|缺)|[\d分]-\d|以[内上下]|不[超少高低]")


_SEVERAL_POINTS = re.compile(
    r"\d分?[-~至]\d+(?:\.\d+)?分|(?:以[内上下]|不[超少高低]|最[高多])\D{0,3}\d+分|\d+分以[内上下]"
)


def read_points(text: str) -> Points | None:
    """'2', '2.5 分', '(6分)', '满分10分' → the number; anything else → None."""
    match = _POINTS.fullmatch(folded(text))
    return _value(match.group(1)) if match else None


def read_scoring(text: str) -> tuple[Score, ...]:
    """The modes of a cell in their order; 'A、B(4分)' is A without points and B with 4."""
    usual = _USUAL.fullmatch(text)
    if usual:
        return (Score(usual.group(1), _value(usual.group(2)) if usual.group(2) else None),)
    text = without_layout(_SPACES.sub(_one_space, unicodedata.normalize("NFKC", text)))
    if says_nothing(text):
        return ()
    parts = [folded(part) for part in _parts(_ENUMERATOR.sub("", text))]
    each = _EACH.search(parts[-1]) if parts else None
    if each:
        parts[-1] = parts[-1][: each.start()]
    scores = [_read_part(part) for part in parts]
    if each and all(score.points is None for score in scores):
        points = _value(each.group(1))
        scores = [Score(score.mode, points) for score in scores]
    return tuple(score for score in scores if score.mode or score.points is not None)


def says_unclear_points(mode: str) -> bool:
    """Whether a mode's words hold points that are more than one number; deductions are a rule."""
    return _SEVERAL_POINTS.search(mode) is not None


def says_how_scored(text: str) -> bool:
    """Whether a cell holds nothing but known modes and points, in whatever column it stands."""
    if not (_KNOWN.search(text) or "分" in text):
        return False
    scores = read_scoring(text)
    return bool(scores) and all(s.mode is None or _KNOWN.fullmatch(s.mode) for s in scores)


def _one_space(match: re.Match[str]) -> str:
    return "\n" if "\n" in match.group() else " "


def _parts(text: str) -> list[str]:
    """The cell cut at its separators, never inside brackets."""
    return [
        part
        for piece in outside_brackets(text, _SEPARATORS)
        for part in _BEHIND.split(piece.strip())
        if part
    ]


def _read_part(part: str) -> Score:
    if _RULE.search(part):
        return Score(part, None)
    match = _PART.fullmatch(part) or _BARE_PART.fullmatch(part)
    match = match or _KNOWN_PART.fullmatch(part)
    if match:
        return Score(_bare(match["mode"]), _value(match.group(2)))
    alone = _POINTS.fullmatch(part)
    if alone:
        return Score(None, _value(alone.group(1)))
    first = _POINTS_FIRST.fullmatch(part)
    return Score(first["mode"], _value(first.group(1))) if first else Score(part or None, None)


def _bare(mode: str | None) -> str | None:
    """A mode without the comma or bracket that led to its points."""
    if not mode:
        return None
    mode = mode.rstrip(",，:：;；(")
    return mode + ")" if mode.count("(") > mode.count(")") else mode or None


def _value(digits: str) -> Points:
    if not digits[0].isdigit():
        return number(digits)
    value = float(digits)
    return int(value) if value.is_integer() else value
