"""A reading as a batch keeps it: JSON in columns, where what repeats stands once.

A plan says the same headings, deadlines and departments over and over; a dict per task would be
five times the size and ten times the work. `unpack` gives an `importers.Reading` again; of each
sheet's grid it holds as much as a preview shows.
"""

import json
import zlib
from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from itertools import repeat
from typing import Any

from importers import Assignment, Deadline, Reading, Score, Skipped, Table, Task
from importers.collection import no_collection
from importers.grid import Grid
from importers.problems import problem_from

FORM = 3
GRID_ROWS = 2000


class _Pool:
    """Values numbered in the order they first come."""

    def __init__(self) -> None:
        self.known: dict[Hashable, int] = {}

    def numbers(self, values: Iterable[Hashable]) -> list[int]:
        known = self.known
        return [known.setdefault(value, len(known)) for value in values]


def pack(reading: Reading) -> bytes:
    """The bytes of a batch; compressed lightly, since speed matters more than size."""
    with no_collection():
        plain = {
            "form": FORM, "file": reading.file, "tables": [_table(t) for t in reading.tables],
        }  # fmt: skip
        text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), check_circular=False)
        del plain
        return zlib.compress(text.encode(), 1)


def unpack(packed: bytes) -> Reading:
    """What `pack` was given."""
    with no_collection():
        plain = json.loads(zlib.decompress(packed))
        return Reading(plain["file"], [_read_table(table) for table in plain["tables"]])


def _table(table: Table) -> dict[str, Any]:
    return {
        "sheet": table.sheet, "kind": table.kind, "reason": table.reason, "title": table.title,
        "year": table.year, "document": table.document, "header": table.header,
        "columns": table.columns, "problems": table.problems, "skipped": table.skipped,
        "names": table.names, "header_rows": table.header_rows, "data_rows": table.data_rows,
        "last_column": table.last_column, "grid": _grid(table.grid), "tasks": _tasks(table.tasks),
    }  # fmt: skip


def _grid(grid: Grid) -> dict[str, Any]:
    return {
        "sheet": grid.sheet,
        "rows": grid.rows[:GRID_ROWS],
        "merges": [merge for merge in grid.merges if merge[0] < GRID_ROWS],
        "hidden_rows": sorted(row for row in grid.hidden_rows if row < GRID_ROWS),
        "hidden_columns": sorted(grid.hidden_columns),
    }


def _tasks(tasks: Sequence[Task]) -> dict[str, Any]:
    outlines, deadlines, scorings, who = _Pool(), _Pool(), _Pool(), _Pool()
    return {
        "source": [task.source for task in tasks],
        "row": [task.row for task in tasks],
        "number": [task.number for task in tasks],
        "text": [task.text for task in tasks],
        "last_row": {i: task.last_row for i, task in enumerate(tasks) if task.last_row != task.row},
        "status": {i: task.status for i, task in enumerate(tasks) if task.status is not None},
        "fields": {i: task.fields for i, task in enumerate(tasks) if task.fields},
        "outline": outlines.numbers(task.outline for task in tasks),
        "deadline": deadlines.numbers(task.deadline for task in tasks),
        "scoring": scorings.numbers(task.scoring for task in tasks),
        "who": who.numbers(tuple([part[:2] for part in task.assignments]) for task in tasks),
        "cells": [_cells(task.assignments) for task in tasks],
        "outlines": list(outlines.known),
        "deadlines": [one.to_json() for one in deadlines.known],  # type: ignore[attr-defined]
        "scorings": list(scorings.known),
        "whos": list(who.known),
    }


def _cells(parts: tuple[Assignment, ...]) -> str | list[str]:
    """The cells the departments were read from; one where all share it, as they mostly do."""
    cells = [part[2] for part in parts]
    return cells if len(set(cells)) != 1 else cells[0]


def _read_table(plain: dict[str, Any]) -> Table:
    grid = plain["grid"]
    return Table(
        **{name: plain[name] for name in ("sheet", "kind", "reason", "title", "year", "document")},
        header=plain["header"], columns=plain["columns"], tasks=_read_tasks(plain["tasks"]),
        problems=[problem_from(one) for one in plain["problems"]],
        skipped=[Skipped(*one) for one in plain["skipped"]],
        names=[(name, source) for name, source in plain["names"]],
        header_rows=_pair(plain["header_rows"]), data_rows=_pair(plain["data_rows"]),
        last_column=plain["last_column"],
        grid=Grid(
            grid["sheet"], grid["rows"], [tuple(merge) for merge in grid["merges"]],
            set(grid["hidden_rows"]), set(grid["hidden_columns"]),
        ),
    )  # fmt: skip


def _pair(numbers: list[int]) -> tuple[int, int]:
    first, last = numbers
    return first, last


def _read_tasks(plain: dict[str, Any]) -> list[Task]:
    outlines = [tuple(outline) for outline in plain["outlines"]]
    deadlines = [_deadline(one) for one in plain["deadlines"]]
    scorings = [tuple(Score(*score) for score in scores) for scores in plain["scorings"]]
    whos, statuses, fields = plain["whos"], plain["status"], plain["fields"]
    none: dict[str, str] = {}
    columns = zip(
        plain["source"], plain["row"], plain["number"], plain["outline"], plain["text"],
        plain["who"], plain["cells"], plain["deadline"], plain["scoring"], strict=True,
    )  # fmt: skip
    tasks = [
        Task(
            source, row, number, outlines[outline], text, _parts(whos[who], cells),
            deadlines[deadline], scorings[scoring], None, none, row,
        )
        for source, row, number, outline, text, who, cells, deadline, scoring in columns
    ]  # fmt: skip
    for index, status in statuses.items():
        tasks[int(index)].status = status
    for index, own in fields.items():
        tasks[int(index)].fields = own
    for index, last_row in plain["last_row"].items():
        tasks[int(index)].last_row = last_row
    return tasks


def _parts(pairs: list[list[str]], cells: str | list[str]) -> tuple[Assignment, ...]:
    sources: Iterable[str] = repeat(cells) if isinstance(cells, str) else cells
    return tuple(
        [Assignment(name, role, source) for (name, role), source in zip(pairs, sources)]  # noqa: B905  one cell repeats
    )


def _deadline(plain: dict[str, Any]) -> Deadline:
    return Deadline(
        **{**plain, "due_on": _day(plain["due_on"]), "proposed": _day(plain["proposed"])}
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
