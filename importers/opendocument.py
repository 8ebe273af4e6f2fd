"""ods → Grid, by expat: calamine leaves out merges, hidden rows and formulas of this format.

Repeats ('the same cell 16,000 times') are written out only where they hold text, within limits.
"""

from __future__ import annotations

import io
import zipfile
from xml.parsers import expat

from importers.errors import ReadingRefused
from importers.grid import Grid
from importers.limits import Limits
from importers.sparse import SparseGrid, whole
from importers.workbook import as_text

_SPACE = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _TEXT, _STYLE = f"{_SPACE}table:1.0 ", f"{_SPACE}text:1.0 ", f"{_SPACE}style:1.0 "
_OFFICE = f"{_SPACE}office:1.0 "
_ERROR_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
_SKIPPED = {
    f"{_TABLE}tracked-changes", f"{_TABLE}dde-links", f"{_TABLE}shapes", f"{_OFFICE}annotation",
    f"{_OFFICE}forms", f"{_TEXT}note", f"{_TEXT}ruby-text", f"{_TABLE}scenario",
}  # fmt: skip
_DRAWN = f"{_SPACE}drawing:1.0 "
_CELLS = 4_000_000
"""Filled cells of a file at most: repeats make many from few bytes."""
_NUMBERS = {"float", "percentage", "currency"}
Said = dict[str, str]


def read_ods(data: bytes, main: str, limits: Limits) -> list[Grid]:
    """Every sheet of an OpenDocument spreadsheet that has passed the preflight; `main` is its content."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return read_content(archive.read(main), limits)


def read_content(xml: bytes, limits: Limits) -> list[Grid]:
    """Every sheet of a content.xml, or of a flat .fods."""
    reader = _Reader(limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as e:
        message = "文件内部结构损坏，请用 Excel 或 WPS 打开后另存再导入"
        raise ReadingRefused("damaged_xml", message) from e
    if not reader.grids:
        raise ReadingRefused("no_sheets", "文件里没有工作表，请检查后再导入")
    return reader.grids


class _Reader:
    """The handlers; a row is kept until it ends, because the row itself may be repeated."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.left = limits, _CELLS
        self.grids: list[Grid] = []
        self.unshown: set[str] = set()
        self.style = ""
        self.sheet: SparseGrid | None = None
        self.row = self.column = self.columns = self.repeat = 0
        self.cells: list[tuple[int, int, Said, str]] = []
        self.cell: Said | None = None
        self.words: list[str] = []
        self.in_text = self.skip = self.inner = 0

    def start(self, tag: str, said: Said) -> None:
        if self.skip or tag in _SKIPPED or (self.sheet and tag.startswith(_DRAWN)):
            self.skip += 1
        elif tag.startswith(_STYLE) or tag == f"{_STYLE}style":
            self._style(tag, said)
        elif tag.startswith(_TABLE):
            self._table_start(tag[len(_TABLE) :], said)
        elif tag.startswith(_TEXT) and self.cell is not None:
            self._text_start(tag[len(_TEXT) :], said)

    def _style(self, tag: str, said: Said) -> None:
        if tag == f"{_STYLE}style":
            self.style = said.get(f"{_STYLE}name", "")
        elif said.get(f"{_TABLE}display") == "false":
            self.unshown.add(self.style)

    def _table_start(self, tag: str, said: Said) -> None:
        if self.cell is not None:
            self.inner += tag == "table"  # a table in a cell: its words stay in that cell
        elif tag == "table":
            self._begin(said)
        elif self.sheet is None:
            return
        elif tag == "table-column":
            count = whole(said.get(f"{_TABLE}number-columns-repeated"))
            if said.get(f"{_TABLE}visibility", "visible") != "visible":
                self.sheet.hide_columns(self.columns, count)
            self.columns += count
        elif tag == "table-row":
            self.repeat = whole(said.get(f"{_TABLE}number-rows-repeated"))
            self.cells, self.column = [], 0
            if said.get(f"{_TABLE}visibility", "visible") != "visible":
                self.sheet.hide_rows(self.row, self.repeat)
        elif tag in ("table-cell", "covered-table-cell"):
            self.cell, self.words = said, []

    def _begin(self, said: Said) -> None:
        if len(self.grids) >= self.limits.sheets:
            most = self.limits.sheets
            raise ReadingRefused("too_many_sheets", f"工作表超过 {most} 张，请拆分后再导入")
        name = said.get(f"{_TABLE}name", "") or f"Sheet{len(self.grids) + 1}"
        self.sheet = SparseGrid(name, self.limits)
        self.sheet.grid.hidden = said.get(f"{_TABLE}style-name") in self.unshown
        self.row = self.columns = 0

    def _text_start(self, tag: str, said: Said) -> None:
        if tag == "p":
            self.words += ["\n"] if self.words else []
            self.in_text += 1
        elif tag == "s":
            self.words.append(" " * min(whole(said.get(f"{_TEXT}c")), self.limits.text_chars + 1))
        elif tag == "tab":
            self.words.append(" ")
        elif tag == "line-break":
            self.words.append("\n")

    def text(self, words: str) -> None:
        if self.in_text and not self.skip:
            self.words.append(" ".join(words.split("\n")))

    def end(self, tag: str) -> None:
        if self.skip:
            self.skip -= 1
        elif tag == f"{_TEXT}p" and self.in_text:
            self.in_text -= 1
        elif tag == f"{_TABLE}table" and self.inner:
            self.inner -= 1
        elif self.inner:
            return
        elif (
            tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell") and self.cell is not None
        ):
            self._end_cell()
        elif tag == f"{_TABLE}table-row" and self.sheet is not None:
            self._end_row()
        elif tag == f"{_TABLE}table" and self.sheet is not None:
            self.grids.append(self.sheet.finished())
            self.sheet = None

    def _end_cell(self) -> None:
        said, self.cell = self.cell or {}, None
        count = whole(said.get(f"{_TABLE}number-columns-repeated"))
        text = _shown(said, "".join(self.words).strip())
        spans = f"{_TABLE}number-columns-spanned" in said or f"{_TABLE}number-rows-spanned" in said
        if text or spans or f"{_TABLE}formula" in said:
            if self.column + count > self.limits.columns and text:
                assert self.sheet is not None
                self.sheet.put(self.row, self.column + count - 1, text)  # refuses
            self.cells.append((self.column, min(count, self.limits.columns), said, text))
        self.column += count

    def _end_row(self) -> None:
        """Write the row as often as it is repeated; an empty one only moves on."""
        assert self.sheet is not None
        if self.cells and self.row + self.repeat > self.limits.rows:
            column, _, _, text = self.cells[0]
            self.sheet.put(self.row + self.repeat - 1, column, text or "-")  # refuses
        self.left -= self.repeat * sum(count for _, count, _, _ in self.cells)
        if self.left < 0:
            raise ReadingRefused("too_many_elements", "工作表内容过多，请拆分后再导入")
        for r in range(self.row, self.row + self.repeat if self.cells else self.row):
            for column, count, said, text in self.cells:
                for c in range(column, column + count):
                    self._write(r, c, said, text)
        self.row += self.repeat

    def _write(self, r: int, c: int, said: Said, text: str) -> None:
        assert self.sheet is not None
        if said.get(_ERROR_TYPE) == "error" and text:
            self.sheet.mark_error(r, c, text)
        else:
            self.sheet.put(r, c, text)
        if f"{_TABLE}formula" in said:
            self.sheet.mark_formula(r, c)
        down = whole(said.get(f"{_TABLE}number-rows-spanned"))
        self.sheet.merge(r, c, down, whole(said.get(f"{_TABLE}number-columns-spanned")))


def _shown(said: Said, text: str) -> str:
    """The value as other formats give it: ISO days, whole numbers without '.0', else the text."""
    kind = said.get(f"{_OFFICE}value-type", "")
    if said.get(_ERROR_TYPE) == "error":
        return text
    if kind == "date":
        return said.get(f"{_OFFICE}date-value", text)[:10]
    if kind == "boolean":
        return said.get(f"{_OFFICE}boolean-value", text).upper()
    if kind in _NUMBERS:
        try:
            return as_text(float(said.get(f"{_OFFICE}value", "")))
        except ValueError:
            return text
    return text
