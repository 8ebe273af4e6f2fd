"""What a department does with its part: receipt, report with evidence, completion request."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from tracker.errors import InputError, SentTwice
from tracker.events import keep
from tracker.plans.assignment import Assignment
from tracker.storage import StoredFile, drop, dropped_if_refused
from tracker.stores.chosen import store_of
from tracker.web import loading, sending
from tracker.web.asked import id_sent, ids_sent
from tracker.web.context import actor, at, reading, today, tracker, writing
from tracker.web.gate import policy
from tracker.web.workdays import working_calendar
from tracker.work.receipt import receive
from tracker.work.receiving import Received
from tracker.work.report import refuse_repeated, refuse_unless_working, report
from tracker.work.reporting import begin, reported
from tracker.work.target import amount, in_force

blueprint = Blueprint("work", __name__)
MOST_AT_ONCE = 200


def _back(part: Assignment) -> ResponseReturnValue:
    return redirect(url_for("tasks.page", task_id=part.task_id))


@blueprint.post("/receipts")
@policy("work.receive")
def receive_many() -> ResponseReturnValue:
    """Sign for several parts at once; those already signed for are passed over; those that ended
    since the page was opened, and those whose refusal waits, are told of."""
    idents = ids_sent("assignment")[:MOST_AT_ONCE]
    with writing() as session:
        parts = loading.own_parts(session, actor(), idents, lock=True)
        signed = [part for part in parts if part.is_signable]
        rows = [row for part in signed for row in receive(part, by=actor(), at=at())]
        begin(session, signed, on=today(), calendar=working_calendar(session))
        keep(session, *signed, *rows)
        ended = sum(part.done for part in parts)
        refused = sum(part.refusal_waits and not part.done for part in parts)
    flash(*_signed(len(signed), ended, refused))
    return redirect(url_for("my_work.page"))


def _signed(count: int, ended: int, refused: int) -> tuple[str, str]:
    """What signing for several came to, and how it is shown."""
    said = str(_("已签收 %(count)s 项。", count=count))
    if ended:
        said += str(_("另有 %(count)s 项已经办结，没有签收。", count=ended))
    if refused:
        said += str(_("另有 %(count)s 项已提出拒签，正在等待答复，没有签收。", count=refused))
    return said, "warning" if ended or refused else "success"


@blueprint.post("/assignments/<int:assignment_id>/receipt")
@policy("work.receive")
def receive_one(assignment_id: int) -> ResponseReturnValue:
    """Sign for one part."""
    with writing() as session:
        part = loading.own_part(session, actor(), assignment_id, lock=True)
        rows = receive(part, by=actor(), at=at())
        begin(session, [part], on=today(), calendar=working_calendar(session))
        keep(session, part, *rows)
    flash(_("已签收。"), "success")
    return _back(part)


@blueprint.post("/assignments/<int:assignment_id>/reports")
@policy("work.report")
def report_progress(assignment_id: int) -> ResponseReturnValue:
    """Report progress; files sent along become evidence. The same form sent again changes nothing
    and is answered alike."""
    with suppress(SentTwice):
        for sentence in _keep_report(assignment_id):
            flash(sentence, "warning")
    flash(_("进展已上报。"), "success")
    with reading() as session:
        part = loading.own_part(session, actor(), assignment_id)
    if request.headers.get("X-Upload-Progress"):
        return "", 201, {"Location": url_for("tasks.page", task_id=part.task_id)}
    return _back(part)


def _keep_report(assignment_id: int) -> list[str]:
    """The report with its evidence; sentences about files that were there already."""
    sent = sending.sent_files()
    with reading() as session:
        part = loading.own_part(session, actor(), assignment_id)
        refuse_repeated(session, part, _form_key())
        refuse_unless_working(part)
        sending.refuse_too_many(session, part, len(sent))
    said = _said()
    with dropped_if_refused(store_of(tracker().settings)) as files:
        pieces = sending.all_received(sent, files)
        with writing() as session:
            part = loading.own_part(session, actor(), assignment_id, lock=True)
            refuse_repeated(session, part, _form_key())
            row, event = report(
                part, by=actor(), at=at(), form_key=_form_key(), **said,
                **_reached(session, part),
            )  # fmt: skip
            reported(session, part, on=today(), calendar=working_calendar(session))
            fresh, same = sending.new_ones(session, part, pieces)
            sending.refuse_too_many(session, part, len(fresh))
            keep(session, part, row, *(file for piece in fresh for file in piece.files))
            keep(session, event, *sending.attached(part, fresh, report_id=row.id))
    _drop_others(files, fresh)
    return same


def _form_key() -> str:
    return request.form.get("form_key", "")


def _said() -> dict[str, Any]:
    """What the form says in words, and how far."""
    return {
        "percent": _percent(request.form.get("percent", "")),
        **{name: request.form.get(name, "") for name in ("text", "difficulties", "next_step")},
    }


def _reached(session: Session, part: Assignment) -> dict[str, Any]:
    """The value against the task's target, in its unit; nothing where none was written."""
    written = request.form.get("value", "").strip()
    if not written:
        return {}
    wanted = in_force(session, part.task_id)
    if wanted is None or wanted.id != id_sent("target"):
        raise InputError("这项任务的目标刚刚改过，请刷新页面核对后再填数值。", "value")
    return {"value": amount(written, wanted.unit), "unit": wanted.unit}


def _drop_others(files: list[StoredFile], fresh: list[Received]) -> None:
    """Out of the store what was there already."""
    kept = {file.key for piece in fresh for file in piece.files}
    for file in files:
        if file.key not in kept:
            drop(file, store_of(tracker().settings))


def _percent(written: str) -> int:
    if not (written.isascii() and written.isdecimal() and len(written) < 4):
        raise InputError("请把完成比例写成 0 到 100 的整数。", "percent")
    return int(written)
