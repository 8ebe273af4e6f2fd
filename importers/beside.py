"""Two tables side by side on one sheet, an empty column between them."""

from __future__ import annotations

from dataclasses import replace

from importers.columns import TASK_LIKE
from importers.grid import Grid
from importers.headers import NAMELESS, Header
from importers.spread import Spread


def cuts(spread: Spread, headers: list[Header]) -> list[int]:
    """The empty columns that part the sheet into tables, each with a task column of its own."""
    if not headers:
        return []
    top = headers[0].top
    found: list[int] = []
    left = 0
    for column in _empty(spread, headers, top):
        if _is_table(headers[0], left, column) and _is_table(headers[0], column, spread.grid.width):
            found.append(column)
            left = column
    return found


def part(grid: Grid, columns: list[int]) -> list[Grid]:
    """The grid once for each part, with the cells of the other parts left blank."""
    edges = [0, *columns, grid.width]
    return [_only(grid, a, b) for a, b in zip(edges, edges[1:], strict=False)]


def _empty(spread: Spread, headers: list[Header], top: int) -> list[int]:
    """The columns without a word from the first header down, inside the table."""
    nameless = [c for c, label in enumerate(headers[0].labels) if label.startswith(NAMELESS)]
    return [c for c in nameless if c > 0 and not any(row[c] for row in spread.rows[top:])]


def _is_table(header: Header, left: int, right: int) -> bool:
    meanings = [m for m in header.meanings[left:right] if m]
    return len(set(meanings)) > 1 and any(m in TASK_LIKE for m in meanings)


def _only(grid: Grid, left: int, right: int) -> Grid:
    def own(c: int) -> bool:
        return left <= c < right

    return replace(
        grid,
        rows=[[text if own(c) else "" for c, text in enumerate(row)] for row in grid.rows],
        merges=[merge for merge in grid.merges if own(merge[1])],
        hidden_columns={c for c in grid.hidden_columns if own(c)},
        formulas={(r, c) for r, c in grid.formulas if own(c)},
        errors={(r, c): word for (r, c), word in grid.errors.items() if own(c)},
    )
