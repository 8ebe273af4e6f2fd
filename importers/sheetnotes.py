"""What concerns a sheet as a whole: hidden parts, formulas, errors, texts under merges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from importers.grid import Grid, column_letter
from importers.headers import Header
from importers.problems import Problem
from importers.spread import Spread


def notes_on(around: Spread, headers: list[Header], tables: list[dict[str, Any]]) -> None:
    """Add each note to the table whose rows it lies in (the last header above it)."""
    for row, problem, skipped in _notes(around):
        index = max((i for i, h in enumerate(headers) if h.top <= row), default=0)
        tables[index]["problems"].append(problem)
        if skipped:
            tables[index]["skipped"].append((problem.source, skipped))


def _notes(around: Spread) -> Iterator[tuple[int, Problem, str]]:
    grid = around.grid
    yield from _hidden(grid)
    yield from _formulas(grid)
    for (r, c), word in sorted(grid.errors.items()):
        message = f"单元格是错误值 {word}，请在原表更正"
        yield r, Problem(grid.source(r, c), "error_cell", message, word), "错误值"
    for r, c, text in around.under:
        message = "合并单元格下面还有文字，原表上看不到，未读取"
        yield (
            r,
            Problem(grid.source(r, c), "text_under_merge", message, text[:200]),
            "被合并单元格遮住",
        )
    for r, c, text in around.damaged:
        message = "单元格含有不可见的控制字符，已去掉，请核对"
        shown = text[:200].encode("unicode_escape").decode()
        yield (
            r,
            Problem(grid.source(r, c), "bad_character", message, shown, grid.rows[r][c][:200]),
            "",
        )


def _hidden(grid: Grid) -> Iterator[tuple[int, Problem, str]]:
    filled = [r for r in sorted(grid.hidden_rows) if r < len(grid.rows) and any(grid.rows[r])]
    for first, last in _runs(filled):
        place = f"{grid.sheet}!{first + 1}:{last + 1}"
        message = f"第 {first + 1} 至 {last + 1} 行是隐藏的，已一起读入，请核对"
        yield first, Problem(place, "hidden_rows", message, None, "导入"), ""
    columns = [
        c for c in grid.hidden_columns if c < grid.width and any(row[c] for row in grid.rows)
    ]
    for first, last in _runs(sorted(columns)):
        letters = f"{column_letter(first)}:{column_letter(last)}"
        message = f"{letters} 列是隐藏的，已一起读入，请核对"
        yield 0, Problem(f"{grid.sheet}!{letters}", "hidden_columns", message, None, "导入"), ""


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


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """[3, 4, 5, 9] → (3, 5), (9, 9)."""
    first = last = -2
    for number in [*numbers, -1]:
        if number != last + 1:
            if first >= 0:
                yield first, last
            first = number
        last = number
