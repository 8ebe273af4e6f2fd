"""Cells as pieces of a sheet's XML. A piece begins within the cell's place: `<c r="D5` + piece."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from xml.sax.saxutils import escape

from tracker.exchange.cells import (
    FORMULA_STARTS,
    LONGEST,
    Value,
    may_be_taken_for_a_formula,
    writable,
)

_DAY_ZERO = date(1899, 12, 30).toordinal()
_ODD_STARTS = frozenset([*FORMULA_STARTS, " "])


class Columns(NamedTuple):
    """How the cells of a row are written, by column: their styles, plain and with the quote prefix, and
    what follows each. `long` are the places of values that are not worth remembering: others recur."""

    plain: Sequence[int]
    quoted: Sequence[int]
    after: Sequence[str]
    long: Sequence[int]


def pieces(columns: Columns, told: Sequence[Value]) -> list[str]:
    """The cells of a row with their values, each with what follows it; an empty one keeps its style. Text
    is text and never a formula: it has the quote prefix where it might become one when somebody edits
    the cell."""
    plain, quoted, after, long = columns
    short = list(told)
    for place in long:
        short[place] = None
    made = list(map(_known, plain, short, quoted, after))
    for place in long:
        if value := told[place]:
            made[place] = _piece(plain[place], value, quoted[place]) + after[place]
    return made


def plain(value: str) -> str:
    """A cell with text, no place and no style: `<c` + piece."""
    return f' t="inlineStr">{inner(value)[0]}</c>'


def _piece(style: int, value: Value, quoted: int) -> str:
    if isinstance(value, str):
        text, risky = inner(value)
        if not text:
            return f'" s="{style}"/>'
        return f'" s="{quoted if risky else style}" t="inlineStr">{text}</c>'
    if value is None:
        return f'" s="{style}"/>'
    number = value.toordinal() - _DAY_ZERO if isinstance(value, date) else value  # of 1900
    return f'" s="{style}"><v>{number!r}</v></c>'


@lru_cache(maxsize=8192)
def _known(style: int, value: Value, quoted: int, after: str) -> str:
    return _piece(style, value, quoted) + after


@lru_cache(maxsize=64)  # a task's text stands beside each of its departments
def inner(value: str) -> tuple[str, bool]:
    """The text of a cell, and whether it might be taken for a formula."""
    if _is_ordinary(value):
        return f"<is><t>{value}</t></is>", False
    text = writable(value)
    if not text:
        return "", False
    risky = may_be_taken_for_a_formula(text)
    return f'<is><t xml:space="preserve">{escape(text)}</t></is>', risky


def _is_ordinary(text: str) -> bool:
    """Whether it stands in XML as it is. Most texts do, and are not looked through any further."""
    return (
        text.isprintable()
        and "&" not in text and "<" not in text and ">" not in text
        and "_x" not in text and "  " not in text
        and text[:1] not in _ODD_STARTS and text[-1:] != " "
        and 0 < len(text) <= LONGEST
    )  # fmt: skip
