"""Tables with ruled lines in a PDF that holds text → Grid, by pdfplumber (the extra `pdf`).

What a PDF says is where characters stand, not which belong together: every table carries a question
that a person has compared it with the original.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_left, bisect_right
from typing import Any

from importers.above import put_above, title_lines
from importers.errors import ReadingRefused
from importers.grid import Grid, Remark
from importers.limits import Limits
from importers.xmlscan import MergeTally

_PAGES = 300
_MOST_HEADER = 4
_SAME = 2.5
"""Lines nearer than this many points are one line."""
_PAGE_NUMBER = re.compile(
    r"[-—–\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:[\s,，/共]*\d{0,4}\s*页?)?[-—–\s]*"
)
_TITLE = re.compile(r"^附\s*[件表录]|^表\s*\d|(?:表|清单|方案|计划|分工|台账)(?:[（(].*[)）])?$")
_CHECK = "表格是从 PDF 的文字还原的，可能有错行、漏字，请与原文核对"
Box = tuple[float, float, float, float]


def read_pdf(data: bytes, limits: Limits) -> list[Grid]:
    """Every ruled table. Raises `ReadingRefused`, also where the extra is not installed."""
    pages = _opened(data)
    if len(pages) > _PAGES:
        raise ReadingRefused("too_many_members", f"PDF 超过 {_PAGES} 页，请拆分后再导入")
    gathered = _Gathered(limits)
    text = False
    for page in pages:
        text = text or bool(page.chars)
        gathered.take(page)
        page.close()
    if not text:
        raise ReadingRefused(
            "pdf_without_text", "这份 PDF 是扫描图片，没有文字，请向来文单位索取电子表格"
        )
    if not gathered.grids:
        raise ReadingRefused(
            "no_table", "PDF 里没有带框线的表格，请把表格复制到 Excel 后另存为 .xlsx 再导入"
        )
    return gathered.finished()


def _opened(data: bytes) -> list[Any]:
    try:
        import pdfplumber
        from pdfminer.pdfdocument import PDFPasswordIncorrect
    except ImportError as e:
        raise ReadingRefused(
            "pdf",
            "读取 PDF 要先安装附加组件（pip install -e '.[pdf]'），"
            "或把表格复制到 Excel 后另存为 .xlsx 再导入",
        ) from e
    try:
        return list(pdfplumber.open(io.BytesIO(data)).pages)
    except PDFPasswordIncorrect as e:
        raise ReadingRefused("password_protected", "PDF 设有打开密码，请取消密码后再导入") from e
    except Exception as e:
        if "password" in type(e).__name__.lower() or "password" in repr(e).lower():
            raise ReadingRefused(
                "password_protected", "PDF 设有打开密码，请取消密码后再导入"
            ) from e
        raise ReadingRefused(
            "unreadable", "PDF 不完整或已损坏，无法读取，请重新下载后再导入"
        ) from e


class _Gathered:
    """Takes pages in order; a table that goes on over a page is joined to its first part."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.grids: list[Grid] = []
        self._lines: list[str] = []
        self._rest: list[str] = []
        self._edges: list[float] = []
        self._header: list[list[str]] = []
        self._begun = 0
        """where the merges of the last table's last page begin"""

    def take(self, page: Any) -> None:
        tables = [t for t in page.find_tables() if len(t.cells) > 1]
        top = 0.0
        for table in tables:
            self._lines += _lines(page, tables, top, table.bbox[1])
            self._table(page, table.cells)
            top = table.bbox[3]
        self._lines += _lines(page, tables, top, float(page.height))

    def _table(self, page: Any, cells: list[Box]) -> None:
        grid = _grid(page, cells, self._limits)
        last = self.grids[-1] if self.grids else None
        edges = _edges([x for cell in cells for x in (cell[0], cell[2])])
        if last is not None and self._goes_on(edges):
            self._rest += self._lines
            _drop_header(grid, self._header)
            down, begun = len(last.rows), len(last.merges)
            self._begun = begun - _join_cut(last, grid, self._begun)
            last.rows += grid.rows
            last.merges += [(t + down, left, b + down, right) for t, left, b, right in grid.merges]
        else:
            self._header = grid.rows[:_MOST_HEADER]
            first = len(self._lines) - title_lines(self._lines)
            put_above(grid, self._lines[first:])
            self._rest += self._lines[:first]
            grid.sheet = f"表{len(self.grids) + 1}"
            self.grids.append(grid)
            self._begun = 0
        self._lines, self._edges = [], edges
        if len(self.grids[-1].rows) > self._limits.rows or len(self.grids) > self._limits.sheets:
            raise ReadingRefused("cell_outside", "PDF 里的表格过多或过长，请拆分后再导入")

    def _goes_on(self, edges: list[float]) -> bool:
        """Whether a table is the last one's next part: the same columns, no title between."""
        alike = len(edges) == len(self._edges) and all(
            abs(a - b) <= _SAME for a, b in zip(edges, self._edges, strict=True)
        )
        return alike and not any(_TITLE.search(line) for line in self._lines)

    def finished(self) -> list[Grid]:
        """The tables with their question, then what stands outside them."""
        for grid in self.grids:
            grid.remarks.append(Remark(0, 0, "pdf_table", _CHECK))
        rest = self._rest + self._lines
        if rest:
            why = "PDF 表格外的文字，未读取"
            self.grids.append(Grid("正文", [[line] for line in rest], prose=True, unread=why))
        return self.grids


def _lines(page: Any, tables: list[Any], top: float, bottom: float) -> list[str]:
    """The lines of text between two heights that are in no table; page numbers are none."""

    def outside(thing: dict[str, Any]) -> bool:
        if thing.get("object_type") != "char":
            return False
        x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
        boxes = (table.bbox for table in tables)
        return top <= y < bottom and not any(b[0] <= x <= b[2] and b[1] <= y <= b[3] for b in boxes)

    text = page.filter(outside).extract_text() or ""
    found = (line.strip() for line in text.split("\n"))
    return [line for line in found if line and not _PAGE_NUMBER.fullmatch(line)]


def _grid(page: Any, cells: list[Box], limits: Limits) -> Grid:
    """The cells' boxes on the lines they share; each character goes to the box it stands in."""
    xs, ys = (
        _edges([x for c in cells for x in (c[0], c[2])]),
        _edges([y for c in cells for y in (c[1], c[3])]),
    )
    if len(xs) - 1 > limits.columns or len(ys) - 1 > limits.rows:
        message = f"表格超出 {limits.rows} 行 × {limits.columns} 列的范围"
        raise ReadingRefused("cell_outside", message)
    grid = Grid("", [[""] * (len(xs) - 1) for _ in ys[1:]])
    tally = MergeTally("PDF", limits)
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for x0, top, x1, bottom in cells:
        left, right = _place(xs, x0), max(_place(xs, x1) - 1, 0)
        up, down = _place(ys, top), max(_place(ys, bottom) - 1, 0)
        owner |= {(r, c): (up, left) for r in range(up, down + 1) for c in range(left, right + 1)}
        if right > left or down > up:
            tally.add(left + 1, up + 1, right + 1, down + 1)
            grid.merges.append((up, left, down, right))
    for (up, left), text in _texts(page, xs, ys, owner).items():
        grid.rows[up][left] = text
    return grid


def _texts(
    page: Any, xs: list[float], ys: list[float], owner: dict[tuple[int, int], tuple[int, int]]
) -> dict[tuple[int, int], str]:
    """The text of each cell: a character belongs to the one that its middle lies in."""
    from pdfplumber.utils.text import extract_text

    chars: dict[tuple[int, int], list[Any]] = {}
    for char in page.chars:
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        cell = owner.get((bisect_right(ys, y) - 1, bisect_right(xs, x) - 1))
        if cell is not None:
            chars.setdefault(cell, []).append(char)
    return {cell: str(extract_text(found)).strip() for cell, found in chars.items()}


def _drop_header(grid: Grid, header: list[list[str]]) -> None:
    """A part that begins with the first part's rows repeats its header: it is read once."""
    same = 0
    for own, first in zip(grid.rows, header, strict=False):
        if ["".join(text.split()) for text in own] != ["".join(text.split()) for text in first]:
            break
        same += 1
    grid.rows = grid.rows[same:]
    grid.merges = [(t - same, a, b - same, z) for t, a, b, z in grid.merges if t >= same]


def _join_cut(above: Grid, below: Grid, begun: int) -> int:
    """A merged cell that the page cuts: the tall empty box at the next page's top is its rest.

    `begun`: where the merges of the page above begin. How many are joined, now the last ones there.
    """
    bottom = len(above.rows) - 1
    ends = {m[1::2]: m for m in above.merges[begun:] if m[2] == bottom}
    joined = 0
    for rest in [m for m in below.merges if m[0] == 0 < m[2] and not below.rows[0][m[1]]]:
        columns = rest[1::2]
        cut = ends.get(columns, (bottom, columns[0], bottom, columns[1]))
        if above.rows[cut[0]][cut[1]]:
            below.merges.remove(rest)
            if cut in ends.values():
                above.merges.remove(cut)
            above.merges.append((cut[0], cut[1], bottom + 1 + rest[2], cut[3]))
            joined += 1
    return joined


def _edges(places: list[float]) -> list[float]:
    """Different lines only, in order."""
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > _SAME:
            edges.append(place)
    return edges


def _place(edges: list[float], place: float) -> int:
    return min(bisect_left(edges, place - _SAME), len(edges) - 1)
