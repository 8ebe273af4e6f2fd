"""The one place where text goes into a workbook: it never becomes a formula or breaks the file."""

import re
from typing import Any

from openpyxl.cell import Cell

LONGEST = 32_767
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")

Value = Any
"""str, int, float, Decimal, date or None"""


def held(text: str) -> str:
    """The text without what no file of cells can hold, at most `LONGEST`."""
    return _UNWRITABLE.sub("", text)[:LONGEST]


def writable(text: str) -> str:
    """The text as a workbook holds it.

    Workbooks write a character as `_x0041_`; a text that says so itself is written `_x005F_x0041_`,
    as Excel and LibreOffice do, and comes back as it was.
    """
    return _LIKE_AN_ESCAPE.sub("_x005F_", held(text))


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
