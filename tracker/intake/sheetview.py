"""The stretch of the original sheet that stands beside the rows read from it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from importers import QUESTIONS, Table, Task
from importers.grid import Grid, Merge, column_letter

MARGIN = 2
MOST_COLUMNS = 40
NOTHING: dict[str, Any] = {"columns": [], "widths": [], "rows": []}


@dataclass(frozen=True)
class _Spans:
    """Merges as the stretch shows them, by their first shown cell: rows and columns, the row that
    holds the text; and the cells that none shows."""

    sizes: dict[tuple[int, int], tuple[int, int]]
    tops: dict[tuple[int, int], int]
    covered: set[tuple[int, int]]


def lights(table: Table, task: Task) -> str:
    """The addresses of the cells a task was read from, for the page's data-lights."""
    return " ".join(table.cells(task).values())


def stretch(tables: Sequence[Table], shown: Sequence[Task]) -> dict[str, Any]:
    """The rows around the shown tasks as a table with spans. `tables` are those of one sheet."""
    grid = tables[0].grid
    heads = {row for t in tables for row in range(t.header_rows[0], t.header_rows[1] + 1)}
    doubts = {
        p.source.rpartition("!")[2] for t in tables for p in t.problems if p.code in QUESTIONS
    }
    top, bottom = min(task.row for task in shown), max(task.last_row for task in shown)
    first = 0 if top <= tables[0].header_rows[1] + 1 else max(0, top - 1 - MARGIN)
    last = min(len(grid.rows), bottom + MARGIN)
    width = min(max((len(row) for row in grid.rows[first:last]), default=0), MOST_COLUMNS)
    spans = _spans(grid.merges, first, last, width)
    return {
        "columns": [
            {"letter": column_letter(c), "hidden": c in grid.hidden_columns} for c in range(width)
        ],
        "widths": [_width(grid.rows[first:last], first, c, spans) for c in range(width)],
        "rows": [
            {
                "number": r + 1,
                "hidden": r in grid.hidden_rows,
                "cells": list(_cells(grid, r, width, spans, heads, doubts)),
            }
            for r in range(first, last)
        ],
    }


def _spans(merges: list[Merge], first: int, last: int, width: int) -> _Spans:
    spans = _Spans({}, {}, set())
    for top, left, bottom, right in merges:
        up, down = max(top, first), min(bottom, last - 1)
        right = min(right, width - 1)
        if up > down or left > right:
            continue
        spans.sizes[up, left] = (down - up + 1, right - left + 1)
        spans.tops[up, left] = top
        spans.covered.update((r, c) for r in range(up, down + 1) for c in range(left, right + 1))
        spans.covered.discard((up, left))
    return spans


def _width(rows: list[list[str]], first: int, column: int, spans: _Spans) -> int:
    """A width in px that suits the column's texts; a title across several columns does not count."""
    texts = (
        row[column]
        for r, row in enumerate(rows, first)
        if column < len(row) and spans.sizes.get((r, column), (1, 1))[1] == 1
    )
    longest = max(map(len, texts), default=0)
    return max(48, min(260, longest * 14))


def _cells(
    grid: Grid, r: int, width: int, spans: _Spans, heads: set[int], doubts: set[str]
) -> Iterator[dict[str, Any]]:
    rows = grid.rows
    for c in range(width):
        if (r, c) in spans.covered:
            continue
        top = spans.tops.get((r, c), r)
        ref = f"{column_letter(c)}{top + 1}"
        rowspan, colspan = spans.sizes.get((r, c), (1, 1))
        yield {
            "ref": ref,
            "text": rows[top][c] if c < len(rows[top]) else "",
            "rowspan": rowspan,
            "colspan": colspan,
            "hidden": r in grid.hidden_rows or c in grid.hidden_columns,
            "kind": "head" if r + 1 in heads else "doubt" if ref in doubts else "plain",
        }
