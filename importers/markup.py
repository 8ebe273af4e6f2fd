"""HTML tables (often saved as .xls) → Grid; the text between them is title lines or prose.

The reader keeps a list of open tables, so nesting costs no stack. Nothing a page refers to is fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from importers.above import put_above, title_lines
from importers.errors import ReadingRefused
from importers.grid import Grid, Remark
from importers.htmltokens import tokens
from importers.limits import Limits
from importers.sparse import SparseGrid, whole

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_WRAP = re.compile(r"(?<=[\u3400-\u9fff，。；：、）])[ \t]*[\r\n][ \t\r\n]*(?=[\u3400-\u9fff（])")
_NAME = re.compile(r"<x:Name>([^<]{1,60})</x:Name>")
_BLOCKS = {"p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "center", "caption"}
_VOID = {
    "br",
    "col",
    "img",
    "hr",
    "meta",
    "link",
    "input",
    "wbr",
    "base",
    "area",
    "embed",
    "source",
}
_DEAF = {"script", "style", "title", "xml", "textarea"}
_SHAPES = {"tr", "col", "colgroup", "table"}
_DEEPEST = 20
Said = dict[str, str]


def read_html(text: str, limits: Limits) -> list[Grid]:
    """Every table of a page that holds text, the prose last. Raises `ReadingRefused`."""
    reader = _Reader(limits)
    for kind, words, said in tokens(text):
        if kind == "words":
            reader.words_said(words)
        elif kind == "start":
            reader.start(words, said)
        elif kind == "end":
            reader.end(words)
    reader.finish()
    if not reader.grids:
        raise ReadingRefused("no_table", "网页里没有表格，请把计划表另存为 .xlsx 后再导入")
    return _named(reader.grids, sheet_names(text)) + reader.prose()


def sheet_names(text: str) -> list[str]:
    """The names Excel notes for its sheets."""
    return [name.strip() for name in _NAME.findall(text)]


def _named(grids: list[Grid], names: list[str]) -> list[Grid]:
    for n, grid in enumerate(grids):
        grid.sheet = names[n] if len(names) == len(set(names)) == len(grids) else f"表{n + 1}"
    return grids


@dataclass(slots=True)
class _Table:
    """An open table: the next cell's place, and until which row each column is covered."""

    sheet: SparseGrid
    row: int = -1
    column: int = 0
    columns: int = 0
    covered: dict[int, int] = field(default_factory=dict)
    cell: tuple[int, int] | None = None
    words: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    said: Said = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)


class _Reader:
    """Takes tags in order; `open` are the tables, `unseen` the tags that hide what is in them."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.grids: list[Grid] = []
        self.open: list[_Table] = []
        self.unseen: list[str] = []
        self.words: list[str] = []
        self.lines: list[str] = []
        self.rest: list[str] = []
        self.deaf = 0

    def start(self, tag: str, said: Said) -> None:
        """A tag opens."""
        if tag in _DEAF:
            self.deaf += 1
            return
        hides = _HIDDEN.search(said.get("style", "")) is not None or "hidden" in said
        if tag in ("table", "tr", "td", "th", "col", "colgroup"):
            self._table_tag(tag, said, hides)
        elif tag == "br":
            self._add("\n", raw=True)
        elif tag in _BLOCKS:
            self._end_line()
        starts = hides and tag not in _SHAPES and tag not in _VOID
        if starts or (self.unseen and tag == self.unseen[-1]):
            self.unseen.append(tag)

    def end(self, tag: str) -> None:
        """A tag closes."""
        if tag in _DEAF:
            self.deaf = max(self.deaf - 1, 0)
            return
        if self.unseen and tag == self.unseen[-1]:
            self.unseen.pop()
        if tag == "table" and self.open:
            self._end_table()
        elif tag in ("td", "th", "tr") and self.open:
            self._end_cell(self.open[-1])
        elif tag in _BLOCKS:
            self._end_line()

    def words_said(self, data: str) -> None:
        """Words between tags."""
        if not self.deaf:
            self._add(_SPACE.sub(" ", _WRAP.sub("", data)))

    def finish(self) -> None:
        """Close what the page left open."""
        while self.open:
            self._end_table()
        self._end_line()
        self.rest += self.lines

    def prose(self) -> list[Grid]:
        """The text outside tables, a line each."""
        if not self.rest:
            return []
        return [Grid("正文", [[line] for line in self.rest], prose=True)]

    def _add(self, words: str, *, raw: bool = False) -> None:
        table = self.open[-1] if self.open else None
        if table is not None and table.cell is not None:
            (table.hidden if self.unseen and not raw else table.words).append(words)
        elif table is None and not self.unseen:
            self.words.append(words)
            if raw:
                self._end_line()
        elif words.strip() and table is not None and not self.unseen:
            self.rest.append(words.strip())  # text in a table but in no cell

    def _end_line(self) -> None:
        table = self.open[-1] if self.open else None
        if table is not None:
            if table.cell is not None and table.words:
                table.words.append("\n")
            return
        line = "".join(self.words).strip()
        self.words = []
        if line:
            self.lines.append(line)

    def _table_tag(self, tag: str, said: Said, hides: bool) -> None:
        if tag == "table":
            self._end_line()
            if len(self.open) >= _DEEPEST:
                message = f"表格嵌套超过 {_DEEPEST} 层，不予打开"
                raise ReadingRefused("nested_too_deep", message)
            self.open.append(_Table(SparseGrid(f"表{len(self.grids) + 1}", self.limits)))
        elif not self.open:
            return
        elif tag == "tr":
            self._begin_row(self.open[-1], hides)
        elif tag in ("td", "th"):
            self._begin_cell(self.open[-1], said)
        elif tag == "col":
            table, count = self.open[-1], max(whole(said.get("span")), 1)
            if hides:
                table.sheet.hide_columns(table.columns, count)
            table.columns += count

    def _begin_row(self, table: _Table, hides: bool) -> None:
        self._end_cell(table)
        table.row, table.column = table.row + 1, 0
        if hides:
            table.sheet.hide_rows(table.row, 1)

    def _begin_cell(self, table: _Table, said: Said) -> None:
        self._end_cell(table)
        table.row = max(table.row, 0)
        while table.covered.get(table.column, -1) >= table.row:
            table.column += 1
        down, across = max(whole(said.get("rowspan")), 1), max(whole(said.get("colspan")), 1)
        table.sheet.merge(table.row, table.column, down, across)
        table.cell, table.words, table.hidden = (table.row, table.column), [], []
        table.said = said
        if table.column + across > self.limits.columns:
            table.sheet.put(table.row, table.column + across - 1, "-")  # refuses
        if down > 1:
            bottom = table.row + down - 1
            table.covered |= dict.fromkeys(range(table.column, table.column + across), bottom)
        table.column += across

    def _end_cell(self, table: _Table) -> None:
        if table.cell is None:
            return
        row, column = table.cell
        table.cell = None
        text = _tidy("".join(table.words)) or table.said.get("x:num", "")
        error = table.said.get("x:err")
        if error and text:
            table.sheet.mark_error(row, column, text)
        else:
            table.sheet.put(row, column, text)
        if "x:fmla" in table.said:
            table.sheet.mark_formula(row, column)
        if unseen := _tidy("".join(table.hidden)):
            message = "有设为隐藏的文字，原文上看不到，未读取"
            table.remarks.append(Remark(row, column, "hidden_text", message, unseen))

    def _end_table(self) -> None:
        table = self.open.pop()
        self._end_cell(table)
        grid = table.sheet.finished()
        if not grid.rows:
            return
        grid.remarks = [
            r for r in table.remarks if r.row < len(grid.rows) and r.column < grid.width
        ]
        if not self.open:
            first = len(self.lines) - title_lines(self.lines)
            put_above(grid, self.lines[first:])
            self.rest += self.lines[:first]
            self.lines = []
        self.grids.append(grid)
        if len(self.grids) > self.limits.sheets:
            most = self.limits.sheets
            raise ReadingRefused("too_many_sheets", f"表格超过 {most} 张，请拆分后再导入")


def _tidy(text: str) -> str:
    """Lines without the spaces around them, no empty ones at the ends."""
    lines = [_SPACE.sub(" ", line).strip(" \xa0") for line in text.split("\n")]
    return re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip()
