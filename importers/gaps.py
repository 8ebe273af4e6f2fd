"""What a column leaves blank without merging: a deadline torn over rows, or one, or a department,
written once per group."""

from __future__ import annotations

from collections.abc import Iterator

from importers.cells import Cells
from importers.grid import column_letter
from importers.layout import Layout
from importers.problems import Problem
from importers.spread import Spread

_APART = 10
"""Rows between the two halves of a deadline that a page break has torn."""
_SPARSE = 2
"""A column is sparse when at most one in so many tasks has a text of its own there."""
_RARE = 4
"""One and the same day is meant for all when at most one in so many tasks says it."""
DOWN, BLANK = "沿用上一格", "留空"


class Gaps:
    """Closes the gaps of one table's columns; afterwards `problems` says where."""

    def __init__(self, spread: Spread, layout: Layout, cells: Cells) -> None:
        self.problems: list[Problem] = []
        self._spread, self._layout, self._cells = spread, layout, cells

    def close(self, first: int, last: int) -> None:
        """Look at rows `first` to `last`."""
        self._close_departments(first, last)
        column = self._layout.deadline
        if column < 0 or column in self._spread.origin:
            return
        rows = range(first, last + 1)
        written = [r for r in rows if self._spread.rows[r][column]]
        if not written or len(written) * _SPARSE > sum(1 for r in rows if self._is_task(r)):
            return
        written = list(self._mend(column, written))
        self._fill(column, written, last)

    def _close_departments(self, first: int, last: int) -> None:
        """A lead written once for the tasks below it: left of the tasks it is plainly their group,
        right of them, where each group of the outline names one, it is asked about."""
        column = next((c for c, role in self._layout.departments if role == "lead"), -1)
        if column < 0 or column in self._spread.origin:
            return
        tasks = [r for r in range(first, last + 1) if self._is_task(r)]
        written = [r for r in tasks if self._spread.rows[r][column]]
        blank = len(tasks) - len(written)
        if not blank or not written or written[0] != tasks[0]:
            return
        if column < self._layout.task:
            self._hold(column, tasks)
        elif blank >= len(written) and self._begins_groups(written, tasks):
            message = (
                f"{column_letter(column)} 列的责任单位只写在每组的第一行（共 {blank} 项任务空白），"
                "已沿用上一格，请核对"
            )
            place = self._spread.at(
                next(r for r in tasks if not self._spread.rows[r][column]), column
            )
            if self._may_hold(
                "department", Problem(place, "blank_department", message, None, DOWN)
            ):
                self._hold(column, tasks)

    def _begins_groups(self, written: list[int], tasks: list[int]) -> bool:
        """Whether just the rows with a text here carry the name of a group."""
        groups, rows = self._layout.categories, self._spread.rows
        begun = [r for r in tasks if any(rows[r][c] for c in groups)]
        return len(written) > 1 and begun == written

    def _hold(self, column: int, tasks: list[int]) -> None:
        """Let each text hold for the tasks below it, up to the next."""
        held: dict[int, list[int]] = {}
        top = tasks[0]
        for r in tasks:
            if self._spread.rows[r][column]:
                top = r
            else:
                held.setdefault(top, []).append(r)
        for top, rows in held.items():
            self._spread.fill_down(column, top, rows)

    def _may_hold(self, what: str, problem: Problem) -> bool:
        """Ask whether blanks mean the text above; whether that is how they are read."""
        asking = self._layout.asking
        self.problems.append(asking.ask(problem, f"blank.{what}", (DOWN, BLANK)))
        return asking.said(f"blank.{what}", (DOWN, BLANK)) != BLANK

    def _is_task(self, r: int) -> bool:
        return bool(self._spread.rows[r][self._layout.task])

    def _works(self, r: int) -> bool:
        """Whether the row names who works or how it is scored; else it may be the rest of one."""
        workers = [c for c, _ in self._layout.departments] + self._layout.modes
        return not workers or any(self._spread.filled[r][c] for c in workers)

    def _mend(self, column: int, written: list[int]) -> Iterator[int]:
        """The rows with a deadline, once the halves of torn ones are joined."""
        rows, rest = self._spread.rows, -1
        for r, below in zip(written, [*written[1:], -1], strict=True):
            if r == rest:
                continue
            text = rows[r][column]
            near = below > 0 and below - r <= _APART and not self._is_rest(below)
            if near and self._makes_one(text, rows[below][column]):
                rest = below
                self._join(column, r, below)
            yield r

    def _is_rest(self, r: int) -> bool:
        """Whether the whole row is the rest of the one above, and is joined to it as such."""
        return self._is_task(r) and not self._works(r)

    def _makes_one(self, text: str, more: str) -> bool:
        """Whether the second text is none by itself, and both are a deadline together."""
        return not self._cells.is_deadline(more) and self._cells.is_deadline(text + more)

    def _join(self, column: int, top: int, below: int) -> None:
        spread = self._spread
        whole = spread.rows[top][column] + spread.rows[below][column]
        message = f"完成时限在第 {top + 1} 行和第 {below + 1} 行之间断开，已接为“{whole}”"
        rest = spread.rows[below][column]
        self.problems.append(Problem(spread.at(below, column), "torn_cell", message, rest, whole))
        for r, text in ((top, whole), (below, "")):
            spread.rows[r] = [*spread.rows[r]]
            spread.rows[r][column] = text
            spread.filled[r] = [*spread.filled[r]]
            spread.filled[r][column] = text

    def _fill(self, column: int, written: list[int], last: int) -> None:
        """One deadline for a whole group is written on its first row."""
        tasks = [r for r in range(written[0], last + 1) if self._is_task(r) and self._works(r)]
        blank = [r for r in tasks if not self._spread.filled[r][column]]
        if not blank or not self._is_for_groups(column, written, len(tasks)):
            return
        place = self._spread.at(blank[0], column)
        message = (
            f"{column_letter(column)} 列的完成时限只写在部分行（共 {len(blank)} 项任务空白），"
            "已沿用上一格，请核对"
        )
        if not self._may_hold("deadline", Problem(place, "blank_deadline", message, None, DOWN)):
            return
        ends = [r - 1 for r in written[1:]] + [last]
        for top, bottom in zip(written, ends, strict=True):
            rows = [r for r in range(top + 1, bottom + 1) if self._works(r)]
            self._spread.fill_down(column, top, rows)

    def _is_for_groups(self, column: int, written: list[int], tasks: int) -> bool:
        """Whether all say the same day, or each stands where a group begins."""
        said = [self._cells.deadline(self._spread.rows[r][column], "")[0] for r in written]
        days = {plain[2] or plain[3] for plain in said}
        if len(days) == 1 and None not in days and len(written) * _RARE <= tasks:
            return True
        groups = self._layout.categories
        return bool(groups) and all(any(self._spread.rows[r][c] for c in groups) for r in written)
