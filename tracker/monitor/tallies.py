"""Figures for leaders: each is a count of rows and leads to them."""

from collections import defaultdict
from collections.abc import Collection
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


def task_lights(
    session: Session, *, today: date, plan_id: int | None = None,
    only: sa.Select[Any] | None = None,
) -> dict[Light, int]:  # fmt: skip
    """Tasks of active plans by light; `only` are the task ids a person may see, none for all."""
    light = task_light(today)
    wanted = sa.select(light, sa.func.count()).join(Plan, col(Plan.id) == Task.plan_id)
    wanted = wanted.where(col(Plan.state) == PlanState.ACTIVE, col(Task.withdrawn_on).is_(None))
    if plan_id is not None:
        wanted = wanted.where(col(Task.plan_id) == plan_id)
    if only is not None:
        wanted = wanted.where(col(Task.id).in_(only))
    return {Light(name): number for name, number in session.execute(wanted.group_by(light))}


def by_department(
    session: Session, *, today: date, plan_id: int | None = None,
    departments: Collection[int] | None = None,
) -> list[DepartmentTally]:  # fmt: skip
    """Every department (or each of these) with a part in an active plan; most overdue first, then
    lowest rate."""
    found: dict[int, DepartmentTally] = {}
    lights: dict[int, dict[Light, int]] = defaultdict(lambda: defaultdict(int))
    for ident, light, role, state, number in session.execute(
        _counted(session, today, plan_id, departments)
    ):
        tally = found.setdefault(ident, DepartmentTally(ident, ""))
        lights[ident][Light(light)] += number
        if role == AssignmentRole.LEAD:
            tally.leads += number
            tally.led_done += number if light == Light.COMPLETED.value else 0
        tally.unsigned += number if state == AssignmentState.ISSUED else 0
    for ident, name, short_name in _names(session, found):
        found[ident].name = short_name or name
        found[ident].lights = dict(lights[ident])
    return sorted(found.values(), key=_worst_first)


def _names(session: Session, idents: Collection[int]) -> Any:
    wanted = sa.select(col(Department.id), col(Department.name), col(Department.short_name))
    return session.execute(wanted.where(col(Department.id).in_(idents)))


def _counted(
    session: Session, today: date, plan_id: int | None, departments: Collection[int] | None
) -> Any:
    """Counts of parts. Nothing but the parts' own index is read: departments' names come
    afterwards, and plans are looked at only while one is archived."""
    done, due_on = col(Assignment.done), col(Assignment.due_on)
    light = light_column(done, due_on, today=today).label("light")
    groups = (col(Assignment.department_id), light, col(Assignment.role), col(Assignment.state))
    wanted = sa.select(*groups, sa.func.count()).group_by(*groups)
    wanted = wanted.where(col(Assignment.state) != AssignmentState.WITHDRAWN)
    if plan_id is not None:
        wanted = wanted.where(col(Assignment.plan_id) == plan_id)
    if departments is not None:
        wanted = wanted.where(col(Assignment.department_id).in_(departments))
    archived = sa.select(col(Plan.id)).where(col(Plan.state) != PlanState.ACTIVE)
    if session.execute(archived.limit(1)).first() is None:
        return wanted
    return wanted.where(col(Assignment.plan_id).not_in(archived))


def _worst_first(tally: DepartmentTally) -> tuple[int, int, str]:
    rate = 101 if tally.rate is None else tally.rate
    return -tally.lights.get(Light.OVERDUE, 0), rate, tally.name
