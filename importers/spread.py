"""A grid with merged values written into every row they cover, and where each came from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from importers.grid import Grid, column_letter
from importers.lookalikes import has_look_alike, unified

_BAD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_BLANKS = frozenset(" " * n for n in range(1, 9))
"""Cells that look empty; what is blank in other ways is not printable either."""


@dataclass(slots=True)
class Spread:
    """`rows` are the grid's own cells, `filled` the same with merges written down; `texts` are all that
    the cells held at first.

    `origin[column][row]` is the row a merged value stands in; a column without merges is absent.
    `spans[row, column]` is the last column of a merge that reaches to the right.
    `depths[row]` is the last row that a merge starting in `row` reaches down to.
    `moved[row, column]` is the column a text was written in that `alignment` put right.
    `under` are texts that stand below a merge and that Excel does not show.
    """

    grid: Grid
    rows: list[list[str]]
    filled: list[list[str]]
    texts: set[str]
    origin: dict[int, list[int]] = field(default_factory=dict)
    spans: dict[tuple[int, int], int] = field(default_factory=dict)
    under: dict[tuple[int, int], str] = field(default_factory=dict)
    depths: dict[int, int] = field(default_factory=dict)
    leading: list[int] | None = None
    """rows that say that of several departments the first leads; looked for once"""
    legend: dict[str, str] | None = None
    """mark → role, as the sheet's texts explain them; looked for once"""
    prefixes: dict[int, str] = field(default_factory=dict)
    moved: dict[tuple[int, int], int] = field(default_factory=dict)

    def source(self, row: int, column: int) -> str:
        """The address a (merged) value was written in."""
        tops = self.origin.get(column)
        if tops:
            row = tops[row]
        if self.moved:
            column = self.moved.get((row, column), column)
        return f"{self.prefixes.get(column) or self._prefix(column)}{row + 1}"

    def at(self, row: int, column: int) -> str:
        """The address of a cell's own text, merges aside."""
        if self.moved:
            column = self.moved.get((row, column), column)
        return f"{self._prefix(column)}{row + 1}"

    def fill_down(self, column: int, top: int, rows: Iterable[int]) -> None:
        """Let the text of row `top` hold for these rows too, as if they were merged."""
        tops = self.origin.get(column)
        if tops is None:
            tops = self.origin[column] = list(range(len(self.filled)))
        text = self.filled[top][column]
        for row in rows:
            if self.filled[row] is self.rows[row]:
                self.filled[row] = self.rows[row].copy()
            self.filled[row][column] = text
            tops[row] = top

    def _prefix(self, column: int) -> str:
        prefix = self.prefixes.get(column)
        if prefix is None:
            prefix = self.prefixes[column] = f"{self.grid.sheet}!{column_letter(column)}"
        return prefix


def spread(grid: Grid) -> Spread:
    """Clean the grid's texts in place and write its merges down."""
    texts = set().union(*grid.rows)
    if _is_odd(texts):
        grid.damaged += _clean(grid)
        texts = set().union(*grid.rows)
    for row, column in grid.errors:
        if row < len(grid.rows) and column < grid.width:
            grid.rows[row][column] = ""
    result = Spread(grid, grid.rows.copy(), grid.rows.copy(), texts)
    lines = list(range(len(grid.rows)))
    for merge in grid.merges:
        _write_down(result, merge, lines)
    return result


def _is_odd(texts: set[str]) -> bool:
    """Whether a cell may be in need of `_clean`: asked once for the sheet, since few are."""
    said = "".join(texts)
    return has_look_alike(said) or not said.isprintable() or not _BLANKS.isdisjoint(texts)


def _clean(grid: Grid) -> list[tuple[int, int, str]]:
    """Take out characters that no store and no page can carry; say in which cells they were.

    Look-alikes become the ordinary characters without a word: nobody can tell them apart.
    """
    found: list[tuple[int, int, str]] = []
    for r, row in enumerate(grid.rows):
        line = "".join(row)
        if has_look_alike(line):
            row[:] = map(unified, row)
        if line.isprintable() and _BLANKS.isdisjoint(row):
            continue
        for c, text in enumerate(row):
            plain = text.replace("\r\n", "\n").replace("\r", "\n")
            row[c] = "" if plain.isspace() else _BAD.sub("", plain)
            if row[c] and len(row[c]) < len(plain):
                found.append((r, c, plain))
    return found


def _write_down(result: Spread, merge: tuple[int, int, int, int], lines: list[int]) -> None:
    top, left, bottom, right = merge
    filled = result.filled
    bottom = min(bottom, len(filled) - 1)
    right = min(right, result.grid.width - 1)
    if top > bottom or left > right:
        return
    if left < right:
        _across(result, top, left, bottom, right)
    if top == bottom:
        return
    tops = result.origin.get(left)
    if tops is None:
        tops = result.origin[left] = lines.copy()
    value = filled[top][left]
    if value and bottom > result.depths.get(top, top):
        result.depths[top] = bottom
    for row in range(top + 1, bottom + 1):
        own = result.rows[row]
        if own[left]:
            result.under[row, left] = own[left]
        if filled[row] is own:
            filled[row] = own.copy()
        filled[row][left] = value
        tops[row] = top


def _across(result: Spread, top: int, left: int, bottom: int, right: int) -> None:
    """Remember how far right the merge reaches; empty what stands under it."""
    for row in range(top, bottom + 1):
        result.spans[row, left] = right
        for column in range(left + 1, right + 1):
            if result.rows[row][column]:
                result.under[row, column] = result.rows[row][column]
                result.filled[row] = result.filled[row].copy()
                result.filled[row][column] = ""
