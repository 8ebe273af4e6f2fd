"""What somebody hid on a sheet: asked about, and left out where a person says so."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from importers.asking import ANSWERED, Answers, Asking
from importers.grid import Grid, Merge, column_letter
from importers.headers import Header
from importers.problems import Problem

IMPORT, LEAVE = "一并导入", "不导入"
OPTIONS = (IMPORT, LEAVE)
_ROW, _COLUMN = "隐藏行", "隐藏列"
Cell = tuple[int, int]


class Hidden:
    """The hidden rows and columns of a sheet's tables. A key names the header words and, for rows,
    what stands in them: rows hidden in the next file are other rows, and asked about anew."""

    def __init__(self, grid: Grid, headers: Sequence[Header], answers: Answers) -> None:
        self._grid, self._headers, self._answers = grid, headers, answers
        self._problems: list[tuple[int, Problem]] = []
        self._moved: dict[str, str] = {}
        self._covered: list[tuple[int, str, str]] = []
        self.rows, self.columns = self._ask_rows(), self._ask_columns()

    def note_on(self, headers: Sequence[Header], tables: list[dict[str, Any]]) -> None:
        """Add every question, and every cell left out, to the table whose rows it lies in. A table
        that is no plan is not asked about, unless an answer made it so."""
        for row, problem in self._problems:
            table = tables[_index(headers, row)]
            if table["kind"] != "not_a_plan" or problem.code == ANSWERED:
                table["problems"].append(problem)
        if self.rows or self.columns:
            for table in tables:
                told = table["skipped"]
                told += [(self._moved[place], why) for place, why in told if place in self._moved]
            for row, source, why in self._left_out():
                tables[_index(headers, row)]["skipped"].append((source, why))

    def _ask_rows(self) -> set[int]:
        """Ask about each run of hidden rows with text; the ones that a person leaves out."""
        grid, headers = self._grid, self._headers
        above = {r for h in headers for r in (*range(h.top, h.bottom + 1), *h.repeats)}
        filled = [r for r in sorted(grid.hidden_rows) if r < len(grid.rows) and any(grid.rows[r])]
        tables: dict[int, list[int]] = {}
        for row in filled:
            if row not in above:
                tables.setdefault(_index(headers, row), []).append(row)
        leave: set[int] = set()
        for index, rows in tables.items():
            texts = [text for r in rows for text in grid.rows[r] if text]
            asking = Asking((*headers[index].labels, *texts), self._answers)
            asked = asking.ask(Problem("", "hidden_rows", "", None, IMPORT), "hidden.rows", OPTIONS)
            for first, last in _runs(rows):
                place = f"{grid.sheet}!{first + 1}:{last + 1}"
                where = (
                    f"第 {first + 1} 行" if first == last else f"第 {first + 1} 至 {last + 1} 行"
                )
                message = f"{where}是隐藏的，已一起读入，请核对"
                told = asked._replace(source=place, message=message + asked.message)
                self._problems.append((first, told))
            if asked.code == ANSWERED and asked.proposed == LEAVE:
                leave.update(rows)
        return leave

    def _ask_columns(self) -> set[int]:
        """The same for columns, whose key names their headers."""
        grid, labels = self._grid, self._headers[0].labels
        columns = [
            c
            for c in sorted(grid.hidden_columns)
            if c < grid.width and any(row[c] for row in grid.rows)
        ]
        asking = Asking((*labels, "", *(labels[c] for c in columns)), self._answers)
        for first, last in _runs(columns):
            left, right = column_letter(first), column_letter(last)
            message = (
                f"{left if first == last else f'{left} 至 {right}'} 列是隐藏的，已一起读入，请核对"
            )
            place = f"{grid.sheet}!{left}:{right}"
            problem = Problem(place, "hidden_columns", message, None, IMPORT)
            self._problems.append((0, asking.ask(problem, "hidden.columns", OPTIONS)))
        said = asking.said("hidden.columns", OPTIONS) if columns else None
        return set(columns) if said == LEAVE else set()

    def without(self) -> Grid:
        """The sheet as it looks to who does not see them. A merged text stands where its merge
        begins to be seen."""
        grid = self._grid
        rows = [
            [""] * grid.width if r in self.rows else self._shown(row)
            for r, row in enumerate(grid.rows)
        ]
        merges: list[Merge] = []
        for merge in grid.merges:
            shown = self._shown_part(merge)
            if shown is not None:
                merges.append(shown)
                if shown[:2] != merge[:2]:
                    self._move(merge[:2], shown[:2], rows)
        return replace(
            grid,
            rows=rows,
            merges=merges,
            formulas={cell for cell in grid.formulas if not self._is_left(*cell)},
            errors={cell: word for cell, word in grid.errors.items() if not self._is_left(*cell)},
            damaged=[one for one in grid.damaged if not self._is_left(*one[:2])],
        )

    def _move(self, here: Cell, there: Cell, rows: list[list[str]]) -> None:
        """A text that stands where a merged one moves to was under the merge: nobody has seen it."""
        place = self._grid.source(*there)
        if rows[there[0]][there[1]]:
            covered = self._moved.get(place, place)
            self._covered.append((there[0], covered, "被合并单元格遮住"))
        rows[there[0]][there[1]] = self._grid.rows[here[0]][here[1]]
        self._moved[place] = self._grid.source(*here)

    def _shown(self, row: list[str]) -> list[str]:
        if not self.columns:
            return row.copy()
        return ["" if c in self.columns else text for c, text in enumerate(row)]

    def _shown_part(self, merge: Merge) -> Merge | None:
        top, left, bottom, right = merge
        if not self._is_left(top, left):
            return merge
        height, width = len(self._grid.rows), self._grid.width
        rows = (r for r in range(top, min(bottom + 1, height)) if r not in self.rows)
        columns = (c for c in range(left, min(right + 1, width)) if c not in self.columns)
        first, leftmost = next(rows, None), next(columns, None)
        if first is None or leftmost is None:
            return None
        return first, leftmost, bottom, right

    def _is_left(self, row: int, column: int) -> bool:
        return row in self.rows or column in self.columns

    def _left_out(self) -> Iterator[tuple[int, str, str]]:
        """Every cell that is not read for it: its row, its address, why."""
        yield from self._covered
        grid = self._grid
        moved = {m[:2] for m in grid.merges if self._is_left(*m[:2]) and self._shown_part(m)}
        marked = grid.formulas | grid.errors.keys()
        for r, row in enumerate(grid.rows):
            columns = range(grid.width) if r in self.rows else sorted(self.columns)
            for c in columns:
                if (row[c] or (r, c) in marked) and (r, c) not in moved:
                    yield r, grid.source(r, c), _ROW if r in self.rows else _COLUMN


def ask_about_sheet(
    grid: Grid, tables: list[dict[str, Any]], answers: Answers
) -> tuple[Problem, bool] | None:
    """The question whether a hidden sheet is imported, and the answer; None if it holds no plan."""
    plans = [table for table in tables if table["kind"] in ("plan", "matrix") and table["tasks"]]
    if not plans:
        return None
    top, bottom = plans[0]["header_rows"]
    words = [text for row in grid.rows[top - 1 : bottom] for text in row]
    asking = Asking((grid.sheet, *words), answers)
    count = sum(len(table["tasks"]) for table in plans)
    message = f"工作表“{grid.sheet}”是隐藏的，里面有 {count} 项任务，未读取，请确定是否一并导入"
    place = f"{grid.sheet}!{(plans[0]['header'] or ['A1'])[0]}"
    problem = Problem(place, "hidden_sheet", message, grid.sheet, LEAVE)
    said = asking.said("hidden.sheet", OPTIONS)
    return asking.ask(problem, "hidden.sheet", OPTIONS), said == IMPORT


def _index(headers: Sequence[Header], row: int) -> int:
    """Which table a row belongs to: the last one whose header is above it."""
    return max(bisect_right(headers, row, key=lambda header: header.top) - 1, 0)


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """[3, 4, 5, 9] → (3, 5), (9, 9)."""
    first = last = -2
    for number in [*numbers, -1]:
        if number != last + 1:
            if first >= 0:
                yield first, last
            first = number
        last = number
