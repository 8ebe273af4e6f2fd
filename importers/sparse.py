"""A sheet put together cell by cell, for readers that parse their format themselves.

Empty cells cost nothing however far out they are; what holds something is held to the limits.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from importers.errors import ReadingRefused
from importers.grid import Grid, column_letter
from importers.limits import Limits
from importers.xmlscan import MergeTally


@dataclass(slots=True)
class SparseGrid:
    """Collects one sheet; `finished` is the Grid. Rows and columns count from 0."""

    name: str
    limits: Limits
    grid: Grid = field(init=False)
    _rows: dict[int, dict[int, str]] = field(default_factory=dict)
    _merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    _hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    _hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    _tally: MergeTally = field(init=False)

    def __post_init__(self) -> None:
        self.grid = Grid(self.name, [])
        self._tally = MergeTally(self.name, self.limits)

    def put(self, row: int, column: int, text: str) -> None:
        """One cell's text; a second text for a cell joins the first."""
        if not text:
            return
        self._require_inside(row, column)
        cells = self._rows.setdefault(row, {})
        cells[column] = f"{cells[column]}\n{text}" if column in cells else text
        if len(cells[column]) > self.limits.text_chars:
            message = f"单元格文字超过 {self.limits.text_chars} 字，请缩短后再导入"
            raise ReadingRefused("text_too_long", message, self._place(row, column))

    def mark_formula(self, row: int, column: int) -> None:
        """The cell's value was computed."""
        self._require_inside(row, column)
        self.grid.formulas.add((row, column))

    def mark_error(self, row: int, column: int, word: str) -> None:
        """The cell holds an error value."""
        self.put(row, column, word)
        self.grid.errors[row, column] = word

    def merge(self, row: int, column: int, down: int, right: int) -> None:
        """A cell that covers `down` rows and `right` columns, itself included."""
        if down < 2 and right < 2:
            return
        bottom, last = row + max(down, 1) - 1, column + max(right, 1) - 1
        self._tally.add(column + 1, row + 1, last + 1, bottom + 1)
        self._merges.append((row, column, bottom, last))

    def hide_rows(self, first: int, count: int) -> None:
        """Rows that are not shown; beyond the last text they do not matter."""
        self._hidden_rows.append((first, count))

    def hide_columns(self, first: int, count: int) -> None:
        """Columns that are not shown."""
        self._hidden_columns.append((first, count))

    def finished(self) -> Grid:
        """The sheet, as wide and as long as its texts."""
        height = max(self._rows, default=-1) + 1
        width = max((max(cells) for cells in self._rows.values()), default=-1) + 1
        blank = [""] * width
        rows = [blank] * height
        for r, cells in self._rows.items():
            row = rows[r] = [""] * width
            for c, text in cells.items():
                row[c] = text
        grid = self.grid
        grid.rows, grid.merges = rows, self._merges
        grid.hidden_rows = _within(self._hidden_rows, height)
        grid.hidden_columns = _within(self._hidden_columns, width)
        return grid

    def _require_inside(self, row: int, column: int) -> None:
        limits = self.limits
        if row >= limits.rows or column >= limits.columns:
            place = f"{column_letter(min(column, 99_999))}{row + 1}"
            message = (
                f"单元格 {place} 超出 {limits.rows} 行 × {limits.columns} 列的范围，"
                "请删除多余的行列后再导入"
            )
            raise ReadingRefused("cell_outside", message, self.name)

    def _place(self, row: int, column: int) -> str:
        return f"{self.name}!{column_letter(column)}{row + 1}"


def _within(stretches: list[tuple[int, int]], end: int) -> set[int]:
    """The numbers of the stretches that lie before `end`."""
    return {n for first, count in stretches for n in range(first, min(first + count, end))}


def whole(text: str | None, otherwise: int = 1) -> int:
    """A whole number of an attribute, cut off at a thousand million; else `otherwise`."""
    text = (text or "").strip()
    return int(text[:9]) if text.isascii() and text.isdigit() else otherwise
