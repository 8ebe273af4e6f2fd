"""What one part of a file says for its other parts: that the first department named leads."""

from __future__ import annotations

from importers.grid import Grid
from importers.leading import first_leads

_ABOVE, _BELOW = 30, 12
"""Rows at a sheet's top and end in which such a sentence stands."""
_TABLE = 3
"""Filled cells of a row from which on a sheet holds a table."""


def tell_of_leads(grids: list[Grid]) -> None:
    """Note it on every grid where a text, a sheet of remarks, or a line with 下同 says so."""
    saying = [grid for grid in grids if not grid.hidden and not grid.unread and _says(grid)]
    for grid in grids if saying else ():
        grid.first_leads = True


def _says(grid: Grid) -> bool:
    rows = grid.rows if grid.prose else [*grid.rows[:_ABOVE], *grid.rows[_ABOVE:][-_BELOW:]]
    texts = [text for row in rows for text in row if "牵头" in text or "主办" in text]
    said = [text for text in texts if first_leads(text)]
    return bool(said) and (
        grid.prose or any("下同" in text for text in said) or not _is_table(rows)
    )


def _is_table(rows: list[list[str]]) -> bool:
    return sum(1 for row in rows if sum(map(bool, row)) >= _TABLE) > 1
