"""Changing a task that a later version of the plan says differently; what it said is kept."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, delete, select

from tracker.actor import Actor
from tracker.events import Event
from tracker.intake.batch import Batch, BatchChange
from tracker.intake.decide import Row
from tracker.intake.outcome import Outcome
from tracker.intake.writing import ensure_sections
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.holding import Held
from tracker.plans.plan import Plan
from tracker.plans.task import Task, UnresolvedName
from tracker.work.closing import all_led, close_if_done
from tracker.work.completion import Completion
from tracker.work.withdrawal import where_it_stood


def apply_changes(
    session: Session, plan: Plan, batch: Batch, outcome: Outcome, present: Mapping[int, Held], *,
    by: Actor, at: datetime, on: date,
) -> list[Event]:  # fmt: skip
    """Write what the rows say over their tasks; remember what these said, for undoing.

    `present` are the changed tasks and their parts, held since before anything was written: what a
    review or a report did while they were compared counts.
    """
    assert batch.id is not None
    events: list[Event] = []
    headings = [row.outline for _task, row, before in outcome.changed if "outline" in before]
    sections = ensure_sections(session, plan, headings) if headings else {}
    stood = {one.task_id: one.stood_after for one in outcome.placed}
    for found, row, before in outcome.changed:
        assert found.id is not None
        before["row"] = row.key
        if found.id in stood:
            before["stood"] = stood[found.id]
        task, own = present[found.id]
        if "outline" in before:
            task.section_id = sections.get(row.outline)
        if before.keys() & {"parts", "done"}:
            before["parts"] = [said_of(part) for part in own]
            before["done"] = [task.is_complete, _iso(task.completed_on)]
        session.add(BatchChange(batch_id=batch.id, task_id=found.id, before=before))
        _write(session, task, row, own, before, at=at)
        if "parts" in before:
            events += _settle(session, task, row, own, by=by, at=at, on=on)
        session.add_all([task, *own])
    for found, key in outcome.rekeyed:
        _set_key(session, batch.id, present[found.id or 0].task, key)
    return events


def _set_key(session: Session, batch_id: int, task: Task, key: str) -> None:
    """The task says what it said and is known by another key."""
    assert task.id is not None
    session.add(BatchChange(batch_id=batch_id, task_id=task.id, before={"key": task.match_key}))
    task.match_key = key
    session.add(task)


def said_of(part: Assignment) -> list[Any]:
    """A part as undoing needs it: department, role, state, day of completion, percent."""
    return [
        part.department_id, part.role, part.state, _iso(part.completed_on), part.percent,
        part.in_plan,
    ]  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _write(
    session: Session, task: Task, row: Row, parts: list[Assignment], before: dict[str, Any], *,
    at: datetime,
) -> None:  # fmt: skip
    task.text, task.number = row.text, row.number
    task.match_key = row.key if "key" in before else task.match_key
    if "deadline" in before:
        _set_deadline(task, row, parts)
    if "scoring" in before:
        task.modes, task.points = row.modes, row.points
    task.standard = row.standard if "standard" in before else task.standard
    task.fields = row.fields if "fields" in before else task.fields
    if "unresolved" in before:
        set_unresolved(session, task, row.unresolved)
    if "parts" in before:
        _set_parts(session, task, row, parts, at=at)


def _set_deadline(task: Task, row: Row, parts: list[Assignment]) -> None:
    task.deadline_text, task.deadline_kind = row.deadline_text, row.deadline_kind
    task.due_on = task.original_due_on = row.due_on
    task.deadline_version += 1
    for part in parts:
        part.due_on = row.due_on


def set_unresolved(session: Session, task: Task, names: Sequence[Sequence[str]]) -> None:
    """These names (name, role, source), and no others, stand for nobody yet."""
    assert task.id is not None
    session.execute(delete(UnresolvedName).where(col(UnresolvedName.task_id) == task.id))
    session.add_all(
        UnresolvedName(plan_id=task.plan_id, task_id=task.id, name=name, role=role, source=source)
        for name, role, source in names
    )


def _set_parts(
    session: Session, task: Task, row: Row, parts: list[Assignment], *, at: datetime
) -> None:
    """Departments no longer named are withdrawn, new ones issued, roles put right; those whose part
    the office gave away, or gave them by hand, stay as they are."""
    assert task.id is not None
    wanted = {part.department_id: part for part in row.parts}
    for part in parts:
        want = wanted.pop(part.department_id, None)
        if want is None:
            if part.in_plan:
                part.move(AssignmentState.WITHDRAWN)
            part.in_plan = False
            continue
        part.role = AssignmentRole(want.role)
        if not part.in_plan and not part.is_standing:
            part.move(_where_it_stood(session, part))
        part.in_plan = True
    parts += [
        Assignment(
            plan_id=task.plan_id, task_id=task.id, department_id=department_id,
            role=AssignmentRole(want.role), due_on=task.due_on, issued_at=at,
            as_written=want.name, group_id=want.group_id,
        )
        for department_id, want in wanted.items()
    ]  # fmt: skip
    if task.withdrawn_on is not None:
        for part in parts:
            if not part.done:
                part.move(AssignmentState.WITHDRAWN)


def _where_it_stood(session: Session, part: Assignment) -> AssignmentState:
    waits = select(Completion.id).where(
        Completion.assignment_id == part.id, col(Completion.reviewed_at).is_(None)
    )
    return where_it_stood(part, is_waiting=session.exec(waits).first() is not None)


def _settle(
    session: Session, task: Task, row: Row, parts: list[Assignment], *, by: Actor, at: datetime,
    on: date,
) -> list[Event]:  # fmt: skip
    """Make the task and its parts agree: done as the file says, or as its leads now are."""
    standing = [part for part in parts if part.state != AssignmentState.WITHDRAWN]
    if row.is_done:
        task.is_complete = True
    elif task.is_complete and task.completed_on is None:
        task.is_complete = False
        for part in standing:
            if part.done and part.completed_on is None:
                part.move(_where_it_stood(session, part))
                part.percent = 0
    elif task.is_complete and not all_led(standing):
        task.is_complete, task.completed_on = False, None
    if not task.is_complete:
        return close_if_done(task, parts, by=by, at=at, on=on)
    for part in standing:
        if not part.done:
            part.move(AssignmentState.COMPLETED, on=task.completed_on)
    return []
