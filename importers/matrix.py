"""Matrix tables: tasks down, departments or sites across, a role in each cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from importers.calendar_words import time_of
from importers.grid import folded, says_nothing, without_layout
from importers.headers import Header
from importers.legend import read_legend
from importers.spread import Spread

_LEAD = re.compile(
    r"^(?:A|[RCI]+/?A|A/?[RCI]+|[●★▲■√✓✔◆]|牵头|主办|主责|负责|办结.*|是)$", re.IGNORECASE
)
_SUPPORT = re.compile(
    r"^(?:[RCISX○☆△□◇]|[RCIS](?:/?[RCIS])+|配合|协办|参与|协助|受理.*|代办.*|帮办.*)$",
    re.IGNORECASE,
)
_ONE_LEAD = re.compile(r"^(?:[RACI](?:/?[RACI])*)$", re.IGNORECASE)
_MARK = re.compile(r"^[^\w\s]$|^[A-Za-z](?:[/、]?[A-Za-z]){0,3}$")
_SAMPLE = 200
_FEWEST = 3
_FEWEST_CLEAR = 2


@dataclass(frozen=True, slots=True)
class Roles:
    """What the marks of one matrix mean; `one_lead`: by its rule each row has exactly one A."""

    legend: Mapping[str, str] = field(default_factory=dict)
    one_lead: bool = False

    def read(self, text: str) -> tuple[str | None, bool]:
        """(role or None, understood) of a cell."""
        word = folded(text)
        said = self.legend.get(word)
        if said:
            return said, True
        return read_role(text)


def read_role(text: str) -> tuple[str | None, bool]:
    """(role or None, understood) of a matrix cell on a sheet without a legend."""
    word = folded(text)
    if word == "×" or says_nothing(word):
        return None, True
    if _LEAD.match(word):
        return "lead", True
    return "support", bool(_SUPPORT.match(word))


def find_matrix(spread: Spread, header: Header, last: int) -> tuple[list[tuple[int, str]], Roles]:
    """The columns whose cells hold roles, with the department in their header, and what the marks
    mean; [] if the table is no matrix."""
    end = min(last + 1, header.bottom + 1 + _SAMPLE)
    body = [spread.rows[r] for r in range(header.bottom + 1, end) if r not in header.repeats]
    open_columns = [
        c
        for c, m in enumerate(header.meanings)
        if (m in (None, "name") or c in header.coined) and not time_of(_lowest(spread, header, c))
    ]
    marks = {c: _marks(body, c) for c in open_columns}
    roles = _roles(spread, set().union(*marks.values()))
    clear = [c for c in open_columns if _holds_roles(marks[c], roles)]
    if len(clear) < _FEWEST_CLEAR:
        return [], roles
    columns = [c for c in open_columns if c in clear or _may_hold_roles(marks[c])]
    found = [(c, header.labels[c]) for c in columns]
    if len(found) < _FEWEST or _is_calendar(marks, header, columns):
        return [], roles
    lowest = [_lowest(spread, header, c) for c in range(len(header.labels))]
    return [
        (c, lowest[c] if lowest[c] and lowest.count(lowest[c]) == 1 else label)
        for c, label in found
    ], roles


def _marks(body: list[list[str]], column: int) -> set[str]:
    return {folded(row[column]) for row in body if row[column]}


def _roles(spread: Spread, marks: set[str]) -> Roles:
    """Built-in meanings, changed by what a text of the sheet says of the marks."""
    short = {mark for mark in marks if len(mark) <= _FEWEST}
    if short and spread.legend is None:
        spread.legend = read_legend(t for row in spread.rows for t in row if len(t) > _FEWEST)
    legend = {mark: role for mark, role in (spread.legend or {}).items() if mark in short}
    raci = {mark for mark in short if _ONE_LEAD.match(mark)}
    one_lead = "A" in {mark.upper() for mark in raci} and len(raci) > 1
    return Roles(legend, one_lead)


def _is_calendar(marks: dict[int, set[str]], header: Header, columns: list[int]) -> bool:
    """Whether the columns only tick something off (quarters, months) beside a department column."""
    used = set().union(*(marks[c] for c in columns))
    return len(used) == 1 and bool(header.columns("lead", "responsible"))


def _lowest(spread: Spread, header: Header, column: int) -> str:
    """The department's own name, without the wide cell above it."""
    rows = range(header.bottom, header.top - 1, -1)
    text = next((t for row in rows if (t := spread.filled[row][column].strip())), "")
    return without_layout(text)


def _holds_roles(marks: set[str], roles: Roles) -> bool:
    """Whether most of a column's different cells are known roles."""
    written = [roles.read(mark) for mark in marks]
    understood = sum(1 for _, clear in written if clear)
    return any(role for role, _ in written) and understood * 5 >= len(written) * 4


def _may_hold_roles(marks: set[str]) -> bool:
    """Whether a column beside clear ones holds nothing but marks, some of them unknown; or nothing
    at all: a department may have no part."""
    return all(_MARK.match(mark) or read_role(mark)[1] for mark in marks) and bool(marks)
