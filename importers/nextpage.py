"""A sheet or a Word table without a header that goes on with the table before it.

It is taken for one only where its cells fit the columns of that table: numbers under the number,
departments under the departments, deadlines under the deadline.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from importers.headers import Header
from importers.layout import Layout
from importers.names import looks_like_department
from importers.spread import Spread

_NUMBER = re.compile(
    r"[（(]?[\d一二三四五六七八九十百①-⑳][\d一二三四五六七八九十百.．\-—]{0,7}[)）、.．]?"
)
_MOST, _FULL = 0.7, 0.5
_LEAST_LENGTH = 3
_SAMPLE = 200
_FEWEST_SIGNS = 2


@dataclass(slots=True)
class Pages:
    """The last table read, for a page that has no header: `header` is None where there is none."""

    header: Header | None = None
    layout: Layout = field(default_factory=Layout)

    def keep(self, header: Header, layout: Layout) -> None:
        """Remember a table that was read as a plan."""
        self.header, self.layout = header, layout

    def header_for(self, spread: Spread, is_deadline: Callable[[str], bool]) -> Header | None:
        """That table's header, as standing above the first row here; None where it does not fit."""
        if self.header is None or self.layout.matrix:
            return None
        first = next((r for r, row in enumerate(spread.rows) if sum(map(bool, row)) > 1), -1)
        if first < 0 or not self._fits(spread, first, is_deadline):
            return None
        width = spread.grid.width
        return Header(
            first - 1,
            first - 1,
            self.header.labels[:width],
            self.header.meanings[:width],
            elsewhere=True,
        )

    def _fits(self, spread: Spread, first: int, is_deadline: Callable[[str], bool]) -> bool:
        """Whether every column that can be told holds what it should, and at least two can."""
        layout, width = self.layout, spread.grid.width
        workers = [c for c, _ in layout.departments]
        if width > len(self.header.labels if self.header else ()) or width <= max(
            [layout.task, *workers[:1]]
        ):
            return False
        rows = [row for row in spread.filled[first : first + _SAMPLE] if sum(map(bool, row)) > 1]
        tasks = [row[layout.task] for row in rows if row[layout.task]]
        if len(tasks) < _FULL * len(rows) or sum(map(len, tasks)) < _LEAST_LENGTH * len(tasks):
            return False
        if any(map(looks_like_department, tasks)) and _share(tasks, looks_like_department) >= _MOST:
            return False
        checks: list[tuple[int, Callable[[str], bool]]] = [
            (layout.number, lambda text: bool(_NUMBER.fullmatch(text.strip()))),
            (layout.deadline, is_deadline),
            *((c, looks_like_department) for c in workers[:1]),
        ]
        told = [(texts, says) for c, says in checks if (texts := _texts(rows, c, width))]
        return len(told) >= _FEWEST_SIGNS and all(_share(t, says) >= _MOST for t, says in told)


def _texts(rows: Sequence[Sequence[str]], column: int, width: int) -> list[str]:
    if not 0 <= column < width:
        return []
    return [row[column] for row in rows if row[column]]


def _share(texts: list[str], says: Callable[[str], bool]) -> float:
    return sum(map(says, texts)) / max(len(texts), 1)
