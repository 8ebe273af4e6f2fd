"""What the rules count: each fact is an event, so that each point of bonus or penalty cites one."""

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.events import Event
from tracker.plans.assignment import Assignment, AssignmentRole
from tracker.scoring.praise import Praise
from tracker.scoring.rules import RuleKind
from tracker.scoring.scope import Scope
from tracker.work.cooperation import PoorCooperation

VERBS: dict[RuleKind, tuple[str, ...]] = {
    RuleKind.RETURNED: ("completion.returned",),
    RuleKind.EXTENDED: ("extension.granted",),
    RuleKind.POOR_COOPERATION: ("poor_cooperation.marked",),
    RuleKind.PRAISED: ("department.praised",),
}
ACCEPTED = "completion.accepted"


def facts(scope: Scope) -> sa.CompoundSelect[Any]:
    """Rows of (kind, department_id, event_id, task_id, at) in the scope's plan and time."""
    named = [_told(scope, kind, verbs) for kind, verbs in VERBS.items()]
    return sa.union_all(_late(scope), *named)


def _told(scope: Scope, kind: RuleKind, verbs: tuple[str, ...]) -> sa.Select[Any]:
    """Events that say so themselves."""
    return _columns(kind, col(Event.department_id)).where(
        col(Event.verb).in_(verbs),
        *_here(scope),
        col(Event.department_id).is_not(None),
        *_standing(kind),
    )


def _standing(kind: RuleKind) -> list[sa.ColumnElement[bool]]:
    """A mark of poor cooperation that its lead took back is none, another lead's stays; praise
    taken back is none."""
    if kind == RuleKind.PRAISED:
        given = sa.exists().where(
            col(Praise.department_id) == Event.department_id,
            col(Praise.plan_id) == Event.plan_id,
            col(Praise.at) == Event.at,
            col(Praise.taken_back_at).is_(None),
        )
        return [given.correlate(Event)]
    if kind != RuleKind.POOR_COOPERATION:
        return []
    stands = sa.exists().where(
        col(PoorCooperation.assignment_id) == Event.subject_id,
        col(PoorCooperation.at) == Event.at,
        col(PoorCooperation.lifted_at).is_(None),
    )
    return [stands.correlate(Event)]


def _late(scope: Scope) -> sa.Select[Any]:
    """Leads whose work was accepted after the date in force; the acceptance is the event."""
    later = sa.orm.aliased(Event)
    last = sa.select(sa.func.max(col(later.id))).where(
        col(later.subject) == "assignment",
        col(later.subject_id) == Assignment.id,
        col(later.verb) == ACCEPTED,
    )
    return (
        _columns(RuleKind.LATE, col(Assignment.department_id))
        .join(Assignment, col(Assignment.id) == Event.subject_id)
        .where(
            col(Event.subject) == "assignment",
            col(Event.verb) == ACCEPTED,
            col(Event.id) == last.correlate(Assignment).scalar_subquery(),
            col(Assignment.role) == AssignmentRole.LEAD,
            col(Assignment.completed_on) > col(Assignment.due_on),
            *_here(scope),
        )
    )


def _columns(kind: RuleKind, department: Any) -> sa.Select[Any]:
    return sa.select(
        sa.literal(kind.value).label("kind"), department.label("department_id"),
        col(Event.id).label("event_id"), col(Event.task_id).label("task_id"),
        col(Event.at).label("at"),
    ).select_from(Event)  # fmt: skip


def _here(scope: Scope) -> list[sa.ColumnElement[bool]]:
    return [col(Event.plan_id) == scope.plan_id, *scope.during(col(Event.at))]


def counted(session: Session, scope: Scope) -> dict[int, dict[RuleKind, int]]:
    """How often each kind happened to each department."""
    rows = facts(scope).subquery()
    grouped = sa.select(rows.c.department_id, rows.c.kind, sa.func.count())
    found: dict[int, dict[RuleKind, int]] = defaultdict(dict)
    for department_id, kind, times in session.execute(
        grouped.group_by(rows.c.department_id, rows.c.kind)
    ):
        found[department_id][RuleKind(kind)] = times
    return found


def listed(session: Session, scope: Scope, department_id: int) -> list[sa.Row[Any]]:
    """One department's facts, oldest first, with the event itself."""
    rows = facts(scope).subquery()
    wanted = (
        sa.select(rows.c.kind, rows.c.task_id, Event)
        .join(Event, col(Event.id) == rows.c.event_id)
        .where(rows.c.department_id == department_id)
        .order_by(rows.c.event_id)
    )
    return list(session.execute(wanted))
