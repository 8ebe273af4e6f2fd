"""交回: filled-in workbooks come back, their merge is looked at, confirmed or discarded."""

from collections import Counter
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col, select

from tracker import access
from tracker.directory.department import Department
from tracker.errors import AlreadyDone, InputError, NotFound, StepRefused
from tracker.events import keep
from tracker.exchange.handing_out.hand_out import handed_out_at
from tracker.exchange.merging import memory, returned, together, undoing
from tracker.exchange.merging.merge import Kind
from tracker.exchange.merging.returned import ReturnedFile, ReturnState
from tracker.exchange.merging.roll import roll
from tracker.exchange.merging.settling import HandIn
from tracker.exchange.merging.traces import packed
from tracker.plans.plan import Plan
from tracker.storage import StoredFile
from tracker.web import loading, mailbox, returned_books
from tracker.web.context import actor, at, reading, today, tracker, writing
from tracker.web.gate import policy
from tracker.web.taking_in import take_in
from tracker.web.workdays import working_calendar

blueprint = Blueprint("returns", __name__)
LATEST = 50
REFUSED = 409
ALONE = {"roll": [], "since": {}, "together": False, "not_undone": ""}
"""What the page of one workbook says of the others."""


@blueprint.get("/returns")
@policy("return.hand_in")
def index() -> ResponseReturnValue:
    """Where workbooks are dropped, and those that came in lately."""
    with reading() as session:
        rows = session.execute(
            access.returned_for(actor())
            .join(StoredFile, col(StoredFile.id) == ReturnedFile.file_id)
            .join(Plan, col(Plan.id) == ReturnedFile.plan_id)
            .join(Department, col(Department.id) == ReturnedFile.department_id, isouter=True)
            .add_columns(
                col(StoredFile.name),
                col(Plan.name).label("plan"),
                col(Department.name).label("department"),
            )
            .order_by(col(ReturnedFile.id).desc())
            .limit(LATEST)
        ).all()
        plans = _waiting(session)
        box = mailbox.shown(session, tracker().settings, actor())
    return render_template(
        "pages/returns/index.html", rows=rows, plans=plans, mailbox=box, State=ReturnState
    )


def _waiting(session: Session) -> list[tuple[Plan, int]]:
    """The plans with workbooks that wait, and how many."""
    waiting = access.returned_for(actor()).where(ReturnedFile.state == ReturnState.WAITING)
    counted = Counter(session.scalars(waiting.with_only_columns(col(ReturnedFile.plan_id))))
    plans = session.exec(select(Plan).where(col(Plan.id).in_(counted)).order_by(col(Plan.id)))
    return [(plan, counted[plan.id or 0]) for plan in plans]


@blueprint.post("/returns")
@policy("return.hand_in")
def create() -> ResponseReturnValue:
    """Take workbooks in, zips of them and the files they name, each for itself: one that is no export
    of ours keeps none out."""
    sent = [file for file in request.files.getlist("file") if file.filename]
    if not sent:
        raise InputError("请选择交回的表。", "file")
    taken = take_in([(file.filename or "", file.stream) for file in sent])
    if taken.refused and not taken.rows:
        raise InputError("\n".join(taken.refused), "file")
    for sentence in taken.refused:
        flash(sentence, "danger")
    if taken.pieces:
        flash(
            _("一起收下 %(count)s 份佐证材料，写入时放到各自的任务里。", count=taken.pieces), "info"
        )
    if len(taken.rows) == 1:
        return redirect(url_for("returns.page", returned_file_id=taken.rows[0].id))
    flash(_("已收到 %(count)s 份，核对以后才写入。", count=len(taken.rows)), "success")
    if taken.put_aside:
        flash(
            _("其中 %(count)s 份同一单位有更新的，先放在一边；页面上可以改用，也可以一起用。",
              count=taken.put_aside), "info",
        )  # fmt: skip
    plans = {row.plan_id for row in taken.rows}
    if len(plans) == 1:
        return redirect(url_for("returns.of_plan", plan_id=plans.pop()))
    return redirect(url_for("returns.index"))


@blueprint.get("/returns/<int:returned_file_id>")
@policy("return.hand_in")
def page(returned_file_id: int) -> ResponseReturnValue:
    """What one workbook would change: old and new side by side, conflicts to be chosen."""
    with reading() as session:
        return _one(session, returned_file_id)


def _one(session: Session, ident: int, *, refused: str = "") -> str:
    row = loading.returned(session, actor(), ident)
    plan = session.get_one(Plan, row.plan_id)
    address = url_for(".apply", returned_file_id=row.id)
    why = undoing.obstacle(session, row) if row.state is ReturnState.APPLIED else ""
    return _shown(session, plan, [row], apply_to=address, not_undone=why, refused=refused)


@blueprint.get("/plans/<int:plan_id>/returns")
@policy("return.hand_in")
def of_plan(plan_id: int) -> ResponseReturnValue:
    """汇总: all workbooks of a plan that wait, as one, and who has not returned any."""
    with reading() as session:
        return _together(session, plan_id)


def _together(session: Session, plan_id: int, *, refused: str = "") -> str:
    plan = loading.plan(session, actor(), plan_id)
    rows = session.exec(
        access.returned_for(actor())
        .where(ReturnedFile.plan_id == plan.id, ReturnedFile.state == ReturnState.WAITING)
        .join(Department, col(Department.id) == ReturnedFile.department_id, isouter=True)
        .order_by(col(Department.position), col(ReturnedFile.id))
    ).all()
    since = handed_out_at(session, plan_id)
    return _shown(
        session, plan, rows, apply_to=url_for(".apply_all", plan_id=plan.id), since=since,
        roll=roll(session, plan, since=since) if actor().is_office else [], together=True,
        refused=refused,
    )  # fmt: skip


def _shown(
    session: Session, plan: Plan, rows: Sequence[ReturnedFile], *, apply_to: str, refused: str = "",
    **more: object,
) -> str:  # fmt: skip
    """The page; after a refusal with the sentence on top and what had been chosen still chosen."""
    books = returned_books.books(session, rows)
    seen = together.shown([book.sent for book in books])
    open_ = [book for book in books if book.row.state is ReturnState.WAITING]
    returned_books.put_aside(session, open_)
    books.sort(key=lambda book: not book.count(Kind.CONFLICT))
    return render_template(
        "pages/returns/page.html", plan=plan, books=books, apply_to=apply_to,
        refused=refused, kept=request.form if refused else {}, seen=seen,
        order=[row.id for row in rows], State=ReturnState, Kind=Kind,
        cell_name=returned_books.cell_name, **(ALONE | more),
    )  # fmt: skip


@blueprint.post("/returns/<int:returned_file_id>/application")
@policy("return.hand_in")
def apply(returned_file_id: int) -> ResponseReturnValue:
    """Write what was seen of one workbook, as it was chosen; all of it or nothing."""
    try:
        with writing() as session:
            row = loading.returned(session, actor(), returned_file_id, lock=True)
            written = _written(session, [row])
    except (StepRefused, AlreadyDone) as refused:
        with reading() as session:
            return _one(session, returned_file_id, refused=refused.message), REFUSED
    flash(_("已写入，%(count)s 项任务有变化。", count=written), "success")
    return redirect(url_for("returns.page", returned_file_id=returned_file_id))


@blueprint.post("/plans/<int:plan_id>/returns/application")
@policy("return.hand_in")
def apply_all(plan_id: int) -> ResponseReturnValue:
    """Write what was seen of all workbooks of a plan, as it was chosen; all of it or nothing."""
    try:
        with writing() as session:
            plan = loading.plan(session, actor(), plan_id)
            wanted = dict.fromkeys(map(int, filter(str.isdecimal, request.form.getlist("file"))))
            rows = [loading.returned(session, actor(), ident, lock=True) for ident in wanted]
            if any(row.plan_id != plan.id for row in rows):
                raise NotFound()
            written = _written(session, rows)
    except (StepRefused, AlreadyDone) as refused:
        with reading() as session:
            return _together(session, plan_id, refused=refused.message), REFUSED
    flash(_("已写入，%(count)s 项任务有变化。", count=written), "success")
    return redirect(url_for("returns.of_plan", plan_id=plan_id))


def _written(session: Session, rows: Sequence[ReturnedFile]) -> int:
    """Write these workbooks and settle them; how many tasks changed. The caller commits."""
    sent = returned_books.sent_of(session, rows)
    for row, one in zip(rows, sent, strict=True):
        returned.refuse_settled(row, one.name)
    returned_books.chosen(sent)
    done = together.confirm(
        session, sent, seen=request.form.get("seen", ""),
        hand_in=HandIn(
            actor(), at(), today(), working_calendar(session),
            most_pieces=tracker().settings.evidence_files_per_task,
        ),
        zone=tracker().settings.timezone,
    )  # fmt: skip
    for row, one in zip(rows, sent, strict=True):
        found = done.get(one.ident)
        if found is not None:
            row.trace, row.told = packed(found.trace), memory.packed(memory.of(one))
            state, count = ReturnState.APPLIED, len(found.tasks)
            event = returned.settle(row, state, by=actor(), at=at(), tasks=count)
            keep(session, row, event)
    return len({task for found in done.values() for task in found.tasks})


@blueprint.post("/returns/<int:returned_file_id>/preference")
@policy("return.hand_in")
def prefer(returned_file_id: int) -> ResponseReturnValue:
    """Of a department's several copies this one counts."""
    with writing() as session:
        row = loading.returned(session, actor(), returned_file_id, lock=True)
        beside = request.form.get("beside") == "1"
        keep(session, returned.prefer(session, row, by=actor(), at=at(), beside=beside), row)
        plan_id = row.plan_id
    flash(_("两份一起核对。") if beside else _("改用这一份。"), "success")
    return redirect(url_for("returns.of_plan", plan_id=plan_id))


@blueprint.post("/returns/<int:returned_file_id>/undoing")
@policy("return.hand_in")
def undo(returned_file_id: int) -> ResponseReturnValue:
    """Take back what the workbook wrote, while nothing stands on it."""
    with writing() as session:
        row = loading.returned(session, actor(), returned_file_id, lock=True)
        count = undoing.undo(session, row, by=actor(), at=at())
    flash(_("已撤销，%(count)s 项任务回到写入以前的样子。", count=count), "success")
    return redirect(url_for("returns.page", returned_file_id=returned_file_id))


@blueprint.post("/returns/<int:returned_file_id>/discarding")
@policy("return.hand_in")
def discard(returned_file_id: int) -> ResponseReturnValue:
    """The workbook is not written."""
    with writing() as session:
        row = loading.returned(session, actor(), returned_file_id, lock=True)
        event = returned.settle(row, ReturnState.DISCARDED, by=actor(), at=at())
        keep(session, row, event)
    flash(_("这份表没有写入，已经放在一边。"), "info")
    return redirect(url_for("returns.index"))
