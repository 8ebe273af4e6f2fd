"""What a department has on its desk: open parts, most pressing first, and how many of each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.plan import Plan
from tracker.plans.task import Task

PAGE = 50
NEAR = timedelta(days=3)


class Desk(StrEnum):
    """The groups of a desk, in the order they are worked off."""

    RETURNED = "returned"
    OVERDUE = "overdue"
    TODAY = "today"
    NEAR = "near"
    UNSIGNED = "unsigned"
    WORKING = "working"
    SUBMITTED = "submitted"


@dataclass(frozen=True)
class DeskCounts:
    """Rows in each group, and in all."""

    groups: dict[Desk, int]
    total: int


def desk_column(today: date) -> sa.ColumnElement[str]:
    """The group of an open assignment on a day."""
    state, due = col(Assignment.state), col(Assignment.due_on)
    return sa.case(
        (state == AssignmentState.SUBMITTED, Desk.SUBMITTED.value),
        (
            sa.and_(state == AssignmentState.IN_PROGRESS, col(Assignment.returned) > 0),
            Desk.RETURNED.value,
        ),
        (due < today, Desk.OVERDUE.value),
        (due == today, Desk.TODAY.value),
        (due <= today + NEAR, Desk.NEAR.value),
        (state == AssignmentState.ISSUED, Desk.UNSIGNED.value),
        else_=Desk.WORKING.value,
    )


def _open(departments: Collection[int]) -> sa.ColumnElement[bool]:
    return sa.and_(
        col(Assignment.department_id).in_(departments), col(Assignment.done).is_(sa.false())
    )


def counts(session: Session, departments: Collection[int], *, today: date) -> DeskCounts:
    """How many open parts the departments have, by group."""
    group = desk_column(today)
    rows = session.execute(
        sa.select(group, sa.func.count()).where(_open(departments)).group_by(group)
    )
    groups = {Desk(name): number for name, number in rows}
    return DeskCounts(groups, sum(groups.values()))


COLUMNS: tuple[Any, ...] = (
    col(Assignment.id).label("assignment_id"),
    col(Assignment.role),
    col(Assignment.state),
    col(Assignment.due_on),
    col(Assignment.returned),
    col(Assignment.percent),
    col(Task.id).label("task_id"),
    col(Task.number),
    col(Task.text),
    col(Task.modes),
    col(Task.points),
    col(Plan.id).label("plan_id"),
    col(Plan.name).label("plan_name"),
)


def page(
    session: Session, departments: Collection[int], *, today: date, number: int = 1,
    desk: Desk | None = None,
) -> Sequence[sa.Row[tuple[object, ...]]]:  # fmt: skip
    """One page of the desk: by deadline, those without one last.

    Without a group the rows come straight off the index, in two stretches.
    """
    rows = sa.select(desk_column(today).label("desk"), *COLUMNS)
    rows = rows.join(Task, col(Task.id) == Assignment.task_id)
    rows = rows.join(Plan, col(Plan.id) == Assignment.plan_id).where(_open(departments))
    if desk is not None:
        rows = rows.where(desk_column(today) == desk.value)
    due = col(Assignment.due_on)
    skip = (number - 1) * PAGE
    dated = rows.where(due.is_not(None)).order_by(due, col(Assignment.id))
    found = list(session.execute(dated.offset(skip).limit(PAGE)))
    if len(found) < PAGE:
        before = 0 if not skip else _dated(session, departments, today, desk)
        undated = rows.where(due.is_(None)).order_by(col(Assignment.id))
        rest = undated.offset(max(skip - before, 0)).limit(PAGE - len(found))
        found += session.execute(rest)
    return found


def _dated(session: Session, departments: Collection[int], today: date, desk: Desk | None) -> int:
    wanted = sa.select(sa.func.count()).select_from(Assignment)
    wanted = wanted.where(_open(departments), col(Assignment.due_on).is_not(None))
    if desk is not None:
        wanted = wanted.where(desk_column(today) == desk.value)
    return int(session.execute(wanted).scalar_one())
