"""Undoing a batch (撤销导入), while nothing has been reported on it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, func, select

from tracker.actor import Actor
from tracker.directory.alias import Alias
from tracker.directory.department import Department
from tracker.errors import AlreadyDone, StepRefused
from tracker.events import Event, deed, keep
from tracker.failpoints import failpoint
from tracker.intake import choices
from tracker.intake.batch import Batch, BatchChange, BatchState, take_turn
from tracker.intake.changing import set_unresolved
from tracker.intake.placing import drop_empty_sections, order_sections, put_back
from tracker.intake.question import Question
from tracker.intake.writing import ensure_sections
from tracker.plans.archive import refuse_archived
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.holding import Held, held
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.scoring.award import Award, Round, Visit


def obstacles(session: Session, batch: Batch) -> list[str]:
    """What stands in the way of undoing, one sentence each; empty when nothing does."""
    if batch.state != BatchState.APPLIED:
        return ["这一批还没有导入。" if batch.state == BatchState.PREVIEW else "这一批已经撤销过。"]
    touched = _touched(batch)
    found = [
        (_deeds_since(session, batch, "assignment.received"), "项任务已经签收"),
        (_deeds_since(session, batch, "assignment.reported"), "份进展已经上报"),
        (_deeds_since(session, batch, "completion.%"), "项办结申请或审核"),
        (_deeds_since(session, batch, "extension.%"), "项延期申请或答复"),
        (_deeds_since(session, batch, "assignment.reassigned"), "项任务已经改派"),
        (_deeds_since(session, batch, "%.withdrawn"), "项任务已经撤销"),
        (_deeds_since(session, batch, "task.instructed"), "条批示"),
        (_count(session, Award, col(Award.task_id).in_(touched)), "项任务已经评分"),
        (_count(session, Visit, col(Visit.task_id).in_(touched)), "项任务已经安排暗访"),
        (_later_batches(session, batch), "个后来的批次已经导入同一计划"),
    ]
    return [f"有 {count} {what}。" for count, what in found if count]


def _touched(batch: Batch) -> Any:
    """The tasks that the batch wrote or changed."""
    return (
        select(Task.id)
        .where(Task.batch_id == batch.id)
        .union(select(BatchChange.task_id).where(BatchChange.batch_id == batch.id))
    )


def _deeds_since(session: Session, batch: Batch, verb: str) -> int:
    """What departments and the office did on these tasks after the batch: its own event is the mark."""
    imported = select(func.max(Event.id)).where(
        Event.verb == "plan.imported", Event.subject == "batch", Event.subject_id == batch.id
    )
    return _count(
        session, Event,
        sa.and_(
            col(Event.task_id).in_(_touched(batch)), col(Event.verb).like(verb),
            col(Event.id) > imported.scalar_subquery(),
        ),
    )  # fmt: skip


def _count(session: Session, model: Any, condition: sa.ColumnElement[bool]) -> int:
    return session.exec(select(func.count()).select_from(model).where(condition)).one()


def _later_batches(session: Session, batch: Batch) -> int:
    return _count(
        session, Batch,
        sa.and_(
            col(Batch.plan_id) == batch.plan_id, col(Batch.state) == BatchState.APPLIED,
            col(Batch.plan_version) > batch.plan_version,
        ),
    )  # fmt: skip


def undo(session: Session, batch: Batch, *, by: Actor, at: datetime) -> None:
    """Take back what the batch wrote. Raises StepRefused saying exactly what stands in the way."""
    if batch.state == BatchState.UNDONE:
        raise AlreadyDone("这一批已经撤销过，没有再次改动。")
    take_turn(session)
    present = held(session, [ident for ident in session.scalars(_touched(batch)) if ident])
    if found := obstacles(session, batch):
        raise StepRefused("不能撤销：" + "".join(found))
    plan_id = batch.plan_id
    if plan_id is not None:
        refuse_archived(session, plan_id)
    changes = session.exec(select(BatchChange).where(BatchChange.batch_id == batch.id)).all()
    for change in changes:
        _restore(session, *present[change.task_id], change)
    session.flush()
    session.execute(sa.delete(Task).where(col(Task.batch_id) == batch.id))
    _put_back(session, plan_id, changes, present)
    failpoint("undo-rows-deleted")
    batch.state, batch.undone_at, batch.undone_by = BatchState.UNDONE, at, by.user_id
    batch.plan_id = None
    session.add(batch)
    session.flush()
    _tidy_plan(session, plan_id, made=bool(batch.counts.get("made_plan")))
    _forget(session, batch.counts.get("aliases", []))
    choices.forget(session, batch)
    _drop_unused_departments(session, batch.counts.get("departments", []))
    keep(session, deed(by, "plan.import_undone", "batch", batch.id, at=at, plan_id=plan_id))
    failpoint("undo-before-commit")


def _restore(session: Session, task: Task, parts: list[Assignment], change: BatchChange) -> None:
    before = change.before
    task.text, task.number = before.get("text", task.text), before.get("number", task.number)
    task.match_key = before.get("key", task.match_key)
    if "deadline" in before:
        task.deadline_text, task.deadline_kind, due_on, original = before["deadline"]
        task.due_on, task.original_due_on = _day(due_on), _day(original)
        task.deadline_version += 1
        for part in parts:
            part.due_on = task.due_on
    if "scoring" in before:
        task.modes, points = before["scoring"]
        task.points = None if points is None else Decimal(points)
    task.standard = before.get("standard", task.standard)
    task.fields = before.get("fields", task.fields)
    if "unresolved" in before:
        set_unresolved(session, task, before["unresolved"])
    if "parts" in before:
        task.is_complete, completed_on = before["done"]
        task.completed_on = _day(completed_on)
        _restore_parts(session, parts, before["parts"])
    session.add(task)


def _put_back(
    session: Session, plan_id: int | None, changes: Sequence[BatchChange],
    present: Mapping[int, Held],
) -> None:  # fmt: skip
    """Headings and order as they were, of tasks that had gone elsewhere; the changes are done with."""
    said = {change.task_id: change.before for change in changes}
    headings = {ident: tuple(one["outline"]) for ident, one in said.items() if "outline" in one}
    moved = {ident: one["stood"] for ident, one in said.items() if "stood" in one}
    if headings or moved:
        plan = session.get_one(Plan, plan_id)
        sections = ensure_sections(session, plan, list(headings.values()))
        for ident, path in headings.items():
            present[ident].task.section_id = sections.get(path)
        session.flush()
        put_back(session, plan, moved)
        order_sections(session, plan)
    for change in changes:
        session.delete(change)
    session.flush()


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def _restore_parts(session: Session, parts: list[Assignment], said: Sequence[list[Any]]) -> None:
    """Parts as they were; those that the batch added go, since nobody has worked on them."""
    before = {entry[0]: entry[1:] for entry in said}
    for part in parts:
        if part.department_id not in before:
            session.delete(part)
            continue
        role, state, completed_on, percent, *named = before[part.department_id]
        part.in_plan = named[0] if named else state != AssignmentState.WITHDRAWN
        part.role = AssignmentRole(role)
        part.move(AssignmentState(state), on=_day(completed_on))
        part.percent = percent
        session.add(part)


def _tidy_plan(session: Session, plan_id: int | None, *, made: bool) -> None:
    """A plan that this batch made is gone when it has no tasks left, headings without tasks always;
    of a plan that stays, previews made before are told that it changed."""
    if plan_id is None:
        return
    drop_empty_sections(session, plan_id)
    if not made or _count(session, Task, col(Task.plan_id) == plan_id):
        session.get_one(Plan, plan_id).version += 1
        return
    session.execute(sa.update(Batch).where(col(Batch.plan_id) == plan_id).values(plan_id=None))
    session.execute(sa.delete(Round).where(col(Round.plan_id) == plan_id))
    session.execute(sa.delete(Plan).where(col(Plan.id) == plan_id))


def _forget(session: Session, alias_ids: Sequence[int]) -> None:
    """What the batch's answers taught is asked again the next time."""
    session.execute(sa.delete(Alias).where(col(Alias.id).in_(alias_ids)))


def _drop_unused_departments(session: Session, idents: Sequence[int]) -> None:
    """Departments made for this batch go again unless somebody has come to use them."""
    if not idents:
        return
    answered = _departments_in_previews(session)
    for ident in idents:
        if ident not in answered and not _is_referred_to(session, ident):
            session.execute(sa.delete(Department).where(col(Department.id) == ident))


def _is_referred_to(session: Session, department_id: int) -> bool:
    """Whether any row of any table stands on the department."""
    key = SQLModel.metadata.tables["department"].c.id
    columns = (
        column
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if any(reference.column is key for reference in column.foreign_keys)
    )
    return any(
        session.execute(sa.select(sa.literal(1)).where(column == department_id).limit(1)).first()
        for column in columns
    )


def _departments_in_previews(session: Session) -> set[int]:
    """Departments that answers of other batches, still to be applied, name."""
    answers = session.scalars(
        sa.select(col(Question.answer))
        .join(Batch, col(Batch.id) == Question.batch_id)
        .where(col(Batch.state) == BatchState.PREVIEW, col(Question.answer).is_not(None))
    )
    return {
        ident
        for answer in answers
        for ident in (answer.get("department_id"), *answer.get("department_ids", ()))
        if ident is not None
    }
