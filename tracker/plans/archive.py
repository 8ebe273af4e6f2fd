"""The archive (归档): a finished plan is only read from then on."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from tracker.actor import Actor
from tracker.errors import AlreadyDone, InputError, StepRefused
from tracker.events import Event, deed
from tracker.plans.plan import Plan, PlanState
from tracker.plans.task import Task
from tracker.text import clean_text

SENTENCE = "计划“{name}”已经归档，只能查看。需要改动的，请牵头办公室先取消归档。"


def open_tasks(session: Session, plan_id: int) -> int:
    """How many of the plan's tasks are neither complete nor withdrawn."""
    wanted = select(sa.func.count()).select_from(Task)
    left = wanted.where(
        Task.plan_id == plan_id,
        col(Task.is_complete).is_(sa.false()),
        col(Task.withdrawn_on).is_(None),
    )
    return session.exec(left).one()


def archive(plan: Plan, left: int, *, by: Actor, at: datetime, on: date) -> Event:
    """File a plan whose tasks have all ended; `left` are those that have not.

    Raises AlreadyDone for an archived plan, StepRefused while there is open work.
    """
    by.require("plan.archive")
    if plan.state == PlanState.ARCHIVED:
        raise AlreadyDone("这个计划已经归档。")
    if left:
        raise StepRefused(f"还有 {left} 项任务没有办结，不能归档。不再办理的，请先撤销。")
    plan.state, plan.archived_on = PlanState.ARCHIVED, on
    return deed(by, "plan.archived", "plan", plan.id, at=at, plan_id=plan.id)


def take_out(plan: Plan, *, by: Actor, at: datetime, reason: str) -> Event:
    """Open an archived plan again. Raises StepRefused for an open one, InputError without a reason."""
    by.require("plan.archive")
    if plan.state != PlanState.ARCHIVED:
        raise StepRefused("这个计划没有归档。")
    reason = clean_text(reason, field="理由")
    if not reason:
        raise InputError("请写明取消归档的理由。", "reason")
    plan.state, plan.archived_on = PlanState.ACTIVE, None
    return deed(by, "plan.reopened", "plan", plan.id, at=at, plan_id=plan.id, text=reason)


def refuse_archived(session: Session, plan_id: int) -> None:
    """Raises StepRefused for a plan in the archive; one that is not stays out of it until the
    transaction ends. Taken after the locks on tasks and parts, as `Plan`'s own row always is."""
    wanted = select(Plan.name, Plan.state).where(Plan.id == plan_id)
    name, state = session.exec(wanted.with_for_update(read=True, key_share=True)).one()
    if state == PlanState.ARCHIVED:
        raise StepRefused(SENTENCE.format(name=name))
