"""A reading as a batch keeps it: JSON, the tasks in columns as the reader hands them over.

`unpack` gives an `importers.Reading` again; of each sheet's grid it holds as much as a preview shows.
"""

import json
import zlib
from typing import Any

from importers import Reading, Skipped, Table
from importers.collection import no_collection
from importers.grid import Grid
from importers.problems import problem_from
from importers.tasklist import Tasks, read_columns, write_columns

FORM = 4
GRID_ROWS = 2000


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
        if plain["form"] == 3:
            _from_form_3(plain["tables"])
        return Reading(plain["file"], [_read_table(table) for table in plain["tables"]])


def _from_form_3(tables: list[dict[str, Any]]) -> None:
    """Batches uploaded before form 4 named a deadline's fields."""
    for table in tables:
        said = table["tasks"]
        said["deadlines"] = [list(deadline.values()) for deadline in said["deadlines"]]


def _table(table: Table) -> dict[str, Any]:
    return {
        "sheet": table.sheet, "kind": table.kind, "reason": table.reason, "title": table.title,
        "year": table.year, "document": table.document, "header": table.header,
        "columns": table.columns, "problems": table.problems, "skipped": table.skipped,
        "names": table.names, "header_rows": table.header_rows, "data_rows": table.data_rows,
        "last_column": table.last_column, "grid": _grid(table.grid),
        "tasks": write_columns(table.tasks.columns),
    }  # fmt: skip


def _grid(grid: Grid) -> dict[str, Any]:
    return {
        "sheet": grid.sheet,
        "rows": grid.rows[:GRID_ROWS],
        "merges": [merge for merge in grid.merges if merge[0] < GRID_ROWS],
        "hidden_rows": sorted(row for row in grid.hidden_rows if row < GRID_ROWS),
        "hidden_columns": sorted(grid.hidden_columns),
    }


def _read_table(plain: dict[str, Any]) -> Table:
    grid = plain["grid"]
    return Table(
        **{name: plain[name] for name in ("sheet", "kind", "reason", "title", "year", "document")},
        header=plain["header"], columns=plain["columns"],
        tasks=Tasks(read_columns(plain["tasks"])),
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
