"""Rows whose cells slid into wrong columns, as tables copied out of a PDF have them after a page.

A row is only touched when a cell stands where it cannot belong (a scoring mode among the
departments) and another placing in the same order fits clearly better. Cells of such a row keep
the address they were written in: `Spread.moved`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache, partial

from importers.grid import area, without_layout
from importers.headers import NAMELESS
from importers.layout import Layout
from importers.names import looks_like_department
from importers.problems import Problem
from importers.rowwords import ENUMERATED, style_of
from importers.scoring import says_how_scored
from importers.spread import Spread

_CLEARLY = 8
_NEVER = -1000
_TORN = 2
_WIDEST = 24
_SAMPLE = 500
_LONG, _SHORT = 6, 3
ALIGN, LEAVE = "按内容对齐", "按原列读"
Judge = Callable[[str], int]
Read = Callable[[str], bool]
"""Whether a text is a deadline."""


class Alignment:
    """Puts the rows of one table right, in place; afterwards `problems` says which."""

    def __init__(self, spread: Spread, layout: Layout, is_deadline: Read) -> None:
        self.problems: list[Problem] = []
        self._spread, self._layout = spread, layout
        self._workers = [c for c, _ in layout.departments]
        jobs = [layout.number, layout.task, layout.deadline, layout.points, layout.status]
        jobs += [*layout.categories, *self._workers, *layout.modes]
        jobs += [c for c, label in layout.fields if not label.startswith(NAMELESS)]
        self._columns = sorted({c for c in jobs if c >= 0})
        self._is_deadline = is_deadline
        self._judges: dict[int, Judge] = {}
        self._slid: list[int] = []

    def straighten(self, first: int, last: int) -> None:
        """Look at rows `first` to `last`, merged ones aside."""
        if self._layout.matrix or not self._workers:
            return
        if self._layout.asking.said("shifted", (ALIGN, LEAVE)) == LEAVE:
            return
        shift: dict[int, int] = {}
        self._learn(first, last)
        for r in range(first, last + 1):
            row = self._spread.rows[r]
            if self._spread.filled[r] is not row:
                shift = {}
            elif self._is_amiss(row):
                shift = self._place(r, row, shift)
            elif shift and sum(map(bool, row)) == 1:
                self._follow(r, row, shift)
            elif any(row):
                shift = {}
        self._tell()

    def _learn(self, first: int, last: int) -> None:
        """What fits each column; of a group column, how its headings are numbered."""
        groups = self._layout.categories
        sample = self._spread.rows[first : min(last + 1, first + _SAMPLE)]
        rows = [row for row in sample if not self._is_amiss(row)]
        for c in self._columns:
            if c in groups:
                styles = Counter(style_of(without_layout(row[c])) for row in rows if row[c])
                self._judges[c] = partial(
                    _as_group, max(styles, key=styles.__getitem__, default="")
                )
            else:
                self._judges[c] = _judge_of(c, self._layout, self._is_deadline)

    def _is_amiss(self, row: list[str]) -> bool:
        """Whether a cell stands in a column that it cannot belong to."""
        modes = self._layout.modes
        if modes:
            if any(row[c] and _is_mode(row[c]) for c in modes):
                return False
            return any(text and c not in modes and _is_mode(text) for c, text in enumerate(row))
        return self._slid_left(row) or self._slid_right(row)

    def _slid_left(self, row: list[str]) -> bool:
        """A department for a task, and before it or behind it what speaks for that."""
        task, worker = self._layout.task, self._workers[0]
        if not looks_like_department(row[task]) or looks_like_department(row[worker]):
            return False
        return self._is_deadline(row[worker]) or any(len(text) > _LONG for text in row[:task])

    def _slid_right(self, row: list[str]) -> bool:
        """A text among the departments, no task, and a department further right."""
        task, worker = self._layout.task, self._workers[0]
        text = row[worker]
        if len(row[task]) > _SHORT or len(text) <= _SHORT or looks_like_department(text):
            return False
        others = (c for c in range(worker + 1, len(row)) if c not in self._workers)
        return any(row[c] and looks_like_department(row[c]) for c in others)

    def _place(self, r: int, row: list[str], shift: dict[int, int]) -> dict[int, int]:
        """Move the row's cells to where they fit best; {} if they stay."""
        cells = [c for c, text in enumerate(row) if text]
        if len(cells) > _WIDEST:
            return {}
        placed, score = self._best(row, cells, shift)
        if score - self._as_it_stands(row, cells) < _CLEARLY:
            return {}
        self._move(r, row, placed)
        return placed

    def _as_it_stands(self, row: list[str], cells: list[int]) -> int:
        return sum(self._judge(row[c], c, c, {}) for c in cells)

    def _judge(self, text: str, stands: int, column: int, shift: dict[int, int]) -> int:
        """How well a text fits a column; a little more where it stands, or slides as the row
        above did."""
        judge = self._judges.get(column)
        if judge is None:
            return -2
        return judge(text) + (stands == column) + 2 * (shift.get(stands) == column)

    def _best(
        self, row: list[str], cells: list[int], shift: dict[int, int]
    ) -> tuple[dict[int, int], int]:
        """The placing of the cells, in their order, with the highest sum; two neighbours may share
        a group column, whose upright text a page often tears in two."""
        columns, torn = self._columns, self._layout.categories
        # best[j] after i cells: the best sum with cell i in column j, and the columns so far
        best: dict[int, tuple[int, tuple[int, ...]]] = {-1: (0, ())}
        for stands in cells:
            nxt: dict[int, tuple[int, tuple[int, ...]]] = {}
            for j, column in enumerate(columns):
                gain = self._judge(row[stands], stands, column, shift)
                before = [best[k] for k in best if k < j]
                if column in torn and j in best and best[j][1][-2:] != (column, column):
                    before.append((best[j][0] - _TORN, best[j][1]))
                if before:
                    total, way = max(before, key=lambda one: one[0])
                    nxt[j] = (total + gain, (*way, column))
            if not nxt:
                return {}, _NEVER
            best = nxt
        total, way = max(best.values(), key=lambda one: one[0])
        return dict(zip(cells, way, strict=True)), total

    def _follow(self, r: int, row: list[str], shift: dict[int, int]) -> None:
        """A lone cell below a row that slid is the rest of a cell there."""
        column = next(c for c, text in enumerate(row) if text)
        if shift.get(column, column) != column != self._layout.task:
            self._move(r, row, {column: shift[column]})

    def _move(self, r: int, row: list[str], placed: dict[int, int]) -> None:
        fresh = [""] * len(row)
        for stands, column in placed.items():
            fresh[column] = _joined(fresh[column], row[stands])
            if stands != column:
                self._spread.moved[r, column] = stands
        self._spread.rows[r] = self._spread.filled[r] = fresh
        self._slid.append(r)

    def _tell(self) -> None:
        """One question for each run of rows."""
        runs: list[list[int]] = []
        for r in self._slid:
            if runs and r == runs[-1][1] + 1:
                runs[-1][1] = r
            else:
                runs.append([r, r])
        grid = self._spread.grid
        for top, bottom in runs:
            place = f"{grid.sheet}!{area(top, 0, bottom, grid.width - 1)}"
            where = f"第 {top + 1} 至 {bottom + 1} 行" if top < bottom else f"第 {top + 1} 行"
            message = f"{where}的内容与表头错开了，已按内容对回各列，请核对"
            problem = Problem(place, "shifted_row", message, None, ALIGN)
            self.problems.append(self._layout.asking.ask(problem, "shifted", (ALIGN, LEAVE)))


def _joined(one: str, other: str) -> str:
    """Two halves of a torn cell; the one that carries the number goes first."""
    if not one:
        return other
    return other + one if style_of(without_layout(other)) != "plain" else one + other


@lru_cache(maxsize=8192)
def _is_mode(text: str) -> bool:
    return says_how_scored(text)


def _judge_of(column: int, layout: Layout, is_deadline: Read) -> Judge:
    """How well a text fits the job of a column; negative where it does not."""
    if column in layout.modes:
        return lambda text: 8 if _is_mode(text) else -8
    if column in {c for c, _ in layout.departments}:
        return _as_department
    if column == layout.deadline:
        return lambda text: -8 if _is_mode(text) else 5 if is_deadline(text) else -1
    if column == layout.task:
        return _as_task
    if column == layout.number:
        return lambda text: 4 if text.strip().isdigit() else -4
    return _as_anything


def _as_department(text: str) -> int:
    if _is_mode(text) or ENUMERATED.match(text):
        return -8
    return 5 if looks_like_department(text) else -3


def _as_task(text: str) -> int:
    if _is_mode(text):
        return -8
    if ENUMERATED.match(text):
        return 6
    return -4 if looks_like_department(text) else 2 if len(text) > 5 else 0


def _as_group(style: str, text: str) -> int:
    """`style` is how the column's headings are numbered ('plain' where they are not)."""
    if _is_mode(text):
        return -8
    own = style_of(without_layout(text))
    if own == style != "plain":
        return 4
    if own != "plain" or looks_like_department(text) or len(text) > 30:
        return -2
    return 1 if style == "plain" else -1


def _as_anything(text: str) -> int:
    return -8 if _is_mode(text) else 0
