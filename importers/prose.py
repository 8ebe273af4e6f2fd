"""Numbered prose → tasks: 任务 with `牵头单位：…` lines, `（责任单位：…）` clauses, or by department."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from importers.cells import Cells, name_problem
from importers.deadlines import Context
from importers.grid import Grid, area, without_layout
from importers.headers import Header
from importers.leading import first_leads
from importers.names import Doubt
from importers.problems import Problem
from importers.prosegiven import settle
from importers.prosetree import Node, grow
from importers.prosewords import WHO
from importers.scoring import read_points
from importers.sheetnotes import notes_on
from importers.spread import spread
from importers.tables import PlainTable, empty_table, unread_table
from importers.titles import read_heading
from importers.years import plan_year

_HEARD = 2
_NO_TASKS = "正文没有写明责任单位的任务"
Groups = list[tuple[tuple[tuple[str, str], ...], str]]


def read_prose(grid: Grid, context: Context) -> PlainTable:
    """The tasks of a text as one table of kind 'prose'; every other paragraph is skipped."""
    around = spread(grid)
    levels = _without_title(grid)
    lines = [(r, row[0], levels.get(r, 0)) for r, row in enumerate(grid.rows) if row[0]]
    root = _grown(lines, grid.hear)
    first = next((n.row for n in root.children if n.style or n.is_given), len(grid.rows))
    heading = read_heading(around, 0, Header(first, first, [], []))
    year = plan_year(context.year, context.issued_on, heading.year or grid.year)
    table = empty_table(grid, heading, year)
    told = [grid.source(r, c) for r, c, _ in heading.skipped]
    reader = _Reader(grid, Cells(replace(context, year=year)))
    reader.guessed = settle(root)
    reader.first_leads = grid.first_leads or any(first_leads(text) for _, text, _ in lines)
    reader.visit(root, ())
    titled = _title_rows(grid, table)
    reader.leave_out([r for r, _, _ in lines if r not in titled], told)
    table |= {"tasks": reader.tasks, "problems": reader.problems, "skipped": reader.skipped}
    if reader.tasks:
        table |= {"kind": "prose", "columns": {"task": "A"}}
        table["data_rows"] = (reader.tasks[0][1], max(task[-1] for task in reader.tasks))
    else:
        place = f"{grid.sheet}!{area(0, 0, len(grid.rows) - 1, 0)}"
        table |= {"reason": _NO_TASKS, "skipped": [(place, _NO_TASKS)], "problems": []}
    notes_on(around, [Header(0, 0, [], [])], [table])
    return table


def _grown(lines: list[tuple[int, str, int]], hear: bool) -> Node:
    """The tree; where nothing is given to anybody, sentences may give it, if they do so twice."""
    root = grow(lines)
    if hear and not any(node.is_given for node in root.below()):
        heard = grow(lines, hear=True)
        if sum(1 for node in heard.below() if node.is_given) >= _HEARD:
            return heard
    return root


def _without_title(grid: Grid) -> dict[int, int]:
    """The heading levels, but for that of a title: the first text, alone on its level."""
    first = next((r for r, row in enumerate(grid.rows) if row[0]), 0)
    alone = list(grid.levels.values()).count(grid.levels.get(first, 0)) == 1
    return {r: level for r, level in grid.levels.items() if r != first or not alone}


def _title_rows(grid: Grid, table: PlainTable) -> set[int]:
    """The rows that the title and the document number were read from."""
    told = [t for t in (table["title"], table["document"]) if t]
    return {
        r
        for r, row in enumerate(grid.rows)
        if any(without_layout(row[0]).replace("\n", "") == t for t in told)
    }


class _Reader:
    """Visits the tree in order; afterwards `tasks`, `problems` and `skipped` are the result."""

    def __init__(self, grid: Grid, cells: Cells) -> None:
        self._grid, self._cells = grid, cells
        self.tasks: list[list[Any]] = []
        self.problems: list[Problem] = []
        self.skipped: list[tuple[str, str]] = []
        self.guessed: set[Node] = set()
        self.first_leads = False
        self._read: set[int] = set()
        self._asked: set[Problem] = set()
        self._alike: dict[tuple[Node, str], bool] = {}

    def visit(self, node: Node, outline: tuple[str, ...]) -> None:
        """Read a node and what stands below it."""
        below = any(child.is_given for child in node.below())
        if not node.children:
            if node.is_given or self._among_tasks(node):
                self._task(node, outline)
            return
        if node.is_given and below:
            self._task(node, outline)
        deeper = (*outline, node.title) if node.row >= 0 and node.title else outline
        before = len(self.tasks)
        for child in node.children:
            if node.is_given and not below:
                child.said = [*node.said, *child.said]
            self.visit(child, deeper)
        if len(self.tasks) > before and len(node.title) >= len(node.text):
            self._read.add(node.row)

    def _among_tasks(self, node: Node) -> bool:
        """A numbered item that names nobody is a task where most of its neighbours are."""
        if not node.style or node.parent is None or not node.text:
            return False
        key = node.parent, node.style
        if key not in self._alike:
            alike = [n for n in node.parent.children if n.style == node.style]
            given = [n for n in alike if n.is_given or any(c.is_given for c in n.below())]
            enough = 2 * len(given) >= len(alike)
            self._alike[key] = enough and all(not n.children for n in alike)
        return self._alike[key]

    def leave_out(self, rows: list[int], told: list[str]) -> None:
        """List the paragraphs that no task was read from."""
        said = dict.fromkeys(told, "表前说明")
        for r in rows:
            if r not in self._read:
                source = self._grid.source(r, 0)
                self.skipped.append((source, said.get(source, "正文说明，没有写明责任单位")))

    def _task(self, node: Node, outline: tuple[str, ...]) -> None:
        source = self._grid.source(node.row, 0)
        groups = self._groups(node)
        deadline = self._deadline(node)
        fields = {s.label: s.text for _, s in node.said if s.meaning not in _ACTING and s.text}
        if not groups:
            self.problems.append(Problem(source, "no_department", "这项任务没有写责任单位", ""))
        self.tasks.append([
            source, node.row + 1, node.number, outline, node.whole(),
            groups, deadline, self._scoring(node), None, fields, node.last + 1,
        ])  # fmt: skip
        self._read |= {node.row, *(r for r, _ in node.body), *(r for r, _ in node.said)}
        if node in self.guessed:
            self._ask_about_share(node)

    def _ask_about_share(self, node: Node) -> None:
        row = next(r for r, said in node.said if said.meaning in WHO)
        text = self._grid.rows[row][0]
        message = f"“{text[:60]}”写在几项任务之后，按各项都适用读取，请核对"
        source = self._grid.source(row, 0)
        self.problems.append(Problem(source, "shared_departments", message, text, "各项都适用"))

    def _groups(self, node: Node) -> Groups:
        """Who leads and who helps: 责任单位 helps beside a 牵头单位, and leads alone."""
        led = any(said.meaning == "lead" for _, said in node.said)
        groups: Groups = []
        known: set[str] = set()
        for row, said in node.said:
            if said.meaning not in WHO and said.meaning != "who":
                continue
            helps = said.meaning == "support" or (led and said.meaning == "responsible")
            source = self._grid.source(row, 0)
            named = self._cells.names(said.text, "support" if helps else "lead")
            again = [Doubt("repeated_name", name) for name, _ in named.people if name in known]
            for doubt in (*named.doubts, *again):
                self._ask_once(name_problem(doubt, source))
            people = tuple(pair for pair in named.people if pair[0] not in known)
            if self.first_leads and not led and not groups:
                people = (*people[:1], *((name, "support") for name, _ in people[1:]))
            known |= {name for name, _ in people}
            if people:
                groups.append((people, source))
        return groups

    def _deadline(self, node: Node) -> Any:
        """The deadline said; a second one is asked about."""
        found = [(r, said.text) for r, said in node.said if said.meaning == "deadline"]
        if not found:
            return None
        for row, text in found[1:]:
            if text != found[0][1]:
                message = f"同一任务写有不同的完成时限“{text}”，请确定以哪个为准"
                source = self._grid.source(row, 0)
                self._ask_once(Problem(source, "two_deadlines", message, text))
        plain, problem = self._cells.deadline(found[0][1], self._grid.source(found[0][0], 0))
        if problem:
            self._ask_once(problem)
        return plain

    def _scoring(self, node: Node) -> tuple[Any, ...]:
        scores: tuple[Any, ...] = ()
        for _, said in node.said:
            if said.meaning == "mode":
                scores += self._cells.scores(said.text)
            elif said.meaning == "points" and (points := read_points(said.text)) is not None:
                scores += ((None, points),)
        return scores

    def _ask_once(self, problem: Problem) -> None:
        if problem not in self._asked:
            self._asked.add(problem)
            self.problems.append(problem)


_ACTING = WHO | {"who", "deadline", "mode", "points"}


def unread(grid: Grid) -> PlainTable:
    """A text that is only shown: all of it is skipped for the reason the grid gives."""
    return unread_table(grid, grid.unread, "")
