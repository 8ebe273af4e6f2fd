"""分发: a plan's slices to all its departments, by mail or as one zip, and what was handed out."""

import secrets
from collections import defaultdict
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col, select

from tracker.directory.department import Department
from tracker.directory.user import User
from tracker.errors import InputError, SentTwice
from tracker.exchange.export import Layout
from tracker.exchange.handing_out import making
from tracker.exchange.handing_out.arranging import hand_out
from tracker.exchange.handing_out.audience import Reached, audience
from tracker.exchange.handing_out.hand_out import HandOut, HandOutCopy, Means
from tracker.exchange.handing_out.zipped import streamed, zip_name, zipping
from tracker.exchange.zipping import begun
from tracker.intake.batch import newest_applied
from tracker.plans.plan import PlanState
from tracker.web import loading
from tracker.web.asked import day_of_words, ids_sent
from tracker.web.context import actor, at, reading, today, tracker, writing
from tracker.web.gate import policy

blueprint = Blueprint("handing_out", __name__)
LATEST = 20


@blueprint.get("/plans/<int:plan_id>/hand-outs")
@policy("plan.hand_out")
def page(plan_id: int) -> ResponseReturnValue:
    """Who would get a copy, how it would be sent, and what was handed out before."""
    with reading() as session:
        plan = loading.plan(session, actor(), plan_id)
        reached = audience(session, plan_id, on=today())
        return render_template(
            "pages/handing_out/page.html", plan=plan, reached=reached, key=secrets.token_hex(16),
            has_layout=session.exec(newest_applied(plan_id)).first() is not None,
            latest=_latest(session, plan_id), settings=tracker().settings, today=today(),
            Means=Means, archived=plan.state == PlanState.ARCHIVED,
        )  # fmt: skip


def _latest(
    session: Session, plan_id: int
) -> list[tuple[HandOut, str, list[tuple[HandOutCopy, str]]]]:
    """The newest hand-outs with who made them and their copies, each with its department."""
    wanted = (
        select(HandOut, User.name)
        .join(User, col(User.id) == HandOut.by, isouter=True)
        .where(HandOut.plan_id == plan_id)
        .order_by(col(HandOut.id).desc())
    )
    rows = session.exec(wanted.limit(LATEST)).all()
    copies = defaultdict(list)
    for copy, name in session.exec(
        select(HandOutCopy, Department.name)
        .join(Department, col(Department.id) == HandOutCopy.department_id)
        .where(col(HandOutCopy.hand_out_id).in_([one.id for one, _name in rows]))
        .order_by(col(Department.position), col(Department.id))
    ):
        copies[copy.hand_out_id].append((copy, name))
    return [(one, name or "", copies[one.id or 0]) for one, name in rows]


@blueprint.get("/plans/<int:plan_id>/hand-outs/preview")
@policy("plan.hand_out")
def preview(plan_id: int) -> ResponseReturnValue:
    """The mail as the first department would get it, with the day that is asked."""
    back_by = day_of_words(request.args.get("back_by", ""), _("交回日期"), "back_by")
    with reading() as session:
        plan = loading.plan(session, actor(), plan_id)
        first = next((one for one in audience(session, plan_id, on=today()) if one.readers), None)
    said = None
    if first is not None:
        said = making.words(
            first, plan.name, back_by, name=first.readers[0].name, on=today(),
            settings=tracker().settings, locale=first.readers[0].locale or tracker().settings.locale,
        )  # fmt: skip
    return render_template("pages/handing_out/_preview.html", said=said, first=first)


@blueprint.post("/plans/<int:plan_id>/hand-outs")
@policy("plan.hand_out")
def create(plan_id: int) -> ResponseReturnValue:
    """Arrange a mail to each chosen department; the same form counts once."""
    back_by = day_of_words(request.form.get("back_by", ""), _("交回日期"), "back_by")
    here = redirect(url_for("handing_out.page", plan_id=plan_id))
    try:
        with writing() as session:
            plan = loading.plan(session, actor(), plan_id)
            _found, reached = hand_out(
                session, plan, ids_sent("department"), layout=_layout(), back_by=back_by,
                key=_key(), by=actor(), at=at(), on=today(),
            )  # fmt: skip
    except SentTwice as twice:
        flash(twice.message, "info")
        return here
    _tell(reached)
    return here


def _tell(reached: list[Reached]) -> None:
    written = [one for one in reached if one.readers]
    flash(_("正在给 %(count)s 个单位制表并发送，下面可以看到进度。", count=len(written)), "success")
    if silent := [one.department.label for one in reached if not one.readers]:
        names = "、".join(silent)
        flash(_("没有可收邮件的人，没有发送：%(names)s。请下载压缩包转交。", names=names), "danger")


@blueprint.post("/plans/<int:plan_id>/slices")
@policy("plan.hand_out")
def slices(plan_id: int) -> ResponseReturnValue:
    """One zip with every department's workbook, made while it is sent."""
    with reading() as session:
        plan = loading.plan(session, actor(), plan_id)
    found = tracker()
    pieces = streamed(
        zipping(
            found.database, found.settings, plan, layout=_layout(), by=actor(), at=at(),
            today=today(),
        )
    )  # fmt: skip
    answer = Response(begun(pieces), mimetype="application/zip")
    named = f"filename=workbooks.zip; filename*=UTF-8''{quote(zip_name(plan, today()), safe='')}"
    answer.headers["Content-Disposition"] = f"attachment; {named}"
    return answer


def _layout() -> Layout:
    wanted = request.form.get("layout", Layout.LEDGER.value)
    if wanted not in (Layout.ORIGINAL, Layout.LEDGER):
        raise InputError("请选择原表格式或台账格式。", "layout")
    return Layout(wanted)


def _key() -> str:
    key = request.form.get("key", "")
    if not (len(key) == 32 and key.isascii() and key.isalnum()):
        raise InputError("页面已过期，请刷新后再发。", "key")
    return key
