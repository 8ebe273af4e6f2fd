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
from tracker.storage import StoredFile
from tracker.work.evidence import Evidence, current
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
NOTHING = ("", "", "")
ROLE_WORDS = {AssignmentRole.LEAD: "牵头", AssignmentRole.SUPPORT: "配合"}


@dataclass(frozen=True)
class PartLine:
    """One department's part, with what its newest report says and the names of its evidence."""

    assignment: Assignment
    department: str
    light: Light
    progress: str
    received_on: date | None
    difficulties: str = ""
    next_step: str = ""
    evidence: tuple[str, ...] = ()


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
    newest, names = _newest_reports(session, plan), _evidence(session, plan)
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
                newest.get(part.id, NOTHING)[0],
                clock.day_of(part.received_at, zone) if part.received_at else None,
                *newest.get(part.id, NOTHING)[1:], evidence=tuple(names.get(part.id, ())),
            ),
        )
        for part, department in session.exec(wanted)
    ]  # fmt: skip


def _newest_reports(session: Session, plan: Plan) -> dict[int | None, tuple[str, str, str]]:
    """Text, difficulties and next step."""
    newest = (
        sa.select(func.max(col(Report.id)))
        .join(Assignment, col(Assignment.id) == Report.assignment_id)
        .where(col(Assignment.plan_id) == plan.id)
        .group_by(col(Report.assignment_id))
    )
    said = sa.select(
        col(Report.assignment_id), col(Report.text), col(Report.difficulties), col(Report.next_step)
    ).where(col(Report.id).in_(newest))
    return {ident: (text, hard, then) for ident, text, hard, then in session.execute(said)}


def _evidence(session: Session, plan: Plan) -> dict[int | None, list[str]]:
    """The names of what is in force, oldest first."""
    rows = session.execute(
        sa.select(Evidence, col(StoredFile.name))
        .join(Assignment, col(Assignment.id) == Evidence.assignment_id)
        .join(StoredFile, col(StoredFile.id) == Evidence.file_id)
        .where(col(Assignment.plan_id) == plan.id)
        .order_by(col(Evidence.id))
    )
    named = {piece.id: (piece, name) for piece, name in rows}
    found: dict[int | None, list[str]] = defaultdict(list)
    for piece in current(piece for piece, _name in named.values()):
        found[piece.assignment_id].append(named[piece.id][1])
    return found
