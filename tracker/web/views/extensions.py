"""延期: a lead asks for more time, its head signs, the office answers."""

from datetime import date

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.directory.department import Department
from tracker.errors import InputError
from tracker.events import keep
from tracker.plans.assignment import Assignment
from tracker.web import loading
from tracker.web.asked import day_of_words
from tracker.web.context import actor, at, today, writing
from tracker.web.gate import policy
from tracker.web.views.completions import signed, tell_clerks
from tracker.web.views.reviews import to_answered
from tracker.work import extension
from tracker.work.approval import Approval

blueprint = Blueprint("extensions", __name__)


def _back(part: Assignment) -> ResponseReturnValue:
    return redirect(url_for("tasks.page", task_id=part.task_id))


def _until() -> date | None:
    return day_of_words(request.form.get("until", ""), "延期后的日期", "until")


@blueprint.post("/assignments/<int:assignment_id>/extensions")
@policy("work.extend")
def create(assignment_id: int) -> ResponseReturnValue:
    """Ask for another day."""
    until = _until()
    with writing() as session:
        part = loading.own_part(session, actor(), assignment_id, lock=True)
        department = session.get_one(Department, part.department_id)
        row, event = extension.ask(
            part, by=actor(), at=at(), on=today(), until=until,
            reason=request.form.get("reason", ""), needs_approval=department.needs_approval,
            is_waiting=bool(extension.waiting_extensions(session, [assignment_id])),
        )  # fmt: skip
        keep(session, row, event)
    waits = row.approval == Approval.WAITING
    flash(
        _("已申请延期，等待本单位负责人审签。") if waits else _("已申请延期，等待答复。"), "success"
    )
    return _back(part)


@blueprint.post("/extensions/<int:extension_id>/approval")
@policy("work.approve")
def approve(extension_id: int) -> ResponseReturnValue:
    """The head lets the request go to the office, or keeps it back."""
    given = signed()
    with writing() as session:
        row = loading.extension(session, actor(), extension_id, lock=True)
        part = loading.own_part(session, actor(), row.assignment_id, lock=True)
        words = request.form.get("words", "")
        event = extension.approve(row, part, by=actor(), at=at(), given=given, words=words)
        keep(session, row, event)
        if not given:
            tell_clerks(session, "extension", row.id, part, row.answer)
    flash(_("已同意上报，等待答复。") if given else _("已退回经办人。"), "success")
    return _back(part)


@blueprint.post("/extensions/<int:extension_id>/withdrawal")
@policy("work.extend")
def take_back(extension_id: int) -> ResponseReturnValue:
    """The department no longer asks."""
    with writing() as session:
        row = loading.extension(session, actor(), extension_id, lock=True)
        part = loading.own_part(session, actor(), row.assignment_id, lock=True)
        keep(session, row, extension.take_back(row, part, by=actor(), at=at()))
    flash(_("已撤回延期申请。"), "success")
    return _back(part)


@blueprint.post("/extensions/<int:extension_id>/decision")
@policy("work.review")
def decide(extension_id: int) -> ResponseReturnValue:
    """Grant the day asked for or another, or decline."""
    verdict, until = request.form.get("verdict", ""), _until()
    if verdict not in ("granted", "declined"):
        raise InputError("请选择同意延期或不同意。", "verdict")
    granted = verdict == "granted"
    with writing() as session:
        row = loading.extension(session, actor(), extension_id, lock=True)
        part, (task, parts) = loading.held_part(session, actor(), row.assignment_id)
        event = extension.decide(
            row, part, task, parts, by=actor(), at=at(), on=today(), granted=granted, until=until,
            answer=request.form.get("answer", ""),
        )  # fmt: skip
        keep(session, row, task, *parts, event)
    flash(
        _("已同意延期到 %(day)s。", day=row.granted_on) if granted else _("已答复不同意延期。"),
        "success",
    )
    return to_answered(part, "extension", extension_id)
