"""The roll (交表情况): of a plan's departments, who has handed a workbook in and who has not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.directory.department import Department
from tracker.exchange.merging.returned import ReturnedFile, ReturnState
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.plan import Plan


@dataclass(frozen=True)
class Line:
    """A department with its newest workbook, None while it has handed in none."""

    department: Department
    newest: ReturnedFile | None


def roll(session: Session, plan: Plan, *, since: Mapping[int, datetime]) -> list[Line]:
    """The departments with a part in the plan, in the directory's order; only workbooks that came
    after a department's time in `since` count, and none that was put aside."""
    own = select(Assignment.department_id).where(
        Assignment.plan_id == plan.id, col(Assignment.state) != AssignmentState.WITHDRAWN
    )
    departments = session.exec(
        select(Department)
        .where(col(Department.id).in_(own))
        .order_by(col(Department.position), col(Department.id))
    )
    wanted = select(ReturnedFile).where(
        ReturnedFile.plan_id == plan.id, col(ReturnedFile.department_id).is_not(None),
        col(ReturnedFile.state).in_((ReturnState.WAITING, ReturnState.APPLIED)),
    )  # fmt: skip
    newest = {
        row.department_id: row
        for row in session.exec(wanted.order_by(col(ReturnedFile.id)))
        if (out := since.get(row.department_id or 0)) is None or row.at >= out
    }
    return [Line(one, newest.get(one.id)) for one in departments]
