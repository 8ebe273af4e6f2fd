"""What a department has on its desk: open parts, most pressing first, and how many of each."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.work.rhythm import ReportDue, Window, standing_column

PAGE = 50
NEAR = timedelta(days=3)


class Desk(StrEnum):
    """The groups of a desk, in the order they are worked off. A part stands in one of them, an
    unsigned one by its deadline first: `UNSIGNED` has those that no deadline presses; asked for or
    counted as such, 待签收 is every part that waits for a receipt (`unsigned_column`)."""

    RETURNED = "returned"
    OVERDUE = "overdue"
    TODAY = "today"
    NEAR = "near"
    UNSIGNED = "unsigned"
    WORKING = "working"
    REFUSED = "refused"
    SUBMITTED = "submitted"


@dataclass(frozen=True)
class DeskCounts:
    """Rows in each group, and in all; `unsigned` those that wait for a receipt, `reports` those whose
    report is due or late, both in any group."""

    groups: dict[Desk, int]
    total: int
    unsigned: int
    reports: dict[ReportDue, int]


def desk_column(today: date) -> sa.ColumnElement[str]:
    """The group of an open assignment on a day."""
    state, due = col(Assignment.state), col(Assignment.due_on)
    return sa.case(
        (state == AssignmentState.SUBMITTED, Desk.SUBMITTED.value),
        (_refused_column(), Desk.REFUSED.value),
        (_sent_back_column(), Desk.RETURNED.value),
        (due < today, Desk.OVERDUE.value),
        (due == today, Desk.TODAY.value),
        (due <= today + NEAR, Desk.NEAR.value),
        (state == AssignmentState.ISSUED, Desk.UNSIGNED.value),
        else_=Desk.WORKING.value,
    )


def unsigned_column() -> sa.ColumnElement[bool]:
    """The part waits for a receipt; see `Assignment.is_signable`."""
    unsigned = col(Assignment.state) == AssignmentState.ISSUED
    return sa.and_(unsigned, col(Assignment.refusal_waits).is_(sa.false()))


def _refused_column() -> sa.ColumnElement[bool]:
    unsigned = col(Assignment.state) == AssignmentState.ISSUED
    return sa.and_(unsigned, col(Assignment.refusal_waits))


def _sent_back_column() -> sa.ColumnElement[bool]:
    """A lead is to ask for completion again; a support has nothing to ask for."""
    return sa.and_(
        col(Assignment.state) == AssignmentState.IN_PROGRESS,
        col(Assignment.sent_back).is_not(None),
        col(Assignment.role) == AssignmentRole.LEAD,
    )


def _open(departments: Collection[int]) -> sa.ColumnElement[bool]:
    return sa.and_(
        col(Assignment.department_id).in_(departments), col(Assignment.done).is_(sa.false())
    )


def counts(
    session: Session, departments: Collection[int], *, today: date, at: Window
) -> DeskCounts:
    """How many open parts the departments have, by group and by report, in one scan of the index."""
    parts = (desk_column(today), standing_column(at), unsigned_column())
    rows = session.execute(
        sa.select(*parts, sa.func.count()).where(_open(departments)).group_by(*parts)
    )
    groups: Counter[Desk] = Counter()
    reports: Counter[ReportDue] = Counter()
    unsigned = 0
    for name, due, is_unsigned, number in rows:
        groups[Desk(name)] += number
        reports[ReportDue(due)] += number
        unsigned += number if is_unsigned else 0
    return DeskCounts(dict(groups), sum(groups.values()), unsigned, dict(reports))


COLUMNS: tuple[Any, ...] = (
    col(Assignment.id).label("assignment_id"),
    col(Assignment.role),
    col(Assignment.state),
    col(Assignment.due_on),
    col(Assignment.sent_back),
    col(Assignment.wanted),
    col(Assignment.again_by),
    col(Assignment.refusal_waits),
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
    """One page of the desk, or of one group, of all that wait for a receipt (`UNSIGNED`) or of those
    whose report is due or late: by deadline, those without one last.

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
    if desk == Desk.UNSIGNED:
        wanted.append(unsigned_column())
    elif desk is not None:
        wanted.append(desk_column(today) == desk.value)
    if report is not None:
        wanted.append(standing_column(at) == report.value)
    return sa.and_(*wanted)


def _dated(session: Session, wanted: sa.ColumnElement[bool]) -> int:
    count = sa.select(sa.func.count()).select_from(Assignment)
    count = count.where(wanted, col(Assignment.due_on).is_not(None))
    return int(session.execute(count).scalar_one())
