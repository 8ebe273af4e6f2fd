"""What applying would do to each row: new, changed, unchanged; and which rows are missing.

The preview shows it and applying writes it: both come from here.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from tracker.intake.decide import Row
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.task import Task


@dataclass
class Outcome:
    """Rows by what becomes of them. `changed` pairs the task with its row and what it said;
    `invalid` are rows without a text to be done."""

    new: list[Row] = field(default_factory=list)
    changed: list[tuple[Task, Row, dict[str, Any]]] = field(default_factory=list)
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
    tasks, parts = _present(session, plan_id) if plan_id is not None else ({}, {})
    for row in rows:
        if not row.text.strip():
            outcome.invalid.append(row)
        elif (task := tasks.pop(row.key, None)) is None:
            outcome.new.append(row)
        elif before := _difference(task, parts.get(task.id or 0, {}), row):
            outcome.changed.append((task, row, before))
        else:
            outcome.unchanged += 1
    outcome.missing = list(tasks.values())
    return outcome


def _present(session: Session, plan_id: int) -> tuple[dict[str, Task], dict[int, dict[int, str]]]:
    tasks = {t.match_key: t for t in session.exec(select(Task).where(Task.plan_id == plan_id))}
    parts: dict[int, dict[int, str]] = defaultdict(dict)
    standing = select(Assignment.task_id, Assignment.department_id, Assignment.role).where(
        Assignment.plan_id == plan_id, col(Assignment.state) != AssignmentState.WITHDRAWN
    )
    for task_id, department_id, role in session.exec(standing):
        parts[task_id][department_id] = role
    return tasks, parts


def _difference(task: Task, parts: dict[int, str], row: Row) -> dict[str, Any]:
    """What the task says now where the row says something else; empty when both agree."""
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
    if parts != {part.department_id: part.role for part in row.parts}:
        before["parts"] = sorted(parts.items())
    return before
