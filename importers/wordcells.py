"""The tables that are open while a document is read, and their bounds."""

from __future__ import annotations

from importers.errors import ReadingRefused
from importers.limits import Limits
from importers.wordblocks import Block, Cell, Row, Table

_DEEPEST = 12
_CELLS = 4_000_000
Said = dict[str, str]


class OpenTables:
    """Takes the elements of tables in their order; the innermost open table is the last."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: list[Table] = []
        self._cells = 0

    def begin(self, _said: Said) -> None:
        """w:tbl"""
        self._open.append(Table())
        self.require_shallow(0)

    def require_shallow(self, containers: int) -> None:
        """Refuse tables in tables in text boxes without end."""
        if max(len(self._open), containers) > _DEEPEST:
            message = f"表格嵌套超过 {_DEEPEST} 层，不予打开"
            raise ReadingRefused("nested_too_deep", message)

    def close(self) -> Table:
        """The table that ends."""
        return self._open.pop()

    def grid_column(self, said: Said) -> None:
        """w:gridCol"""
        if self._open:
            self._open[-1].widths.append(number(said.get("w"), 0))

    def row(self, _said: Said) -> None:
        """w:tr"""
        if self._open:
            self._open[-1].rows.append(Row())
            if len(self._open[-1].rows) > self._limits.rows:
                raise self._outside()

    def delete_row(self) -> None:
        """The row was taken out by a tracked change."""
        if row := self._row():
            row.deleted = True

    def before(self, said: Said) -> None:
        """w:gridBefore"""
        if row := self._row():
            row.before = self._width(said)

    def cell(self) -> list[Block]:
        """w:tc: where its blocks go."""
        self._cells += 1
        if self._cells > _CELLS:
            raise ReadingRefused("too_many_elements", "文档里的表格内容过多，请拆分后再导入")
        cell = Cell()
        if row := self._row():
            row.cells.append(cell)
            if len(row.cells) > 4 * self._limits.columns:
                raise self._outside()
        return cell.blocks

    def span(self, said: Said) -> None:
        """w:gridSpan"""
        if cell := self._cell():
            cell.span = self._width(said)

    def merged_down(self, said: Said) -> None:
        """w:vMerge"""
        if cell := self._cell():
            cell.merge = said.get("val", "continue")

    def merged_across(self, said: Said) -> None:
        """w:hMerge"""
        if cell := self._cell():
            cell.across = said.get("val") != "restart"

    def _row(self) -> Row | None:
        return self._open[-1].rows[-1] if self._open and self._open[-1].rows else None

    def _cell(self) -> Cell | None:
        row = self._row()
        return row.cells[-1] if row and row.cells else None

    def _width(self, said: Said) -> int:
        """A number of grid columns; more than a sheet can have is refused."""
        width = number(said.get("val"), 1)
        if width > 4 * self._limits.columns:
            raise self._outside()
        return max(width, 1)

    def _outside(self) -> ReadingRefused:
        message = f"表格超出 {self._limits.rows} 行 × {self._limits.columns} 列的范围"
        return ReadingRefused("cell_outside", message)


def is_on(said: Said) -> bool:
    """Whether a switch of a property is on: it is unless it says no."""
    return said.get("val", "1") not in ("0", "false", "off")


def number(text: str | None, otherwise: int) -> int:
    """A whole number of an attribute, a huge one cut off; anything else is `otherwise`."""
    return int(text[:9]) if text and text.isascii() and text.isdigit() else otherwise
