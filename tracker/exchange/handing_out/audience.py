"""Who a plan's slices would go to: its departments, what each has to do, and who reads its mail."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.directory.department import Department
from tracker.mail.recipients import Recipient, by_department
from tracker.plans.assignment import Assignment, AssignmentState

NOBODY = "没有可收邮件的经办人或负责人"


@dataclass(frozen=True)
class Reached:
    """A department of the plan: its parts in all and those not yet done, the nearest deadline of these,
    and the readers of its mail."""

    department: Department
    tasks: int
    open: int
    nearest: date | None
    readers: tuple[Recipient, ...]


def audience(
    session: Session, plan_id: int, *, on: date, only: Collection[int] | None = None
) -> list[Reached]:
    """The plan's departments in the directory's order; `only` narrows them. Three queries in all."""
    left = col(Assignment.done).is_(sa.false())
    figures = (
        sa.select(
            Department,
            sa.func.count(),
            sa.func.count().filter(left),
            sa.func.min(col(Assignment.due_on)).filter(left),
        )
        .join(Assignment, col(Assignment.department_id) == Department.id)
        .where(
            col(Assignment.plan_id) == plan_id, col(Assignment.state) != AssignmentState.WITHDRAWN
        )
        .group_by(*Department.__table__.columns)  # type: ignore[attr-defined]
        .order_by(col(Department.position), col(Department.id))
    )
    if only is not None:
        figures = figures.where(col(Department.id).in_(only))
    rows = session.execute(figures).all()
    readers = by_department(session, on, [one.id for one, *_figures in rows])
    return [
        Reached(one, tasks, unfinished, nearest, tuple(readers.get(one.id or 0, ())))
        for one, tasks, unfinished, nearest in rows
    ]
