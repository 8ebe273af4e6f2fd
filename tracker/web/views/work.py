"""What a department does with its part: receipt, report with evidence, completion request."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from tracker.errors import InputError
from tracker.events import keep
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.storage import StoredFile, dropped_if_refused, write
from tracker.stores.chosen import store_of
from tracker.text import clean_file_name
from tracker.web import loading
from tracker.web.asked import ids_sent
from tracker.web.context import actor, at, reading, tracker, writing
from tracker.web.gate import policy
from tracker.work.completion import request as request_completion
from tracker.work.evidence import LONGEST_BEGINNING, attach, count_at, media_type_of
from tracker.work.receipt import receive
from tracker.work.report import refuse_unless_working, report

blueprint = Blueprint("work", __name__)
MOST_AT_ONCE = 200


def _back(part: Assignment) -> ResponseReturnValue:
    return redirect(url_for("tasks.page", task_id=part.task_id))


@blueprint.post("/receipts")
@policy("work.receive")
def receive_many() -> ResponseReturnValue:
    """Sign for several parts at once; those already signed for are passed over, and those that
    ended since the page was opened are told of."""
    idents = ids_sent("assignment")[:MOST_AT_ONCE]
    with writing() as session:
        parts = loading.assignments(session, actor(), idents, lock=True)
        signed = [part for part in parts if part.state == AssignmentState.ISSUED]
        ended = sum(part.done for part in parts)
        rows = [row for part in signed for row in receive(part, by=actor(), at=at())]
        keep(session, *signed, *rows)
    flash(*_signed(len(signed), ended))
    return redirect(url_for("my_work.page"))


def _signed(count: int, ended: int) -> tuple[str, str]:
    """What signing for several came to, and how it is shown."""
    if not ended:
        return _("已签收 %(count)s 项。", count=count), "success"
    said = _("已签收 %(count)s 项。另有 %(ended)s 项已经办结，没有签收。", count=count, ended=ended)
    return said, "warning"


@blueprint.post("/assignments/<int:assignment_id>/receipt")
@policy("work.receive")
def receive_one(assignment_id: int) -> ResponseReturnValue:
    """Sign for one part."""
    with writing() as session:
        part = loading.assignment(session, actor(), assignment_id, lock=True)
        keep(session, part, *receive(part, by=actor(), at=at()))
    flash(_("已签收。"), "success")
    return _back(part)


@blueprint.post("/assignments/<int:assignment_id>/reports")
@policy("work.report")
def report_progress(assignment_id: int) -> ResponseReturnValue:
    """Report progress; files sent along become evidence."""
    sent = [file for file in request.files.getlist("evidence") if file.filename]
    kinds = [_kind(file) for file in sent]
    with reading() as session:
        part = loading.assignment(session, actor(), assignment_id)
        refuse_unless_working(part)
        _refuse_too_many(count_at(session, part) + len(sent))
    percent = _percent(request.form.get("percent", ""))
    with dropped_if_refused(store_of(tracker().settings)) as files:
        for file, kind in zip(sent, kinds, strict=True):
            files.append(_stored(file, kind))
        with writing() as session:
            part = loading.assignment(session, actor(), assignment_id, lock=True)
            row, event = report(
                part, by=actor(), at=at(), text=request.form.get("text", ""), percent=percent,
                difficulties=request.form.get("difficulties", ""),
                next_step=request.form.get("next_step", ""),
            )  # fmt: skip
            _refuse_too_many(count_at(session, part) + len(files))
            keep(session, part, row, *files)
            attached = [
                one
                for stored in files
                for one in attach(part, stored, by=actor(), at=at(), report_id=row.id)
            ]
            keep(session, event, *attached)
    flash(_("进展已上报。"), "success")
    if request.headers.get("X-Upload-Progress"):
        return "", 201, {"Location": url_for("tasks.page", task_id=part.task_id)}
    return _back(part)


def _refuse_too_many(count: int) -> None:
    most = tracker().settings.evidence_files_per_task
    if count > most:
        raise InputError(f"一项任务最多 {most} 份佐证材料，没有写入。", "evidence")


def _percent(written: str) -> int:
    if not (written.isascii() and written.isdecimal() and len(written) < 4):
        raise InputError("请把完成比例写成 0 到 100 的整数。", "percent")
    return int(written)


def _kind(file: FileStorage) -> str:
    """The media type of a file that was sent, by its ending and its content."""
    beginning = file.stream.read(LONGEST_BEGINNING)
    file.stream.seek(0)
    return media_type_of(clean_file_name(file.filename or ""), beginning)


def _stored(file: FileStorage, media_type: str) -> StoredFile:
    """The file on disk; its row is kept later, with the report."""
    settings = tracker().settings
    return write(
        file.stream, store=store_of(settings), name=file.filename or "", media_type=media_type,
        limit=settings.evidence_limit, at=at(), by=actor().user_id,
    )  # fmt: skip


@blueprint.post("/assignments/<int:assignment_id>/completions")
@policy("work.complete")
def ask_for_completion(assignment_id: int) -> ResponseReturnValue:
    """Ask the office to accept the work."""
    with writing() as session:
        part = loading.assignment(session, actor(), assignment_id, lock=True)
        statement = request.form.get("statement", "")
        keep(session, part, *request_completion(part, by=actor(), at=at(), statement=statement))
    flash(_("已申请办结，等待审核。"), "success")
    return _back(part)
