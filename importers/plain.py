"""Reads a file to plain lists, tuples, dicts and strings: what can cross from the child.

`grids` are (sheet, rows, merges, hidden rows, hidden columns); `tables` are the fields of
`reading.Table` with `grid` as an index, tasks in columns (`tasklist.Columns`), problems as sequences
in field order.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import PurePath
from typing import Any

from importers import elsewhere, preflight
from importers.area import Area
from importers.asking import Answers
from importers.deadlines import Context
from importers.errors import told_as_unreadable
from importers.grid import Grid
from importers.limits import Limits
from importers.nextpage import Pages
from importers.preflight import Passed
from importers.problems import Problem
from importers.tables import PlainTable, read_sheet
from importers.tasklist import in_columns
from importers.years import year_in_name

_LEAST_PROSE = 3
"""Lines of text in a sheet's first column from which on it may be a text pasted there."""


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
    elsewhere.tell_of_leads(grids)
    pages, named, before = Pages(), year_in_name(PurePath(filename).stem), None
    for index, grid in enumerate(grids):
        grid.year = grid.year or year_in_name(grid.sheet) or before or named
        for table in _tables(grid, context, answers or {}, pages):
            before = table["year"] or before
            table["grid"] = index
            table["problems"] = [tuple(problem) for problem in table["problems"]]
            table["tasks"] = in_columns(table["tasks"])
            tables.append(table)
    return {"tables": tables, "grids": [_plain_grid(grid) for grid in grids]}


def read_cells(data: bytes, filename: str, limits: Limits) -> dict[str, Any]:
    """Preflight and parse only: the grids, each with whether its sheet is hidden."""
    grids = _grids(data, filename, limits)
    return {"grids": [(*_plain_grid(grid), grid.hidden) for grid in grids]}


def _tables(grid: Grid, context: Context, answers: Answers, pages: Pages) -> list[PlainTable]:
    """The tables of one grid, with what its reader remarked and what the file says elsewhere."""
    if grid.unread or grid.prose:
        from importers.prose import read_prose, unread  # only texts need that grammar

        tables = [unread(grid) if grid.unread else read_prose(grid, context)]
    else:
        tables = read_sheet(grid, context, answers, pages)
        if not grid.hidden and all(table["kind"] == "not_a_plan" for table in tables):
            tables = _as_prose(grid, context) or tables
    for table in tables:
        table["document"] = table["document"] or grid.document
    _remark(grid, tables)
    return tables


def _as_prose(grid: Grid, context: Context) -> list[PlainTable]:
    """The sheet as a text, where somebody pasted one into its first column; [] where none is."""
    beside = [(r, c) for r, row in enumerate(grid.rows) for c in range(1, len(row)) if row[c]]
    lines = sum(1 for row in grid.rows if row[0])
    if lines < _LEAST_PROSE or len(beside) > lines:
        return []
    from importers.prose import read_prose

    text = replace(grid, rows=[row[:1] for row in grid.rows], merges=[], prose=True)
    table = read_prose(text, context)
    table["skipped"] += [(grid.source(r, c), "正文旁的文字，未读取") for r, c in beside]
    return [table] if table["kind"] == "prose" else []


def _remark(grid: Grid, tables: list[PlainTable]) -> None:
    """Each remark goes to the table it stands in: the last one that begins above it."""
    for remark in grid.remarks:
        begun = [t for t in tables if t["header_rows"][0] <= remark.row + 1]
        table = (begun or tables)[-1 if begun else 0]
        source = grid.source(remark.row, remark.column)
        table["problems"].append(Problem(source, remark.code, remark.message, remark.value[:200]))


def _grids(data: bytes, filename: str, limits: Limits) -> list[Grid]:
    passed = preflight.check(data, limits)
    with told_as_unreadable():
        grids = _read(passed, data, PurePath(filename).stem, limits)
        area = Area(limits)
        for grid in grids:
            area.add(grid.sheet, len(grid.rows), grid.width)
        return grids


def _read(passed: Passed, data: bytes, name: str, limits: Limits) -> list[Grid]:
    """The grids of a file that has passed, by the reader of its kind."""
    if passed.kind == "xlsx":
        from importers.workbook import read_workbook

        return read_workbook(data, passed.main, limits, passed.plain)
    if passed.kind == "csv":
        from importers.csv_file import read_csv

        return read_csv(data, name or "CSV", limits)
    from importers.readers import READERS  # the other readers load only when one is needed

    return READERS[passed.kind](passed, data, limits)


def _plain_grid(grid: Grid) -> tuple[Any, ...]:
    hidden = list(grid.hidden_rows), list(grid.hidden_columns)
    return (grid.sheet, grid.rows, grid.merges, *hidden)
