"""The one place where text goes into a workbook: it never becomes a formula or breaks the file."""

import re
from typing import Any

from openpyxl.cell import Cell

LONGEST = 32_700
"""What is written into a cell, in the units of UTF-16 that Excel counts. It would hold 32,767; the rest is left
to LibreOffice, which parts long paragraphs, escapes more than it must, and cuts what that pushes out."""
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""Workbooks write a character that XML cannot hold as _x001F_; words that look so are no such thing."""
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")

Value = Any
"""str, int, float, Decimal, date or None"""


def held(text: str) -> str:
    """What a cell can hold of a text: what XML cannot say is left out, what is too long is cut."""
    clean = _UNWRITABLE.sub("", _LINE_ENDS.sub("\n", text))
    while (
        len(clean) * 2 > LONGEST and (over := _units(_ESCAPE.sub("_x005F_", clean)) - LONGEST) > 0
    ):
        keep = _units(clean) - max(over // 2, 1)  # what is escaped takes less than twice its room
        clean = clean.encode("utf-16-le")[: keep * 2].decode("utf-16-le", "ignore")
    return clean


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def writable(text: str) -> str:
    """A text as the workbook's XML spells it, before markup is escaped."""
    return _ESCAPE.sub("_x005F_", held(text))


def may_be_taken_for_a_formula(text: str) -> bool:
    """Whether a program might run it when somebody edits the cell or opens a CSV of it."""
    return text.lstrip().startswith(FORMULA_STARTS)


def guarded(text: str) -> str:
    """The text for a file that has nothing but text: an apostrophe keeps a program from running it."""
    return f"'{text}" if may_be_taken_for_a_formula(text.lstrip("'")) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    is_guarded = text[:1] == "'" and may_be_taken_for_a_formula(text.lstrip("'"))
    return text[1:] if is_guarded else text


def put(cell: Cell, value: Value) -> None:
    """Write a value; text stays text whatever it begins with."""
    if not isinstance(value, str):
        cell.value = value
        return
    text = writable(value)
    cell.value = text or None
    if text:
        cell.data_type = "s"
    if may_be_taken_for_a_formula(text):
        cell.quotePrefix = True
