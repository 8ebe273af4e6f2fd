"""The responsibility matrix: tasks down, departments across, ● leads and ○ helps."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.directory.department import Department
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.light import light_of


@dataclass(frozen=True)
class Mark:
    """One cell: the role and the light of that part."""

    role: str
    light: str


@dataclass(frozen=True)
class Matrix:
    """`departments` are the columns (id, short name); `cells` by task and department."""

    departments: list[tuple[int, str]]
    cells: dict[tuple[int, int], Mark]


def matrix(session: Session, task_ids: list[int], *, today: date) -> Matrix:
    """The matrix of some tasks; columns are the departments that have a part in them."""
    rows: Any = session.execute(
        sa.select(
            col(Assignment.task_id), col(Assignment.department_id), col(Assignment.role),
            col(Assignment.done), col(Assignment.due_on), col(Department.name),
            col(Department.short_name),
        )
        .join(Department, col(Department.id) == Assignment.department_id)
        .where(col(Assignment.task_id).in_(task_ids), col(Assignment.state) != AssignmentState.WITHDRAWN)
        .order_by(col(Department.position), col(Department.id))
    )  # fmt: skip
    departments: dict[int, str] = {}
    cells: dict[tuple[int, int], Mark] = {}
    for row in rows:
        departments[row.department_id] = row.short_name or row.name
        light = light_of(done=row.done, due_on=row.due_on, today=today)
        cells[row.task_id, row.department_id] = Mark(str(row.role), light.value)
    return Matrix(list(departments.items()), cells)
