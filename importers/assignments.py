"""Who a row is assigned to: the names in its department cells, the marks in its matrix cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from importers.cells import Cells, name_problem
from importers.layout import Layout
from importers.matrix import read_role
from importers.names import Doubt
from importers.problems import Problem
from importers.spread import Spread

Groups = list[tuple[Any, str]]
"""[(((name, role), …), source), …]"""


class RowAssignments:
    """Reads the departments of one row after the other; doubts go to `ask`."""

    def __init__(
        self, spread: Spread, layout: Layout, cells: Cells, ask: Callable[[Problem], None]
    ) -> None:
        self._spread, self._layout, self._cells, self._ask = spread, layout, cells, ask

    def written(self, r: int, values: list[str]) -> Groups:
        """One entry a department column."""
        groups: Groups = []
        for c, role in self._layout.departments:
            if not values[c]:
                continue
            named = self._cells.names(values[c], role)
            source = self._spread.source(r, c)
            for doubt in named.doubts:
                self._ask(name_problem(doubt, source))
            people = self._without_repeats(groups, named.people, source) if groups else named.people
            if people:
                groups.append((people, source))
        return groups

    def marked(self, r: int, values: list[str], fields: dict[str, str]) -> Groups:
        """One entry a matrix cell that gives a role; what the cells say joins `fields`."""
        groups: Groups = []
        for c, name in self._layout.matrix:
            role, clear = read_role(values[c])
            source = self._spread.source(r, c)
            if values[c]:
                said = fields.get(name)
                fields[name] = f"{said}\n{values[c]}" if said else values[c]
            if role:
                groups.append((((name, role),), source))
            if not clear:
                message = f"“{values[c]}”不是已知的角色标记，按配合读取，请核对"
                self._ask(Problem(source, "unclear_role", message, values[c], "配合"))
        return groups

    def apart(self, groups: Groups, more: Groups) -> Groups:
        """The further groups without the departments that the first ones hold."""
        if not groups:
            return more
        left = [(self._without_repeats(groups, people, source), source) for people, source in more]
        return [(people, source) for people, source in left if people]

    def _without_repeats(self, groups: Groups, people: Any, source: str) -> Any:
        """A department already named in an earlier column acts once, in that role."""
        known = {name for pairs, _ in groups for name, _ in pairs}
        for name, _ in people:
            if name in known:
                self._ask(name_problem(Doubt("repeated_name", name), source))
        return tuple(pair for pair in people if pair[0] not in known)
