"""表扬: the office or a leader commends a department; the rules may count it."""

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col, select

from tracker.directory.department import Department
from tracker.directory.user import User
from tracker.errors import InputError
from tracker.events import keep
from tracker.plans.archive import refuse_archived
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.scoring.praise import Praise, praise
from tracker.web import loading
from tracker.web.asked import id_sent
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
            sa.select(Praise, col(Department.name), col(User.name).label("by_name"))
            .join(Department, col(Department.id) == Praise.department_id)
            .join(User, col(User.id) == Praise.by, isouter=True)
            .where(col(Praise.plan_id) == plan_id)
            .order_by(col(Praise.id).desc())
            .limit(MOST)
        ).all()
        return render_template(
            "pages/scoring/praises.html", plan=plan, rows=rows,
            departments=_departments(session, plan_id),
        )  # fmt: skip


def _departments(session: Session, plan_id: int) -> list[Department]:
    """The departments with a part in the plan."""
    parts = select(Assignment.department_id).where(
        Assignment.plan_id == plan_id, Assignment.state != AssignmentState.WITHDRAWN
    )
    wanted = select(Department).where(col(Department.id).in_(parts))
    return list(session.exec(wanted.order_by(col(Department.position), col(Department.id))))


@blueprint.post("/plans/<int:plan_id>/praises")
@policy("praise.give")
def create(plan_id: int) -> ResponseReturnValue:
    """Praise a department that has a part in the plan."""
    with writing() as session:
        plan = loading.plan(session, actor(), plan_id)
        refuse_archived(session, plan_id)
        department = id_sent("department")
        if department not in {one.id for one in _departments(session, plan_id)}:
            raise InputError("请选择这个计划里的责任单位。", "department")
        row, event = praise(
            plan, department or 0, by=actor(), at=at(), reason=request.form.get("reason", "")
        )
        keep(session, row, event)
    flash(_("已表扬。"), "success")
    return redirect(url_for("praises.page", plan_id=plan_id))
