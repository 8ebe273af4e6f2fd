"""How headings and tasks are numbered: 第一章, 一、, （一）, 1., （1）, ①, 1.1, Ⅰ, A; or not at all."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from importers.numerals import number


class Number(NamedTuple):
    """The style, the numbers from the outer level in (1.2 is (1, 2)), and the text behind them."""

    style: str
    values: tuple[int, ...]
    rest: str


_CHINESE = "[一二三四五六七八九十百零〇]+"
_BEHIND = r"\s*[、.．:：|｜]?\s*"
_STYLES = (
    ("chapter", re.compile(rf"第(?:({_CHINESE})|(\d{{1,3}}))\s*[章节篇部类条项编款]?{_BEHIND}")),
    ("bracket", re.compile(rf"[（(]\s*({_CHINESE})\s*[)）]{_BEHIND}|([㈠-㈩])\s*")),
    ("formal", re.compile(rf"([壹贰叁肆伍陆柒捌玖拾]+){_BEHIND}")),
    ("number", re.compile(rf"({_CHINESE}){_BEHIND}")),
    (
        "dotted",
        re.compile(rf"(\d{{1,3}}(?:[.．]\d{{1,3}}){{1,4}}){_BEHIND}(?![\d%万亿元倍米吨个])"),
    ),
    ("round", re.compile(r"[（(]\s*(\d{1,3})\s*[)）]\s*[、.．]?\s*|(\d{1,3})[)）]\s*|([⑴-⒇])\s*")),
    ("digit", re.compile(rf"(\d{{1,3}})(?!\d){_BEHIND}|([⒈-⒛])\s*")),
    ("circle", re.compile(r"([①-⑳])\s*")),
    ("roman", re.compile(r"([Ⅰ-Ⅻ])\s*[、.．]?\s*|([IVX]{1,5})\s*[、.．]\s*")),
    ("letter", re.compile(r"([A-Za-z])\s*[、.．)）]\s*")),
)
_NO_NUMBER = re.compile(
    r"一(?:[般体次站网件事些律线流老村户区企]|切)|三[农资公防重品]|[四五六七]一(?![、.])|五[社险]|十[三四五六]五|二[手维氧]"
    r"|\d+(?:\.\d+)?(?:年|月|日|号|个|%|万|亿|元|岁|小时|分钟|[+-])"
)
_ROMAN = {"I": 1, "V": 5, "X": 10}
_MARK = re.compile(r"[★▲●*☆△]\s*")


def numbered(text: str) -> Number | None:
    """The number that a heading or task begins with; None where it begins with none."""
    mark = _MARK.match(text)
    body = text[mark.end() :] if mark else text
    if _NO_NUMBER.match(body):
        return None
    for style, pattern in _STYLES:
        match = pattern.match(body)
        if match:
            written = next(group for group in match.groups() if group)
            return Number(style, _values(style, written), body[match.end() :])
    return None


def style_of(heading: str) -> str:
    """The way a heading is numbered; headings of one style stand on one level."""
    found = numbered(heading[:40])
    if found is None:
        return "plain"
    return f"{found.style}{len(found.values)}" if found.style == "dotted" else found.style


def above(text: str) -> tuple[int, ...]:
    """The numbers of the heading that 1.2 (or 3.1.4) stands under; () for any other number."""
    found = numbered(text)
    return found.values[:-1] if found and found.style == "dotted" else ()


def _values(style: str, written: str) -> tuple[int, ...]:
    if style == "dotted":
        return tuple(int(part) for part in re.split("[.．]", written))
    plain = unicodedata.normalize("NFKC", written).strip("().")
    if plain.isdecimal():
        return (int(plain),)
    if style == "roman":
        return (_roman(plain),)
    return (ord(plain.upper()) - 64,) if style == "letter" else (number(plain),)


def _roman(letters: str) -> int:
    values = [_ROMAN[c] for c in letters]
    following = [*values[1:], 0]
    return sum(-v if v < after else v for v, after in zip(values, following, strict=True))
