"""The one place where text goes into a workbook: it never becomes a formula or breaks the file."""

import re
from typing import Any

from openpyxl.cell import Cell

LONGEST = 32_767
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Value = Any
"""str, int, float, Decimal, date or None"""


def put(cell: Cell, value: Value) -> None:
    """Write a value; text stays text whatever it begins with."""
    if not isinstance(value, str):
        cell.value = value
        return
    text = _UNWRITABLE.sub("", value)[:LONGEST]
    cell.value = text or None
    if text:
        cell.data_type = "s"
    if text.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")):
        cell.quotePrefix = True
