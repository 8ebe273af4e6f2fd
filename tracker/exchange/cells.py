"""The one place where text goes into a workbook: it never becomes a formula or breaks the file."""

import re
from typing import Any

from openpyxl.cell import Cell

LONGEST = 32_767
"""What a cell holds, in the units of UTF-16 that Excel counts."""
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""Workbooks write a character that XML cannot hold as _x001F_; words that look so are no such thing."""
_RISKY = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")

Value = Any
"""str, int, float, Decimal, date or None"""


def held(text: str) -> str:
    """What a cell can hold of a text: what XML cannot say is left out, what is too long is cut."""
    clean = _UNWRITABLE.sub("", _LINE_ENDS.sub("\n", text))
    if len(clean) * 7 <= LONGEST:  # however it is spelled
        return clean
    room = LONGEST - len("x005F_") * len(_ESCAPE.findall(clean))
    return clean.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore")


def spelled(text: str) -> str:
    """A text as the workbook's XML spells it, before markup is escaped."""
    return _ESCAPE.sub("_x005F_", held(text))


def is_risky(text: str) -> bool:
    """Whether a program might take the text for a formula when somebody edits the cell."""
    return text.lstrip().startswith(_RISKY)


def put(cell: Cell, value: Value) -> None:
    """Write a value; text stays text whatever it begins with."""
    if not isinstance(value, str):
        cell.value = value
        return
    text = spelled(value)
    cell.value = text or None
    if text:
        cell.data_type = "s"
    if is_risky(text):
        cell.quotePrefix = True
