"""From what the reader saw and what people answered to rows that can be written.

The reading is the importers' own, whether fresh from a file or unpacked from a batch (intake.kept).
"""

from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import NamedTuple

from importers import Assignment, Deadline, Reading, Score, Table
from importers.columns import meaning_of
from importers.rhythm_rule import read_rhythm
from importers.tasklist import Columns, People
from importers.xmlscan import column_number
from tracker.directory.resolve import Found, Names, Resolution
from tracker.intake.answers import Answer

_NO_FIELDS: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Part:
    """A department's part in a row; `name` is as written. Rows that say the same share it."""

    department_id: int
    role: str
    name: str
    group_id: int | None = None


@dataclass(slots=True)
class Row:
    """A task as it will be written. `key` says the row again in a later version of the plan."""

    source: str
    number: str
    outline: tuple[str, ...]
    text: str
    key: str
    standard: str
    modes: str
    points: Decimal | None
    points_by_mode: dict[str, str] | None
    deadline_text: str
    deadline_kind: str
    due_on: date | None
    is_done: bool
    fields: dict[str, str]
    parts: tuple[Part, ...] = ()
    unresolved: Sequence[tuple[str, str, str]] = ()


def plan_tables(reading: Reading) -> list[Table]:
    """The tables that hold tasks."""
    return [table for table in reading.tables if table.tasks]


def rows(reading: Reading, names: "Decisions") -> Iterator[Row]:
    """Every task of the reading, decided."""
    seen: Counter[str] = Counter()
    for table in plan_tables(reading):
        yield from _rows(table, names, seen)


def _rows(table: Table, names: "Decisions", seen: Counter[str]) -> Iterator[Row]:
    """What repeats is decided once, then put together row by row."""
    said, second = table.tasks.columns, _second_deadlines(table)
    dues = [(due.text, *names.deadline(due)) for due in said.deadlines]
    scores = [names.scoring(scoring) for scoring in said.scorings]
    placed = [names.place(people) for people in said.whos]
    keys = _keys(said, seen)
    for i, (source, number, text, outline, key, due, scored, who) in enumerate(zip(
        said.source, said.number, said.text, said.outline, keys, said.deadline, said.scoring,
        said.who, strict=True,
    )):  # fmt: skip
        words, kind, due_on = dues[due]
        if source in second:
            kind, due_on = names.deadline(said.deadlines[due], second[source])
        standard, fields = _standard(said.fields[i]) if i in said.fields else ("", _NO_FIELDS)
        modes, points, divided = scores[scored]
        parts, waiting = placed[who]
        unresolved = _unresolved(table.tasks.assignments(i), waiting) if waiting else ()
        yield Row(
            source, number, said.outlines[outline], text, key, standard, modes, points, divided,
            words, kind, due_on, kind == "done" or said.status.get(i) == "done", fields, parts, unresolved,
        )  # fmt: skip


def comes_again(deadline: Deadline) -> bool:
    """The deadline is a rhythm (每月28日前): no single day is late for good, each period asks for its
    report (see work.reporting). One whose rule is not known keeps the day the reader gives."""
    return deadline.kind == "recurring" and read_rhythm(deadline.text or "") is not None


def _unresolved(
    written: Sequence[Assignment], waiting: list[tuple[str, str]]
) -> list[tuple[str, str, str]]:
    """(name, role, cell) of the names that nobody stands for yet."""
    return [one for one in written if one[:2] in waiting]


def _second_deadlines(table: Table) -> dict[str, list[str]]:
    """By task's cell, the other deadlines in the rows that belong to it."""
    found: dict[str, list[str]] = {}
    doubts = [problem for problem in table.problems if problem.code == "two_deadlines"]
    if doubts:
        starts = sorted((task.row, task.source) for task in table.tasks)
        for doubt in doubts:
            at = bisect(starts, (_row_number(doubt.source) + 1, "")) - 1
            found.setdefault(starts[at][1], []).append(doubt.value or "")
    return found


def _standard(fields: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The standard to be met, and the other fields."""
    rest = dict(fields)
    standard = next((rest.pop(head) for head in fields if meaning_of(head) == "standard"), "")
    return standard, rest


def _keys(said: Columns, seen: Counter[str]) -> Iterator[str]:
    """What each row says, and which of several that say the same it is."""
    above = ["\x1f".join((*outline, "")) for outline in said.outlines]
    for outline, number, text in zip(said.outline, said.number, said.text, strict=True):
        words = f"{above[outline]}{number}\x1f{text}"
        seen[words] = nth = seen.get(words, 0) + 1
        yield sha256(f"{words}\x1f{nth}".encode()).hexdigest()[:32]


Scoring = tuple[str, Decimal | None, dict[str, str] | None]
"""The modes in words, the points in all, and each mode's own where the row divides them."""


def _scoring(scores: tuple[Score, ...]) -> Scoring:
    """Points that stand alone (a points column) are the row's; beside them the modes' own only
    divide them. 明查、暗访（4分） divides nothing: the points are of both together."""
    modes = [one for one in scores if one.mode]
    words = "、".join(dict.fromkeys(one.mode for one in modes if one.mode))
    try:
        own = {str(one.mode): Decimal(str(one.points)) for one in modes if one.points is not None}
        alone = [
            Decimal(str(one.points)) for one in scores if one.points is not None and not one.mode
        ]
        given = [Decimal(str(one.points)) for one in modes if one.points is not None]
    except InvalidOperation:
        return words, None, None
    total = sum(alone or given, Decimal(0)) if alone or given else None
    divides = len(modes) > 1 and len(own) == len(modes) and sum(given) == total
    return words, total, {mode: str(points) for mode, points in own.items()} if divides else None


Targets = tuple[list[tuple[int, int | None]], bool]
"""Departments, each with the group it came through, and whether the name stays open."""


class Decisions:
    """The directory and the answers together: what each name and each doubtful date comes to."""

    def __init__(
        self,
        names: Names,
        members: Mapping[int, list[int]],
        answers: Mapping[tuple[str, str], Answer],
    ) -> None:
        """`members` are the departments of each group on the day; `answers` by kind
        ("name" or "deadline") and the words as written."""
        self.names = names
        self.members = members
        self.answers = answers
        self._found: dict[str, Targets] = {}
        self._scored: dict[tuple[Score, ...], Scoring] = {}

    def resolve(self, name: str) -> Resolution:
        """What the directory says of a name."""
        return self.names.resolve(name)

    def deadline(self, deadline: Deadline, second: Sequence[str] = ()) -> tuple[str, date | None]:
        """Kind and date in force: the answer's where there is one, else the reader's. `second` are
        the words of other deadlines in the task's own rows."""
        answer = self.answers.get(("deadline", deadline.text or ""))
        for words in second:
            answer = self.answers.get(("second_deadline", words), answer)
        if answer is None:
            return deadline.kind, None if comes_again(deadline) else deadline.due_on
        if answer["take"] == "date":
            return "date", date.fromisoformat(answer["date"])
        return deadline.kind, None

    def scoring(self, scores: tuple[Score, ...]) -> Scoring:
        """The modes in words, the points in all, and how the row divides them."""
        found = self._scored.get(scores)
        if found is None:
            found = self._scored[scores] = _scoring(scores)
        return found

    def place(self, people: People) -> tuple[tuple[Part, ...], list[tuple[str, str]]]:
        """The departments' parts for the names of a row, and the (name, role) that nobody stands
        for yet."""
        parts: dict[int, Part] = {}
        waiting: list[tuple[str, str]] = []
        for name, role in people:
            targets, is_open = self._find(name)
            if is_open:
                waiting.append((name, role))
            for department_id, group_id in targets:
                _add_part(parts, Part(department_id, role, name, group_id))
        return tuple(parts.values()), waiting

    def _find(self, name: str) -> Targets:
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = self._look_up(name)
        return found

    def _look_up(self, name: str) -> Targets:
        answer = self.answers.get(("name", name))
        if answer is not None:
            return self._answered(answer)
        found = self.names.resolve(name)
        if found.found == Found.DEPARTMENT and found.department_id is not None:
            return [(found.department_id, None)], False
        if found.found == Found.GROUP and found.group_id is not None:
            return self._group(found.group_id)
        return [], found.found != Found.NOBODY

    def _answered(self, answer: Answer) -> Targets:
        take = answer["take"]
        if take in ("department", "new"):
            return (
                ([(answer["department_id"], None)], False)
                if "department_id" in answer
                else ([], True)
            )
        if take == "group":
            return self._group(answer["group_id"])
        if take == "members":
            return [(ident, None) for ident in answer["department_ids"]], False
        return [], take == "open"

    def _group(self, group_id: int) -> Targets:
        members: list[tuple[int, int | None]] = [
            (ident, group_id) for ident in self.members.get(group_id, [])
        ]
        return members, not members


def _add_part(parts: dict[int, Part], part: Part) -> None:
    """One part per department: leading wins over helping, a name over a group."""
    present = parts.get(part.department_id)
    if present is None or (part.role == "lead" and present.role != "lead"):
        parts[part.department_id] = part


class Standing(NamedTuple):
    """Where a table of tasks stands: its sheet, the first row that is its own (titles included where
    no other table stands above), its header rows, the last column that was read, the last that holds
    anything; the key and the last row of each task by its first."""

    sheet: str
    top: int
    header: tuple[int, int]
    reaches: int
    last_column: int
    keys: dict[int, str]
    ends: dict[int, int]


def where_tables_stand(reading: Reading) -> Iterator[Standing]:
    """The tables that hold tasks, as they stand in the file; rows count from 1."""
    seen: Counter[str] = Counter()
    sheets: set[str] = set()
    for table in reading.tables:
        top = table.header_rows[0] if table.sheet in sheets else 1
        sheets.add(table.sheet)
        said = table.tasks.columns
        keys = dict(zip(said.row, _keys(said, seen), strict=True))
        ends = {row: said.last_row.get(i, row) for i, row in enumerate(said.row)}
        if keys:
            reaches = max(map(column_number, table.columns.values()), default=table.last_column)
            yield Standing(
                table.sheet, top, table.header_rows, reaches, table.last_column, keys, ends
            )


def _row_number(source: str) -> int:
    return int("".join(filter(str.isdigit, source.rpartition("!")[2])))
