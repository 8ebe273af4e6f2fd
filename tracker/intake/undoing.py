"""Undoing a batch (撤销导入), while nothing has been reported on it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from tracker.actor import Actor
from tracker.directory.alias import Alias
from tracker.directory.department import Department
from tracker.directory.group import Membership
from tracker.directory.post import Post
from tracker.errors import AlreadyDone, StepRefused
from tracker.events import deed, keep
from tracker.failpoints import failpoint
from tracker.intake.batch import Batch, BatchChange, BatchState
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.plan import Plan, Section
from tracker.plans.task import Task
from tracker.scoring.award import Award, Round, Visit
from tracker.work.receipt import Receipt
from tracker.work.report import Report


def obstacles(session: Session, batch: Batch) -> list[str]:
    """What stands in the way of undoing, one sentence each; empty when nothing does."""
    if batch.state != BatchState.APPLIED:
        return ["这一批还没有导入。" if batch.state == BatchState.PREVIEW else "这一批已经撤销过。"]
    touched = (
        select(Task.id)
        .where(Task.batch_id == batch.id)
        .union(select(BatchChange.task_id).where(BatchChange.batch_id == batch.id))
    )
    parts = select(Assignment.id).where(col(Assignment.task_id).in_(touched))
    found = [
        (_count(session, Receipt, col(Receipt.assignment_id).in_(parts)), "项任务已经签收"),
        (_count(session, Report, col(Report.assignment_id).in_(parts)), "份进展已经上报"),
        (_count(session, Award, col(Award.task_id).in_(touched)), "项任务已经评分"),
        (_count(session, Visit, col(Visit.task_id).in_(touched)), "项任务已经安排暗访"),
        (_later_batches(session, batch), "个后来的批次已经导入同一计划"),
    ]
    return [f"有 {count} {what}。" for count, what in found if count]


def _count(session: Session, model: Any, condition: sa.ColumnElement[bool]) -> int:
    return session.exec(select(func.count()).select_from(model).where(condition)).one()


def _later_batches(session: Session, batch: Batch) -> int:
    return _count(
        session, Batch,
        sa.and_(
            col(Batch.plan_id) == batch.plan_id, col(Batch.state) == BatchState.APPLIED,
            col(Batch.applied_at) > batch.applied_at,
        ),
    )  # fmt: skip


def undo(session: Session, batch: Batch, *, by: Actor, at: datetime) -> None:
    """Take back what the batch wrote. Raises StepRefused saying exactly what stands in the way."""
    if batch.state == BatchState.UNDONE:
        raise AlreadyDone("这一批已经撤销过，没有再次改动。")
    if found := obstacles(session, batch):
        raise StepRefused("不能撤销：" + "".join(found))
    plan_id = batch.plan_id
    _put_back(session, batch)
    session.execute(sa.delete(Task).where(col(Task.batch_id) == batch.id))
    failpoint("undo-rows-deleted")
    batch.state, batch.undone_at, batch.undone_by = BatchState.UNDONE, at, by.user_id
    batch.plan_id = None
    session.add(batch)
    session.flush()
    _drop_empty_plan(session, plan_id, made=bool(batch.counts.get("made_plan")))
    _drop_unused_departments(session, batch.counts.get("departments", []))
    keep(session, deed(by, "plan.import_undone", "batch", batch.id, at=at, plan_id=plan_id))
    failpoint("undo-before-commit")


def _put_back(session: Session, batch: Batch) -> None:
    for change in session.exec(select(BatchChange).where(BatchChange.batch_id == batch.id)):
        task = session.get_one(Task, change.task_id)
        _restore(session, task, change.before)
        session.delete(change)


def _restore(session: Session, task: Task, before: dict[str, Any]) -> None:
    parts = list(session.exec(select(Assignment).where(Assignment.task_id == task.id)))
    if "deadline" in before:
        task.deadline_text, task.deadline_kind, due_on, original = before["deadline"]
        task.due_on = date.fromisoformat(due_on) if due_on else None
        task.original_due_on = date.fromisoformat(original) if original else None
        task.deadline_version += 1
        for part in parts:
            part.due_on = task.due_on
    if "scoring" in before:
        task.modes, points = before["scoring"]
        task.points = None if points is None else Decimal(points)
    task.standard = before.get("standard", task.standard)
    if "parts" in before:
        _restore_parts(session, parts, dict(before["parts"]))
    session.add_all([task, *parts])


def _restore_parts(session: Session, parts: list[Assignment], roles: dict[int, str]) -> None:
    for part in parts:
        if part.department_id in roles:
            part.role = AssignmentRole(roles[part.department_id])
            if part.state == AssignmentState.WITHDRAWN:
                part.move(AssignmentState.ISSUED)
        else:
            part.move(AssignmentState.WITHDRAWN)


def _drop_empty_plan(session: Session, plan_id: int | None, *, made: bool) -> None:
    """Without tasks a plan that this batch made is gone; headings without tasks always are."""
    if plan_id is None or not made or _count(session, Task, col(Task.plan_id) == plan_id):
        return
    session.execute(sa.update(Batch).where(col(Batch.plan_id) == plan_id).values(plan_id=None))
    session.execute(sa.delete(Round).where(col(Round.plan_id) == plan_id))
    session.execute(
        sa.update(Section).where(col(Section.plan_id) == plan_id).values(parent_id=None)
    )
    session.execute(sa.delete(Section).where(col(Section.plan_id) == plan_id))
    session.execute(sa.delete(Plan).where(col(Plan.id) == plan_id))


def _drop_unused_departments(session: Session, idents: list[int]) -> None:
    """Departments made for this batch go again unless somebody has come to use them."""
    for ident in idents:
        used = (
            _count(session, Assignment, col(Assignment.department_id) == ident)
            + _count(session, Post, col(Post.department_id) == ident)
            + _count(session, Membership, col(Membership.department_id) == ident)
        )
        if not used:
            session.execute(sa.delete(Alias).where(col(Alias.department_id) == ident))
            session.execute(sa.delete(Department).where(col(Department.id) == ident))
