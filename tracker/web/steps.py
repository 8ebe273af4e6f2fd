"""What stands open at a task, for the person who looks: the forms of its page follow from it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker import access
from tracker.actor import Actor
from tracker.directory.department import Department, standing
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.plan import Plan, PlanState
from tracker.plans.task import Task
from tracker.work.completion import Completion, waiting_for_head
from tracker.work.cooperation import PoorCooperation
from tracker.work.extension import Extension
from tracker.work.handover import Handover
from tracker.work.instruction import Instruction
from tracker.work.urge import Urge

Row = TypeVar("Row", bound=SQLModel)
Parts = SelectOfScalar[Any]
"""Ids of assignments."""


@dataclass(frozen=True)
class Steps:
    """By the assignment's id: requests nobody has answered, marks that stand, the last urging.
    `departments` are names to choose from, for those who may name one; `is_open` says whether the
    task's plan takes changes at all."""

    is_open: bool
    instructions: Sequence[Instruction] = ()
    completions: dict[int, Completion] = field(default_factory=dict)
    extensions: dict[int, Extension] = field(default_factory=dict)
    handovers: dict[int, Handover] = field(default_factory=dict)
    marks: dict[int, list[PoorCooperation]] = field(default_factory=lambda: defaultdict(list))
    urged: dict[int, Urge] = field(default_factory=dict)
    departments: Sequence[str] = ()
    with_office: frozenset[int] = frozenset()
    """Parts whose completion the office has to review."""
    proposed: dict[int, str] = field(default_factory=dict)


def at_task(session: Session, person: Actor, task: Task, plan: Plan) -> Steps:
    """Everything open at the task that the person may see."""
    parts = select(Assignment.id).where(Assignment.task_id == task.id)
    pending = parts.where(Assignment.state == AssignmentState.SUBMITTED)
    working = parts.where(
        col(Assignment.state).in_([AssignmentState.ISSUED, AssignmentState.IN_PROGRESS])
    )
    handovers = _open(
        session, access.handovers_for(person), Handover, working, col(Handover.decided_at)
    )
    is_open = plan.state == PlanState.ACTIVE
    return Steps(
        is_open=is_open,
        instructions=session.exec(
            select(Instruction).where(Instruction.task_id == task.id).order_by(col(Instruction.id))
        ).all(),
        completions=_open(
            session, access.completions_for(person), Completion, pending, col(Completion.reviewed_at)
        ),
        extensions=_open(
            session, access.extensions_for(person), Extension, working, col(Extension.decided_at)
        ),
        handovers=handovers,
        marks=_marks(session, person, parts),
        urged=_urged(session, parts),
        departments=_choice(session, person) if is_open else (),
        with_office=_with_office(session, pending),
        proposed=_proposed(session, handovers.values()),
    )  # fmt: skip


def _with_office(session: Session, pending: Parts) -> frozenset[int]:
    idents = [ident for ident in session.exec(pending) if ident]
    return frozenset(idents) - waiting_for_head(session, idents)


def _open(
    session: Session, seen: SelectOfScalar[Row], model: type[Row], parts: Parts,
    answered: Any,
) -> dict[int, Row]:  # fmt: skip
    """The one request of each part that has no answer yet."""
    key = model.assignment_id  # type: ignore[attr-defined]
    rows = session.exec(seen.where(col(key).in_(parts), answered.is_(None)))
    return {row.assignment_id: row for row in rows}  # type: ignore[attr-defined]


def _marks(session: Session, person: Actor, parts: Parts) -> dict[int, list[PoorCooperation]]:
    found: dict[int, list[PoorCooperation]] = defaultdict(list)
    wanted = access.marks_for(person).where(
        col(PoorCooperation.assignment_id).in_(parts), col(PoorCooperation.lifted_at).is_(None)
    )
    for mark in session.exec(wanted.order_by(col(PoorCooperation.id))):
        found[mark.assignment_id].append(mark)
    return found


def _urged(session: Session, parts: Parts) -> dict[int, Urge]:
    """The last urging of each part."""
    wanted = select(Urge).where(col(Urge.assignment_id).in_(parts)).order_by(col(Urge.id))
    return {one.assignment_id: one for one in session.exec(wanted)}


def _choice(session: Session, person: Actor) -> list[str]:
    """Names of departments, for those who may name one to give a part to."""
    if not (person.may("work.assign") or person.may("work.hand_over")):
        return []
    return [one.name for one in session.exec(standing())]


def _proposed(session: Session, rows: Iterable[Handover]) -> dict[int, str]:
    """The names of the departments that requests propose."""
    idents = {row.to_department_id for row in rows}
    wanted = select(Department.id, Department.name).where(col(Department.id).in_(idents))
    return {ident or 0: name for ident, name in session.exec(wanted)}
