"""What concerns a sheet as a whole: formulas, errors, texts under merges."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from importers.grid import Grid
from importers.headers import Header
from importers.problems import Problem
from importers.spread import Spread


def notes_on(around: Spread, headers: list[Header], tables: list[dict[str, Any]]) -> None:
    """Add each note to the table whose rows it lies in (the last header above it)."""
    tops = [header.top for header in headers]
    for row, problem, skipped in _notes(around):
        index = max(bisect_right(tops, row) - 1, 0)
        tables[index]["problems"].append(problem)
        if skipped:
            tables[index]["skipped"].append((problem.source, skipped))


def _notes(around: Spread) -> Iterator[tuple[int, Problem, str]]:
    grid = around.grid
    yield from _formulas(grid)
    for (r, c), word in sorted(grid.errors.items()):
        message = f"单元格是错误值 {word}，请在原表更正"
        yield r, Problem(grid.source(r, c), "error_cell", message, word), "错误值"
    for (r, c), text in around.under.items():
        message = "合并单元格下面还有文字，原表上看不到，未读取"
        yield (
            r,
            Problem(grid.source(r, c), "text_under_merge", message, text[:200]),
            "被合并单元格遮住",
        )
    for r, c, text in grid.damaged:
        message = "单元格含有不可见的控制字符，已去掉，请核对"
        shown = text[:200].encode("unicode_escape").decode()
        yield (
            r,
            Problem(grid.source(r, c), "bad_character", message, shown, grid.rows[r][c][:200]),
            "",
        )


def _formulas(grid: Grid) -> Iterator[tuple[int, Problem, str]]:
    for r, c in sorted(grid.formulas - grid.errors.keys()):
        text = grid.rows[r][c] if r < len(grid.rows) and c < grid.width else ""
        source = grid.source(r, c)
        if text:
            message = "单元格是公式，按保存时的结果读取"
            yield r, Problem(source, "formula", message, text, text), ""
        else:
            message = "单元格是公式但没有保存结果，请在 Excel 中打开并保存后再导入"
            yield r, Problem(source, "formula_without_value", message, ""), ""
