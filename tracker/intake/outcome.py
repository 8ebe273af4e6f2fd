"""What applying would do to each row: new, changed, unchanged; and which rows are missing.

The preview shows it and applying writes it: both come from here.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from tracker.intake.decide import Row
from tracker.intake.placing import AT_THE_START
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.task import Task, UnresolvedName

Changed = tuple[Task, Row, dict[str, Any]]
"""A task, the row that says it differently, and what the task said."""


@dataclass
class Outcome:
    """Rows by what becomes of them; `after` names, for each new row, the plan's task that it follows
    in the file (see intake.placing); `invalid` are rows without a text to be done."""

    new: list[Row] = field(default_factory=list)
    after: list[int | None] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    unchanged: int = 0
    missing: list[Task] = field(default_factory=list)
    invalid: list[Row] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """The figures of the command line's contract."""
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
            "missing": len(self.missing),
            "invalid": len(self.invalid),
        }


def compare(session: Session, plan_id: int | None, rows: Iterable[Row]) -> Outcome:
    """Match rows with the plan's tasks by what they say."""
    outcome = Outcome()
    present = _Present.load(session, plan_id) if plan_id is not None else _Present()
    tasks = present.tasks
    last: int | None = None
    for row in rows:
        task = tasks.pop(row.key, None)
        last = task.id if task else last
        if not row.text.strip():
            outcome.invalid.append(row)
        elif task is None:
            outcome.new.append(row)
            outcome.after.append(last)
        elif before := _difference(task, row, present):
            outcome.changed.append((task, row, before))
        else:
            outcome.unchanged += 1
    outcome.missing = list(tasks.values())
    if last is not None:
        outcome.after = [AT_THE_START if one is None else one for one in outcome.after]
    return outcome


@dataclass
class _Present:
    """What the plan says now: its tasks by key; of each task the departments' roles and the names
    that stand for nobody yet."""

    tasks: dict[str, Task] = field(default_factory=dict)
    parts: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    unresolved: dict[int, list[list[str]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def load(cls, session: Session, plan_id: int) -> "_Present":
        tasks = select(Task).where(Task.plan_id == plan_id)
        found = cls({task.match_key: task for task in session.exec(tasks)})
        standing = select(Assignment.task_id, Assignment.department_id, Assignment.role).where(
            Assignment.plan_id == plan_id, col(Assignment.state) != AssignmentState.WITHDRAWN
        )
        for task_id, department_id, role in session.exec(standing):
            found.parts[task_id][department_id] = role
        names = select(UnresolvedName).where(UnresolvedName.plan_id == plan_id)
        for name in session.exec(names.order_by(col(UnresolvedName.id))):
            found.unresolved[name.task_id].append([name.name, name.role, name.source])
        return found


def _difference(task: Task, row: Row, present: _Present) -> dict[str, Any]:
    """What the task says now where the row says something else; empty when both agree.

    A row that is not done says nothing against work that was completed here; where only the file
    had said so (no day of completion), it does.
    """
    assert task.id is not None
    parts, unresolved = present.parts.get(task.id, {}), present.unresolved.get(task.id, [])
    before: dict[str, Any] = {}
    if task.deadline_text != row.deadline_text or task.original_due_on != row.due_on:
        before["deadline"] = [
            task.deadline_text,
            task.deadline_kind,
            task.due_on.isoformat() if task.due_on else None,
            task.original_due_on.isoformat() if task.original_due_on else None,
        ]
    if task.points != row.points or task.modes != row.modes:
        before["scoring"] = [task.modes, None if task.points is None else str(task.points)]
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
    return before
