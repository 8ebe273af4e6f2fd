"""What applying would do to each row: new, changed, unchanged; and which rows are missing.

The preview shows it and applying writes it: both come from here.
"""

import hashlib
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from tracker.intake.decide import Row
from tracker.intake.placing import Placed, places
from tracker.intake.present import Present
from tracker.plans.task import Task

Changed = tuple[Task, Row, dict[str, Any]]
"""A task, the row that says it differently, and what the task said."""
ELSEWHERE = frozenset({"number", "outline"})
"""What a task that stands elsewhere in the file says differently."""


@dataclass
class Outcome:
    """Rows by what becomes of them; `placed` says where new rows and tasks that moved stand (see
    intake.placing), nothing where the plan has no task yet; `rekeyed` are tasks that are to be known
    by another key although they say the same; `invalid` are rows without a text to be done."""

    new: list[Row] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    rekeyed: list[tuple[Task, str]] = field(default_factory=list)
    unchanged: list[Row] = field(default_factory=list)
    missing: list[Task] = field(default_factory=list)
    invalid: list[Row] = field(default_factory=list)
    present: Present = field(default_factory=Present)

    @property
    def touched(self) -> list[int]:
        """The ids of the tasks that applying writes over."""
        tasks = [one[0] for one in self.changed] + [one[0] for one in self.rekeyed]
        return [task.id for task in tasks if task.id is not None]

    def counts(self) -> dict[str, int]:
        """The figures of the command line's contract."""
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "unchanged": len(self.unchanged),
            "missing": len(self.missing),
            "invalid": len(self.invalid),
        }


def compare(
    session: Session,
    plan_id: int | None,
    rows: Iterable[Row],
    same: Mapping[str, int] | None = None,
) -> Outcome:
    """Match rows with the plan's tasks: by `same` (row's key → task's id, see intake.versions),
    else by what they say."""
    present = Present.load(session, plan_id)
    outcome = Outcome(present=present)
    known = _Known(present.tasks, same or {})
    seen = [(row, known.task_of(row)) for row in rows]
    for row, task in seen:
        if not row.text.strip():
            outcome.invalid.append(row)
        elif task is None:
            outcome.new.append(row)
        elif before := _difference(task, row, present):
            outcome.changed.append((task, row, before))
        else:
            outcome.unchanged.append(row)
            if task.match_key != row.key:
                outcome.rekeyed.append((task, row.key))
    outcome.missing = known.left()
    outcome.rekeyed += _displaced(outcome.missing, seen)
    if present.tasks:
        outcome.placed = places(present.tasks, _stands(seen), _moved(outcome.changed))
    return outcome


class _Known:
    """The plan's tasks, each given away once."""

    def __init__(self, tasks: Sequence[Task], same: Mapping[str, int]) -> None:
        there = {task.id: task for task in tasks}
        self._same = {key: there[ident] for key, ident in same.items() if ident in there}
        spoken_for = {task.id for task in self._same.values()}
        self._tasks = there
        self._by_key: dict[str, deque[Task]] = defaultdict(deque)
        for task in tasks:
            if task.id not in spoken_for:
                self._by_key[task.match_key].append(task)

    def task_of(self, row: Row) -> Task | None:
        found = self._same.pop(row.key, None)
        if found is None and (waiting := self._by_key.get(row.key)):
            found = waiting.popleft()
        return self._tasks.pop(found.id) if found is not None else None

    def left(self) -> list[Task]:
        return list(self._tasks.values())


def _displaced(missing: list[Task], seen: list[tuple[Row, Task | None]]) -> list[tuple[Task, str]]:
    """Missing tasks whose key another task now answers to."""
    if not missing:
        return []
    taken = {row.key for row, _task in seen}
    return [(task, _own_key(task)) for task in missing if task.match_key in taken]


def _own_key(task: Task) -> str:
    return hashlib.sha256(f"{task.match_key}\x1f{task.id}".encode()).hexdigest()[:32]


def _stands(seen: list[tuple[Row, Task | None]]) -> list[int | None]:
    """The file's rows in order, as the ids of their tasks; None for a new one."""
    return [task.id if task else None for row, task in seen if task or row.text.strip()]


def _moved(changed: list[Changed]) -> set[int]:
    return {task.id for task, _row, before in changed if task.id and before.keys() & ELSEWHERE}


def _difference(task: Task, row: Row, present: Present) -> dict[str, Any]:
    """What the task says now where the row says something else; empty when both agree.

    A row that is not done says nothing against work that was completed here; where only the file
    had said so (no day of completion), it does.
    """
    assert task.id is not None
    parts, unresolved = present.parts.get(task.id, {}), present.unresolved.get(task.id, [])
    before = _words(task, row, present)
    if task.deadline_text != row.deadline_text or task.original_due_on != row.due_on:
        before["deadline"] = [
            task.deadline_text,
            task.deadline_kind,
            task.due_on.isoformat() if task.due_on else None,
            task.original_due_on.isoformat() if task.original_due_on else None,
        ]
    if (task.points, task.modes, task.points_by_mode) != (
        row.points,
        row.modes,
        row.points_by_mode,
    ):
        points = None if task.points is None else str(task.points)
        before["scoring"] = [task.modes, points, task.points_by_mode]
    if task.standard != row.standard:
        before["standard"] = task.standard
    if task.fields != row.fields:
        before["fields"] = task.fields
    if [name[:2] for name in unresolved] != [[name, role] for name, role, _ in row.unresolved]:
        before["unresolved"] = unresolved
    if row.is_done != task.is_complete and task.completed_on is None:
        before["done"] = []
    if parts != {part.department_id: part.role for part in row.parts}:
        before["parts"] = []
    if before and task.match_key != row.key:
        before["key"] = task.match_key
    return before


def _words(task: Task, row: Row, present: Present) -> dict[str, Any]:
    """What the task is known by, where the row has it otherwise."""
    before: dict[str, Any] = {}
    if task.text != row.text:
        before["text"] = task.text
    if task.number != row.number:
        before["number"] = task.number
    if (outline := present.outline(task)) != row.outline:
        before["outline"] = list(outline)
    return before
