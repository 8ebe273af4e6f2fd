"""A score item: the standard and the evidence side by side, the award, and what visits found."""

from io import BytesIO
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col, select

from tracker import access
from tracker.actor import Actor
from tracker.directory.user import User
from tracker.errors import NotFound
from tracker.events import Event
from tracker.plans.assignment import Assignment
from tracker.plans.listing import parts_of
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.scoring import photo, photos, queue
from tracker.scoring.award import Award, give, keep_award, points_of_words
from tracker.scoring.finding import Finding
from tracker.scoring.item import Item
from tracker.scoring.rectification import shuffled
from tracker.scoring.round import Round, RoundState
from tracker.scoring.visit import Visit
from tracker.storage import StoredFile, opened
from tracker.stores.chosen import store_of
from tracker.web import loading
from tracker.web.context import actor, at, reading, tracker, writing
from tracker.web.gate import policy
from tracker.work.evidence import Evidence, current
from tracker.work.report import Report

blueprint = Blueprint("items", __name__)
MOST_REPORTS = 5


@blueprint.get("/items/<int:item_id>")
@policy("scoring.read")
def page(item_id: int) -> ResponseReturnValue:
    """One item; while its round is open with the form of the award."""
    with reading() as session:
        item = loading.score_item(session, actor(), item_id)
        row, task = session.get_one(Round, item.round_id), session.get_one(Task, item.task_id)
        award = _award(session, actor(), item, row)
        back, ahead = queue.neighbours(session, item, _asked(row))
        return render_template(
            "pages/scoring/item.html", item=item, row=row, task=task, award=award,
            plan=session.get_one(Plan, row.plan_id), parts=parts_of(session, [item.task_id])[item.task_id],
            event=session.get(Event, award.event_id) if award else None, back=back, ahead=ahead,
            earlier=_earlier(session, actor(), item), evidence=_evidence(session, actor(), task),
            reports=_reports(session, actor(), task), awards_here=_may_award(session, actor(), item, row),
            findings=photos.shown(session, item_id) if _is_told(actor(), row) else [],
            origins=_origins(session, actor(), item), State=RoundState,
        )  # fmt: skip


def _asked(row: Round) -> queue.Asked:
    assert row.id is not None
    return queue.Asked(row.id, access.items_for(actor()).with_only_columns(col(Item.id)))


def _is_told(person: Actor, row: Round) -> bool:
    """Whether the person may see what was found: the office always, others what is published."""
    return person.is_office or row.state == RoundState.PUBLISHED


def _award(session: Session, person: Actor, item: Item, row: Round) -> Award | None:
    """The award, as far as it may be seen: one's own before publication, or the office's queue."""
    if not (_is_told(person, row) or row.is_self_assessed):
        return None
    return session.exec(select(Award).where(Award.item_id == item.id)).first()


def _may_award(session: Session, person: Actor, item: Item, row: Round) -> bool:
    if row.state != RoundState.OPEN or not item.is_open or person.is_office == row.is_self_assessed:
        return False
    wanted = access.items_to_award(person).where(Item.id == item.id)
    return session.exec(wanted).first() is not None


def _earlier(session: Session, person: Actor, item: Item) -> list[Event]:
    """Earlier awards of the item, newest first: the office's to see, and those who award themselves."""
    if not person.may("scoring.award") or not person.is_office:
        return []
    wanted = select(Event).where(Event.subject == "award", Event.subject_id == item.id)
    return list(session.exec(wanted.order_by(col(Event.id).desc()).limit(20)))


def _evidence(session: Session, person: Actor, task: Task) -> list[sa.Row[Any]]:
    """What is in force of the task's evidence, as far as the person sees it, newest first."""
    parts = select(Assignment.id).where(Assignment.task_id == task.id)
    seen = access.evidence_for(person).where(col(Evidence.assignment_id).in_(parts))
    found = [one.id for one in current(session.exec(seen))]
    return list(
        session.execute(
            sa.select(
                col(Evidence.id), col(Evidence.at), col(StoredFile.name), col(StoredFile.size),
                col(StoredFile.media_type), col(Assignment.department_id),
            )
            .join(StoredFile, col(StoredFile.id) == Evidence.file_id)
            .join(Assignment, col(Assignment.id) == Evidence.assignment_id)
            .where(col(Assignment.task_id) == task.id, col(Evidence.id).in_(found))
            .order_by(col(Evidence.id).desc())
        )
    )  # fmt: skip


def _reports(session: Session, person: Actor, task: Task) -> list[sa.Row[Any]]:
    """The newest reports on the task that the person may read: (report, department's id)."""
    parts = access.assignments_for(person).with_only_columns(col(Assignment.id))
    wanted = (
        sa.select(Report, col(Assignment.department_id))
        .join(Assignment, col(Assignment.id) == Report.assignment_id)
        .where(col(Assignment.task_id) == task.id, col(Assignment.id).in_(parts))
        .order_by(col(Report.id).desc())
        .limit(MOST_REPORTS)
    )
    return list(session.execute(wanted))


def _origins(session: Session, person: Actor, item: Item) -> list[sa.Row[Any]]:
    """For the office: which visit each finding comes from, in the order the findings are shown."""
    if not person.is_office:
        return []
    rows = session.execute(
        sa.select(Finding, col(Visit.planned_on), col(User.name).label("inspector"))
        .join(Visit, col(Visit.id) == Finding.visit_id)
        .join(User, col(User.id) == Visit.inspector_id)
        .where(col(Finding.item_id) == item.id)
    ).all()
    return sorted(rows, key=lambda one: shuffled(one[0]))


@blueprint.post("/items/<int:item_id>/awards")
@policy("scoring.award")
def award(item_id: int) -> ResponseReturnValue:
    """Award points; then the next item that waits, or back to the round."""
    with writing() as session:
        item, row = loading.item_to_award(session, actor(), item_id)
        present = session.exec(select(Award).where(Award.item_id == item_id)).first()
        given, event = give(
            item, row, present, by=actor(), at=at(), seen=_seen(session, present),
            points=points_of_words(request.form.get("points", ""), most=item.possible),
            reason=request.form.get("reason", ""),
        )  # fmt: skip
        keep_award(session, given, event)
        _back, ahead = queue.neighbours(session, item, _asked(row))
    flash(_("已评分。"), "success")
    if ahead is not None:
        return redirect(url_for("items.page", item_id=ahead))
    return redirect(url_for("rounds.page", round_id=row.id))


def _seen(session: Session, present: Award | None) -> int | None:
    """The event of the award that the form was written over, told by its hash; 0 for another one."""
    written = request.form.get("seen", "")
    if not written or present is None:
        return 0 if written else None
    return present.event_id if session.get_one(Event, present.event_id).hash == written else 0


@blueprint.get("/items/<int:item_id>/photos/<int:number>")
@policy("scoring.read")
def picture(item_id: int, number: int) -> ResponseReturnValue:
    """A photo of what was found at the item, by its place in the list."""
    with reading() as session:
        item = loading.score_item(session, actor(), item_id)
        if not _is_told(actor(), session.get_one(Round, item.round_id)):
            raise NotFound()
        found = photos.photos_of(session, item_id)
    if not 0 < number <= len(found):
        raise NotFound()
    return handed(found[number - 1][1], number)


def handed(file: StoredFile, number: int) -> ResponseReturnValue:
    """The picture's bytes alone: a file's own date would tell the day of the visit."""
    with opened(file, store_of(tracker().settings)) as kept:
        content = kept.read()
    return send_file(
        BytesIO(content), mimetype=photo.MEDIA_TYPE, download_name=f"photo-{number}.jpg", etag=False
    )
