"""导入: drop a file, look at what was read beside the file, answer, confirm, undo."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col, select

from importers import Reading
from tracker import access
from tracker.directory.department import standing
from tracker.directory.group import Group
from tracker.directory.resolve import Names
from tracker.errors import AlreadyDone, InputError
from tracker.intake import (
    answering,
    applying,
    choices,
    comparing,
    continuing,
    listing,
    rereading,
    undoing,
    uploading,
)
from tracker.intake.batch import Batch, BatchState, take_turn
from tracker.intake.continuing import Copy
from tracker.intake.preview import Preview, preview_of
from tracker.intake.twins import twins_of
from tracker.paging import Page
from tracker.storage import StoredFile, dropped_if_refused
from tracker.stores.chosen import store_of
from tracker.web import loading
from tracker.web.asked import day_of_words, id_sent, number_asked
from tracker.web.context import actor, at, reading, today, tracker, writing
from tracker.web.gate import policy
from tracker.web.words import of_copy

blueprint = Blueprint("imports", __name__)
LATEST = 30
QUESTIONS_SHOWN = 60
"""At once: a plan may bring thousands, and an answer sends the part of the page anew."""
TRIES = 5


@blueprint.get("/imports")
@policy("plan.import")
def index() -> ResponseReturnValue:
    """Where a file is dropped, and what came in lately."""
    with reading() as session:
        batches = session.execute(
            access.batches_for(actor())
            .join(StoredFile, col(StoredFile.id) == Batch.file_id)
            .add_columns(col(StoredFile.name))
            .order_by(col(Batch.id).desc())
            .limit(LATEST)
        ).all()
    return render_template("pages/imports/index.html", batches=batches, State=BatchState)


@blueprint.post("/imports")
@policy("plan.import")
def create() -> ResponseReturnValue:
    """Read the file and lay it out for checking."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise InputError("请选择要导入的文件。", "file")
    issued_on = day_of_words(request.form.get("issued_on", ""), "印发日期", "issued_on")
    upload = uploading.receive(
        file.stream, name=file.filename, settings=tracker().settings, at=at(), by=actor(),
        issued_on=issued_on, check=uploading.require_plan, recall=_recalled,
        choices=_remembered(),
    )  # fmt: skip
    with dropped_if_refused(store_of(tracker().settings)) as files, writing() as session:
        files.append(upload.file)
        taken = continuing.take_in(
            session, upload, plan_name=request.form.get("plan_name", ""), issued_on=issued_on,
            by=actor(), at=at(), on=today(),
        )  # fmt: skip
    if said := of_copy(taken):
        flash(said, "success" if taken.copy == Copy.GOES_ON else "info")
    target = url_for("imports.page", batch_id=taken.batch.id)
    if request.headers.get("X-Upload-Progress"):
        return "", 201, {"Location": target}
    return redirect(target)


def _remembered() -> choices.Choices:
    with reading() as session:
        return choices.remembered(session)


def _recalled(key: str, seen: Reading) -> uploading.Recalled | None:
    with reading() as session:
        return continuing.recalled(session, key, seen)


@blueprint.get("/imports/<int:batch_id>")
@policy("plan.import")
def page(batch_id: int) -> ResponseReturnValue:
    """核对: the original grid, the questions, the reading; and what confirming will do."""
    with reading() as session:
        batch = loading.batch(session, actor(), batch_id)
        return render_template("pages/imports/page.html", **_shown(session, batch))


def _shown(session: Session, batch: Batch, error: str | None = None) -> dict[str, Any]:
    shown: Preview = preview_of(session, batch, on=today(), page=number_asked())
    questions = answering.questions_of(session, batch)
    asked = Page(1, len(questions), QUESTIONS_SHOWN)
    return {
        "batch": batch,
        "file": session.get_one(StoredFile, batch.file_id),
        "error": error,
        "shown": shown,
        "questions": questions,
        "asked": replace(asked, number=min(number_asked("questions"), asked.pages)),
        "departments": session.exec(standing()).all(),
        "groups": session.exec(select(Group).order_by(col(Group.id))).all(),
        "twins": twins_of(session, batch),
        "obstacles": undoing.obstacles(session, batch) if batch.state == BatchState.APPLIED else [],
        "State": BatchState,
    }


@blueprint.get("/imports/<int:batch_id>/differences")
@policy("plan.import")
def differences(batch_id: int) -> ResponseReturnValue:
    """与现有计划比较, in full: what is changed, new, missing or unchanged, page by page."""
    kind = request.args.get("kind", "changed")
    with reading() as session:
        batch = loading.batch(session, actor(), batch_id)
        compared = listing.differences(
            session, batch, kind if kind in listing.KINDS else "changed",
            on=today(), number=number_asked(),
        )  # fmt: skip
    return render_template(
        "pages/imports/differences.html", batch=batch, compared=compared, State=BatchState
    )


@blueprint.post("/imports/<int:batch_id>/questions/<int:question_id>/answer")
@policy("plan.import")
def answer(batch_id: int, question_id: int) -> ResponseReturnValue:
    """Answer one question; all alike cells follow."""
    in_place, error = "HX-Request" in request.headers, None
    try:
        with reading() as session:
            given = {question_id: _given(session)}
        _answered(batch_id, lambda _session, _batch: given)
    except InputError as problem:
        if not in_place:
            raise
        error = problem.message
    if not in_place:
        return redirect(url_for("imports.page", batch_id=batch_id))
    with reading() as session:
        batch = loading.batch(session, actor(), batch_id)
        return render_template("pages/imports/_check.html", **_shown(session, batch, error))


Pick = Callable[[Session, Batch], rereading.Given]


def _answered(
    batch_id: int, pick: Pick, rest: Callable[[Session, Batch], object] = lambda *_: None
) -> None:
    """Write answers; where one changes the reading, the file is read again before the batch is
    locked, and once more if somebody has answered meanwhile. `rest` is done in the same turn."""
    settings = tracker().settings
    for _try in range(TRIES):
        with reading() as session:
            batch = loading.batch(session, actor(), batch_id)
            wanted = rereading.plan(session, batch, pick(session, batch), settings)
        again = rereading.read(wanted, settings) if wanted else None
        with writing() as session:
            batch = loading.batch(session, actor(), batch_id, lock=True)
            given = pick(session, batch)
            if rereading.plan(session, batch, given, settings) != wanted:
                continue
            for question_id, answered in given.items():
                answering.answer(session, batch, question_id, answered, by=actor(), at=at())
            if wanted is not None and again is not None:
                rereading.put(session, batch, again, wanted, by=actor(), at=at(), on=today())
            rest(session, batch)
            return
    raise AlreadyDone(_("这份文件的问题正有别人在回答，请稍后再试。"))


def _given(session: Session) -> dict[str, Any]:
    """The answer as sent; departments may be typed by name, several with 、 between them."""
    given = {**request.form.to_dict(), "department_ids": request.form.getlist("department_ids")}
    written = [
        name for name in re.split(r"[、，,;；]", request.form.get("names", "")) if name.strip()
    ]
    if not written:
        return given
    names = Names.load(session, on=today())
    idents = [_department_id(names, name.strip()) for name in written]
    if len(idents) == 1:
        return {"take": "department", "department_id": idents[0]}
    return {"take": "members", "department_ids": idents}


def _department_id(names: Names, written: str) -> int:
    found = names.resolve(written).department_id
    if found is None:
        raise InputError(f"名录里没有“{written}”。请从列表里选，或新建单位。", "names")
    return found


@blueprint.post("/imports/<int:batch_id>/proposals")
@policy("plan.import")
def accept(batch_id: int) -> ResponseReturnValue:
    """Take the proposal for every question that is still open."""
    _answered(
        batch_id,
        rereading.proposals,
        lambda session, batch: answering.accept_proposals(session, batch, by=actor(), at=at()),
    )
    return redirect(url_for("imports.page", batch_id=batch_id))


@blueprint.post("/imports/<int:batch_id>/application")
@policy("plan.import")
def apply(batch_id: int) -> ResponseReturnValue:
    """确认导入: one transaction, on the version of the plan that the page compared with."""
    with writing() as session:
        take_turn(session)
        batch = loading.batch(session, actor(), batch_id, lock=True)
        if opened := _compared_anew(session, batch):
            flash(
                _("计划有了变动，多了 %(count)s 个问题。请回答后再确认。", count=opened), "warning"
            )
            return redirect(url_for("imports.page", batch_id=batch_id))
        done = applying.apply(session, batch, by=actor(), at=at(), on=today())
    counts = done.outcome.counts()
    flash(
        _("已导入：新建 %(new)s 项，变更 %(changed)s 项，不变 %(unchanged)s 项。", **counts),
        "success",
    )
    return redirect(url_for("plans.page", plan_id=done.plan.id))


def _compared_anew(session: Session, batch: Batch) -> int:
    """The batch goes by the plan's version that the page had compared with. Says how many questions
    that brings."""
    if batch.state != BatchState.PREVIEW or "plan_version" not in request.form:
        return 0
    seen = id_sent("plan_version")
    if seen == batch.plan_version:
        return 0
    batch.plan_version = seen
    return comparing.pair(session, batch, on=today())


@blueprint.post("/imports/<int:batch_id>/reversal")
@policy("plan.import")
def undo(batch_id: int) -> ResponseReturnValue:
    """撤销导入, while nothing has been reported on it."""
    with writing() as session:
        take_turn(session)
        batch = loading.batch(session, actor(), batch_id, lock=True)
        undoing.undo(session, batch, by=actor(), at=at())
    flash(_("已撤销这次导入，计划回到导入之前。"), "success")
    return redirect(url_for("imports.index"))
