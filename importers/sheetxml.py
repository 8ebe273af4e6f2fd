"""What only a sheet's XML says: hidden rows and columns, formulas, errors, odd date styles."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from importers.xmlscan import column_number

Cell = tuple[int, int]

_ROW = re.compile(rb"<row\b([^>]*)>")
_COL = re.compile(rb"<col\b([^>]*)>")
_HIDDEN = re.compile(rb"""\bhidden\s*=\s*["'](?:1|true)["']""")
_NUMBERS = {
    name: re.compile(rb"""\b%s\s*=\s*["'](\d+)["']""" % name)
    for name in (b"r", b"min", b"max", b"s")
}
_CELL = re.compile(rb'<c\b([^>]*?\br="([A-Z]+)(\d+)"[^>]*)(?<!/)>(.*?)</c>', re.DOTALL)
_VALUE = re.compile(rb"<v>(.*?)</v>", re.DOTALL)
_CELL_XFS = re.compile(rb"<cellXfs\b.*?</cellXfs>", re.DOTALL)
_XF = re.compile(rb"<xf\b[^>]*")
_FORMAT = re.compile(rb"""\bnumFmtId\s*=\s*["'](\d+)["']""")
_BUILTIN_DATES = frozenset((*range(27, 37), *range(50, 59)))
"""Date formats Excel's Chinese edition numbers itself; parsers take them for plain numbers."""


@dataclass(slots=True)
class Marks:
    """Rows, columns and cells by what the XML says of them; all counted from 0."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: set[Cell] = field(default_factory=set)
    errors: dict[Cell, str] = field(default_factory=dict)
    dates: set[Cell] = field(default_factory=set)


def date_styles(styles: bytes) -> set[int]:
    """Indexes of the cell styles whose number format is one of the built-in Chinese dates."""
    block = _CELL_XFS.search(styles)
    if block is None:
        return set()
    formats = [_FORMAT.search(xf) for xf in _XF.findall(block.group(0))]
    return {i for i, m in enumerate(formats) if m and int(m.group(1)) in _BUILTIN_DATES}


def read_marks(data: bytes, styles: set[int]) -> Marks:
    """Scan one sheet; the expensive pass over cells runs only where something calls for it."""
    marks = Marks()
    body = max(data.find(b"<sheetData"), 0)
    head = data[:body]
    if _HIDDEN.search(head):
        marks.hidden_columns = _hidden_columns(head)
    if data.find(b"hidden", body) >= 0:
        marks.hidden_rows = _hidden_rows(data)
    if _has_special_cells(data) or any(b's="%d"' % style in data for style in styles):
        _mark_cells(data, styles, marks)
    return marks


def is_plain(data: bytes) -> bool:
    """Whether nothing in a sheet but its date styles could need `read_marks`."""
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


def _mark_cells(data: bytes, styles: set[int], marks: Marks) -> None:
    for match in _CELL.finditer(data):
        attributes, letters, digits, body = match.groups()
        cell = (int(digits) - 1, column_number(letters) - 1)
        value = _VALUE.search(body)
        if b"<f" in body:
            marks.formulas.add(cell)
        if b't="e"' in attributes:
            marks.errors[cell] = value.group(1).decode("utf-8", "replace") if value else "#ERROR"
        style = _NUMBERS[b"s"].search(attributes)
        if style and int(style.group(1)) in styles and b't="' not in attributes and value:
            marks.dates.add(cell)
