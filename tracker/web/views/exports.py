"""Workbooks handed out: asked for by POST, remembered, and sent as the answer."""

from io import BytesIO
from typing import IO

from flask import Blueprint, request, send_file
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from tracker import access
from tracker.directory.department import Department
from tracker.errors import InputError, NotFound
from tracker.events import keep
from tracker.exchange import forms, handing_back
from tracker.exchange.export import Layout
from tracker.exchange.exporting import export_plan
from tracker.web import loading
from tracker.web.asked import id_sent
from tracker.web.context import actor, at, reading, today, tracker, writing
from tracker.web.gate import policy

blueprint = Blueprint("exports", __name__)
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.post("/plans/<int:plan_id>/exports")
@policy("plan.export")
def create(plan_id: int) -> ResponseReturnValue:
    """Make a workbook of the plan in the layout asked for; a department gets its own rows only."""
    wanted = request.form.get("layout", Layout.LEDGER.value)
    if wanted not in (Layout.ORIGINAL, Layout.LEDGER, Layout.CSV):
        raise InputError("请选择原表格式、台账格式或 CSV。", "layout")
    with reading() as session:
        plan = loading.plan(session, actor(), plan_id)
        department = _department(session)
        made = export_plan(
            session, plan, Layout(wanted), department=department, by=actor(), at=at(),
            today=today(), settings=tracker().settings,
        )  # fmt: skip
    with writing() as session:
        keep(session, made.export, made.event)
    return _sent(made.file, made.file_name, CSV if wanted == Layout.CSV else XLSX)


@blueprint.get("/imports/<int:batch_id>/copy")
@policy("plan.import")
def copy(batch_id: int) -> ResponseReturnValue:
    """标注问题的副本: the office's own workbook with its open questions, to be corrected and sent in
    again."""
    with reading() as session:
        batch = loading.batch(session, actor(), batch_id)
        content, name = handing_back.copy_of(
            session, batch, settings=tracker().settings, on=today()
        )
    return _sent(BytesIO(content), name)


@blueprint.get("/imports/form")
@policy("plan.import")
def form() -> ResponseReturnValue:
    """空白任务表, for a new plan."""
    with reading() as session:
        content = forms.blank(session, None, on=today())
    return _sent(BytesIO(content), forms.file_name(None))


def _sent(file: IO[bytes], name: str, kind: str = XLSX) -> ResponseReturnValue:
    return send_file(file, mimetype=kind, as_attachment=True, download_name=name)


def _department(session: Session) -> Department | None:
    """Whoever sees all takes out the whole plan or anybody's part; a department its own."""
    person, asked = actor(), id_sent("department")
    if access.sees_all(person):
        return _known(session, asked) if asked else None
    mine = access.read_by(person)
    asked = asked or min(mine)
    if asked not in mine:
        raise NotFound()
    return _known(session, asked)


def _known(session: Session, ident: int) -> Department:
    found = session.get(Department, ident)
    if found is None:
        raise NotFound()
    return found
