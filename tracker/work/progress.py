"""What reports say together: the latest of each part, the values before it, open difficulties."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.directory.department import Department
from tracker.plans.assignment import Assignment
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.work.report import Report

PAGE = 50
SHOWN = 12
"""Reports of a part that its series shows."""


@dataclass
class Series:
    """A part's reports, oldest first; at least one."""

    reports: list[Report] = field(default_factory=list)

    @property
    def last(self) -> Report:
        """The latest."""
        return self.reports[-1]

    @property
    def before(self) -> Report | None:
        """The one before the latest."""
        return self.reports[-2] if len(self.reports) > 1 else None

    @property
    def shown(self) -> list[Report]:
        """The latest few, oldest first."""
        return self.reports[-SHOWN:]

    def values(self, unit: str) -> list[Report]:
        """Of these, those with a value in a unit."""
        return [one for one in self.shown if one.value is not None and one.unit == unit]

    @property
    def percent_lost(self) -> int:
        """By how many points the latest percentage is below the one before; 0 when it is not."""
        return max(self.before.percent - self.last.percent, 0) if self.before else 0


def series_of(reports: Iterable[Report]) -> dict[int, Series]:
    """The series of each part; `reports` in the order of their ids."""
    found: dict[int, Series] = defaultdict(Series)
    for one in reports:
        found[one.assignment_id].reports.append(one)
    return dict(found)


def is_latest() -> sa.ColumnElement[bool]:
    """No report of the same part is newer than the report at hand."""
    newer = aliased(Report)
    return ~sa.exists().where(
        col(newer.assignment_id) == col(Report.assignment_id), col(newer.id) > col(Report.id)
    )


def has_difficulties() -> sa.ColumnElement[bool]:
    """The open part's latest report names difficulties; for queries over assignments."""
    said = sa.select(col(Report.assignment_id)).where(col(Report.difficulties) != "", is_latest())
    return sa.and_(col(Assignment.done).is_(sa.false()), col(Assignment.id).in_(said))


def _difficulties(plan_id: int | None) -> sa.Select[Any]:
    found = (
        sa.select()
        .select_from(Report)
        .join(Assignment, col(Assignment.id) == Report.assignment_id)
        .where(col(Report.difficulties) != "", is_latest(), col(Assignment.done).is_(sa.false()))
    )
    return found if plan_id is None else found.where(col(Assignment.plan_id) == plan_id)


def count_difficulties(session: Session, seen: sa.Select[Any], plan_id: int | None) -> int:
    """How many open parts name difficulties, among the assignment ids that one sees."""
    wanted = _difficulties(plan_id).where(col(Assignment.id).in_(seen))
    return int(session.execute(wanted.with_only_columns(sa.func.count())).scalar_one())


def difficulties(
    session: Session, seen: sa.Select[Any], plan_id: int | None = None, *, number: int = 1
) -> Sequence[sa.Row[Any]]:
    """One page of them, newest first, with task, plan and department."""
    wanted = _difficulties(plan_id).where(col(Assignment.id).in_(seen))
    wanted = (
        wanted.join(Task, col(Task.id) == Assignment.task_id)
        .join(Plan, col(Plan.id) == Assignment.plan_id)
        .join(Department, col(Department.id) == Assignment.department_id)
    )
    return session.execute(
        wanted.with_only_columns(
            col(Report.at), col(Report.difficulties), col(Report.next_step), col(Report.percent),
            col(Task.id).label("task_id"), col(Task.number), col(Task.text), col(Task.due_on),
            col(Plan.id).label("plan_id"), col(Plan.name).label("plan_name"),
            col(Department.name).label("department"), col(Assignment.role),
        )
        .order_by(col(Report.id).desc())
        .offset((number - 1) * PAGE)
        .limit(PAGE)
    ).all()  # fmt: skip
