"""What a file says: the result every other room uses, and the JSON of `tracker read --json`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from importers.grid import Grid, Merge, column_letter
from importers.problems import Problem, problem_from
from importers.task import Task
from importers.tasklist import Tasks, read_columns


class Skipped(NamedTuple):
    """A cell or an area that was not read, and why."""

    source: str
    why: str


@dataclass(slots=True)
class Table:
    """One table of a sheet. Row numbers count from 1; (0, 0) where there are none.

    `tasks` may be given as any sequence of `Task`.
    """

    sheet: str
    kind: str
    reason: str
    title: str
    year: int | None
    document: str
    header: list[str]
    columns: dict[str, str]
    tasks: Tasks
    problems: list[Problem]
    skipped: list[Skipped]
    names: list[tuple[str, str]]
    header_rows: tuple[int, int]
    data_rows: tuple[int, int]
    last_column: int
    grid: Grid
    _tops: dict[int, list[Merge]] | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.tasks = Tasks.of(self.tasks)

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
    own["tasks"] = Tasks(read_columns(own["tasks"]))
    own["problems"] = [problem_from(p) for p in own["problems"]]
    own["skipped"] = [Skipped(*s) for s in own["skipped"]]
    return Table(**own, grid=grid)


_COLUMNS = {column_letter(c): c for c in range(1024)}


def _column(letters: str) -> int:
    return _COLUMNS[letters]
