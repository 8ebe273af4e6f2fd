"""The one gate: which rows a person may see, as queries.

A row that a query leaves out does not exist for that person (404); a row that is seen without the
power to act on it (actor.POWERS) is refused (403). Nothing else in the tracker decides this.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, false, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.actor import DEPARTMENTAL, LEADERS, OFFICE, READERS, Actor, Role
from tracker.events import Event
from tracker.exchange.export import Export
from tracker.exchange.merging.returned import ReturnedFile
from tracker.intake.batch import Batch
from tracker.mail.message import Message
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.scoring.finding import Finding
from tracker.scoring.freezing import FrozenRanking
from tracker.scoring.item import Item
from tracker.scoring.praise import Praise
from tracker.scoring.round import Round, RoundKind, Shows
from tracker.scoring.visit import Visit
from tracker.work.completion import Completion
from tracker.work.cooperation import PoorCooperation
from tracker.work.evidence import Evidence
from tracker.work.extension import Extension
from tracker.work.handover import Handover
from tracker.work.report import Report
from tracker.work.requirement import Requirement

UNTOLD = ("visit", "finding", "award")
"""Subjects of events for the office alone: who visits when, what was found, points not yet published."""


def sees_all(actor: Actor) -> bool:
    """Whether the person reads every department's work: the office, inspectors, and a leader who is
    in charge of none in particular."""
    readers = READERS - LEADERS if actor.charge_ids else READERS
    return bool(actor.roles & (OFFICE | readers))


def read_by(actor: Actor) -> frozenset[int]:
    """The departments whose work the person reads: her own, and those in her charge."""
    return actor.department_ids | actor.charge_ids


def held_by(actor: Actor) -> sa.ColumnElement[bool]:
    """The part is of a department whose work the person reads; one that was withdrawn is nobody's
    any more."""
    return sa.and_(
        col(Assignment.department_id).in_(read_by(actor)),
        col(Assignment.state) != AssignmentState.WITHDRAWN,
    )


def own(actor: Actor) -> SelectOfScalar[Assignment]:
    """The parts the person works on: her own department's, whatever else she may read."""
    return select(Assignment).where(
        col(Assignment.department_id).in_(actor.department_ids),
        col(Assignment.state) != AssignmentState.WITHDRAWN,
    )


def leads(actor: Actor, task_id: Any) -> sa.ColumnElement[bool]:
    """A department whose work the person reads leads the task of the row at hand."""
    led = aliased(Assignment)
    return sa.exists().where(
        led.task_id == task_id,
        col(led.role) == AssignmentRole.LEAD,
        col(led.state) != AssignmentState.WITHDRAWN,
        col(led.department_id).in_(read_by(actor)),
    )


def plans_for(actor: Actor) -> SelectOfScalar[Plan]:
    """Plans the person may see: all, or those with a part for the person's department."""
    if sees_all(actor):
        return select(Plan)
    return select(Plan).where(col(Plan.id).in_(select(Assignment.plan_id).where(held_by(actor))))


def tasks_for(actor: Actor) -> SelectOfScalar[Task]:
    """Tasks the person may see: all, or those in which the department has a part."""
    if sees_all(actor):
        return select(Task)
    return select(Task).where(col(Task.id).in_(select(Assignment.task_id).where(held_by(actor))))


def assignments_for(actor: Actor) -> SelectOfScalar[Assignment]:
    """Assignments whose work the person may see: all, or the department's own."""
    if sees_all(actor):
        return select(Assignment)
    return select(Assignment).where(held_by(actor))


def events_for(actor: Actor) -> SelectOfScalar[Event]:
    """What happened to tasks the person sees: all, or what is the department's own or nobody's,
    and everything on tasks it leads. Covert visits and unpublished points are told to nobody but
    the office."""
    if actor.is_office:
        return select(Event)
    told = select(Event).where(col(Event.subject).not_in(UNTOLD))
    if sees_all(actor):
        return told
    return told.where(
        or_(
            col(Event.department_id).is_(None),
            col(Event.department_id).in_(read_by(actor)),
            leads(actor, col(Event.task_id)),
        ),
        col(Event.task_id).in_(select(Assignment.task_id).where(held_by(actor))),
    )


def evidence_for(actor: Actor) -> SelectOfScalar[Evidence]:
    """Evidence: all, the department's own, and that of those who help it on tasks it leads."""
    if sees_all(actor):
        return select(Evidence)
    return (
        select(Evidence)
        .join(Assignment, col(Evidence.assignment_id) == Assignment.id)
        .where(or_(held_by(actor), leads(actor, col(Assignment.task_id))))
    )


def evidence_files_for(actor: Actor) -> SelectOfScalar[Evidence]:
    """Evidence whose file is handed out: what was taken back only to the department itself."""
    found = evidence_for(actor)
    if sees_all(actor):
        found = found.join(Assignment, col(Evidence.assignment_id) == Assignment.id)
    mine = col(Assignment.department_id).in_(actor.department_ids)
    return found.where(or_(col(Evidence.withdrawn_at).is_(None), mine))


def requirements_for(actor: Actor) -> SelectOfScalar[Requirement]:
    """Evidence required at tasks the person may see."""
    if sees_all(actor):
        return select(Requirement)
    mine = select(Assignment.task_id).where(held_by(actor))
    return select(Requirement).where(col(Requirement.task_id).in_(mine))


def reports_for(actor: Actor) -> SelectOfScalar[Report]:
    """Reports with their part joined: all, the department's own, and those of who helps it on tasks
    it leads."""
    found = select(Report).join(Assignment, col(Report.assignment_id) == Assignment.id)
    if sees_all(actor):
        return found
    return found.where(or_(held_by(actor), leads(actor, col(Assignment.task_id))))


def completions_for(actor: Actor) -> SelectOfScalar[Completion]:
    """Completion requests: all for the office, the department's own."""
    if actor.is_office:
        return select(Completion)
    return (
        select(Completion)
        .join(Assignment, col(Completion.assignment_id) == Assignment.id)
        .where(held_by(actor))
    )


def extensions_for(actor: Actor) -> SelectOfScalar[Extension]:
    """Requests for more time: all for the office, the department's own."""
    if actor.is_office:
        return select(Extension)
    return (
        select(Extension)
        .join(Assignment, col(Extension.assignment_id) == Assignment.id)
        .where(held_by(actor))
    )


def handovers_for(actor: Actor) -> SelectOfScalar[Handover]:
    """Refusals and transfers: all for the office, the department's own."""
    if actor.is_office:
        return select(Handover)
    return (
        select(Handover)
        .join(Assignment, col(Handover.assignment_id) == Assignment.id)
        .where(held_by(actor))
    )


def marks_for(actor: Actor) -> SelectOfScalar[PoorCooperation]:
    """Marks of poor cooperation: all for whoever sees all, the department's own and those on tasks
    it leads."""
    if sees_all(actor):
        return select(PoorCooperation)
    return (
        select(PoorCooperation)
        .join(Assignment, col(PoorCooperation.assignment_id) == Assignment.id)
        .where(or_(held_by(actor), leads(actor, col(Assignment.task_id))))
    )


def exports_for(actor: Actor) -> SelectOfScalar[Export]:
    """Exports whose workbook the person may hand in: all for the office, her department's copies."""
    if actor.is_office:
        return select(Export)
    return select(Export).where(col(Export.department_id).in_(actor.department_ids))


def returned_for(actor: Actor) -> SelectOfScalar[ReturnedFile]:
    """Returned workbooks: all for the office, those of her department's copies."""
    if actor.is_office:
        return select(ReturnedFile)
    return select(ReturnedFile).where(col(ReturnedFile.department_id).in_(actor.department_ids))


def praises_for(actor: Actor) -> SelectOfScalar[Praise]:
    """Praise in the plans the person may see."""
    seen = plans_for(actor).with_only_columns(col(Plan.id))
    return select(Praise).where(col(Praise.plan_id).in_(seen))


def batches_for(actor: Actor) -> SelectOfScalar[Batch]:
    """Imports are the office's."""
    return select(Batch) if actor.is_office else select(Batch).where(false())


def messages_for(actor: Actor) -> SelectOfScalar[Message]:
    """The log of mail is the office's."""
    return select(Message) if actor.is_office else select(Message).where(false())


def rounds_for(actor: Actor) -> SelectOfScalar[Round]:
    """Rounds: all for the office; published ones, and self-assessments for those who award in them,
    of plans the person sees. Inspectors know their visits only."""
    if actor.is_office:
        return select(Round)
    plans = plans_for(actor).with_only_columns(col(Plan.id))
    mine = select(Round).where(col(Round.plan_id).in_(plans))
    published = col(Round.published_at).is_not(None)
    if actor.roles & DEPARTMENTAL:
        return mine.where(or_(published, col(Round.kind) == RoundKind.SELF_ASSESSMENT))
    return mine.where(published if Role.LEADER in actor.roles else false())


def items_for(actor: Actor) -> SelectOfScalar[Item]:
    """Score items of the rounds the person sees: all, or those of tasks the department leads."""
    if actor.is_office:
        return select(Item)
    rounds = rounds_for(actor).with_only_columns(col(Round.id))
    found = select(Item).where(col(Item.round_id).in_(rounds))
    return found if sees_all(actor) else found.where(leads(actor, col(Item.task_id)))


def items_to_award(actor: Actor) -> SelectOfScalar[Item]:
    """Items the person may score: the office any, a department those of tasks it leads itself."""
    if actor.is_office:
        return select(Item)
    led = select(Assignment.task_id).where(
        col(Assignment.role) == AssignmentRole.LEAD,
        col(Assignment.state) != AssignmentState.WITHDRAWN,
        col(Assignment.department_id).in_(actor.department_ids),
    )
    return items_for(actor).where(col(Item.task_id).in_(led))


def visits_for(actor: Actor) -> SelectOfScalar[Visit]:
    """Covert visits: all for the office, an inspector's own, those called off too, since something may
    have been entered on site by then; nobody else's, ever."""
    if actor.is_office:
        return select(Visit)
    if Role.INSPECTOR not in actor.roles:
        return select(Visit).where(false())
    return select(Visit).where(col(Visit.inspector_id) == actor.user_id)


def findings_for(actor: Actor) -> SelectOfScalar[Finding]:
    """Findings as their inspector wrote them: those of the visits the person sees."""
    visits = visits_for(actor).with_only_columns(col(Visit.id))
    return select(Finding).where(col(Finding.visit_id).in_(visits))


def frozen_for(actor: Actor) -> SelectOfScalar[FrozenRanking]:
    """Frozen rankings: all for the office and leaders; a department those of rounds that show it
    something."""
    if actor.is_office:
        return select(FrozenRanking)
    plans = plans_for(actor).with_only_columns(col(Plan.id))
    mine = select(FrozenRanking).where(col(FrozenRanking.plan_id).in_(plans))
    if Role.LEADER in actor.roles:
        return mine
    if not actor.roles & DEPARTMENTAL:
        return mine.where(false())
    shown = rounds_for(actor).where(col(Round.shows) != Shows.NOTHING)
    return mine.where(col(FrozenRanking.round_id).in_(shown.with_only_columns(col(Round.id))))
