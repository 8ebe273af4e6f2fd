"""What a file says: the result every other room uses, and the JSON of `tracker read --json`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from importers.grid import Grid, Merge, column_letter
from importers.problems import Problem, problem_from
from importers.scoring import Score


class Assignment(NamedTuple):
    """A department as written, its role ('lead' or 'support') and its cell."""

    name: str
    role: str
    source: str


class Deadline(NamedTuple):
    """What the deadline cell says. `due_on` is certain enough to act on; `proposed` is not."""

    text: str = ""
    kind: str = "none"
    due_on: date | None = None
    proposed: date | None = None
    source: str = ""
    approximate: bool = False

    def to_json(self) -> dict[str, Any]:
        """With ISO dates."""
        return {
            **self._asdict(),
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "proposed": self.proposed.isoformat() if self.proposed else None,
        }


NO_DEADLINE = Deadline()


class Skipped(NamedTuple):
    """A cell or an area that was not read, and why."""

    source: str
    why: str


@dataclass(slots=True)
class Task:
    """One task. `row` to `last_row` count from 1 as on the sheet; `outline` goes from the top down.

    Deadlines, scores, outlines and empty `fields` are shared between tasks: do not write to them.
    """

    source: str
    row: int
    number: str
    outline: tuple[str, ...]
    text: str
    assignments: tuple[Assignment, ...]
    deadline: Deadline
    scoring: tuple[Score, ...]
    status: str | None
    fields: dict[str, str]
    last_row: int

    def to_json(self) -> dict[str, Any]:
        """As `tracker read --json` prints it."""
        return {
            "source": self.source,
            "number": self.number,
            "outline": list(self.outline),
            "text": self.text,
            "assignments": [a._asdict() for a in self.assignments],
            "deadline": self.deadline.to_json(),
            "scoring": [s._asdict() for s in self.scoring],
            "status": self.status,
            "fields": self.fields,
        }


@dataclass(slots=True)
class Table:
    """One table of a sheet. Row numbers count from 1; (0, 0) where there are none."""

    sheet: str
    kind: str
    reason: str
    title: str
    year: int | None
    document: str
    header: list[str]
    columns: dict[str, str]
    tasks: list[Task]
    problems: list[Problem]
    skipped: list[Skipped]
    names: list[tuple[str, str]]
    header_rows: tuple[int, int]
    data_rows: tuple[int, int]
    last_column: int
    grid: Grid
    _tops: dict[int, list[Merge]] | None = field(default=None, repr=False)

    def cells(self, task: Task) -> dict[str, str]:
        """Meaning → address ('D5') of each cell the task was read from, merged cells resolved."""
        return {
            meaning: f"{letters}{self._top(task.row - 1, letters) + 1}"
            for meaning, letters in self.columns.items()
        }

    def _top(self, row: int, letters: str) -> int:
        """The row a merged value stands in; merges are indexed by column on first use."""
        if self._tops is None:
            self._tops = {}
            for merge in self.grid.merges:
                self._tops.setdefault(merge[1], []).append(merge)
        column = _column(letters)
        covering = (m[0] for m in self._tops.get(column, ()) if m[0] <= row <= m[2])
        return next(covering, row)

    def to_json(self) -> dict[str, Any]:
        """As `tracker read --json` prints it; a directory also prints its names."""
        result = {
            "sheet": self.sheet,
            "kind": self.kind,
            "reason": self.reason,
            "title": self.title,
            "year": self.year,
            "document": self.document,
            "header": self.header,
            "columns": self.columns,
            "tasks": [task.to_json() for task in self.tasks],
            "problems": [problem.to_json() for problem in self.problems],
            "skipped": [skipped._asdict() for skipped in self.skipped],
        }
        if self.kind == "directory":
            result["names"] = [{"name": n, "source": s} for n, s in self.names]
        return result


@dataclass(slots=True)
class Reading:
    """Every table of a file, in the order of its sheets."""

    file: str
    tables: list[Table]

    @property
    def tasks(self) -> list[Task]:
        """The tasks of all tables."""
        return [task for table in self.tables for task in table.tasks]

    @property
    def problems(self) -> list[Problem]:
        """The problems of all tables."""
        return [problem for table in self.tables for problem in table.problems]

    def to_json(self) -> dict[str, Any]:
        """The contract of `tracker read --json`."""
        return {"file": self.file, "tables": [table.to_json() for table in self.tables]}


def from_plain(file: str, plain: dict[str, Any]) -> Reading:
    """A Reading of what the child handed back; see `plain.read_plain` for the shapes."""
    grids = [Grid(s, rows, merges, set(hr), set(hc)) for s, rows, merges, hr, hc in plain["grids"]]
    return Reading(file, [_table(table, grids) for table in plain["tables"]])


def _table(plain: dict[str, Any], grids: list[Grid]) -> Table:
    own = dict(plain)
    grid = grids[own.pop("grid")]
    own["tasks"] = _tasks(own["tasks"])
    own["problems"] = [problem_from(p) for p in own["problems"]]
    own["skipped"] = [Skipped(*s) for s in own["skipped"]]
    return Table(**own, grid=grid)


def _tasks(plain: list[Any]) -> list[Task]:
    """Each plain task becomes a Task in its own place, so that both never stand in memory."""
    deadlines: dict[Any, Deadline] = {None: NO_DEADLINE}
    scorings: dict[Any, tuple[Score, ...]] = {}
    for i, plain_task in enumerate(plain):
        source, row, number, outline, text, groups, due, scores, status, fields, last = plain_task
        deadline = deadlines.get(due)
        if deadline is None:
            deadline = deadlines[due] = _deadline(due)
        scoring = scorings.get(scores)
        if scoring is None:
            scoring = scorings[scores] = tuple(Score(*score) for score in scores)
        assignments = tuple(
            [Assignment(n, role, cell) for pairs, cell in groups for n, role in pairs]
        )
        plain[i] = Task(
            source, row, number, outline, text, assignments, deadline, scoring, status, fields, last
        )
    return plain


def _deadline(plain: tuple[str, str, str | None, str | None, str, bool]) -> Deadline:
    text, kind, due, proposed, source, approximate = plain
    return Deadline(text, kind, _date(due), _date(proposed), source, approximate)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_COLUMNS = {column_letter(c): c for c in range(1024)}


def _column(letters: str) -> int:
    return _COLUMNS[letters]
