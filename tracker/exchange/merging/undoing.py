"""Undoing (撤销写入): what a returned workbook wrote is taken back, while nothing stands on it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from tracker.actor import Actor
from tracker.errors import AlreadyDone, StepRefused
from tracker.events import Event, deed, keep
from tracker.exchange.merging.returned import ReturnedFile, ReturnState
from tracker.exchange.merging.traces import OF_PART, Key, Trace, picture, table_of, unpacked
from tracker.failpoints import failpoint
from tracker.intake.placing import drop_empty_sections
from tracker.plans.archive import refuse_archived
from tracker.plans.assignment import Assignment
from tracker.plans.holding import held
from tracker.plans.task import Task
from tracker.scoring.item import Item

NOT_WRITTEN = "这份表没有写入过，不用撤销。"
ALREADY = "这份表已经撤销过，没有再次改动。"
STANDS = "不能撤销：“{text}”后来又有人办理过。"
SCORED = "不能撤销：“{text}”已经参加测评。"
_VERSION = "deadline_version"
"""Never goes back: what was planned for a version stays planned for that one only."""
UNDONE = "workbook.undone"


def obstacle(session: Session, row: ReturnedFile) -> str:
    """Why it cannot be taken back, in one sentence; '' when it can."""
    if row.state is ReturnState.UNDONE:
        return ALREADY
    if row.state is not ReturnState.APPLIED or row.trace is None:
        return NOT_WRITTEN
    trace = unpacked(row.trace)
    tasks = _tasks(session, trace)
    return _deeds_since(session, row, trace, tasks) or _changed_since(session, trace, tasks)


def undo(session: Session, row: ReturnedFile, *, by: Actor, at: datetime) -> int:
    """Take back what the workbook wrote; how many tasks. Its row is held by the caller.

    Raises AlreadyDone for the second time, StepRefused naming the task when somebody has worked on it
    since, or for an archived plan.
    """
    by.require("return.hand_in")
    if row.state is ReturnState.UNDONE:
        raise AlreadyDone(ALREADY)
    if row.state is not ReturnState.APPLIED or row.trace is None:
        raise StepRefused(NOT_WRITTEN)
    trace = unpacked(row.trace)
    tasks = _tasks(session, trace)
    held(session, tasks)
    refuse_archived(session, row.plan_id)
    if why := obstacle(session, row):
        raise StepRefused(why)
    _put_back(session, trace)
    drop_empty_sections(session, row.plan_id)
    failpoint("undo-return")
    row.state, row.settled_at, row.settled_by = ReturnState.UNDONE, at, by.user_id
    standing = session.exec(select(Task.id).where(col(Task.id).in_(tasks))).all()
    session.expire_all()
    keep(session, row, *(_deed(by, row, task, at=at) for task in standing))
    keep(session, _deed(by, row, None, at=at, tasks=len(tasks)))
    return len(tasks)


def _deed(by: Actor, row: ReturnedFile, task: int | None, *, at: datetime, **data: Any) -> Event:
    subject, ident = ("task", task) if task else ("export", row.export_id)
    return deed(
        by, UNDONE, subject, ident, at=at, plan_id=row.plan_id, task_id=task,
        department_id=row.department_id, **data,
    )  # fmt: skip


def _tasks(session: Session, trace: Trace) -> list[int]:
    """The tasks that the trace is about, those it made too."""
    parts = _parts(session, trace)
    own = select(Assignment.task_id).where(col(Assignment.id).in_(parts))
    return sorted({*_of(trace, Task), *session.exec(own)})


def _parts(session: Session, trace: Trace) -> set[int]:
    """The parts that the trace is about, those of which a report or a piece of evidence was made too."""
    parts = set(_of(trace, Assignment))
    for model in OF_PART:
        table = table_of(str(model.__tablename__))
        wanted = sa.select(table.c.assignment_id).where(table.c.id.in_(_of(trace, model)))
        parts |= set(session.scalars(wanted))
    return parts


def _deeds_since(session: Session, row: ReturnedFile, trace: Trace, tasks: Sequence[int]) -> str:
    """What was done after the workbook was written (its own event is the mark): on its departments'
    parts, and on whole tasks that it changed. Another department's own part stands on nothing."""
    written = select(func.max(Event.id)).where(
        Event.verb == "workbook.applied", Event.subject == "export",
        Event.subject_id == row.export_id, Event.at == row.settled_at,
    )  # fmt: skip
    found = session.exec(
        select(Task.text)
        .join(Event, col(Event.task_id) == Task.id)
        .where(
            col(Event.id) > written.scalar_subquery(),
            col(Task.id).in_(tasks),
            Event.verb != UNDONE,
            sa.or_(
                col(Event.department_id).is_(None),
                col(Event.department_id).in_(_departments(session, trace)),
                col(Event.task_id).in_(_of(trace, Task)),
            ),
        )
        .limit(1)
    ).first()
    if found:
        return STANDS.format(text=found[:40])
    scored = session.exec(
        select(Task.text)
        .join(Item, col(Item.task_id) == Task.id)
        .where(
            col(Task.id).in_([ident for kind, ident in trace.made if kind == Task.__tablename__])
        )
        .limit(1)
    ).first()
    return SCORED.format(text=scored[:40]) if scored else ""


def _of(trace: Trace, model: type[Any]) -> list[int]:
    rows = [*trace.made, *trace.changed]
    return [ident for table, ident in rows if table == model.__tablename__]


def _departments(session: Session, trace: Trace) -> list[int]:
    """The departments whose parts the trace is about."""
    own = select(Assignment.department_id).where(col(Assignment.id).in_(_parts(session, trace)))
    return list(session.exec(own))


def _changed_since(session: Session, trace: Trace, tasks: Sequence[int]) -> str:
    """A row that is no longer as the workbook left it, whoever changed it (a later import does)."""
    now = picture(session, tasks)
    for key, columns in trace.changed.items():
        row = now.get(key)
        if row is None or any(row[name] != after for name, (_was, after) in columns.items()):
            return STANDS.format(text=_text(session, tasks, key))
    return ""


def _text(session: Session, tasks: Sequence[int], key: Key) -> str:
    table, ident = key
    if table == Assignment.__tablename__:
        part = session.get(Assignment, ident)
        ident = part.task_id if part else 0
    task = session.get(Task, ident if table != "report" else tasks[0])
    return task.text[:40] if task else ""


def _put_back(session: Session, trace: Trace) -> None:
    for (name, ident), columns in trace.changed.items():
        table = table_of(name)
        values = {key: was for key, (was, _now) in columns.items() if key != _VERSION}
        if _VERSION in columns:
            values[_VERSION] = table.c[_VERSION] + 1
        session.execute(sa.update(table).where(table.c.id == ident).values(values))
    for name, ident in reversed(trace.made):
        table = table_of(name)
        session.execute(sa.delete(table).where(table.c.id == ident))
