"""A matrix turned round: departments down, tasks across, a role in each cell."""

from __future__ import annotations

from typing import Any

from importers.cells import Cells, name_problem
from importers.grid import without_layout
from importers.headers import Header
from importers.layout import Layout
from importers.problems import Problem
from importers.rowwords import TOTAL
from importers.spread import Spread
from importers.titles import NOTE


class Turned:
    """Reads such a table; afterwards `tasks` (as in `rows.Rows`), `problems` and `skipped`."""

    def __init__(self, spread: Spread, header: Header, layout: Layout, cells: Cells) -> None:
        self.tasks: list[Any] = []
        self.problems: list[Problem] = []
        self.skipped: list[tuple[str, str]] = []
        self._spread, self._header, self._layout, self._cells = spread, header, layout, cells

    def read(self, first: int, last: int, leave_out: set[int]) -> None:
        """Read rows `first` to `last`; `leave_out` are repeated headers."""
        named = [(r, self._named(r)) for r in range(first, last + 1) if r not in leave_out]
        rows = [(r, names) for r, names in named if names]
        self._skip_others({r for r, _ in rows}, first, last)
        for column, label in self._layout.matrix:
            groups = [group for r, names in rows for group in self._part(r, column, names)]
            said = {
                name: text
                for r, names in rows
                for name in names
                if (text := self._spread.filled[r][column])
            }
            source = self._spread.grid.source(self._header.bottom, column)
            self.tasks.append(
                [source, self._header.bottom + 1, "", (), without_layout(label), groups, None, (),
                 None, said, last + 1]
            )  # fmt: skip

    @staticmethod
    def fits(layout: Layout) -> bool:
        """Whether a layout without a task column is such a table."""
        return layout.task < 0 and bool(layout.matrix) and len(layout.departments) == 1

    def _named(self, r: int) -> tuple[str, ...]:
        """The departments of a row; () for a note, a total or an empty row."""
        column = self._layout.departments[0][0]
        text = self._spread.filled[r][column]
        if not text or NOTE.match(text) or TOTAL.match(text.strip()):
            return ()
        named = self._cells.names(text, "lead")
        source = self._spread.source(r, column)
        self.problems += [name_problem(doubt, source) for doubt in named.doubts]
        return tuple(name for name, _ in named.people)

    def _part(self, r: int, column: int, names: tuple[str, ...]) -> list[tuple[Any, str]]:
        text = self._spread.filled[r][column]
        role, clear = self._layout.roles.read(text)
        source = self._spread.source(r, column)
        if not clear:
            message = f"“{text}”不是已知的角色标记，按配合读取，请核对"
            self.problems.append(Problem(source, "unclear_role", message, text, "配合"))
        return [(tuple((name, role) for name in names), source)] if role else []

    def _skip_others(self, read: set[int], first: int, last: int) -> None:
        """List what is neither a department nor a role."""
        columns = {c for c, _ in self._layout.matrix} | {self._layout.departments[0][0]}
        for r in range(first, last + 1):
            self.skipped += [
                (self._spread.at(r, c), "表下注释" if r not in read else "不是分工标记")
                for c, text in enumerate(self._spread.rows[r])
                if text and (r not in read or c not in columns)
            ]
