"""A completion request (申请办结) on its way: the department asks, its head signs, it may be taken
back. The office's answer is in reviews.py."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from tracker.directory.department import Department
from tracker.errors import InputError
from tracker.events import keep
from tracker.mail import notices
from tracker.plans.assignment import Assignment
from tracker.web import loading
from tracker.web.context import actor, at, today, tracker, writing
from tracker.web.evidence_shelf import required_of
from tracker.web.gate import policy
from tracker.web.workdays import working_calendar
from tracker.work import completion
from tracker.work.approval import Approval
from tracker.work.reporting import begin

blueprint = Blueprint("completions", __name__)


def signed() -> bool:
    """Whether the head's form lets a submission go. Raises InputError for anything else."""
    said = request.form.get("verdict", "")
    if said not in ("given", "refused"):
        raise InputError("请选择同意上报或退回经办人。", "verdict")
    return said == "given"


def tell_clerks(
    session: Session, what: str, request_id: int | None, part: Assignment, said: str
) -> None:
    """Mail the head's words about a request that was kept back."""
    notices.kept_back(
        session, what, request_id or 0, part, said=said, by=actor().user_id, on=today(), at=at(),
        settings=tracker().settings,
    )  # fmt: skip


@blueprint.post("/assignments/<int:assignment_id>/completions")
@policy("work.complete")
def create(assignment_id: int) -> ResponseReturnValue:
    """Ask the office to accept the work."""
    with writing() as session:
        part = loading.own_part(session, actor(), assignment_id, lock=True)
        department = session.get_one(Department, part.department_id)
        row, event = completion.request(
            part, by=actor(), at=at(), statement=request.form.get("statement", ""),
            required=required_of(session, actor(), part.task_id),
            needs_approval=department.needs_approval,
        )  # fmt: skip
        keep(session, part, row, event)
    waits = row.approval == Approval.WAITING
    flash(
        _("已申请办结，等待本单位负责人审签。") if waits else _("已申请办结，等待审核。"), "success"
    )
    return redirect(url_for("tasks.page", task_id=part.task_id))


@blueprint.post("/completions/<int:completion_id>/approval")
@policy("work.approve")
def approve(completion_id: int) -> ResponseReturnValue:
    """The head lets the request go to the office, or gives the work back to the clerk."""
    given = signed()
    with writing() as session:
        row = loading.completion(session, actor(), completion_id, lock=True)
        part = loading.own_part(session, actor(), row.assignment_id, lock=True)
        words = request.form.get("words", "")
        event = completion.approve(row, part, by=actor(), at=at(), given=given, words=words)
        if not given:
            begin(session, [part], on=today(), calendar=working_calendar(session))
        keep(session, row, part, event)
        if not given:
            tell_clerks(session, "completion", row.id, part, part.wanted)
    flash(_("已同意上报，等待审核。") if given else _("已退回经办人。"), "success")
    return redirect(url_for("tasks.page", task_id=part.task_id))


@blueprint.post("/completions/<int:completion_id>/withdrawal")
@policy("work.complete")
def take_back(completion_id: int) -> ResponseReturnValue:
    """The department goes on working."""
    with writing() as session:
        row = loading.completion(session, actor(), completion_id, lock=True)
        part = loading.own_part(session, actor(), row.assignment_id, lock=True)
        event = completion.take_back(row, part, by=actor(), at=at())
        begin(session, [part], on=today(), calendar=working_calendar(session))
        keep(session, row, part, event)
    flash(_("已撤回办结申请，可以接着办理。"), "success")
    return redirect(url_for("tasks.page", task_id=part.task_id))
