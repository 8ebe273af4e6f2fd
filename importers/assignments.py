"""Who a row is assigned to: the names in its department cells, the marks in its matrix cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from importers import persons
from importers.cells import Cells, name_problem
from importers.layout import Layout
from importers.leading import department_heading, lead_of_group
from importers.names import Doubt
from importers.problems import Problem
from importers.spread import Spread

ROLES = ("配合", "牵头")
NO_ROLE = "没有任务"
Groups = list[tuple[Any, str]]
"""[(((name, role), …), source), …]"""


class RowAssignments:
    """Reads the departments of one row after the other; doubts go to `ask`."""

    def __init__(
        self, spread: Spread, layout: Layout, cells: Cells, ask: Callable[[Problem], None]
    ) -> None:
        self._spread, self._layout, self._cells, self._ask = spread, layout, cells, ask
        self._led: dict[tuple[str, ...], Any] = {}
        self._tallied: Groups | None = None
        self._counted = 0
        self._names: set[str] = set()

    def all_of(self, r: int, values: list[str], outline: tuple[str, ...]) -> Groups:
        """The departments of a task: those of its row, led by those its groups name."""
        groups = self.written(r, values)
        led = self._led_by(r, outline) if outline else []
        if not led or self._layout.has_leads:
            return groups or self._given()
        helping = [(tuple((n, "support") for n, _ in people), cell) for people, cell in groups]
        return led + self.apart(led, helping)

    def _given(self) -> Groups:
        """Who the whole table is given to."""
        text, source = self._layout.given
        if not text:
            return []
        named = self._cells.names(text, "lead")
        for doubt in named.doubts:
            self._ask(name_problem(doubt, source))
        return [(named.people, source)] if named.people else []

    def _led_by(self, r: int, outline: tuple[str, ...]) -> Groups:
        """The leads that the task's groups name, with the cell of the lowest group column."""
        found = self._led.get(outline)
        if found is None:
            names = [self._cells.names(lead, "lead") for t in outline if (lead := self._of(t))]
            found = self._led[outline] = tuple(pair for named in names for pair in named.people)
        if not found:
            return []
        column = self._layout.categories[-1] if self._layout.categories else self._layout.task
        return [(found, self._spread.source(r, column))]

    def _of(self, heading: str) -> str:
        """Whom a heading names as lead; in a table without departments it may be one itself."""
        lead = lead_of_group(heading)
        if lead or self._layout.departments or self._layout.matrix:
            return lead
        return department_heading(heading)

    def written(self, r: int, values: list[str]) -> Groups:
        """One entry a department column."""
        groups: Groups = []
        for c, role in self._layout.departments:
            if not values[c]:
                continue
            text = values[c]
            if c in self._layout.with_persons:
                text = persons.without(text)
            named = self._cells.names(text, role)
            source = self._spread.source(r, c)
            people = self._first_leads(named.people) if self._layout.first_leads else named.people
            for doubt in named.doubts:
                people = self._doubted(people, doubt, source)
            people = self._without_repeats(groups, people, source) if groups else people
            if people:
                groups.append((people, source))
        return groups

    def _doubted(self, people: Any, doubt: Doubt, source: str) -> Any:
        """Ask about a doubt; where a person has said which role it is, the names have that role."""
        problem = name_problem(doubt, source)
        if doubt.code != "role_assumed":
            self._ask(problem)
            return people
        what, asking = f"role.{doubt.value}", self._layout.asking
        self._ask(asking.ask(problem, what, ROLES))
        if asking.said(what, ROLES) != ROLES[1]:
            return people
        return tuple((n, "lead" if n in doubt.value else role) for n, role in people)

    @staticmethod
    def _first_leads(people: Any) -> Any:
        """The first of several that all lead leads; the others help."""
        if len(people) < 2 or any(role != "lead" for _, role in people):
            return people
        return (people[0], *((name, "support") for name, _ in people[1:]))

    def marked(self, r: int, values: list[str], fields: dict[str, str]) -> Groups:
        """One entry a matrix cell that gives a role; what the cells say joins `fields`."""
        groups: Groups = []
        for c, name in self._layout.matrix:
            role, clear = self._layout.roles.read(values[c])
            source = self._spread.source(r, c)
            if values[c]:
                said = fields.get(name)
                fields[name] = f"{said}\n{values[c]}" if said else values[c]
            if not clear:
                role = self._said_of_mark(values[c], source)
            if role:
                groups.append((((name, role),), source))
        if self._layout.roles.one_lead:
            self._ask_who_leads(r, groups)
        return groups

    def _said_of_mark(self, mark: str, source: str) -> str | None:
        """The role of a mark that is no known one: helping, unless a person has said otherwise."""
        message = f"“{mark}”不是已知的角色标记，按配合读取，请核对"
        problem = Problem(source, "unclear_role", message, mark, ROLES[0])
        what, options, asking = f"mark.{mark}", (*ROLES, NO_ROLE), self._layout.asking
        self._ask(asking.ask(problem, what, options))
        said = asking.said(what, options)
        return None if said == NO_ROLE else "lead" if said == ROLES[1] else "support"

    def _ask_who_leads(self, r: int, groups: Groups) -> None:
        """By the rule of such a matrix exactly one department answers for a row."""
        leads = [name for people, _ in groups for name, role in people if role == "lead"]
        if len(leads) == 1:
            return
        said = f"有 {len(leads)} 个牵头（{'、'.join(leads)}）" if leads else "没有牵头（A）"
        source = self._spread.source(r, self._layout.task)
        message = f"第 {r + 1} 行{said}，按规则应有且只有一个，请确定"
        proposed = "都牵头" if leads else None
        self._ask(Problem(source, "not_one_lead", message, "、".join(leads), proposed))

    def apart(self, groups: Groups, more: Groups) -> Groups:
        """The further groups without the departments that the first ones hold."""
        if not groups:
            return more
        left = [(self._without_repeats(groups, people, source), source) for people, source in more]
        return [(people, source) for people, source in left if people]

    def _known_in(self, groups: Groups) -> set[str]:
        """The departments of a task, counted on while rows are added to it."""
        if self._tallied is not groups or len(groups) < self._counted:
            self._tallied, self._counted, self._names = groups, 0, set()
        self._names.update(name for pairs, _ in groups[self._counted :] for name, _ in pairs)
        self._counted = len(groups)
        return self._names

    def _without_repeats(self, groups: Groups, people: Any, source: str) -> Any:
        """A department already named in an earlier column acts once, in that role."""
        known = self._known_in(groups)
        for name, _ in people:
            if name in known:
                self._ask(name_problem(Doubt("repeated_name", name), source))
        return tuple(pair for pair in people if pair[0] not in known)
