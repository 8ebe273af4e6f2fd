"""The tasks of a table in columns, where what repeats stands once.

A plan says the same headings, deadlines and departments over and over: an object for each of 100,000
tasks would be five times the size and most of the work. `Tasks` looks like a list of `Task`, each
made when somebody asks for it; who reads very many takes the columns.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import repeat
from typing import Any, overload

from importers.scoring import Score
from importers.task import Assignment, Deadline, Task

People = tuple[tuple[str, str], ...]
"""((name, role), …)"""
PlainTask = Sequence[Any]
"""The fields of `Task` in their order; for its assignments [(people, cell), …], for its deadline and
scores plain tuples."""
NO_FIELDS: dict[str, str] = {}


@dataclass(slots=True)
class Columns:
    """What the tasks say, one entry a task; `outline`, `deadline`, `scoring` and `who` are places in
    the lists of what occurs. `last_row`, `status` and `fields` hold only tasks that have one of their
    own, by place. `cells` are the cells of a task's departments: one text if it is the same for all.
    """

    source: list[str] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    number: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    outline: list[int] = field(default_factory=list)
    deadline: list[int] = field(default_factory=list)
    scoring: list[int] = field(default_factory=list)
    who: list[int] = field(default_factory=list)
    cells: list[str | list[str]] = field(default_factory=list)
    last_row: dict[int, int] = field(default_factory=dict)
    status: dict[int, str] = field(default_factory=dict)
    fields: dict[int, dict[str, str]] = field(default_factory=dict)
    outlines: list[tuple[str, ...]] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    scorings: list[tuple[Score, ...]] = field(default_factory=list)
    whos: list[People] = field(default_factory=list)


class Tasks(Sequence[Task]):
    """The tasks of one table, in their order; not to be written to."""

    __slots__ = ("columns",)

    def __init__(self, columns: Columns) -> None:
        self.columns = columns

    @classmethod
    def of(cls, tasks: Iterable[Task]) -> Tasks:
        """The same tasks in columns."""
        if isinstance(tasks, cls):
            return tasks
        return cls(read_columns(in_columns([_plain(task) for task in tasks])))

    def __len__(self) -> int:
        return len(self.columns.row)

    @overload
    def __getitem__(self, index: int) -> Task: ...
    @overload
    def __getitem__(self, index: slice) -> list[Task]: ...
    def __getitem__(self, index: int | slice) -> Task | list[Task]:
        if isinstance(index, slice):
            return [self._task(i) for i in range(*index.indices(len(self)))]
        return self._task(range(len(self))[index])

    def __iter__(self) -> Iterator[Task]:
        return map(self._task, range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(map(Task.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Tasks({list(self)!r})"

    def assignments(self, index: int) -> tuple[Assignment, ...]:
        """The departments of one task with their cells."""
        people, cells = self.columns.whos[self.columns.who[index]], self.columns.cells[index]
        sources: Iterable[str] = repeat(cells) if isinstance(cells, str) else cells
        return tuple([Assignment(n, role, source) for (n, role), source in zip(people, sources)])  # noqa: B905  one cell repeats

    def names(self) -> dict[str, None]:
        """Every department as written, in the order they first come."""
        return {name: None for people in self.columns.whos for name, _role in people}

    def cells_of(self, names: Iterable[str]) -> dict[str, list[str]]:
        """The cells that name each of these departments, one entry a task, in the tasks' order."""
        found: dict[str, list[str]] = {name: [] for name in names}
        said = self.columns
        wanted = [any(name in found for name, _role in people) for people in said.whos]
        for index, who in enumerate(said.who):
            if wanted[who]:
                for name, _role, source in self.assignments(index):
                    if name in found:
                        found[name].append(source)
        return found

    def _task(self, index: int) -> Task:
        said = self.columns
        row = said.row[index]
        return Task(
            said.source[index], row, said.number[index], said.outlines[said.outline[index]],
            said.text[index], self.assignments(index), said.deadlines[said.deadline[index]],
            said.scorings[said.scoring[index]], said.status.get(index),
            said.fields.get(index, NO_FIELDS), said.last_row.get(index, row),
        )  # fmt: skip


def _plain(task: Task) -> PlainTask:
    due = task.deadline
    return (
        task.source, task.row, task.number, task.outline, task.text,
        [(((one.name, one.role),), one.source) for one in task.assignments],
        (due.text, due.kind, _words(due.due_on), _words(due.proposed), due.source, due.approximate),
        tuple(tuple(score) for score in task.scoring), task.status, task.fields, task.last_row,
    )  # fmt: skip


def _words(day: date | None) -> str | None:
    return day.isoformat() if day else None


class _Pool:
    """Values numbered in the order they first come. Most are the very objects of the row above."""

    def __init__(self) -> None:
        self.known: dict[Hashable, int] = {}
        self._last: Hashable = self
        self._number = 0

    def number(self, value: Hashable) -> int:
        if value is not self._last:
            self._last, known = value, self.known
            self._number = known.setdefault(value, len(known))
        return self._number


def in_columns(tasks: Sequence[PlainTask]) -> dict[str, Any]:
    """Plain tasks as what can cross from the child and be kept as JSON: the fields of `Columns`."""
    outlines, deadlines, scorings, whos = _Pool(), _Pool(), _Pool(), _Pool()
    pairs = [_who(groups) for groups in (task[5] for task in tasks)]
    return {
        "source": [task[0] for task in tasks],
        "row": [task[1] for task in tasks],
        "number": [task[2] for task in tasks],
        "text": [task[4] for task in tasks],
        "outline": [outlines.number(task[3]) for task in tasks],
        "deadline": [deadlines.number(task[6] or _NO_DEADLINE) for task in tasks],
        "scoring": [scorings.number(task[7]) for task in tasks],
        "who": [whos.number(people) for people, _cells in pairs],
        "cells": [cells for _people, cells in pairs],
        "last_row": {i: task[10] for i, task in enumerate(tasks) if task[10] != task[1]},
        "status": {i: task[8] for i, task in enumerate(tasks) if task[8] is not None},
        "fields": {i: task[9] for i, task in enumerate(tasks) if task[9]},
        "outlines": list(outlines.known),
        "deadlines": list(deadlines.known),
        "scorings": list(scorings.known),
        "whos": list(whos.known),
    }


_NO_DEADLINE = ("", "none", None, None, "", False)


def _who(groups: Sequence[tuple[People, str]]) -> tuple[People, str | list[str]]:
    """The departments of several cells as one, with the cell, or with one for each."""
    if len(groups) == 1:
        return groups[0]
    people = tuple([pair for pairs, _cell in groups for pair in pairs])
    cells = [cell for pairs, cell in groups for _pair in pairs]
    return people, cells[0] if len(set(cells)) == 1 else cells


def read_columns(plain: dict[str, Any]) -> Columns:
    """What `in_columns` gave, by way of marshal or JSON."""
    own = dict(plain)
    for name in ("last_row", "status", "fields"):
        own[name] = {int(index): value for index, value in plain[name].items()}
    own["outlines"] = [tuple(outline) for outline in plain["outlines"]]
    own["deadlines"] = [_deadline(*one) for one in plain["deadlines"]]
    own["scorings"] = [tuple([Score(*score) for score in one]) for one in plain["scorings"]]
    own["whos"] = [tuple([(name, role) for name, role in people]) for people in plain["whos"]]
    return Columns(**own)


def write_columns(said: Columns) -> dict[str, Any]:
    """The same for JSON."""
    plain = {name: getattr(said, name) for name in Columns.__slots__}
    plain["deadlines"] = [
        (*due[:2], _words(due.due_on), _words(due.proposed), *due[4:]) for due in said.deadlines
    ]
    return plain


def _deadline(
    text: str, kind: str, due: str | None, proposed: str | None, source: str, approximate: bool
) -> Deadline:
    return Deadline(text, kind, _date(due), _date(proposed), source, approximate)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
