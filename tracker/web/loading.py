"""Load a thing by its id with access checked: what the person may not see does not exist.

`lock=True` holds the row until the transaction ends, for verbs that depend on its state; work of an
archived plan is refused then.
"""

from collections.abc import Collection
from typing import TypeVar

from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker import access
from tracker.actor import Actor
from tracker.db import LARGEST_ID
from tracker.errors import NotFound
from tracker.exchange.export import Export
from tracker.exchange.merging.returned import ReturnedFile
from tracker.intake.batch import Batch
from tracker.mail.message import Message
from tracker.plans.archive import refuse_archived
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.holding import Held, held
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.scoring.finding import Finding
from tracker.scoring.freezing import FrozenRanking
from tracker.scoring.item import Item
from tracker.scoring.praise import Praise
from tracker.scoring.round import Round
from tracker.scoring.visit import Visit
from tracker.storage import StoredFile
from tracker.work.completion import Completion
from tracker.work.cooperation import PoorCooperation
from tracker.work.evidence import Evidence
from tracker.work.extension import Extension
from tracker.work.handover import Handover
from tracker.work.requirement import Requirement

Row = TypeVar("Row", bound=SQLModel)


def _one(
    session: Session, found: SelectOfScalar[Row], model: type[Row], ident: int, *, lock: bool
) -> Row:
    if not 0 < ident <= LARGEST_ID:
        raise NotFound()
    found = found.where(col(model.id) == ident)  # type: ignore[attr-defined]
    row = session.exec(found.with_for_update(of=model) if lock else found).first()
    if row is None:
        raise NotFound()
    return row


def _in_use(session: Session, row: Row, plan_id: int, *, lock: bool) -> Row:
    if lock:
        refuse_archived(session, plan_id)
    return row


def plan(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> Plan:
    """A plan the person may see. Held, it is not archived meanwhile; an archived one is given too."""
    return _one(session, access.plans_for(actor), Plan, ident, lock=lock)


def task(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> Task:
    """A task the person may see."""
    return _one(session, access.tasks_for(actor), Task, ident, lock=lock)


def task_in_use(session: Session, actor: Actor, ident: int) -> Task:
    """A task the person may see, held for a change of what belongs to it."""
    found = task(session, actor, ident, lock=True)
    return _in_use(session, found, found.plan_id, lock=True)


def assignment(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> Assignment:
    """An assignment the person may see."""
    found = _one(session, access.assignments_for(actor), Assignment, ident, lock=lock)
    return _in_use(session, found, found.plan_id, lock=lock)


def own_part(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> Assignment:
    """A part the person works on: her own department's."""
    found = _one(session, access.own(actor), Assignment, ident, lock=lock)
    return _in_use(session, found, found.plan_id, lock=lock)


def sibling(session: Session, actor: Actor, ident: int) -> Assignment:
    """A part of a task the person sees, whoever works on it: its name stands on the task's page."""
    tasks = access.tasks_for(actor).with_only_columns(col(Task.id))
    wanted = select(Assignment).where(
        col(Assignment.task_id).in_(tasks), col(Assignment.state) != AssignmentState.WITHDRAWN
    )
    return _one(session, wanted, Assignment, ident, lock=False)


def held_task(session: Session, actor: Actor, task_id: int) -> Held:
    """A task the person may see with all its parts, held for a change of several of them."""
    plan_id = task(session, actor, task_id).plan_id
    found = held(session, [task_id])[task_id]
    refuse_archived(session, plan_id)
    return found


def held_part(session: Session, actor: Actor, ident: int) -> tuple[Assignment, Held]:
    """An assignment the person may see, held with its task and all the task's parts."""
    found = held_task(session, actor, assignment(session, actor, ident).task_id)
    return next(part for part in found.parts if part.id == ident), found


def own_parts(
    session: Session, actor: Actor, idents: Collection[int], *, lock: bool = False
) -> list[Assignment]:
    """These parts of her own department, as `assignments`."""
    return _all(session, access.own(actor), idents, lock=lock)


def assignments(
    session: Session, actor: Actor, idents: Collection[int], *, lock: bool = False
) -> list[Assignment]:
    """These assignments, in the order of their ids; one that the person may not see is not there,
    and then none is."""
    return _all(session, access.assignments_for(actor), idents, lock=lock)


def _all(
    session: Session, found_by: SelectOfScalar[Assignment], idents: Collection[int], *, lock: bool
) -> list[Assignment]:
    wanted = found_by.where(col(Assignment.id).in_(set(idents)))
    wanted = wanted.order_by(col(Assignment.id))
    found = session.exec(wanted.with_for_update(of=Assignment) if lock else wanted).all()
    if len(found) != len(set(idents)):
        raise NotFound()
    for plan_id in sorted({one.plan_id for one in found}) if lock else ():
        refuse_archived(session, plan_id)
    return list(found)


def evidence(session: Session, actor: Actor, ident: int) -> Evidence:
    """A piece of evidence the person may see."""
    return _one(session, access.evidence_for(actor), Evidence, ident, lock=False)


def evidence_file(session: Session, actor: Actor, ident: int) -> Evidence:
    """A piece of evidence whose file the person may have."""
    return _one(session, access.evidence_files_for(actor), Evidence, ident, lock=False)


def evidence_to_change(
    session: Session, actor: Actor, ident: int
) -> tuple[Evidence, Assignment, StoredFile]:
    """A piece of evidence with its part, held for a change, and its file."""
    found = evidence(session, actor, ident)
    part = session.get_one(Assignment, found.assignment_id, with_for_update=True)
    session.refresh(found, with_for_update=True)
    refuse_archived(session, part.plan_id)
    return found, part, session.get_one(StoredFile, found.file_id)


def requirement(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> Requirement:
    """Evidence required at a task the person may see."""
    return _one(session, access.requirements_for(actor), Requirement, ident, lock=lock)


def completion(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> Completion:
    """A completion request the person may see."""
    return _one(session, access.completions_for(actor), Completion, ident, lock=lock)


def extension(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> Extension:
    """A request for more time the person may see."""
    return _one(session, access.extensions_for(actor), Extension, ident, lock=lock)


def handover(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> Handover:
    """A refusal or transfer the person may see."""
    return _one(session, access.handovers_for(actor), Handover, ident, lock=lock)


def mark(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> PoorCooperation:
    """A mark of poor cooperation the person may see."""
    return _one(session, access.marks_for(actor), PoorCooperation, ident, lock=lock)


def export(session: Session, actor: Actor, ident: int) -> Export:
    """An export whose workbook the person may hand in."""
    return _one(session, access.exports_for(actor), Export, ident, lock=False)


def returned(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> ReturnedFile:
    """A returned workbook."""
    row = _one(session, access.returned_for(actor), ReturnedFile, ident, lock=lock)
    return _in_use(session, row, row.plan_id, lock=lock)


def praise(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> Praise:
    """Praise given in a plan the person may see."""
    row = _one(session, access.praises_for(actor), Praise, ident, lock=lock)
    return _in_use(session, row, row.plan_id, lock=lock)


def batch(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> Batch:
    """An import the person may see."""
    return _one(session, access.batches_for(actor), Batch, ident, lock=lock)


def message(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> Message:
    """A mail of the log."""
    return _one(session, access.messages_for(actor), Message, ident, lock=lock)


def scoring_round(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> Round:
    """A round the person may see."""
    found = _one(session, access.rounds_for(actor), Round, ident, lock=lock)
    return _in_use(session, found, found.plan_id, lock=lock)


def score_item(session: Session, actor: Actor, ident: int) -> Item:
    """A score item the person may see."""
    return _one(session, access.items_for(actor), Item, ident, lock=False)


def item_to_award(session: Session, actor: Actor, ident: int) -> tuple[Item, Round]:
    """A score item the person may score, and its round, both held: the round first."""
    found = _one(session, access.items_to_award(actor), Item, ident, lock=False)
    row = scoring_round(session, actor, found.round_id, lock=True)
    return _one(session, access.items_to_award(actor), Item, ident, lock=True), row


def score_items(session: Session, actor: Actor, idents: Collection[int]) -> list[Item]:
    """These score items; one that the person may not see is not there, and then none is."""
    wanted = access.items_for(actor).where(col(Item.id).in_(set(idents)))
    found = session.exec(wanted.order_by(col(Item.id))).all()
    if len(found) != len(set(idents)):
        raise NotFound()
    return list(found)


def visit(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> Visit:
    """A covert visit: the office any, an inspector her own."""
    return _one(session, access.visits_for(actor), Visit, ident, lock=lock)


def finding(session: Session, actor: Actor, ident: int) -> Finding:
    """A finding as written: of a visit the person sees."""
    return _one(session, access.findings_for(actor), Finding, ident, lock=False)


def frozen_ranking(session: Session, actor: Actor, ident: int) -> FrozenRanking:
    """A frozen ranking the person may see."""
    return _one(session, access.frozen_for(actor), FrozenRanking, ident, lock=False)
