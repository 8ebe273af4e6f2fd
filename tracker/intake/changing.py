"""Changing a task that a later version of the plan says differently; what it said is kept."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker.intake.batch import Batch, BatchChange
from tracker.intake.decide import Row
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.plan import Plan
from tracker.plans.task import Task


def apply_change(
    session: Session, plan: Plan, batch: Batch, task: Task, row: Row, before: dict[str, Any], *,
    at: datetime,
) -> None:  # fmt: skip
    """Write what the row says over the task; remember what it said for undoing."""
    assert batch.id is not None and task.id is not None
    session.add(BatchChange(batch_id=batch.id, task_id=task.id, before=before))
    if "deadline" in before:
        _set_deadline(session, task, row)
    if "scoring" in before:
        task.modes, task.points = row.modes, row.points
    if "standard" in before:
        task.standard = row.standard
    if "parts" in before:
        _set_parts(session, plan, task, {p.department_id: p for p in row.parts}, at=at)
    session.add(task)


def _set_deadline(session: Session, task: Task, row: Row) -> None:
    task.deadline_text, task.deadline_kind = row.deadline_text, row.deadline_kind
    task.due_on = task.original_due_on = row.due_on
    task.deadline_version += 1
    for part in _parts_of(session, task):
        part.due_on = row.due_on
        session.add(part)


def _parts_of(session: Session, task: Task) -> list[Assignment]:
    return list(session.exec(select(Assignment).where(col(Assignment.task_id) == task.id)))


def _set_parts(
    session: Session, plan: Plan, task: Task, wanted: dict[int, Any], *, at: datetime
) -> None:
    """Departments no longer named are withdrawn, new ones issued, roles put right."""
    assert plan.id is not None and task.id is not None
    present = {part.department_id: part for part in _parts_of(session, task)}
    for department_id, part in present.items():
        want = wanted.get(department_id)
        if want is None:
            part.move(AssignmentState.WITHDRAWN, on=None)
        else:
            part.role = AssignmentRole(want.role)
            if part.state == AssignmentState.WITHDRAWN:
                part.move(AssignmentState.ISSUED)
        session.add(part)
    for department_id, want in wanted.items():
        if department_id not in present:
            session.add(
                Assignment(
                    plan_id=plan.id, task_id=task.id, department_id=department_id,
                    role=AssignmentRole(want.role), due_on=task.due_on, issued_at=at,
                    as_written=want.name, group_id=want.group_id,
                )
            )  # fmt: skip
