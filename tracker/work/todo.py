"""What a department has on its desk: open parts, most pressing first, and how many of each."""

from collections import Counter
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
from tracker.work.rhythm import ReportDue, Window, standing_column

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
    """Rows in each group, and in all; `reports` those whose report is due or late, in any group."""

    groups: dict[Desk, int]
    total: int
    reports: dict[ReportDue, int]


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


def counts(
    session: Session, departments: Collection[int], *, today: date, at: Window
) -> DeskCounts:
    """How many open parts the departments have, by group and by report, in one scan of the index."""
    group, report = desk_column(today), standing_column(at)
    rows = session.execute(
        sa.select(group, report, sa.func.count()).where(_open(departments)).group_by(group, report)
    )
    groups: Counter[Desk] = Counter()
    reports: Counter[ReportDue] = Counter()
    for name, due, number in rows:
        groups[Desk(name)] += number
        reports[ReportDue(due)] += number
    return DeskCounts(dict(groups), sum(groups.values()), dict(reports))


COLUMNS: tuple[Any, ...] = (
    col(Assignment.id).label("assignment_id"),
    col(Assignment.role),
    col(Assignment.state),
    col(Assignment.due_on),
    col(Assignment.returned),
    col(Assignment.percent),
    col(Assignment.issued_at),
    col(Assignment.next_report_on),
    col(Task.id).label("task_id"),
    col(Task.number),
    col(Task.text),
    col(Task.modes),
    col(Task.points),
    col(Plan.id).label("plan_id"),
    col(Plan.name).label("plan_name"),
)


def page(
    session: Session, departments: Collection[int], *, today: date, at: Window, number: int = 1,
    desk: Desk | None = None, report: ReportDue | None = None,
) -> Sequence[sa.Row[tuple[object, ...]]]:  # fmt: skip
    """One page of the desk, or of one group or of those whose report is due or late: by deadline,
    those without one last.

    Without a group the rows come straight off the index, in two stretches.
    """
    wanted = _wanted(departments, today, at, desk, report)
    rows = sa.select(
        desk_column(today).label("desk"), standing_column(at).label("report"), *COLUMNS
    )
    rows = rows.join(Task, col(Task.id) == Assignment.task_id)
    rows = rows.join(Plan, col(Plan.id) == Assignment.plan_id).where(wanted)
    due = col(Assignment.due_on)
    skip = (number - 1) * PAGE
    dated = rows.where(due.is_not(None)).order_by(due, col(Assignment.id))
    found = list(session.execute(dated.offset(skip).limit(PAGE)))
    if len(found) < PAGE:
        before = 0 if not skip else _dated(session, wanted)
        undated = rows.where(due.is_(None)).order_by(col(Assignment.id))
        rest = undated.offset(max(skip - before, 0)).limit(PAGE - len(found))
        found += session.execute(rest)
    return found


def _wanted(
    departments: Collection[int], today: date, at: Window, desk: Desk | None,
    report: ReportDue | None,
) -> sa.ColumnElement[bool]:  # fmt: skip
    wanted = [_open(departments)]
    if desk is not None:
        wanted.append(desk_column(today) == desk.value)
    if report is not None:
        wanted.append(standing_column(at) == report.value)
    return sa.and_(*wanted)


def _dated(session: Session, wanted: sa.ColumnElement[bool]) -> int:
    count = sa.select(sa.func.count()).select_from(Assignment)
    count = count.where(wanted, col(Assignment.due_on).is_not(None))
    return int(session.execute(count).scalar_one())
