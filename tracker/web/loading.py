"""Load a thing by its id with access checked: what the person may not see does not exist.

`lock=True` holds the row until the transaction ends, for verbs that depend on its state.
"""

from collections.abc import Collection
from typing import TypeVar

from sqlmodel import Session, SQLModel, col
from sqlmodel.sql.expression import SelectOfScalar

from tracker import access
from tracker.actor import Actor
from tracker.db import LARGEST_ID
from tracker.errors import NotFound
from tracker.intake.batch import Batch
from tracker.mail.message import Message
from tracker.plans.assignment import Assignment
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.storage import StoredFile
from tracker.work.completion import Completion
from tracker.work.evidence import Evidence
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


def plan(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> Plan:
    """A plan the person may see."""
    return _one(session, access.plans_for(actor), Plan, ident, lock=lock)


def task(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> Task:
    """A task the person may see."""
    return _one(session, access.tasks_for(actor), Task, ident, lock=lock)


def assignment(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> Assignment:
    """An assignment the person may see."""
    return _one(session, access.assignments_for(actor), Assignment, ident, lock=lock)


def assignments(
    session: Session, actor: Actor, idents: Collection[int], *, lock: bool = False
) -> list[Assignment]:
    """These assignments, in the order of their ids; one that the person may not see is not there,
    and then none is."""
    wanted = access.assignments_for(actor).where(col(Assignment.id).in_(set(idents)))
    wanted = wanted.order_by(col(Assignment.id))
    found = session.exec(wanted.with_for_update(of=Assignment) if lock else wanted).all()
    if len(found) != len(set(idents)):
        raise NotFound()
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
    return found, part, session.get_one(StoredFile, found.file_id)


def requirement(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> Requirement:
    """Evidence required at a task the person may see."""
    return _one(session, access.requirements_for(actor), Requirement, ident, lock=lock)


def completion(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> Completion:
    """A completion request the person may see."""
    return _one(session, access.completions_for(actor), Completion, ident, lock=lock)


def batch(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> Batch:
    """An import the person may see."""
    return _one(session, access.batches_for(actor), Batch, ident, lock=lock)


def message(session: Session, actor: Actor, ident: int, *, lock: bool = False) -> Message:
    """A mail of the log."""
    return _one(session, access.messages_for(actor), Message, ident, lock=lock)
