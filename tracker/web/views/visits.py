"""暗访: the office plans visits; an inspector sees her own and enters what she finds on site."""

import secrets
from datetime import UTC, datetime
from decimal import Decimal

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col, select

from tracker import access
from tracker.errors import InputError, NotFound
from tracker.events import keep
from tracker.plans.archive import refuse_archived
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.scoring import inspectors, photo
from tracker.scoring.award import points_of_words
from tracker.scoring.finding import Finding, FindingPhoto, key_of_words, record
from tracker.scoring.item import Item
from tracker.scoring.round import Round, RoundState
from tracker.scoring.visit import Visit, cancel, plan_visit, put
from tracker.storage import StoredFile, dropped_if_refused, write
from tracker.stores.chosen import store_of
from tracker.web import loading
from tracker.web.asked import day_of_words, id_sent, ids_sent
from tracker.web.context import actor, at, reading, today, tracker, writing
from tracker.web.gate import policy
from tracker.web.views.items import handed

blueprint = Blueprint("visits", __name__)
CLEAR, OFF = "clear", "off"


@blueprint.get("/rounds/<int:round_id>/visits")
@policy("visit.plan")
def of_round(round_id: int) -> ResponseReturnValue:
    """The round's visits, and the form for another."""
    with reading() as session:
        row = loading.scoring_round(session, actor(), round_id)
        covert = session.execute(
            access.items_for(actor())
            .where(Item.round_id == round_id, col(Item.is_covert).is_(True))
            .join(Task, col(Task.id) == Item.task_id)
            .add_columns(Task)
            .order_by(col(Task.position), col(Item.id))
        ).all()
        return render_template(
            "pages/scoring/visits.html", row=row, plan=session.get_one(Plan, row.plan_id),
            visits=inspectors.visits_of(session, round_id), items=covert, State=RoundState,
            inspectors=inspectors.inspectors(session, on=today()),
        )  # fmt: skip


@blueprint.post("/rounds/<int:round_id>/visits")
@policy("visit.plan")
def create(round_id: int) -> ResponseReturnValue:
    """Send an inspector somewhere on a day."""
    day = day_of_words(request.form.get("planned_on", ""), "暗访日期", "planned_on")
    with writing() as session:
        row = loading.scoring_round(session, actor(), round_id, lock=True)
        items = loading.score_items(session, actor(), ids_sent("item"))
        inspector = id_sent("inspector")
        if inspector not in inspectors.inspectors(session, on=today()) or day is None:
            raise InputError("请选择暗访员和日期。", "inspector")
        visit, event = plan_visit(
            row, items, by=actor(), at=at(), on=today(), inspector_id=inspector, planned_on=day,
            site=request.form.get("site", ""), note=request.form.get("note", ""),
        )  # fmt: skip
        keep(session, visit)
        event.subject_id = visit.id
        keep(session, *put(visit, items), event)
    flash(_("已安排暗访，只有暗访员本人和牵头办公室能看到。"), "success")
    return redirect(url_for("visits.of_round", round_id=round_id))


@blueprint.post("/visits/<int:visit_id>/cancellation")
@policy("visit.plan")
def call_off(visit_id: int) -> ResponseReturnValue:
    """Call a visit off that has no findings."""
    with writing() as session:
        found = loading.visit(session, actor(), visit_id)
        row = loading.scoring_round(session, actor(), found.round_id, lock=True)
        found = loading.visit(session, actor(), visit_id, lock=True)
        recorded = session.exec(select(Finding.id).where(Finding.visit_id == visit_id)).first()
        event = cancel(found, row, recorded=recorded is not None, by=actor(), at=at())
        keep(session, found, event)
    flash(_("已取消这次暗访。"), "success")
    return redirect(url_for("visits.of_round", round_id=row.id))


@blueprint.get("/visits")
@policy("visit.record")
def mine() -> ResponseReturnValue:
    """The inspector's own visits, by day."""
    with reading() as session:
        standing = access.visits_for(actor()).where(col(Visit.cancelled_at).is_(None))
        visits = inspectors.own_visits(session, standing)
    return render_template("pages/scoring/my_visits.html", visits=visits, State=RoundState)


@blueprint.get("/visits/<int:visit_id>")
@policy("visit.record")
def page(visit_id: int) -> ResponseReturnValue:
    """One visit on site: a screen for each item, with what was sent of it."""
    with reading() as session:
        visit = loading.visit(session, actor(), visit_id)
        sent = session.exec(
            access.findings_for(actor())
            .where(Finding.visit_id == visit_id)
            .order_by(col(Finding.id))
        ).all()
        return render_template(
            "pages/scoring/visit.html", visit=visit, row=session.get_one(Round, visit.round_id),
            items=inspectors.items_of(session, visit_id), sent=sent, State=RoundState,
            photos=_photos(session, [one.id or 0 for one in sent]), MOST=photo.MOST,
            new_key=lambda: secrets.token_hex(16),
        )  # fmt: skip


def _photos(session: Session, finding_ids: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {ident: [] for ident in finding_ids}
    wanted = select(FindingPhoto.finding_id, FindingPhoto.number).where(
        col(FindingPhoto.finding_id).in_(finding_ids)
    )
    for finding_id, number in session.exec(wanted.order_by(col(FindingPhoto.number))):
        found[finding_id].append(number)
    return found


@blueprint.post("/visits/<int:visit_id>/findings")
@policy("visit.record")
def create_finding(visit_id: int) -> ResponseReturnValue:
    """Take in a finding; one that is here already is simply told so."""
    key = key_of_words(request.form.get("key", ""))
    with reading() as session:
        loading.visit(session, actor(), visit_id)
        if _is_here(session, key, visit_id):
            return _taken(visit_id, 200)
    with dropped_if_refused(store_of(tracker().settings)) as files:
        files += _photographs()
        with writing() as session:
            is_new = _keep(
                session, visit_id, key, files
            )  # else `sweep` takes the photos away again
    return _taken(visit_id, 201 if is_new else 200)


def _is_here(session: Session, key: str, visit_id: int) -> bool:
    """Whether the finding came before. Raises NotFound when the key is another visit's."""
    found = session.exec(select(Finding).where(Finding.key == key)).first()
    if found is not None and found.visit_id != visit_id:
        raise NotFound()
    return found is not None


def _keep(session: Session, visit_id: int, key: str, files: list[StoredFile]) -> bool:
    """Write the finding with its photos; False when it is here already. The round is held first,
    so that of two resends one waits and then sees the other's."""
    visit = loading.visit(session, actor(), visit_id)
    row = session.get_one(Round, visit.round_id, with_for_update=True)
    visit = loading.visit(session, actor(), visit_id, lock=True)
    refuse_archived(session, row.plan_id)
    if _is_here(session, key, visit_id):
        return False
    item = _item(session, visit)
    is_clear = _verdict() == CLEAR
    finding, event = record(
        visit, row, item, by=actor(), at=at(), key=key, is_clear=is_clear, seen_at=_seen_at(),
        points_off=Decimal(0) if is_clear else _points_off(item),
        text=request.form.get("text", ""), place=request.form.get("place", ""),
    )  # fmt: skip
    keep(session, finding, *files)
    event.subject_id = finding.id
    rows = [
        FindingPhoto(finding_id=finding.id or 0, number=number, file_id=file.id or 0)
        for number, file in enumerate(files, 1)
    ]
    keep(session, *rows, event)
    return True


def _verdict() -> str:
    verdict = request.form.get("verdict", "")
    if verdict not in (CLEAR, OFF):
        raise InputError("请选择合格或扣分。", "verdict")
    return verdict


def _points_off(item: Item) -> Decimal:
    return points_of_words(
        request.form.get("points_off", ""), most=item.possible, field="points_off"
    )


def _item(session: Session, visit: Visit) -> Item:
    """The item the finding is about; it must be one the visit looks at."""
    asked, looked_at = id_sent("item"), inspectors.items_of(session, visit.id or 0)
    found = next((item for item, _task in looked_at if item.id == asked), None)
    if found is None:
        raise NotFound()
    return found


def _seen_at() -> datetime:
    """The moment on site as the device told it; now where it told none."""
    written = request.form.get("seen_at", "")
    if not written:
        return at()
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise InputError("现场时间不对，请刷新页面后再提交。", "seen_at") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _photographs() -> list[StoredFile]:
    """The photos sent, cleaned and on disk; their rows are kept with the finding."""
    sent = [file for file in request.files.getlist("photo") if file.filename]
    if len(sent) > photo.MOST:
        raise InputError(f"一条结果最多 {photo.MOST} 张照片。", "photo")
    settings = tracker().settings
    store = store_of(settings)
    return [
        write(
            photo.clean(file.stream, number, settings=settings), store=store, name=f"photo-{number}.jpg",
            media_type=photo.MEDIA_TYPE, limit=photo.LARGEST, at=at(), by=actor().user_id,
        )
        for number, file in enumerate(sent, 1)
    ]  # fmt: skip


def _taken(visit_id: int, status: int) -> ResponseReturnValue:
    """What the page's script is told; whoever sent the plain form goes back to the visit."""
    if request.headers.get("X-Kept-Here"):
        return jsonify(state="sent"), status
    flash(_("已提交。"), "success")
    return redirect(url_for("visits.page", visit_id=visit_id))


@blueprint.get("/findings/<int:finding_id>/photos/<int:number>")
@policy("visit.read")
def picture(finding_id: int, number: int) -> ResponseReturnValue:
    """A photo of a finding, for the inspector who took it and the office."""
    with reading() as session:
        loading.finding(session, actor(), finding_id)
        wanted = (
            select(StoredFile)
            .join(FindingPhoto, col(FindingPhoto.file_id) == StoredFile.id)
            .where(FindingPhoto.finding_id == finding_id, FindingPhoto.number == number)
        )
        file = session.exec(wanted).first()
    if file is None:
        raise NotFound()
    return handed(file, number)
