"""What only a sheet's XML says: hidden rows and columns, formulas, errors.

Patterns read the spelling that Excel, WPS and the usual libraries write; any other (prefixed names,
cells without an address) is read by expat, which takes several passes' time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from xml.parsers import expat

from importers.grid import Merge
from importers.xmlscan import column_number

Cell = tuple[int, int]

_ROW = re.compile(rb"<row\b([^<>]*)>")
_COL = re.compile(rb"<col\b([^<>]*)>")
_HIDDEN = re.compile(rb"""\bhidden\s*=\s*["'](?:1|true)["']""")
_NUMBERS = {
    name: re.compile(rb"""\b%s\s*=\s*["'](\d+)["']""" % name) for name in (b"r", b"min", b"max")
}
_FORMULA = re.compile(rb"[<:]f[ >/]")
_PLACE = re.compile(rb'<c\b[^<>]*?\br="([A-Z]+)(\d+)"')
_VALUE = re.compile(rb"<v>([^<]*)</v>")
_LONGEST_TAG = 500
"""Bytes of a cell's own tag, before its formula or its type."""
MOST_COLS, _FARTHEST = 16_384, 1024
"""<col> elements that are looked at, as many as a sheet has columns; the last column that counts."""
_BEGINS_LIKE_FORMULA = (b"<f", b":f")
_FORMULAS = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/")
_ERRORS = (b't="e"', b"t='e'")
_ERROR = b't="e"'
_YES = ("1", "true")


@dataclass(slots=True)
class Marks:
    """Rows, columns and cells by what the file says of them; all counted from 0.

    `merges` is None where the parser of the values reads them too.
    """

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: set[Cell] = field(default_factory=set)
    errors: dict[Cell, str] = field(default_factory=dict)
    merges: list[Merge] | None = None


def read_marks(data: bytes) -> Marks:
    """Scan one sheet; the expensive pass over cells runs only where something calls for it."""
    if not _is_usual(data):
        return _Exact().read(data)
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
    return any(word in data for word in _ERRORS) or (
        any(word in data for word in _BEGINS_LIKE_FORMULA)
        and any(word in data for word in _FORMULAS)
    )


def _is_usual(data: bytes) -> bool:
    named = data.count(b"<c ") == data.count(b'<c r="') and b"<c>" not in data
    return named and b"<sheetData" in data and b"t='e'" not in data


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
    for match in islice(_COL.finditer(head), MOST_COLS):
        first, last = (_NUMBERS[name].search(match.group(1)) for name in (b"min", b"max"))
        if _HIDDEN.search(match.group(1)) and first and last:
            hidden.update(columns(int(first.group(1)), int(last.group(1))))
    return hidden


def columns(first: int, last: int) -> range:
    """Columns from 1, both ends included, as a range from 0; only those that can hold a cell."""
    return range(max(first - 1, 0), min(last, _FARTHEST))


def _mark_cells(data: bytes, marks: Marks) -> None:
    """Look from each formula or error back to its cell, so that all other cells cost nothing."""
    for match in _FORMULA.finditer(data):
        cell = _cell_before(data, match.start(), b"</c>")
        if cell:
            marks.formulas.add(cell)
    at = data.find(_ERROR)
    while at >= 0:
        cell = _cell_before(data, at, b">")
        if cell:
            following = data.find(b"<c ", at)
            value = _VALUE.search(data, at, following if following >= 0 else len(data))
            marks.errors[cell] = value.group(1).decode("utf-8", "replace") if value else "#ERROR"
        at = data.find(_ERROR, at + 1)


def _cell_before(data: bytes, at: int, end: bytes) -> Cell | None:
    """The cell whose tag begins before `at` and is not ended by `end` yet."""
    start = data.rfind(b"<c ", max(at - _LONGEST_TAG, 0), at)
    if start < 0 or data.find(end, start, at) >= 0:
        return None
    match = _PLACE.match(data, start)
    return (int(match.group(2)) - 1, column_number(match.group(1)) - 1) if match else None


class _Exact:
    """Reads a sheet of any spelling; rows and cells without an address follow the one before."""

    def __init__(self) -> None:
        self.marks = Marks()
        self.row = self.column = -1
        self.cols = 0
        self.is_error = self.in_value = False

    def read(self, data: bytes) -> Marks:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.Parse(data, True)
        return self.marks

    def start(self, tag: str, said: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "row":
            self.row = int(said["r"]) - 1 if "r" in said else self.row + 1
            self.column = -1
            if said.get("hidden") in _YES:
                self.marks.hidden_rows.add(self.row)
        elif tag == "c":
            letters = said.get("r", "").rstrip("0123456789")
            self.column = column_number(letters) - 1 if letters else self.column + 1
            self.is_error = said.get("t") == "e"
            if self.is_error:
                self.marks.errors[self.row, self.column] = "#ERROR"
        elif tag == "f":
            self.marks.formulas.add((self.row, self.column))
        elif tag == "col" and said.get("hidden") in _YES:
            self.cols += 1
            if self.cols <= MOST_COLS:
                first, last = int(said.get("min", 1)), int(said.get("max", 0))
                self.marks.hidden_columns.update(columns(first, last))
        self.in_value = tag == "v"

    def end(self, _tag: str) -> None:
        self.in_value = False

    def text(self, words: str) -> None:
        if self.in_value and self.is_error:
            self.marks.errors[self.row, self.column] = words
