"""A sheet's XML by the places of what may have to be changed: its blocks, rows, cells, widths.

One pass by expat; of rows that are not asked for only the place is kept.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from importers.xmlscan import column_number
from tracker.exchange.surgery.markup import (
    Element,
    close,
    parser,
    said_of,
    split_name,
    tag_end,
)

BLOCKS = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState",
    "dataConsolidate", "customSheetViews", "mergeCells",
)  # fmt: skip
"""The children of a worksheet in the schema's order, as far as cells are merged."""
_SAYS = {"v", "f", "is"}
_ROOT, _BLOCK, _ROW, _CELL, _VALUE = range(1, 6)
Area = tuple[int, int, int, int]
"""top, left, bottom, right; from 1, both ends included"""


class Placed(NamedTuple):
    """A cell: where it stands, in bytes, the number of its style; whether it says its own address."""

    column: int
    start: int
    end: int
    style: int
    named: bool


@dataclass(slots=True)
class SheetXml:
    """`blocks` are the root's children by name, `rows` those asked for, `starts` (number, offset) of
    every row, `used` the last column in each row that holds anything, `widths` what <cols> holds."""

    data: bytes
    root: Element
    blocks: dict[str, Element] = field(default_factory=dict)
    rows: dict[int, Element] = field(default_factory=dict)
    cells: dict[int, list[Placed]] = field(default_factory=dict)
    starts: list[tuple[int, int]] = field(default_factory=list)
    used: dict[int, int] = field(default_factory=dict)
    widths: list[Element] = field(default_factory=list)
    merges: list[Area] = field(default_factory=list)

    @property
    def is_protected(self) -> bool:
        """Whether locked cells cannot be written."""
        said = self.blocks.get("sheetProtection")
        return said is not None and said.attributes.get("sheet") in ("1", "true")

    def style_at(self, row: int, column: int) -> int:
        """The number of the style in which the cell is shown: its own, its row's or its column's."""
        for cell in self.cells.get(row, ()):
            if cell.column == column:
                return cell.style
        line = self.rows.get(row)
        if line is not None and line.attributes.get("customFormat") in ("1", "true"):
            return number_in(line.attributes.get("s"))
        return next(
            (number_in(w.attributes.get("style")) for w in self.widths if covers(w, column)), 0
        )


def covers(width: Element, column: int) -> bool:
    """Whether a <col> speaks of the column."""
    first, last = span(width)
    return first <= column <= last


def span(width: Element) -> tuple[int, int]:
    """The first and last column of a <col>."""
    first = number_in(width.attributes.get("min"))
    return first, number_in(width.attributes.get("max"), first)


def number_in(text: str | None, otherwise: int = 0) -> int:
    """An attribute's whole number."""
    return int(text) if text is not None and text.strip().isdecimal() else otherwise


def area_of(reference: str) -> Area:
    """'B2:D5' → (2, 2, 5, 4); one cell is an area too."""
    first, _, last = reference.replace("$", "").partition(":")
    one, other = _place(first), _place(last or first)
    return (
        min(one[0], other[0]), min(one[1], other[1]),
        max(one[0], other[0]), max(one[1], other[1]),
    )  # fmt: skip


def _place(reference: str) -> tuple[int, int]:
    letters = reference.rstrip("0123456789")
    return number_in(reference[len(letters) :], 1), column_number(letters.upper()) or 1


def scan(data: bytes, rows: Collection[int]) -> SheetXml:
    """The sheet; the cells of these rows are kept. Raises ExpatError for what is no XML."""
    return _Scan(data, rows).read()


class _Scan:
    def __init__(self, data: bytes, wanted: Collection[int]) -> None:
        self.data, self.wanted = data, wanted
        self.depth = self.row = self.column = 0
        self.in_data = False
        self.open: list[Element] = []
        self.cell: Element | None = None
        self.sheet = SheetXml(data, Element("", "", "", {}, 0, 0))
        self.parser = parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def read(self) -> SheetXml:
        self.parser.Parse(self.data, True)
        return self.sheet

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _VALUE:
            return
        uri, local, prefix = split_name(name)
        if self.depth == _ROOT:
            self.sheet.root = self._opened(uri, local, prefix, attributes)
        elif self.depth == _BLOCK:
            block = self._opened(uri, local, prefix, attributes)
            if uri == self.sheet.root.uri:
                self.sheet.blocks.setdefault(local, block)
                self.sheet.root.children.append(block)
                self.in_data = local == "sheetData"
        elif self.depth == _ROW:
            self._below_block(uri, local, prefix, attributes)
        elif self.depth == _CELL and local == "c" and self.in_data:
            self._cell(uri, local, prefix, attributes)
        elif self.depth == _VALUE and local in _SAYS and self.in_data:
            self.sheet.used[self.row] = max(self.sheet.used.get(self.row, 0), self.column)

    def _opened(self, uri: str, local: str, prefix: str, attributes: dict[str, str]) -> Element:
        at = self.parser.CurrentByteIndex
        found = Element(uri, local, prefix, said_of(attributes), at, tag_end(self.data, at))
        self.open.append(found)
        return found

    def _below_block(self, uri: str, local: str, prefix: str, attributes: dict[str, str]) -> None:
        within = self.open[-1].name
        if self.in_data and local == "row":
            self.row = number_in(attributes.get("r"), self.row + 1)
            self.column = 0
            self.sheet.starts.append((self.row, self.parser.CurrentByteIndex))
            if self.row in self.wanted and self.row not in self.sheet.rows:
                self.sheet.rows[self.row] = self._opened(uri, local, prefix, attributes)
                self.sheet.cells[self.row] = []
        elif within == "cols" and local == "col":
            self.sheet.widths.append(self._opened(uri, local, prefix, attributes))
        elif within == "mergeCells" and local == "mergeCell":
            self.sheet.merges.append(area_of(attributes.get("ref", "A1")))

    def _cell(self, uri: str, local: str, prefix: str, attributes: dict[str, str]) -> None:
        letters = attributes.get("r", "").rstrip("0123456789")
        self.column = column_number(letters) if letters else self.column + 1
        if self.open[-1].name == "row":
            self.cell = self._opened(uri, local, prefix, attributes)

    def _end(self, _name: str) -> None:
        depth, self.depth = self.depth, self.depth - 1
        if depth != len(self.open):  # what is passed over was never opened
            return
        done = self.open.pop()
        close(self.data, done, self.parser.CurrentByteIndex)
        if done is self.cell:
            self._keep(done)
        elif depth == _BLOCK:
            self.in_data = False

    def _keep(self, cell: Element) -> None:
        said = cell.attributes
        self.sheet.cells[self.row].append(
            Placed(self.column, cell.start, cell.end, number_in(said.get("s")), "r" in said)
        )
        self.cell = None
