"""表扬: the office or a leader commends a department; the rules may count it."""

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col, select

from tracker.directory.department import Department
from tracker.directory.user import User
from tracker.errors import InputError, NotFound
from tracker.events import keep
from tracker.plans.archive import refuse_archived
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.task import Task
from tracker.scoring import praise as praising
from tracker.scoring.praise import Praise, praise
from tracker.web import loading
from tracker.web.asked import id_asked, id_sent
from tracker.web.context import actor, at, reading, writing
from tracker.web.gate import policy

blueprint = Blueprint("praises", __name__)
MOST = 100


@blueprint.get("/plans/<int:plan_id>/praises")
@policy("praise.give")
def page(plan_id: int) -> ResponseReturnValue:
    """Who was praised in the plan, and the form for another."""
    with reading() as session:
        plan = loading.plan(session, actor(), plan_id)
        rows = session.execute(
            sa.select(Praise, col(Department.name), col(User.name).label("by_name"), Task)
            .join(Department, col(Department.id) == Praise.department_id)
            .join(User, col(User.id) == Praise.by, isouter=True)
            .join(Task, col(Task.id) == Praise.task_id, isouter=True)
            .where(col(Praise.plan_id) == plan_id)
            .order_by(col(Praise.id).desc())
            .limit(MOST)
        ).all()
        task = _task(session, plan_id, id_asked("task"))
        return render_template(
            "pages/scoring/praises.html", plan=plan, rows=rows, task=task,
            departments=_departments(session, plan_id, task),
        )  # fmt: skip


def _task(session: Session, plan_id: int, ident: int | None) -> Task | None:
    """The task that praise is for, where it is for one of this plan's."""
    if ident is None:
        return None
    task = loading.task(session, actor(), ident)
    if task.plan_id != plan_id:
        raise NotFound()
    return task


def _departments(session: Session, plan_id: int, task: Task | None) -> list[Department]:
    """The departments with a part in the plan, or in the task."""
    parts = select(Assignment.department_id).where(
        Assignment.plan_id == plan_id, Assignment.state != AssignmentState.WITHDRAWN
    )
    if task is not None:
        parts = parts.where(Assignment.task_id == task.id)
    wanted = select(Department).where(col(Department.id).in_(parts))
    return list(session.exec(wanted.order_by(col(Department.position), col(Department.id))))


@blueprint.post("/plans/<int:plan_id>/praises")
@policy("praise.give")
def create(plan_id: int) -> ResponseReturnValue:
    """Praise a department that has a part in the plan, or in one task of it."""
    with writing() as session:
        plan = loading.plan(session, actor(), plan_id)
        refuse_archived(session, plan_id)
        task = _task(session, plan_id, id_sent("task"))
        department = id_sent("department")
        if department not in {one.id for one in _departments(session, plan_id, task)}:
            raise InputError("请选择这个计划里的责任单位。", "department")
        row, event = praise(
            plan, department or 0, by=actor(), at=at(), reason=request.form.get("reason", ""),
            task_id=task.id if task else None,
        )  # fmt: skip
        keep(session, row, event)
    flash(_("已表扬。"), "success")
    return redirect(url_for("praises.page", plan_id=plan_id))


@blueprint.post("/praises/<int:praise_id>/taking-back")
@policy("praise.give")
def take_back(praise_id: int) -> ResponseReturnValue:
    """Praise given by mistake no longer counts."""
    with writing() as session:
        row = loading.praise(session, actor(), praise_id, lock=True)
        keep(session, row, praising.take_back(row, by=actor(), at=at()))
    flash(_("已撤回表扬，不再加分。"), "success")
    return redirect(url_for("praises.page", plan_id=row.plan_id))
