"""Decides which column does which job in one table; two that fit equally are a question."""

from __future__ import annotations

from dataclasses import dataclass, field

from importers.columns import PLAN_MARKS
from importers.grid import column_letter
from importers.headers import Header
from importers.problems import Problem
from importers.spread import Spread

_SINGLE = {"deadline": "完成时限", "points": "分值", "status": "完成情况"}
_FIELDS = ("person", "score", "standard", "site", "progress", "evidence", "origin", "note")


@dataclass(slots=True)
class Layout:
    """Columns by job, counted from 0; -1 where a table has none. `fields` are all the others."""

    number: int = -1
    task: int = -1
    deadline: int = -1
    points: int = -1
    status: int = -1
    categories: list[int] = field(default_factory=list)
    departments: list[tuple[int, str]] = field(default_factory=list)
    modes: list[int] = field(default_factory=list)
    fields: list[tuple[int, str]] = field(default_factory=list)
    matrix: list[tuple[int, str]] = field(default_factory=list)
    names: int = -1

    def letters(self, header: Header) -> dict[str, str]:
        """Meaning → column letter; a second column of a meaning is 'category_2' and so on."""
        jobs = [("number", self.number), ("task", self.task), ("deadline", self.deadline)]
        jobs += [("points", self.points), ("status", self.status), ("name", self.names)]
        jobs += [("category", c) for c in self.categories]
        jobs += [(role, c) for c, role in self.departments] + [("mode", c) for c in self.modes]
        jobs += [(m, c) for c, _ in self.fields if (m := header.meanings[c]) in _FIELDS and m]
        found: dict[str, str] = {}
        for job, column in jobs:
            if column >= 0:
                _add(found, job, column_letter(column))
        return found


def _add(found: dict[str, str], job: str, letter: str) -> None:
    number, key = 1, job
    while key in found:
        number += 1
        key = f"{job}_{number}"
    found[key] = letter


def lay_out(
    spread: Spread, header: Header, last: int, matrix: list[tuple[int, str]]
) -> tuple[Layout, list[Problem]]:
    """The layout of a table whose body ends at row `last`, and the questions it raises."""
    layout, problems = Layout(matrix=matrix), _Questions(spread, header, last)
    taken = {column for column, _ in matrix}
    layout.number = next(iter(header.columns("number")), -1)
    _choose_task(layout, spread, header, last, problems)
    _choose_departments(layout, header, problems)
    for job, word in _SINGLE.items():
        columns = [c for c in header.columns(job) if c not in taken]
        setattr(layout, job, problems.only(columns, word))
    layout.modes = header.columns("mode")
    if layout.task < 0:
        layout.names = next(iter(header.columns("name")), -1)
    _rest_are_fields(layout, header, taken)
    return layout, problems.found


def is_plan(layout: Layout, header: Header) -> bool:
    """A task column, and beside it a department, a deadline or a scoring mode."""
    return layout.task >= 0 and any(m in PLAN_MARKS for m in header.meanings if m)


class _Questions:
    """Collects `ambiguous_header` problems, naming the positions that fit equally."""

    def __init__(self, spread: Spread, header: Header, last: int) -> None:
        self.spread, self.header, self.last = spread, header, last
        self.found: list[Problem] = []

    def only(self, columns: list[int], word: str) -> int:
        """The one column, or -1 for none; two with texts are a question and none is taken."""
        if len(columns) > 1:
            first = self.header.bottom + 1
            filled = [c for c in columns if _own(self.spread, first, self.last, c)]
            columns = filled or columns[:1]
        if len(columns) < 2:
            return columns[0] if columns else -1
        row, labels = self.header.bottom, self.header.labels
        places = "、".join(f"{column_letter(c)}列“{labels[c]}”" for c in columns)
        source = self.spread.grid.source(row, columns[0])
        message = f"{places}都像是“{word}”列，请只留一列叫这个名称，改好后再导入"
        self.found.append(Problem(source, "ambiguous_header", message, places, None))
        return -1


def _choose_task(
    layout: Layout, spread: Spread, header: Header, last: int, problems: _Questions
) -> None:
    """The finest task-like column holds the tasks; the coarser ones group them."""
    columns = header.columns("task") or header.columns("measure")
    finer = header.columns("measure") if header.columns("task") else []
    counts = {c: _own(spread, header.bottom + 1, last, c) for c in [*columns, *finer]}
    best = max((counts[c] for c in columns), default=0)
    chosen = problems.only([c for c in columns if counts[c] == best], "工作任务")
    better = [c for c in finer if chosen >= 0 and counts[c] > max(counts[chosen], 1)]
    if better and _is_merged_down(spread, chosen):
        chosen = problems.only(
            [c for c in better if counts[c] == max(map(counts.__getitem__, better))], "工作任务"
        )
    layout.task = chosen
    coarser = [c for c in columns if c != chosen and counts[c] < counts.get(chosen, 0)]
    groups = sorted({*header.columns("category"), *coarser})
    layout.categories = [c for c in groups if chosen < 0 or c < chosen]


def _is_merged_down(spread: Spread, column: int) -> bool:
    """Whether the column is merged down anywhere."""
    return column in spread.origin


def _own(spread: Spread, first: int, last: int, column: int) -> int:
    """How many rows of the body have a text of their own in this column."""
    return sum(1 for row in spread.rows[first : last + 1] if row[column])


def _choose_departments(layout: Layout, header: Header, problems: _Questions) -> None:
    """责任单位 leads where it stands alone and helps beside a 牵头 column."""
    taken = {column for column, _ in layout.matrix}
    lead, responsible, support, name = (
        [c for c in header.columns(m) if c not in taken]
        for m in ("lead", "responsible", "support", "name")
    )
    leads = lead or responsible or (name if layout.task >= 0 else [])
    helpers = sorted(support + responsible) if lead else support
    chosen = problems.only(leads, "牵头单位" if lead else "责任单位")
    layout.departments = [(chosen, "lead")] if chosen >= 0 else []
    layout.departments += [(c, "support") for c in helpers]


def _rest_are_fields(layout: Layout, header: Header, taken: set[int]) -> None:
    used = {layout.number, layout.task, layout.deadline, layout.points, layout.status, layout.names}
    used |= {*layout.categories, *layout.modes, *taken, *(c for c, _ in layout.departments)}
    for column, label in enumerate(header.labels):
        if column not in used:
            layout.fields.append((column, label))
