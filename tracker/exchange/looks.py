"""Looks that recur: openpyxl compares every part of a style that a cell is given with all it knows, so
each look is put together once, and the next cell takes it over by its numbers."""

from collections.abc import Callable, Hashable
from copy import copy
from typing import Any

from openpyxl.cell import Cell
from openpyxl.styles.cell_style import StyleArray


class Looks:
    """The looks of one new workbook; `source` cells are of one other workbook, or of its own."""

    def __init__(self) -> None:
        self._known: dict[Hashable, StyleArray] = {}

    def put(self, cell: Cell, what: Hashable, dress: Callable[[Cell], object]) -> None:
        """Dress a cell as `dress` does, which `what` names: on cells that looked alike it does alike."""
        key = what, *(cell._style or ())
        known = self._known.get(key)
        if known is not None:
            cell._style = copy(known)
            return
        dress(cell)
        self._known[key] = copy(cell._style)

    def like(self, cell: Cell, model: Any, *, number_format: bool = False) -> None:
        """Font, fill, border and alignment of another cell; its font by name, not by the book's theme."""
        is_own = model.parent.parent is cell.parent.parent
        what = is_own, number_format, *(model._style or ())
        self.put(cell, what, lambda one: _dress(one, model, number_format=number_format))


def _dress(cell: Cell, model: Any, *, number_format: bool) -> None:
    font = copy(model.font)
    font.scheme = None
    cell.font, cell.fill = font, copy(model.fill)
    cell.border, cell.alignment = copy(model.border), copy(model.alignment)
    if number_format:
        cell.number_format = model.number_format
