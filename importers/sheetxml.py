"""What only a sheet's XML says: hidden rows and columns, formulas, errors.

Patterns read the spelling that Excel, WPS and the usual libraries write; any other (prefixed names,
cells without an address) is read by expat, which takes several passes' time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from importers.grid import Merge
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
_SPECIAL = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/", b't="e"', b"t='e'")
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
    return any(word in data for word in _SPECIAL)


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


class _Exact:
    """Reads a sheet of any spelling; rows and cells without an address follow the one before."""

    def __init__(self) -> None:
        self.marks = Marks()
        self.row = self.column = -1
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
            first, last = int(said.get("min", 1)), int(said.get("max", 0))
            self.marks.hidden_columns.update(range(first - 1, min(last, 16_384)))
        self.in_value = tag == "v"

    def end(self, _tag: str) -> None:
        self.in_value = False

    def text(self, words: str) -> None:
        if self.in_value and self.is_error:
            self.marks.errors[self.row, self.column] = words
