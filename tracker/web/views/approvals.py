"""审签: what a department's clerks want to send to the office and its head has not signed yet."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col, select

from tracker.directory import upkeep
from tracker.directory.department import Department
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.web.context import actor, at, reading, writing
from tracker.web.gate import policy
from tracker.work.approval import Approval
from tracker.work.completion import Completion
from tracker.work.extension import Extension

blueprint = Blueprint("approvals", __name__)
MOST = 200


@blueprint.get("/approvals")
@policy("work.approve")
def page() -> ResponseReturnValue:
    """Everything that waits for the head, oldest first."""
    with reading() as session:
        completions = _waiting(session, Completion, col(Completion.reviewed_at).is_(None))
        extensions = _waiting(session, Extension, col(Extension.decided_at).is_(None))
        departments = session.exec(
            select(Department).where(col(Department.id).in_(actor().department_ids))
        ).all()
    return render_template(
        "pages/approvals/page.html", completions=completions, extensions=extensions,
        departments=departments,
    )  # fmt: skip


def _waiting(session: Session, model: Any, is_open: sa.ColumnElement[bool]) -> Any:
    return session.execute(
        sa.select(
            model.id, model.at, col(Task.id).label("task_id"), col(Task.number), col(Task.text),
            col(Plan.name).label("plan_name"), col(Assignment.due_on),
        )
        .join(Assignment, col(Assignment.id) == model.assignment_id)
        .join(Task, col(Task.id) == Assignment.task_id)
        .join(Plan, col(Plan.id) == Assignment.plan_id)
        .where(
            is_open, model.approval == Approval.WAITING,
            col(Assignment.department_id).in_(actor().department_ids),
            col(Assignment.state) != AssignmentState.WITHDRAWN,
        )
        .order_by(model.at, model.id)
        .limit(MOST)
    ).all()  # fmt: skip


@blueprint.post("/approvals/arrangement")
@policy("department.arrange")
def arrange() -> ResponseReturnValue:
    """Whether the department's clerks need their head's word."""
    wanted = request.form.get("needs_approval") == "1"
    with writing() as session:
        for ident in sorted(actor().department_ids):
            upkeep.arrange_approval(session, ident, wanted, by=actor(), at=at())
    flash(
        _("今后办结和延期申请先由负责人审签。") if wanted else _("今后经办人可以直接上报。"),
        "success",
    )
    return redirect(url_for("approvals.page"))
