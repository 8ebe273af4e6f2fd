"""What only a sheet's XML says: hidden rows and columns, formulas, errors."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from importers.xmlscan import column_number

Cell = tuple[int, int]

_ROW = re.compile(rb"<row\b([^>]*)>")
_COL = re.compile(rb"<col\b([^>]*)>")
_HIDDEN = re.compile(rb"""\bhidden\s*=\s*["'](?:1|true)["']""")
_NUMBERS = {
    name: re.compile(rb"""\b%s\s*=\s*["'](\d+)["']""" % name) for name in (b"r", b"min", b"max")
}
_CELL = re.compile(rb'<c\b([^>]*?\br="([A-Z]+)(\d+)"[^>]*)(?<!/)>(.*?)</c>', re.DOTALL)
_VALUE = re.compile(rb"<v>(.*?)</v>", re.DOTALL)


@dataclass(slots=True)
class Marks:
    """Rows, columns and cells by what the XML says of them; all counted from 0."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: set[Cell] = field(default_factory=set)
    errors: dict[Cell, str] = field(default_factory=dict)


def read_marks(data: bytes) -> Marks:
    """Scan one sheet; the expensive pass over cells runs only where something calls for it."""
    marks = Marks()
    body = max(data.find(b"<sheetData"), 0)
    head = data[:body]
    if _HIDDEN.search(head):
        marks.hidden_columns = _hidden_columns(head)
    if data.find(b"hidden", body) >= 0:
        marks.hidden_rows = _hidden_rows(data)
    if _has_special_cells(data):
        _mark_cells(data, marks)
    return marks


def is_plain(data: bytes) -> bool:
    """Whether nothing in a sheet could need `read_marks`."""
    return b"hidden" not in data and not _has_special_cells(data)


def _has_special_cells(data: bytes) -> bool:
    return any(word in data for word in (b"<f>", b"<f ", b"<f/", b't="e"', b"t='e'"))


def _hidden_rows(data: bytes) -> set[int]:
    hidden: set[int] = set()
    number = 0
    for match in _ROW.finditer(data):
        stated = _NUMBERS[b"r"].search(match.group(1))
        number = int(stated.group(1)) if stated else number + 1
        if _HIDDEN.search(match.group(1)):
            hidden.add(number - 1)
    return hidden


def _hidden_columns(head: bytes) -> set[int]:
    hidden: set[int] = set()
    for match in _COL.finditer(head):
        first, last = (_NUMBERS[name].search(match.group(1)) for name in (b"min", b"max"))
        if _HIDDEN.search(match.group(1)) and first and last:
            hidden.update(range(int(first.group(1)) - 1, min(int(last.group(1)), 16_384)))
    return hidden


def _mark_cells(data: bytes, marks: Marks) -> None:
    for match in _CELL.finditer(data):
        attributes, letters, digits, body = match.groups()
        cell = (int(digits) - 1, column_number(letters) - 1)
        value = _VALUE.search(body)
        if b"<f" in body:
            marks.formulas.add(cell)
        if b't="e"' in attributes:
            marks.errors[cell] = value.group(1).decode("utf-8", "replace") if value else "#ERROR"
