"""Matrix tables: tasks down, departments or sites across, a role in each cell."""

from __future__ import annotations

import re

from importers.grid import folded, says_nothing
from importers.headers import Header
from importers.spread import Spread

_LEAD = re.compile(r"^(?:A|R/A|A/R|[●★▲■√✓✔◆]|牵头|主办|主责|负责|办结.*|是)$", re.IGNORECASE)
_SUPPORT = re.compile(
    r"^(?:[RCISX○☆△□◇]|[RCIS](?:/[RCIS])+|配合|协办|参与|协助|受理.*|代办.*|帮办.*)$", re.IGNORECASE
)
_SAMPLE = 200
_FEWEST = 3


def read_role(text: str) -> tuple[str | None, bool]:
    """(role or None, understood) of a matrix cell."""
    word = folded(text)
    if word == "×" or says_nothing(word):
        return None, True
    if _LEAD.match(word):
        return "lead", True
    return "support", bool(_SUPPORT.match(word))


def matrix_columns(spread: Spread, header: Header, last: int) -> list[tuple[int, str]]:
    """The columns whose cells hold roles, with the department in their header; [] if no matrix."""
    found = [
        (column, header.labels[column])
        for column, meaning in enumerate(header.meanings)
        if meaning in (None, "name") and _holds_roles(spread, header.bottom + 1, last, column)
    ]
    if len(found) < _FEWEST or _is_calendar(spread, header, last, found):
        return []
    lowest = [_lowest(spread, header, c) for c in range(len(header.labels))]
    return [
        (c, lowest[c] if lowest[c] and lowest.count(lowest[c]) == 1 else label)
        for c, label in found
    ]


def _is_calendar(spread: Spread, header: Header, last: int, found: list[tuple[int, str]]) -> bool:
    """Whether the columns only tick something off (quarters, months) beside a department column."""
    rows = spread.rows[header.bottom + 1 : last + 1]
    marks = {row[c] for row in rows for c, _ in found if row[c]}
    return len(marks) == 1 and bool(header.columns("lead", "responsible"))


def _lowest(spread: Spread, header: Header, column: int) -> str:
    """The department's own name, without the wide cell above it."""
    rows = range(header.bottom, header.top - 1, -1)
    return next((t for row in rows if (t := spread.filled[row][column].strip())), "")


def _holds_roles(spread: Spread, first: int, last: int, column: int) -> bool:
    cells = [row[column] for row in spread.rows[first : min(last + 1, first + _SAMPLE)]]
    written = [read_role(cell) for cell in cells if cell]
    roles = [role for role, _ in written if role]
    understood = sum(1 for _, clear in written if clear)
    return bool(roles) and understood * 5 >= len(written) * 4
