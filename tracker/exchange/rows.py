"""What an export says of each task and each part, as of one moment."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from tracker import clock
from tracker.directory.department import Department
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.light import Light, light_of
from tracker.plans.plan import Plan, Section
from tracker.plans.task import Task, UnresolvedName
from tracker.work.report import Report

STATE_WORDS = {
    AssignmentState.ISSUED: "待签收",
    AssignmentState.IN_PROGRESS: "办理中",
    AssignmentState.SUBMITTED: "办结待审",
    AssignmentState.COMPLETED: "已办结",
    AssignmentState.CLOSED: "已销号",
    AssignmentState.WITHDRAWN: "已撤销",
}
LIGHT_WORDS = {
    Light.NORMAL: "● 正常",
    Light.DUE_SOON: "▲ 临期",
    Light.OVERDUE: "■ 逾期",
    Light.COMPLETED: "✓ 办结",
    Light.NONE: "– 无时限",
}
ROLE_WORDS = {AssignmentRole.LEAD: "牵头", AssignmentRole.SUPPORT: "配合"}


@dataclass(frozen=True)
class PartLine:
    """One department's part."""

    assignment: Assignment
    department: str
    light: Light
    progress: str
    received_on: date | None


@dataclass
class TaskLine:
    """One task with its parts, leads first."""

    task: Task
    outline: tuple[str, ...]
    light: Light
    parts: list[PartLine] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)

    @property
    def leading(self) -> list[PartLine]:
        """The leads' parts; all parts where nobody leads."""
        return [p for p in self.parts if p.assignment.role == AssignmentRole.LEAD] or self.parts

    @property
    def points(self) -> Decimal | None:
        """The points the row is worth."""
        return self.task.points


def lines(
    session: Session, plan: Plan, *, today: date, zone: str, department_id: int | None = None
) -> list[TaskLine]:
    """The plan's tasks in order; with a department, its tasks with its own part only.

    `zone` is the office's: the day of a receipt is the office's day.
    """
    paths = _paths(session, plan)
    wanted = select(Task).where(Task.plan_id == plan.id).order_by(col(Task.position), col(Task.id))
    if department_id is not None:
        own = sa.select(col(Assignment.task_id)).where(
            col(Assignment.plan_id) == plan.id,
            col(Assignment.department_id) == department_id,
            col(Assignment.state) != AssignmentState.WITHDRAWN,
        )
        wanted = wanted.where(col(Task.id).in_(own))
    found = {
        task.id: TaskLine(task, paths.get(task.section_id, ()), _light(task, today))
        for task in session.exec(wanted)
    }
    for ident, part in _parts(session, plan, today, zone, department_id):
        found[ident].parts.append(part)
    if department_id is None:
        for name in session.exec(select(UnresolvedName).where(UnresolvedName.plan_id == plan.id)):
            found[name.task_id].unresolved.append(name.name)
    return list(found.values())


def _light(task: Task, today: date) -> Light:
    return light_of(done=task.is_complete, due_on=task.due_on, today=today)


def _paths(session: Session, plan: Plan) -> dict[int | None, tuple[str, ...]]:
    paths: dict[int | None, tuple[str, ...]] = {None: ()}
    sections = select(Section).where(Section.plan_id == plan.id).order_by(col(Section.depth))
    for section in session.exec(sections):
        paths[section.id] = (*paths[section.parent_id], section.title)
    return paths


def _parts(
    session: Session, plan: Plan, today: date, zone: str, department_id: int | None
) -> list[tuple[int, PartLine]]:
    newest = _newest_reports(session, plan)
    wanted: Any = (
        select(Assignment, Department)
        .join(Department, col(Department.id) == Assignment.department_id)
        .where(Assignment.plan_id == plan.id, col(Assignment.state) != AssignmentState.WITHDRAWN)
        .order_by(
            col(Assignment.task_id),
            col(Assignment.role),
            col(Department.position),
            col(Department.id),
        )
    )
    if department_id is not None:
        wanted = wanted.where(Assignment.department_id == department_id)
    return [
        (
            part.task_id,
            PartLine(
                part, department.name, light_of(done=part.done, due_on=part.due_on, today=today),
                newest.get(part.id, ""),
                clock.day_of(part.received_at, zone) if part.received_at else None,
            ),
        )
        for part, department in session.exec(wanted)
    ]  # fmt: skip


def _newest_reports(session: Session, plan: Plan) -> dict[int, str]:
    newest = (
        sa.select(func.max(col(Report.id)))
        .join(Assignment, col(Assignment.id) == Report.assignment_id)
        .where(col(Assignment.plan_id) == plan.id)
        .group_by(col(Report.assignment_id))
    )
    found: dict[int, str] = defaultdict(str)
    for ident, text in session.execute(
        sa.select(col(Report.assignment_id), col(Report.text)).where(col(Report.id).in_(newest))
    ):
        found[ident] = text
    return found
