"""A Word table → the rows and merges of a Grid: boundaries that cells do not share are drawn in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from importers.errors import ReadingRefused
from importers.grid import Merge
from importers.limits import Limits
from importers.wordblocks import Cell, Paragraph, Row, Table

_SAME = 90
"""Two boundaries nearer than this many twentieths of a point are one line, drawn carelessly."""


@dataclass(slots=True)
class Laid:
    """A table laid out. `notes` are (row, column, what, text) with what 'hidden' or 'deleted'."""

    rows: list[list[str]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    notes: list[tuple[int, int, str, str]] = field(default_factory=list)
    inner: list[Table] = field(default_factory=list)


def lay_out_table(table: Table, limits: Limits) -> Laid:
    """The table as a person sees it. Raises `ReadingRefused` where it is too wide."""
    rows = [row for row in table.rows if not row.deleted and row.cells]
    starts = _starts(rows, _edges(table.widths))
    if len(starts) > limits.columns or len(rows) > limits.rows:
        message = f"表格超出 {limits.rows} 行 × {limits.columns} 列的范围"
        raise ReadingRefused("cell_outside", message)
    laid = Laid()
    merged = _Merges(laid)
    for r, row in enumerate(rows):
        laid.rows.append([""] * len(starts))
        for left, right, cell in _placed(row, starts, _edges(table.widths)):
            _write(laid, r, left, cell)
            merged.take(r, left, right, cell)
    merged.finish()
    _note_deleted(laid, table)
    return laid


def words_of(cell: Cell) -> Iterator[Paragraph]:
    """The paragraphs of a cell; those of tables inside it are read as tables of their own."""
    return (block for block in cell.blocks if isinstance(block, Paragraph))


def _write(laid: Laid, r: int, column: int, cell: Cell) -> None:
    lines: list[str] = []
    for block in cell.blocks:
        if isinstance(block, Table):
            laid.inner.append(block)
            continue
        lines.append(block.text)
        for what, text in (("hidden", block.hidden), ("deleted", block.deleted)):
            if text.strip():
                laid.notes.append((r, column, what, text))
    text = "\n".join(lines).strip().replace("\t", " ")
    old = laid.rows[r][column]
    laid.rows[r][column] = f"{old}\n{text}" if old and text else old or text


def _note_deleted(laid: Laid, table: Table) -> None:
    """A row taken out by a tracked change is told at the row that stands in its place."""
    place = 0
    for row in table.rows:
        if row.deleted:
            text = " ".join(p.text + p.deleted for cell in row.cells for p in words_of(cell))
            if text.strip() and laid.rows:
                laid.notes.append((min(place, len(laid.rows) - 1), 0, "deleted", text.strip()))
        elif row.cells:
            place += 1


def _edges(widths: list[int]) -> list[int]:
    """Where each grid column begins; empty if the table does not say."""
    if not any(widths):
        return []
    edges = [0]
    for width in widths:
        edges.append(edges[-1] + width)
    return edges


def _at(column: int, edges: list[int]) -> int:
    """The place of a grid column: in twentieths of a point if known, else far enough apart."""
    if not edges:
        return column * (_SAME + 1)
    beyond = column - len(edges) + 1
    return edges[column] if beyond <= 0 else edges[-1] + beyond * (_SAME + 1)


def _starts(rows: list[Row], edges: list[int]) -> list[int]:
    """The places where cells begin, left to right: only these are columns."""
    found = {_at(row.before, edges) for row in rows}
    for row in rows:
        column = row.before
        for cell in row.cells[:-1]:
            column += cell.span
            found.add(_at(column, edges))
    starts: list[int] = []
    for place in sorted(found):
        if not starts or place - starts[-1] > _SAME:
            starts.append(place)
    return starts


def _placed(row: Row, starts: list[int], edges: list[int]) -> Iterator[tuple[int, int, Cell]]:
    """Each cell with its first and last column."""
    column = row.before
    for cell in row.cells:
        left = max(bisect_right(starts, _at(column, edges)) - 1, 0)
        column += cell.span
        place = _at(column, edges)
        right = bisect_right(starts, place - _SAME - 1) - 1
        yield left, max(left, right), cell


class _Merges:
    """Gathers merges: across by span, down by vMerge in the same first column."""

    def __init__(self, laid: Laid) -> None:
        self._laid = laid
        self._down: dict[int, list[int]] = {}
        self._across: list[int] | None = None

    def take(self, r: int, left: int, right: int, cell: Cell) -> None:
        if cell.across and self._across is not None:
            self._across[3] = right
            return
        open_ = self._down.get(left)
        if cell.merge == "continue" and open_ is not None and open_[2] == r - 1:
            open_[2] = r
            self._across = open_
            return
        if open_ is not None:
            self._close(self._down.pop(left))
        here = [r, left, r, right]
        self._across = here
        self._down[left] = here

    def finish(self) -> None:
        for merge in self._down.values():
            self._close(merge)
        self._laid.merges.sort()

    def _close(self, merge: list[int]) -> None:
        top, left, bottom, right = merge
        if bottom > top or right > left:
            self._laid.merges.append((top, left, bottom, right))
