"""交回: filled-in workbooks come back, their merge is looked at, confirmed or discarded."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col
from werkzeug.datastructures import FileStorage

from tracker import access
from tracker.directory.department import Department
from tracker.errors import InputError, NotKept
from tracker.events import keep
from tracker.exchange.export import Export
from tracker.exchange.merging import applying, returned
from tracker.exchange.merging.comparing import Merged, compare, export_of
from tracker.exchange.merging.fields import BY_KEY, Of
from tracker.exchange.merging.merge import Cell, Kind
from tracker.exchange.merging.opening import sheets_of
from tracker.exchange.merging.returned import ReturnedFile, ReturnState
from tracker.exchange.merging.settling import HandIn
from tracker.plans.plan import Plan
from tracker.storage import StoredFile, dropped_if_refused
from tracker.stores.chosen import store_of
from tracker.web import loading
from tracker.web.context import actor, at, reading, today, tracker, writing
from tracker.web.gate import policy
from tracker.web.workdays import working_calendar

blueprint = Blueprint("returns", __name__)
LATEST = 50
MOST_AT_ONCE = 200
SHOWN = (Kind.CONFLICT, Kind.THEIRS, Kind.INVALID, Kind.NOT_ALLOWED, Kind.SAME)
"""What the page shows, what needs a decision first."""


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
    return render_template("pages/returns/index.html", rows=rows, State=ReturnState)


@blueprint.post("/returns")
@policy("return.hand_in")
def create() -> ResponseReturnValue:
    """Take workbooks in, each for itself: one that is no export of ours keeps none out."""
    sent = [file for file in request.files.getlist("file") if file.filename][:MOST_AT_ONCE]
    if not sent:
        raise InputError("请选择交回的表。", "file")
    taken: list[int] = []
    refused: list[str] = []
    for file in sent:
        try:
            taken.append(_taken_in(file))
        except (InputError, NotKept) as error:
            refused.append(error.message)
    if refused and not taken:
        raise InputError("\n".join(refused), "file")
    for sentence in refused:
        flash(sentence, "danger")
    if len(taken) == 1:
        return redirect(url_for("returns.page", returned_file_id=taken[0]))
    flash(_("已收到 %(count)s 份，核对以后才写入。", count=len(taken)), "success")
    return redirect(url_for("returns.index"))


def _taken_in(sent: FileStorage) -> int:
    """One workbook, in its own transaction; its id."""
    settings, store = tracker().settings, store_of(tracker().settings)
    with dropped_if_refused(store) as files:
        sheets = sheets_of(sent.stream, name=sent.filename or "", settings=settings, by=actor(),
                           at=at(), files=files)  # fmt: skip
        with writing() as session:
            export, found = export_of(session, sheets)
            loading.export(session, actor(), export.id or 0)
            keep(session, *files)
            row, event = returned.hand_in(export, files[0], found, by=actor(), at=at())
            keep(session, row, event)
            returned.supersede(session, row, at=at())
            return row.id or 0


@blueprint.get("/returns/<int:returned_file_id>")
@policy("return.hand_in")
def page(returned_file_id: int) -> ResponseReturnValue:
    """What the workbook would change: old and new side by side, conflicts to be chosen."""
    with reading() as session:
        row = loading.returned(session, actor(), returned_file_id)
        export, plan = session.get_one(Export, row.export_id), session.get_one(Plan, row.plan_id)
        merged = _merged(session, row, export)
        department = session.get(Department, row.department_id) if row.department_id else None
        return render_template(
            "pages/returns/page.html", row=row, plan=plan, department=department, merged=merged,
            file=session.get_one(StoredFile, row.file_id), groups=_groups(merged),
            tasks=applying.tasks_of(session, merged.changes), seen=applying.shown(merged.changes),
            State=ReturnState, Kind=Kind, FIELDS=BY_KEY, cell_name=cell_name,
        )  # fmt: skip


def _merged(session: Session, row: ReturnedFile, export: Export) -> Merged:
    return compare(
        session, export, returned.found_in(row, export.key), by=actor(), today=today(),
        zone=tracker().settings.timezone,
    )  # fmt: skip


def _groups(merged: Merged) -> dict[Kind, list[object]]:
    return {kind: list(merged.of(kind)) for kind in SHOWN if merged.of(kind)}


def cell_name(cell: Cell) -> str:
    """How a form names a cell: p-7-progress."""
    return f"{cell.of.value[0]}-{cell.ident}-{cell.field}"


def _cell_of(name: str) -> Cell | None:
    of, _dash, rest = name.partition("-")
    ident, _dash, field = rest.partition("-")
    if of not in ("t", "p") or field not in BY_KEY or not (ident.isascii() and ident.isdecimal()):
        return None
    return Cell(Of.TASK if of == "t" else Of.PART, int(ident), field)


@blueprint.post("/returns/<int:returned_file_id>/application")
@policy("return.hand_in")
def apply(returned_file_id: int) -> ResponseReturnValue:
    """Write what was seen, as it was chosen; all of it or nothing."""
    choice = applying.Choice(take=_cells("take"), leave=_cells("leave"))
    with writing() as session:
        row = loading.returned(session, actor(), returned_file_id, lock=True)
        export = session.get_one(Export, row.export_id)
        hand_in = HandIn(actor(), at(), today(), working_calendar(session))
        written = applying.confirm(
            session, export, returned.found_in(row, export.key), seen=request.form.get("seen", ""),
            choice=choice, hand_in=hand_in, zone=tracker().settings.timezone,
        )  # fmt: skip
        event = returned.settle(row, ReturnState.APPLIED, by=actor(), at=at(), tasks=len(written))
        keep(session, row, event)
    flash(_("已写入，%(count)s 项任务有变化。", count=len(written)), "success")
    return redirect(url_for("returns.page", returned_file_id=returned_file_id))


def _cells(verdict: str) -> set[Cell]:
    """The cells for which the form says so."""
    return {
        cell
        for name, said in request.form.items()
        if said == verdict and name.startswith("cell-") and (cell := _cell_of(name[5:]))
    }


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
