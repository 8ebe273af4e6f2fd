"""Reads a file to plain lists, tuples, dicts and strings: what can cross from the child.

`grids` are (sheet, rows, merges, hidden rows, hidden columns); `tables` are the fields of
`reading.Table` with `grid` as an index, tasks and problems as sequences in field order.
"""

from __future__ import annotations

from datetime import date
from pathlib import PurePath
from typing import Any

from importers import preflight
from importers.asking import Answers
from importers.csv_file import read_csv
from importers.deadlines import Context
from importers.errors import ReadingRefused
from importers.grid import Grid
from importers.limits import Limits
from importers.tables import read_sheet


def read_plain(
    data: bytes,
    filename: str,
    year: int | None,
    issued_on: date | None,
    limits: Limits,
    answers: Answers | None = None,
) -> dict[str, Any]:
    """Preflight, parse, understand. Raises `ReadingRefused`, never anything a file can cause."""
    grids = _grids(data, filename, limits)
    context = Context(year, issued_on)
    tables = []
    for index, grid in enumerate(grids):
        for table in read_sheet(grid, context, answers or {}):
            table["grid"] = index
            table["problems"] = [tuple(problem) for problem in table["problems"]]
            tables.append(table)
    return {"tables": tables, "grids": [_plain_grid(grid) for grid in grids]}


def _grids(data: bytes, filename: str, limits: Limits) -> list[Grid]:
    passed = preflight.check(data, limits)
    if passed.kind == "csv":
        return read_csv(data, PurePath(filename).stem or "CSV", limits)
    from importers.workbook import read_workbook  # calamine loads only after the preflight

    try:
        return read_workbook(data, limits, passed.plain)
    except (ReadingRefused, MemoryError):
        raise
    except Exception as e:
        message = "工作簿内部结构有误，无法读取，请用 Excel 打开后另存再导入"
        raise ReadingRefused("unreadable", message) from e


def _plain_grid(grid: Grid) -> tuple[Any, ...]:
    hidden = list(grid.hidden_rows), list(grid.hidden_columns)
    return (grid.sheet, grid.rows, grid.merges, *hidden)
