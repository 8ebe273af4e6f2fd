"""Evidence comes in, is handed out as a download only, and is shown small; access is checked each
time."""

from flask import Blueprint, Response, flash, jsonify, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from tracker.errors import InputError, NotFound, NotKept
from tracker.events import keep
from tracker.failpoints import failpoint
from tracker.plans.assignment import Assignment
from tracker.storage import StoredFile, drop, dropped_if_refused, opened
from tracker.stores.chosen import store_of
from tracker.web import loading, sending
from tracker.web.context import actor, at, reading, tracker, writing
from tracker.web.gate import policy
from tracker.work import evidence as verbs

blueprint = Blueprint("evidence", __name__)
HARMLESS = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
"""Should a browser show a file in spite of all, it may load, run and submit nothing."""


@blueprint.post("/assignments/<int:assignment_id>/evidence")
@policy("work.report")
def add(assignment_id: int) -> ResponseReturnValue:
    """Take files in without a report, each for itself: one that is refused keeps none out."""
    with reading() as session:
        part = loading.own_part(session, actor(), assignment_id)
        verbs.refuse_unless_working(part)
    sent = sending.sent_files()
    if not sent:
        raise InputError("请选择要上传的文件。", "evidence")
    taken: list[str] = []
    said: list[str] = []
    refused: list[str] = []
    for file in sent:
        try:
            same = _taken_in(assignment_id, file)
            said += same
            taken += [] if same else [file.filename or ""]
        except (InputError, NotKept) as error:
            refused.append(error.message)
    return _answered(part, taken, said, refused)


def _taken_in(assignment_id: int, sent: FileStorage) -> list[str]:
    """One file, in its own transaction; what is to be said when its content is there already."""
    store = store_of(tracker().settings)
    with dropped_if_refused(store) as files:
        with reading() as session:
            sending.refuse_too_many(session, loading.own_part(session, actor(), assignment_id), 1)
        piece = sending.received(sent, files)
        with writing() as session:
            part = loading.own_part(session, actor(), assignment_id, lock=True)
            replaces = sending.replaced_sent(session, part)
            requirement = sending.requirement_sent(session, replaces)
            fresh, same = sending.new_ones(session, part, [piece])
            if fresh:
                sending.refuse_too_many(session, part, 1)
                keep(session, *piece.files)
                rows = sending.attached(part, fresh, requirement=requirement, replaces=replaces)
                keep(session, *rows)
                failpoint("evidence-before-commit")
    for file in files if same else ():
        drop(file, store)
    return same


def _answered(
    part: Assignment, taken: list[str], said: list[str], refused: list[str]
) -> ResponseReturnValue:
    """For the page's script as JSON; else back to the page, which says the same."""
    if request.headers.get("X-Upload-Progress"):
        status = 422 if refused and not (taken or said) else 201
        return jsonify(taken=taken, same=said, refused=refused), status
    if taken:
        flash(_("已上传 %(count)s 份佐证材料。", count=len(taken)), "success")
    for sentence in said:
        flash(sentence, "warning")
    for sentence in refused:
        flash(sentence, "danger")
    return _back(part)


def _back(part: Assignment) -> ResponseReturnValue:
    return redirect(url_for("tasks.page", task_id=part.task_id, _anchor="evidence"))


@blueprint.post("/evidence/<int:evidence_id>/withdrawal")
@policy("work.report")
def withdraw(evidence_id: int) -> ResponseReturnValue:
    """Take a piece back while its part is worked on."""
    with writing() as session:
        piece, part, file = loading.evidence_to_change(session, actor(), evidence_id)
        keep(session, piece, verbs.withdraw(piece, part, file, by=actor(), at=at()))
    flash(_("已撤回“%(name)s”。", name=file.name), "success")
    return _back(part)


@blueprint.post("/evidence/<int:evidence_id>/requirement")
@policy("work.report")
def assign(evidence_id: int) -> ResponseReturnValue:
    """Say which requirement a piece meets."""
    with writing() as session:
        piece, part, file = loading.evidence_to_change(session, actor(), evidence_id)
        requirement = sending.requirement_sent(session)
        event = verbs.count_for(piece, part, file, requirement, by=actor(), at=at())
        keep(session, piece, event)
    flash(_("已改好“%(name)s”的归类。", name=file.name), "success")
    return _back(part)


@blueprint.get("/evidence/<int:evidence_id>/file")
@policy("evidence.read")
def download(evidence_id: int) -> ResponseReturnValue:
    """The file under the name it came with."""
    with reading() as session:
        found = loading.evidence_file(session, actor(), evidence_id)
        file = session.get_one(StoredFile, found.file_id)
    return _handed_out(file, as_attachment=True)


@blueprint.get("/evidence/<int:evidence_id>/preview")
@policy("evidence.read")
def preview(evidence_id: int) -> ResponseReturnValue:
    """The small picture of an image."""
    return _picture(evidence_id, "small_id")


@blueprint.get("/evidence/<int:evidence_id>/view")
@policy("evidence.read")
def view(evidence_id: int) -> ResponseReturnValue:
    """The large picture of an image."""
    return _picture(evidence_id, "large_id")


def _picture(evidence_id: int, which: str) -> ResponseReturnValue:
    with reading() as session:
        found = loading.evidence_file(session, actor(), evidence_id)
        file = session.get(StoredFile, getattr(found, which) or 0)
    if file is None:
        raise NotFound()
    return _handed_out(file, as_attachment=False)


def _handed_out(file: StoredFile, *, as_attachment: bool) -> Response:
    """The bytes that came, or the sentence that says they are not those. Raises FileLost."""
    content = opened(file, store_of(tracker().settings))
    answer = send_file(
        content, mimetype=file.media_type, as_attachment=as_attachment, download_name=file.name,
        conditional=False,
    )  # fmt: skip
    answer.content_length = file.size
    answer.headers["Content-Security-Policy"] = HARMLESS
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
