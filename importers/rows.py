"""The body of one table → tasks. Every row is a task, a part of one, a heading, or skipped.

Tasks are plain lists here (see `reading.Task` for their fields): 100,000 of them cross a pipe.
"""

from __future__ import annotations

from typing import Any

from importers.assignments import RowAssignments
from importers.cells import Cells, PlainDeadline, mode_problem
from importers.doubts import Doubts
from importers.grid import says_nothing, without_layout
from importers.layout import Layout
from importers.problems import Problem
from importers.rowkinds import RowKinds
from importers.rowwords import ELLIPSIS, ENUMERATED, TELLING, TOTAL, Outline
from importers.scoring import read_points
from importers.spread import Spread
from importers.status import read_status
from importers.titles import NOTE

GROUPS, DEADLINE, SCORING, STATUS, FIELDS, LAST_ROW = 5, 6, 7, 8, 9, 10
PlainTask = list[Any]
_MOST_TORN, _SHOWN = 100, 2000
_NO_FIELDS: dict[str, str] = {}


class Rows:
    """Reads rows in order; afterwards `tasks`, `problems` and `skipped` are the result."""

    def __init__(self, spread: Spread, layout: Layout, cells: Cells, labels: list[str]) -> None:
        self.tasks: list[PlainTask] = []
        self._doubts = Doubts()
        self.problems = self._doubts.found
        self.skipped: list[tuple[str, str]] = []
        self._spread, self._layout, self._cells = spread, layout, cells
        self._rows, self._filled = spread.rows, spread.filled
        self._labels = labels
        self._outline = Outline(len(layout.categories))
        self._grouped = [""] * len(layout.categories)
        self._deadline: tuple[tuple[int, str], PlainDeadline] | None = None
        self._who = RowAssignments(spread, layout, cells, self._doubts.ask)
        self._last = -1
        self._before = 0
        self._gathered = False
        self._marks = [c for c, _ in layout.departments] + layout.modes
        self._marks += [c for c, _ in layout.matrix] + [c for c in (layout.deadline,) if c >= 0]
        self._numbered = layout.number >= 0
        self._kinds = RowKinds(spread, layout, self._marks)

    def read(self, first: int, last: int, leave_out: set[int]) -> None:
        """Read rows `first` to `last`; `leave_out` are repeated headers."""
        task, marks, number = self._layout.task, self._marks, self._layout.number
        rows, filled = self._rows, self._filled
        for r in range(first, last + 1):
            row, values = rows[r], filled[r]
            if r in leave_out:
                self._pass_by(r, "重复的表头")
            elif (
                row[task] and (number < 0 or values[number]) and any(map(values.__getitem__, marks))
            ):
                self._usual(r, row, values)
            elif any(row):
                self._odd(r, row, values)
        self.skipped += [(source, "标题下没有任务") for source in self._outline.unused()]

    def _usual(self, r: int, row: list[str], values: list[str]) -> None:
        """A row with all that makes a task, as most are."""
        first = row[0] or next(filter(None, row))
        if first[0] in TELLING and self._is_told(first, row):
            self._odd(r, row, values)
        elif ("：" in first or ":" in first) and (why := self._kinds.skipped_row(row)):
            self._pass_by(r, why)
        else:
            self._task(r, values)

    @staticmethod
    def _is_told(first: str, row: list[str]) -> bool:
        """Whether a row is a total, dots or a note, though it fills every column of a task."""
        alone = sum(map(bool, row)) == 1
        return bool(
            TOTAL.match(first) or ELLIPSIS.fullmatch(first) or (alone and NOTE.match(first))
        )

    def _odd(self, r: int, row: list[str], values: list[str]) -> None:
        """A row that lacks a number, a task or everything beside it."""
        own = [c for c, text in enumerate(row) if text]
        task = self._layout.task
        if why := self._kinds.skipped(row, own):
            self._pass_by(r, why)
        elif self._kinds.is_heading(r, row, own):
            sources = [self._spread.at(r, c) for c in own]
            self._outline.across(without_layout(" ".join(row[c] for c in own)), sources)
            self._grouped = [""] * len(self._grouped)
        elif row[task]:
            self._task_or_rest(r, row, values, own)
        elif values[task] and self.tasks and self._spread.source(r, task) == self._task_source():
            self._more(r, row, own)
        elif self.tasks and self._last == r - 1 and self._kinds.is_more_departments(own):
            self._more(r, row, own)
            self._doubts.tell(self._continued(r, own[0], row[own[0]], self.tasks[-1][4]))
        else:
            self._no_task(r, row, own)

    def _pass_by(self, r: int, why: str) -> None:
        """Skip a row that does not end the task above: its rest may stand below."""
        self._skip(r, why)
        if self._last == r - 1:
            self._last = r

    def _task_or_rest(self, r: int, row: list[str], values: list[str], own: list[int]) -> None:
        """A task without number or department, or the rest of the row above."""
        layout = self._layout
        workers = [c for c, _ in layout.departments] + layout.modes
        numbered = self._numbered and bool(values[layout.number])
        named = any(row[c] for c in workers) and not self._tears_a_name(row)
        fresh = numbered or ENUMERATED.match(row[layout.task]) or named or self._is_long()
        if fresh or not self.tasks or self._last != r - 1 or not self._may_continue():
            self._task(r, values)
        else:
            self._continue(r, row, own)

    def _is_long(self) -> bool:
        """Whether the task above has been torn over more rows than any page break tears."""
        return bool(self.tasks) and self.tasks[-1][LAST_ROW] - self.tasks[-1][1] > _MOST_TORN

    def _tears_a_name(self, row: list[str]) -> bool:
        if not self.tasks or not self._numbered:
            return False
        return self._kinds.tears_a_name(self._filled[self.tasks[-1][1] - 1], row)

    def _may_continue(self) -> bool:
        """Rows of this table begin with a number, or the task above with an enumerator."""
        return self._numbered or bool(ENUMERATED.match(self.tasks[-1][4]))

    def _continue(self, r: int, row: list[str], own: list[int]) -> None:
        """Join the row to the one above and read that one again, unless more rows have joined it."""
        if self._gathered:
            self._lengthen(r, row, own)
            return
        base = self.tasks.pop()[1] - 1
        self._doubts.take_back(self._before)
        self._filled[base] = self._filled[base].copy()
        for c in own:
            self._filled[base][c] += row[c]
        text = self._filled[base][self._layout.task]
        column = self._layout.task
        self._doubts.tell(self._continued(r, column, row[column], text))
        self._deadline = None
        self._task(base, self._filled[base])
        self.tasks[-1][LAST_ROW] = r + 1
        self._last = r

    def _lengthen(self, r: int, row: list[str], own: list[int]) -> None:
        """Put the row's text behind that of a task whose other rows are read already."""
        task, c = self.tasks[-1], self._layout.task
        task[4] = without_layout(task[4] + row[c])
        self._doubts.tell(self._continued(r, c, row[c], task[4]))
        self._more(r, row, [column for column in own if column != c])

    def _continued(self, r: int, column: int, rest: str, text: str) -> Problem:
        source = self._spread.at(r, column)
        message = "这一行没有序号，读作上一行的续行"
        return Problem(source, "continued_row", message, rest, text[:_SHOWN])

    def _task_source(self) -> str:
        return str(self.tasks[-1][0])

    def _more(self, r: int, row: list[str], own: list[int]) -> None:
        """Another row under a merged-down task: its departments and scores join the task."""
        layout, task, source = self._layout, self.tasks[-1], self._spread.at
        columns = {c for c, _ in layout.departments + layout.matrix} | set(layout.modes)
        task[GROUPS] += self._who.apart(task[GROUPS], self._who.written(r, row))
        if layout.matrix:
            task[FIELDS] = {**task[FIELDS]}
            task[GROUPS] += self._who.apart(task[GROUPS], self._who.marked(r, row, task[FIELDS]))
        task[SCORING] += self._scoring(r, row)
        for c in own:
            if c == layout.deadline and (not task[DEADLINE] or row[c] != task[DEADLINE][0]):
                message = f"同一任务写有不同的完成时限“{row[c]}”，请确定以哪个为准"
                self._doubts.tell(Problem(source(r, c), "two_deadlines", message, row[c]))
                self.skipped.append((source(r, c), "同一任务的另一个时限"))
            elif c not in columns and c not in (layout.deadline, layout.points):
                label = self._labels[c]
                old = task[FIELDS].get(label)
                new = f"{old}\n{row[c]}" if old else row[c]
                task[FIELDS] = {**task[FIELDS], label: new}
        self._last = r
        task[LAST_ROW] = r + 1
        self._gathered = True

    def _no_task(self, r: int, row: list[str], own: list[int]) -> None:
        source = self._spread.at(r, own[0])
        text = " ".join(row[c] for c in own)
        message = f"第 {r + 1} 行没有工作任务，未读作任务，请核对"
        self._doubts.tell(Problem(source, "no_task", message, text[:200]))
        self._skip(r, "这一行没有工作任务")

    def _skip(self, r: int, why: str) -> None:
        self.skipped += [
            (self._spread.at(r, c), why) for c, text in enumerate(self._rows[r]) if text
        ]

    def _task(self, r: int, values: list[str]) -> None:
        """Read one row as a task. `values` has merged cells filled in."""
        layout = self._layout
        self._before = len(self.problems)
        self._group(values)
        deadline = self._read_deadline(r, values)
        fields = {label: values[c] for c, label in layout.fields if values[c]}
        status = self._status(values, fields) if layout.status >= 0 else None
        if status is None and deadline and deadline[1] == "done":
            status = "done"
        outline = self._outline.texts()
        groups = self._who.all_of(r, values, outline)
        if layout.matrix:
            groups += self._who.apart(groups, self._who.marked(r, values, fields))
        task = [
            self._spread.source(r, layout.task), r + 1,
            without_layout(values[layout.number]) if layout.number >= 0 else "",
            outline, without_layout(values[layout.task]),
            groups, deadline, self._scoring(r, values), status, fields or _NO_FIELDS,
            r + 1,
        ]  # fmt: skip
        if not groups:
            self._note_no_department(r)
        self.tasks.append(task)
        self._last = r
        self._gathered = False

    def _group(self, values: list[str]) -> None:
        """Category cells become the outline; equal texts are one object, so most rows pass by."""
        for level, c in enumerate(self._layout.categories):
            text = values[c]
            if text and text is not self._grouped[level]:
                self._outline.group(level, without_layout(text))
                self._grouped[level:] = [text, *[""] * (len(self._grouped) - level - 1)]

    def _note_no_department(self, r: int) -> None:
        if self._layout.departments:
            source = self._spread.at(r, self._layout.departments[0][0])
            self._doubts.tell(Problem(source, "no_department", "这项任务没有写责任单位", ""))

    def _read_deadline(self, r: int, values: list[str]) -> PlainDeadline | None:
        c = self._layout.deadline
        if c < 0 and not self._layout.calendar.columns:
            return None
        text, c = (values[c], c) if c >= 0 else self._layout.calendar.marked(self._spread, r)
        if not text:
            return None
        tops = self._spread.origin.get(c)
        top = tops[r] if tops else r
        if self._deadline is None or self._deadline[0] != (top, text):
            source = self._spread.at(top, c)
            plain, problem = self._cells.deadline(text, source)
            self._deadline = ((top, text), plain)
            if problem:
                self._doubts.ask(problem)
        return self._deadline[1]

    def _scoring(self, r: int, values: list[str]) -> tuple[Any, ...]:
        """Modes with their points; a points column completes a lone mode."""
        scores: tuple[Any, ...] = ()
        for c in self._layout.modes:
            if values[c]:
                scores += self._cells.scores(values[c])
                if self._layout.points < 0:
                    for mode in self._cells.unclear_modes(values[c]):
                        self._doubts.ask(mode_problem(mode, self._spread.source(r, c)))
        c = self._layout.points
        if c < 0 or not values[c]:
            return scores
        is_weight = "权" in self._labels[c]
        points = read_points(values[c].rstrip("％% ") if is_weight else values[c])
        if points is None and not says_nothing(values[c]):
            message = f"分值“{values[c]}”不是数字，请更正"
            self._doubts.ask(
                Problem(self._spread.source(r, c), "unclear_points", message, values[c])
            )
        if points is None or len(scores) > 1 or (scores and scores[0][1] is not None):
            return (*scores, (None, points)) if points is not None else scores
        return ((scores[0][0] if scores else None, points),)

    def _status(self, values: list[str], fields: dict[str, str]) -> str | None:
        """The status, if the words are clear; the words themselves stay among the fields."""
        c = self._layout.status
        if not values[c]:
            return None
        fields[self._labels[c]] = values[c]
        return read_status(values[c])
