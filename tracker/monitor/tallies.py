"""Figures for leaders: each is a count of rows and leads to them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.directory.department import Department
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.light import Light, light_column
from tracker.plans.listing import task_light
from tracker.plans.plan import Plan, PlanState
from tracker.plans.task import Task

SMALLEST_SAMPLE = 1


@dataclass
class DepartmentTally:
    """A department's parts by light; `rate` is of what it leads, in percent."""

    department_id: int
    name: str
    lights: dict[Light, int] = field(default_factory=dict)
    leads: int = 0
    led_done: int = 0
    unsigned: int = 0

    @property
    def total(self) -> int:
        """All its parts."""
        return sum(self.lights.values())

    @property
    def rate(self) -> int | None:
        """Completed of led tasks in percent; None when it leads nothing."""
        return round(100 * self.led_done / self.leads) if self.leads >= SMALLEST_SAMPLE else None


def task_lights(session: Session, *, today: date, plan_id: int | None = None) -> dict[Light, int]:
    """Tasks of active plans by light."""
    light = task_light(today)
    wanted = sa.select(light, sa.func.count()).join(Plan, col(Plan.id) == Task.plan_id)
    wanted = wanted.where(col(Plan.state) == PlanState.ACTIVE)
    if plan_id is not None:
        wanted = wanted.where(col(Task.plan_id) == plan_id)
    return {Light(name): number for name, number in session.execute(wanted.group_by(light))}


def by_department(
    session: Session, *, today: date, plan_id: int | None = None
) -> list[DepartmentTally]:
    """Every department with a part in an active plan; most overdue first, then lowest rate."""
    found: dict[int, DepartmentTally] = {}
    lights: dict[int, dict[Light, int]] = defaultdict(lambda: defaultdict(int))
    for row in session.execute(_counted(today, plan_id)):
        ident, name, short_name, light, role, state, number = row
        tally = found.setdefault(ident, DepartmentTally(ident, short_name or name))
        lights[ident][Light(light)] += number
        if role == AssignmentRole.LEAD:
            tally.leads += number
            tally.led_done += number if light == Light.COMPLETED.value else 0
        tally.unsigned += number if state == AssignmentState.ISSUED else 0
    for ident, tally in found.items():
        tally.lights = dict(lights[ident])
    return sorted(found.values(), key=_worst_first)


def _counted(today: date, plan_id: int | None) -> Any:
    light = light_column(today).label("light")
    wanted = (
        sa.select(
            col(Department.id), col(Department.name), col(Department.short_name), light,
            col(Assignment.role), col(Assignment.state), sa.func.count(),
        )
        .join(Department, col(Department.id) == Assignment.department_id)
        .join(Plan, col(Plan.id) == Assignment.plan_id)
        .where(col(Plan.state) == PlanState.ACTIVE, col(Assignment.state) != AssignmentState.WITHDRAWN)
        .group_by(
            col(Department.id), col(Department.name), col(Department.short_name), light,
            col(Assignment.role), col(Assignment.state),
        )
    )  # fmt: skip
    return wanted if plan_id is None else wanted.where(col(Assignment.plan_id) == plan_id)


def _worst_first(tally: DepartmentTally) -> tuple[int, int, str]:
    rate = 101 if tally.rate is None else tally.rate
    return -tally.lights.get(Light.OVERDUE, 0), rate, tally.name
