"""拒签, 转办, 改派: a part that should be another department's, and the office's answer."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col, select

from tracker.directory.resolve import Names
from tracker.errors import InputError
from tracker.events import keep
from tracker.plans.assignment import Assignment
from tracker.text import clean_line
from tracker.web import loading
from tracker.web.asked import chosen_part
from tracker.web.context import actor, at, today, writing
from tracker.web.gate import policy
from tracker.web.views.reviews import to_answered
from tracker.work import handover
from tracker.work.handover import Handover, HandoverKind
from tracker.work.lapsing import end_requests

blueprint = Blueprint("handovers", __name__)


@blueprint.post("/assignments/<int:assignment_id>/handovers")
@policy("work.hand_over")
def create(assignment_id: int) -> ResponseReturnValue:
    """Refuse the receipt, or ask to pass the part on."""
    kind = request.form.get("kind", "")
    if kind not in set(HandoverKind):
        raise InputError("请选择拒签或转办。", "kind")
    with writing() as session:
        part = loading.own_part(session, actor(), assignment_id, lock=True)
        row, event = handover.ask(
            part, HandoverKind(kind), by=actor(), at=at(), reason=request.form.get("reason", ""),
            to_department_id=_to(session), is_waiting=_is_waiting(session, part),
        )  # fmt: skip
        keep(session, row, event)
    flash(_("已提交，等待牵头办公室答复。"), "success")
    return redirect(url_for("tasks.page", task_id=part.task_id))


def _to(session: Session) -> int | None:
    """The department named in the form, by any of its names. Raises InputError for another word."""
    name = clean_line(request.form.get("to", "")[:100])
    if not name:
        return None
    found = Names.load(session, on=today()).resolve(name)
    if found.department_id is None:
        raise InputError(f"名录里没有“{name}”这个单位。请从列表里选择。", "to")
    return found.department_id


def _is_waiting(session: Session, part: Assignment) -> bool:
    wanted = select(Handover.id).where(
        Handover.assignment_id == part.id, col(Handover.decided_at).is_(None)
    )
    return session.exec(wanted).first() is not None


@blueprint.post("/handovers/<int:handover_id>/withdrawal")
@policy("work.hand_over")
def take_back(handover_id: int) -> ResponseReturnValue:
    """The department keeps the part after all."""
    with writing() as session:
        row = loading.handover(session, actor(), handover_id, lock=True)
        part = loading.own_part(session, actor(), row.assignment_id, lock=True)
        keep(session, row, handover.take_back(row, part, by=actor(), at=at()))
    flash(_("已撤回。"), "success")
    return redirect(url_for("tasks.page", task_id=part.task_id))


@blueprint.post("/handovers/<int:handover_id>/decision")
@policy("work.assign")
def decide(handover_id: int) -> ResponseReturnValue:
    """Give the part to a department, or insist that it stays."""
    verdict, answer = request.form.get("verdict", ""), request.form.get("answer", "")
    if verdict not in ("granted", "declined"):
        raise InputError("请选择改派或不同意。", "verdict")
    with writing() as session:
        row = loading.handover(session, actor(), handover_id, lock=True)
        part, (task, parts) = loading.held_part(session, actor(), row.assignment_id)
        if verdict == "declined":
            keep(session, row, handover.decline(row, part, by=actor(), at=at(), answer=answer))
        else:
            heir, events = handover.grant(
                row, task, part, parts, by=actor(), at=at(), to_department_id=_to(session),
                answer=answer,
            )  # fmt: skip
            keep(session, row, task, *parts, heir, *events)
            end_requests(session, [part], at=at())
    flash(
        _("已答复。") if verdict == "declined" else _("已改派，等待新的责任单位签收。"), "success"
    )
    return to_answered(part, "handover", handover_id)


@blueprint.post("/reassignments")
@policy("work.assign")
def reassign() -> ResponseReturnValue:
    """The office gives a part to another department of its own."""
    with writing() as session:
        part, (task, parts) = loading.held_part(session, actor(), chosen_part())
        to = _to(session)
        if to is None:
            raise InputError("请选择改派给哪个单位。", "to")
        reason = request.form.get("reason", "")
        heir, events = handover.reassign(task, part, parts, to, by=actor(), at=at(), reason=reason)
        keep(session, *_answered(session, part), task, *parts, heir, *events)
        end_requests(session, [part], at=at())
    flash(_("已改派，等待新的责任单位签收。"), "success")
    return redirect(url_for("tasks.page", task_id=part.task_id))


def _answered(session: Session, part: Assignment) -> list[Handover]:
    """Open requests of the part, which this answers."""
    wanted = select(Handover).where(
        Handover.assignment_id == part.id, col(Handover.decided_at).is_(None)
    )
    rows = list(session.exec(wanted.with_for_update()))
    for row in rows:
        row.granted, row.decided_at, row.decided_by = True, at(), actor().user_id
    return rows
