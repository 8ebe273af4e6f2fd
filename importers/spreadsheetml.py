"""SpreadsheetML 2003 ('XML 表格', often saved as .xls) → Grid, by expat."""

from __future__ import annotations

from xml.parsers import expat

from importers.errors import ReadingRefused
from importers.grid import Grid
from importers.limits import Limits
from importers.sparse import SparseGrid, whole
from importers.workbook import as_text

_SS = "urn:schemas-microsoft-com:office:spreadsheet "
_X = "urn:schemas-microsoft-com:office:excel "
_SKIPPED = {f"{_SS}Comment", f"{_SS}PhoneticText", f"{_SS}Styles", f"{_SS}Names"}
Said = dict[str, str]


def read_spreadsheetml(xml: bytes, limits: Limits) -> list[Grid]:
    """Every sheet of a UTF-8 file that has passed the preflight."""
    reader = _Reader(limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as e:
        message = "文件内部结构损坏，请用 Excel 打开后另存再导入"
        raise ReadingRefused("damaged_xml", message) from e
    if not reader.grids:
        raise ReadingRefused("no_sheets", "文件里没有工作表，请检查后再导入")
    return reader.grids


class _Reader:
    """The handlers; `row` and `column` are the place of the next cell."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.grids: list[Grid] = []
        self.sheet: SparseGrid | None = None
        self.row = self.column = self.columns = self.skip = 0
        self.next_row = 0
        self.cell: Said | None = None
        self.type = ""
        self.words: list[str] | None = None
        self.visible: list[str] | None = None

    def start(self, tag: str, said: Said) -> None:
        if self.skip or tag in _SKIPPED:
            self.skip += 1
        elif tag == f"{_X}Visible":
            self.visible = []
        elif tag.startswith(_SS) and tag[len(_SS) :] in _STARTS:
            own = {k.removeprefix(_SS): v for k, v in said.items()}
            _STARTS[tag[len(_SS) :]](self, own)

    def worksheet(self, said: Said) -> None:
        """ss:Worksheet"""
        if len(self.grids) >= self.limits.sheets:
            most = self.limits.sheets
            raise ReadingRefused("too_many_sheets", f"工作表超过 {most} 张，请拆分后再导入")
        self.sheet = SparseGrid(said.get("Name") or f"Sheet{len(self.grids) + 1}", self.limits)
        self.next_row = self.columns = 0

    def column_said(self, said: Said) -> None:
        """ss:Column"""
        if self.sheet is not None:
            first = whole(said.get("Index"), self.columns + 1) - 1
            count = whole(said.get("Span"), 0) + 1
            if said.get("Hidden") == "1":
                self.sheet.hide_columns(first, count)
            self.columns = first + count

    def row_said(self, said: Said) -> None:
        """ss:Row"""
        if self.sheet is not None:
            self.row, self.column = whole(said.get("Index"), self.next_row + 1) - 1, 0
            count = whole(said.get("Span"), 0) + 1
            if said.get("Hidden") == "1":
                self.sheet.hide_rows(self.row, count)
            self.next_row = self.row + count

    def cell_said(self, said: Said) -> None:
        """ss:Cell"""
        self.cell, self.words = said, None
        self.column = whole(said.get("Index"), self.column + 1) - 1

    def data(self, said: Said) -> None:
        """ss:Data"""
        if self.cell is not None:
            self.type, self.words = said.get("Type", "String"), []

    def text(self, words: str) -> None:
        if self.skip:
            return
        if self.visible is not None:
            self.visible.append(words)
        elif self.cell is not None and self.words is not None:
            self.words.append(words)

    def end(self, tag: str) -> None:
        if self.skip:
            self.skip -= 1
        elif tag == f"{_X}Visible":
            hidden = "".join(self.visible or []).strip().startswith("SheetHidden")
            hidden = hidden or "".join(self.visible or []).strip() == "SheetVeryHidden"
            self.visible = None
            if self.sheet is not None:
                self.sheet.grid.hidden = hidden
        elif tag == f"{_SS}Cell" and self.cell is not None and self.sheet is not None:
            self._end_cell(self.sheet, self.cell)
        elif tag == f"{_SS}Worksheet" and self.sheet is not None:
            self.grids.append(self.sheet.finished())
            self.sheet = None

    def _end_cell(self, sheet: SparseGrid, said: Said) -> None:
        text = _shown(self.type, "".join(self.words or []))
        if self.type == "Error" and text:
            sheet.mark_error(self.row, self.column, text)
        else:
            sheet.put(self.row, self.column, text)
        if "Formula" in said:
            sheet.mark_formula(self.row, self.column)
        across = whole(said.get("MergeAcross"), 0)
        sheet.merge(self.row, self.column, whole(said.get("MergeDown"), 0) + 1, across + 1)
        self.column += across + 1
        self.cell, self.words = None, None


_STARTS = {
    "Worksheet": _Reader.worksheet, "Column": _Reader.column_said, "Row": _Reader.row_said,
    "Cell": _Reader.cell_said, "Data": _Reader.data,
}  # fmt: skip


def _shown(kind: str, text: str) -> str:
    """The value as other formats give it."""
    text = text.strip()
    if kind == "DateTime":
        day, _, time = text.partition("T")
        return time[:5] if day in ("1899-12-30", "1899-12-31") and time else day
    if kind == "Boolean":
        return as_text(text == "1")
    if kind == "Number":
        try:
            return as_text(float(text))
        except ValueError:
            return text
    return text
