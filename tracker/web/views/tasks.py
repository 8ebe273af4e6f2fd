"""A task: what is asked, who does it, its whole timeline, and the next step."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from tracker import access
from tracker.actor import Actor
from tracker.directory.department import Department
from tracker.events import Event
from tracker.files.kinds import Group
from tracker.intake.batch import Batch
from tracker.plans import listing
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.plan import Plan, Section
from tracker.plans.task import Task
from tracker.scoring import summary
from tracker.storage import StoredFile
from tracker.web import loading, progress, steps
from tracker.web.asked import id_asked
from tracker.web.context import actor, reading, today
from tracker.web.evidence_shelf import shelf_of
from tracker.web.gate import policy
from tracker.work import waiting
from tracker.work.evidence import Evidence
from tracker.work.waiting import Request

blueprint = Blueprint("tasks", __name__)


@blueprint.get("/tasks/<int:task_id>")
@policy("task.read")
def page(task_id: int) -> ResponseReturnValue:
    """The task with its timeline and the forms of the person's next step."""
    with reading() as session:
        task = loading.task(session, actor(), task_id)
        plan = session.get_one(Plan, task.plan_id)
        parts = listing.parts_of(
            session, [task_id], more=listing.CLOCKS, withdrawn=task.withdrawn_on is not None
        )[task_id]
        mine = _mine(session, actor(), task_id)
        return render_template(
            "pages/tasks/page.html", task=task, plan=plan, parts=parts, mine=mine,
            unresolved=listing.unresolved_of(session, [task_id])[task_id],
            names=_names(session, task_id), outline=_outline(session, task), events=_events(session, actor(), task),
            evidence=_evidence(session, actor(), task_id), source=_source(session, task),
            progress=progress.of_task(session, actor(), task, plan, parts),
            steps=steps.at_task(session, actor(), task, plan), today=today(),
            scores=summary.of_task(session, access.items_for(actor()), task_id),
            answered=id_asked("answered"), following=_following(session),
            shelf=shelf_of(session, actor(), task, parts), Group=Group,
            Role=AssignmentRole, State=AssignmentState,
        )  # fmt: skip


def _following(session: Session) -> Request | None:
    """For the office that has just answered a request here: the next that waits."""
    ident = id_asked("answered") if actor().may("work.review") else None
    return waiting.after(session, request.args.get("kind", ""), ident) if ident else None


def _mine(session: Session, person: Actor, task_id: int) -> list[Assignment]:
    """The parts that the person can act on."""
    if not person.department_ids:
        return []
    return list(session.exec(access.own(person).where(Assignment.task_id == task_id)))


def _outline(session: Session, task: Task) -> list[str]:
    titles: list[str] = []
    section_id = task.section_id
    while section_id is not None:
        section = session.get_one(Section, section_id)
        titles.append(section.title)
        section_id = section.parent_id
    return titles[::-1]


def _source(session: Session, task: Task) -> dict[str, Any] | None:
    """The file and cell the task came from."""
    if task.batch_id is None:
        return None
    found = session.execute(
        sa.select(col(StoredFile.name), col(Batch.applied_at))
        .join(Batch, col(Batch.file_id) == StoredFile.id)
        .where(col(Batch.id) == task.batch_id)
    ).one_or_none()
    file, issued_at = found or (None, None)
    return {"file": file, "cell": task.source, "issued_at": issued_at}


def _events(session: Session, person: Actor, task: Task) -> list[Event]:
    """The task's history as far as the person sees the parts it tells of."""
    wanted = access.events_for(person).where(Event.task_id == task.id)
    return list(session.exec(wanted.order_by(col(Event.id).desc()).limit(200)))


def _names(session: Session, task_id: int) -> dict[int, str]:
    """The departments that the task's history speaks of, also those that have no part any more."""
    parts = select(Assignment.department_id).where(Assignment.task_id == task_id)
    wanted = select(Department.id, Department.name).where(col(Department.id).in_(parts))
    return {ident or 0: name for ident, name in session.exec(wanted)}


def _evidence(
    session: Session, person: Actor, task_id: int
) -> list[tuple[Evidence, StoredFile, int]]:
    found = access.evidence_for(person)
    if access.sees_all(person):
        found = found.join(Assignment, col(Evidence.assignment_id) == Assignment.id)
    rows = session.execute(
        found.add_columns(StoredFile, col(Assignment.department_id))
        .join(StoredFile, col(Evidence.file_id) == StoredFile.id)
        .where(col(Assignment.task_id) == task_id)
        .order_by(col(Evidence.id))
    )
    return [(evidence, file, department) for evidence, file, department in rows]
