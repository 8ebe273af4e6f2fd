"""The lines that stand above a table in a text: its title, 附件1, the document number, the unit."""

from __future__ import annotations

import re

from importers.grid import Grid

_ANNEX = re.compile(r"^附\s*[件表录]")
_STOP = re.compile(r"[。；;，,]$|^[一二三四五六七八九十]+、|(?:单位|部门|时限)[:：]")
_MOST, _LONGEST = 8, 60


def title_lines(texts: list[str]) -> int:
    """How many of the last lines belong to the table below: short ones, back to 附件 at most."""
    count = 0
    for text in reversed(texts[-_MOST:]):
        text = text.strip()
        if len(text) > _LONGEST or _STOP.search(text):
            break
        count += 1
        if _ANNEX.match(text):
            break
    return count


def put_above(grid: Grid, lines: list[str]) -> Grid:
    """The grid moved down below these lines, each one wide cell."""
    down, width = len(lines), grid.width
    if not down or not width:
        return grid
    grid.rows = [[line, *[""] * (width - 1)] for line in lines] + grid.rows
    moved = [(t + down, left, b + down, right) for t, left, b, right in grid.merges]
    wide = [(r, 0, r, width - 1) for r in range(down)] if width > 1 else []
    grid.merges = wide + moved
    grid.hidden_rows = {r + down for r in grid.hidden_rows}
    grid.formulas = {(r + down, c) for r, c in grid.formulas}
    grid.errors = {(r + down, c): word for (r, c), word in grid.errors.items()}
    grid.remarks = [remark._replace(row=remark.row + down) for remark in grid.remarks]
    return grid
