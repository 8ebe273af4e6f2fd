"""What the checking page shows: the reading beside the original grid, and what applying will do.

The figures are those of the real import, not committed (intake.outcome).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from importers import Problem, Reading, Skipped, Table
from importers.grid import Merge
from tracker.directory.department import Department
from tracker.intake import applying, kept
from tracker.intake.batch import Batch
from tracker.intake.decide import Decisions, Row, plan_tables, rows
from tracker.intake.outcome import compare
from tracker.paging import Page

ROWS_SHOWN = 60
GRID_MARGIN = 2
COLUMNS_SHOWN = 40
MOST_NOTES = 200


@dataclass(frozen=True)
class Preview:
    """See the fields' makers below; plain dicts and lists for the page."""

    outcome: dict[str, int]
    plan_version: int | None
    stats: dict[str, Any]
    tables: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    page: Page
    grid: dict[str, Any]
    problems: list[Problem]
    skipped: list[Skipped]


def preview_of(session: Session, batch: Batch, *, on: date, page: int = 1) -> Preview:
    """The batch as it would be applied now."""
    reading = kept.unpack(batch.reading)
    decisions = applying.decisions(session, batch, on=on)
    decided = list(rows(reading, decisions))
    plan = applying.plan_named(session, batch)
    outcome = compare(session, plan.id if plan else None, decided)
    where = Page(page, len(decided), ROWS_SHOWN)
    first = min((page - 1) * ROWS_SHOWN, max(len(decided) - 1, 0))
    shown = decided[first : first + ROWS_SHOWN]
    table = _table_of(reading, shown[0].source) if shown else None
    return Preview(
        outcome=outcome.counts(),
        plan_version=plan.version if plan else None,
        stats=_stats(decided, _to_be_made(decisions)),
        tables=[
            {"sheet": t.sheet, "kind": t.kind, "title": t.title, "reason": t.reason}
            for t in reading.tables
        ],
        rows=[_row(row, decisions, table) for row in shown],
        page=where,
        grid=_grid(table, shown) if table else {"columns": [], "widths": [], "rows": []},
        problems=[p for t in reading.tables for p in t.problems][:MOST_NOTES],
        skipped=[s for t in reading.tables for s in t.skipped][:MOST_NOTES],
    )


def _to_be_made(decisions: Decisions) -> dict[str, str]:
    """Departments that applying will make, by the words as written."""
    return {
        written: answer["name"]
        for (kind, written), answer in decisions.answers.items()
        if kind == "name" and answer["take"] == "new" and "department_id" not in answer
    }


def _stats(decided: list[Row], new: Mapping[str, str]) -> dict[str, Any]:
    modes: Counter[str] = Counter()
    mode_points: dict[str, Decimal] = defaultdict(Decimal)
    categories: Counter[str] = Counter()
    for row in decided:
        points = row.points or Decimal(0)
        modes[row.modes] += 1
        mode_points[row.modes] += points
        categories[row.outline[0] if row.outline else ""] += 1
    made = {new[name] for row in decided for name, _, _ in row.unresolved if name in new}
    return {
        "tasks": len(decided),
        "points": sum((row.points or Decimal(0) for row in decided), Decimal(0)),
        "modes": [(mode, count, mode_points[mode]) for mode, count in modes.items() if mode],
        "categories": [(title, count) for title, count in categories.items() if title],
        "departments": len({p.department_id for row in decided for p in row.parts}) + len(made),
        "unresolved": sum(any(n not in new for n, _, _ in row.unresolved) for row in decided),
        "made": len(made),
        "completed": sum(row.is_done for row in decided),
        "deadlines": Counter(row.due_on for row in decided if row.due_on).most_common(5),
    }


def _row(row: Row, decisions: Decisions, table: Table | None) -> dict[str, Any]:
    known: Mapping[int, Department] = decisions.names.departments
    new = _to_be_made(decisions)
    return {
        "source": row.source,
        "number": row.number,
        "outline": row.outline,
        "text": row.text,
        "parts": [
            (known[p.department_id].label, p.role, p.name)
            for p in row.parts
            if p.department_id in known
        ]
        + [(new[name], role, name) for name, role, _source in row.unresolved if name in new],
        "unresolved": [name for name, _role, _source in row.unresolved if name not in new],
        "deadline_text": row.deadline_text,
        "due_on": row.due_on,
        "modes": row.modes,
        "points": row.points,
        "is_done": row.is_done,
        "lights": " ".join(_cells_of(row, table)) if table else "",
    }


def _table_of(reading: Reading, source: str) -> Table | None:
    sheet = source.rpartition("!")[0]
    return next((t for t in plan_tables(reading) if t.sheet == sheet), None)


def _cells_of(row: Row, table: Table) -> list[str]:
    """The cells a task was read from; a merged one by its first cell."""
    number = _row_number(row.source)
    merges = table.grid.merges
    return [f"{c}{_top(merges, number - 1, _column(c)) + 1}" for c in table.columns.values()]


def _row_number(source: str) -> int:
    return int("".join(char for char in source.rpartition("!")[2] if char.isdigit()) or 1)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _letters(column: int) -> str:
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _top(merges: list[Merge], row: int, column: int) -> int:
    return next((m[0] for m in merges if m[0] <= row <= m[2] and m[1] <= column <= m[3]), row)


def _grid(table: Table, shown: list[Row]) -> dict[str, Any]:
    """The stretch of the sheet that holds the shown rows, as a table with spans."""
    grid = table.grid
    numbers = [_row_number(row.source) for row in shown]
    first = max(0, min(numbers) - 1 - GRID_MARGIN)
    if min(numbers) <= max(table.header_rows[1], 0) + 1:
        first = 0
    last = min(len(grid.rows), max(numbers) + GRID_MARGIN)
    width = min(max((len(row) for row in grid.rows[first:last]), default=0), COLUMNS_SHOWN)
    spans, covered = _spans(grid.merges, first, last, width)
    return {
        "columns": [_letters(column) for column in range(width)],
        "widths": [_width(grid.rows[first:last], column, spans, first) for column in range(width)],
        "rows": [
            {"number": r + 1, "cells": list(_cells(table, r, width, spans, covered))}
            for r in range(first, last)
        ],
    }


def _width(grid_rows: list[list[str]], column: int, spans: "Spans", first: int) -> int:
    """A width in px that suits the column's texts; a title across several columns does not count."""
    texts = (
        row[column]
        for r, row in enumerate(grid_rows, first)
        if column < len(row) and spans.get((r, column), (1, 1))[1] == 1
    )
    longest = max(map(len, texts), default=0)
    return max(48, min(260, longest * 14))


Spans = dict[tuple[int, int], tuple[int, int]]


def _spans(
    merges: list[Merge], first: int, last: int, width: int
) -> tuple[Spans, set[tuple[int, int]]]:
    """Row and column spans by the first shown cell of each merge, and the cells they cover."""
    spans: Spans = {}
    covered: set[tuple[int, int]] = set()
    for top, left, bottom, right in merges:
        up, down = max(top, first), min(bottom, last - 1)
        right = min(right, width - 1)
        if up > down or left > right:
            continue
        spans[up, left] = (down - up + 1, right - left + 1)
        covered |= {
            (r, c)
            for r in range(up, down + 1)
            for c in range(left, right + 1)
            if (r, c) != (up, left)
        }
    return spans, covered


def _cells(
    table: Table, r: int, width: int, spans: Spans, covered: set[tuple[int, int]]
) -> Iterator[dict[str, Any]]:
    grid = table.grid
    doubtful = {problem.source.rpartition("!")[2] for problem in table.problems}
    begin, end = table.header_rows
    for c in range(width):
        if (r, c) in covered:
            continue
        top = _top(grid.merges, r, c)
        ref = f"{_letters(c)}{top + 1}"
        text = grid.rows[top][c] if c < len(grid.rows[top]) else ""
        rowspan, colspan = spans.get((r, c), (1, 1))
        kind = "head" if begin <= r + 1 <= end else "doubt" if ref in doubtful else "plain"
        yield {"ref": ref, "text": text, "rowspan": rowspan, "colspan": colspan, "kind": kind}
