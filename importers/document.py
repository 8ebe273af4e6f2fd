"""docx → Grids: every table with what stands above it, and the other paragraphs as 正文.

A table's grid is called 表1, 表2 …; the paragraphs of 正文 are one row each.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from importers.above import put_above, title_lines
from importers.errors import ReadingRefused
from importers.grid import Grid, Remark
from importers.limits import Limits
from importers.packages import relations
from importers.wordblocks import Block, Paragraph, Table
from importers.wordstyles import Styles
from importers.wordtable import Laid, lay_out_table
from importers.wordxml import read_blocks
from importers.years import DOCUMENT, year_of

PROSE = "正文"
_NOTES = {
    "hidden": ("hidden_text", "有设为隐藏的文字，原文上看不到，未读取"),
    "deleted": ("deleted_text", "修订中已删除的文字，未读取"),
}
_ASIDES = {
    "header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注", "comments": "批注",
}  # fmt: skip
_TITLE_YEAR = re.compile(r"(?:19|20)\d\d\s*年.*(?:方案|计划|清单|要点|分工|通知|意见|安排|任务)")
_LONGEST_TITLE = 60


def read_document(data: bytes, main: str, limits: Limits) -> list[Grid]:
    """Every table and the prose of a Word document that has passed the preflight."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = _Parts(archive, main)
        blocks = read_blocks(parts.main, parts.styles(), limits)
        asides = [(name, read_blocks(xml, parts.styles(), limits)) for name, xml in parts.asides()]
    gathered = _Gathered(limits)
    for block in blocks:
        gathered.take(block)
    grids = gathered.finished()
    grids += [grid for name, inner in asides if (grid := _aside(name, inner))]
    if not any(any(map(any, grid.rows)) for grid in grids):
        raise ReadingRefused("no_table", "文档里没有表格，也没有文字，请检查文件后再导入")
    return grids


class _Gathered:
    """Takes the body's blocks in order; what stands closely above a table goes into its grid."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._tables: list[Grid] = []
        self._prose: list[Paragraph] = []
        self._above: list[Paragraph] = []
        self._apart = True
        self._signature: tuple[int, ...] = ()

    def take(self, block: Block) -> None:
        if isinstance(block, Table) and (framed := _framed(block)):
            for inner in framed:
                self.take(inner)
        elif isinstance(block, Table):
            self._table(block)
        elif block.text.strip() or block.hidden.strip() or block.deleted.strip():
            if block.new_page:
                self._let_go()
            self._above.append(block)
            self._apart = True

    def _let_go(self) -> None:
        self._prose += self._above
        self._above = []

    def _table(self, table: Table) -> None:
        laid = lay_out_table(table, self._limits)
        if not laid.rows:
            return
        width = len(laid.rows[0])
        if not self._apart and self._tables and self._goes_on(laid, width):
            _append(self._tables[-1], laid)
        else:
            first = len(self._above) - title_lines([p.text for p in self._above])
            above = self._above[first:]
            self._prose += self._above[:first]
            self._tables.append(_grid(f"表{len(self._tables) + 1}", above, laid))
        self._above, self._apart = [], False
        for inner in laid.inner:
            self._apart = True
            self._table(inner)
            self._apart = True

    def _goes_on(self, laid: Laid, width: int) -> bool:
        """Whether this is the last table's next part: nothing between, the same columns."""
        last = self._tables[-1]
        return last.width == width and len(last.rows) + len(laid.rows) <= self._limits.rows

    def finished(self) -> list[Grid]:
        """The prose first, then the tables; a number and a year said once hold for all."""
        self._let_go()
        prose = _prose(self._prose)
        prose.hear = not self._tables
        number, year = _said_once(self._prose)
        for grid in self._tables:
            grid.document, grid.year = number, year
        return [prose, *self._tables] if prose.rows else self._tables


def _framed(table: Table) -> list[Block]:
    """What stands in a table of one cell, if that is a frame around another table."""
    cells = [cell for row in table.rows for cell in row.cells]
    framed = len(cells) == 1 and any(isinstance(block, Table) for block in cells[0].blocks)
    return cells[0].blocks if framed else []


def _grid(name: str, above: list[Paragraph], laid: Laid) -> Grid:
    grid = Grid(name, [])
    _append(grid, laid)
    put_above(grid, [_line(p) for p in above])
    for r, paragraph in enumerate(above):
        _remark(grid, r, paragraph)
    return grid


def _append(grid: Grid, laid: Laid) -> None:
    first = len(grid.rows)
    grid.rows += laid.rows
    grid.merges += [(t + first, left, b + first, right) for t, left, b, right in laid.merges]
    grid.remarks += [
        Remark(r + first, c, *_NOTES[what], text.strip()) for r, c, what, text in laid.notes
    ]


def _line(paragraph: Paragraph) -> str:
    return paragraph.text.replace("\t", " ").strip()


def _remark(grid: Grid, r: int, paragraph: Paragraph) -> None:
    for what, text in (("hidden", paragraph.hidden), ("deleted", paragraph.deleted)):
        if text.strip():
            grid.remarks.append(Remark(r, 0, *_NOTES[what], text.strip()))


def _prose(paragraphs: list[Paragraph]) -> Grid:
    grid = Grid(PROSE, [[_line(p)] for p in paragraphs], prose=True)
    for r, paragraph in enumerate(paragraphs):
        _remark(grid, r, paragraph)
        if paragraph.level:
            grid.levels[r] = paragraph.level
    return grid


def _said_once(paragraphs: list[Paragraph]) -> tuple[str, int | None]:
    """The document number in the text, and the year of it or of the document's title."""
    texts = [p.text for p in paragraphs]
    number = next((m.group(0) for text in texts[:30] if (m := DOCUMENT.search(text))), "")
    titles = (t for t in texts[:10] if len(t) <= _LONGEST_TITLE and _TITLE_YEAR.search(t))
    return number, year_of(number) or next((year_of(title) for title in titles), None)


def _aside(name: str, blocks: list[Block]) -> Grid | None:
    """Headers, footnotes or comments: shown, not read."""
    lines = [_line(p) for p in blocks if isinstance(p, Paragraph) and _line(p)]
    if not lines:
        return None
    return Grid(name, [[line] for line in lines], prose=True, unread=f"{name}，未读取")


class _Parts:
    """Reads parts by what they are to the document; a part that is missing is empty."""

    def __init__(self, archive: zipfile.ZipFile, main: str) -> None:
        self._archive = archive
        self._names = set(archive.namelist())
        self._relations = relations(archive, main)
        self.main = archive.read(main)

    def styles(self) -> Styles:
        """The styles and lists, counted from the start."""
        return Styles(self._first("styles"), self._first("numbering"))

    def asides(self) -> Iterator[tuple[str, bytes]]:
        """Headers, footers, notes and comments, by the name a person knows them by."""
        counts: dict[str, int] = {}
        for _, kind, path in self._relations:
            if kind in _ASIDES and path in self._names:
                counts[kind] = counts.get(kind, 0) + 1
                number = str(counts[kind]) if counts[kind] > 1 else ""
                yield _ASIDES[kind] + number, self._archive.read(path)

    def _first(self, kind: str) -> bytes:
        path = next((p for _, k, p in self._relations if k == kind and p in self._names), "")
        return self._archive.read(path) if path else b""
