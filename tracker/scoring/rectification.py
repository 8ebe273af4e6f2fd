"""Rectification (整改): what a published finding asks of the lead departments, as tasks of a plan of
its own, so that later versions of the plan that was scored do not meddle.

Tasks stand in the plan's order, findings at one item in the order of a digest of their keys: neither
numbers nor ids tell who came first or which findings one visit made.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from tracker.actor import Actor
from tracker.events import Event, deed, keep
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.plan import Plan, Section
from tracker.plans.task import Task, UnresolvedName
from tracker.scoring.award import plain
from tracker.scoring.finding import Finding
from tracker.scoring.item import Item
from tracker.scoring.round import Round
from tracker.scoring.sections import tops

PLACE, FROM, OFF = "问题地点", "来源任务", "扣分"


class Rectification(SQLModel, table=True):
    """The task that puts a finding right."""

    __tablename__ = "rectification"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    finding_id: int = Field(foreign_key="finding.id", unique=True, ondelete="CASCADE")
    task_id: int = Field(foreign_key="task.id", index=True, ondelete="CASCADE")


def shuffled(finding: Finding) -> str:
    """A place among findings that says nothing of when or by whom it was made."""
    return sha256(finding.key.encode()).hexdigest()


def found_wanting(session: Session, row: Round) -> list[tuple[Finding, Task]]:
    """The round's findings that take points off, each with the task it is about."""
    rows = session.execute(
        sa.select(Finding, Task)
        .join(Item, col(Item.id) == Finding.item_id)
        .join(Task, col(Task.id) == Item.task_id)
        .where(
            col(Item.round_id) == row.id,
            col(Finding.is_clear).is_(False),
            col(Task.withdrawn_on).is_(None),
        )
    )
    found = [(finding, task) for finding, task in rows]
    return sorted(found, key=lambda one: (one[1].position, one[1].id or 0, shuffled(one[0])))


def issue(
    session: Session, row: Round, plan: Plan, found: Sequence[tuple[Finding, Task]],
    days: Sequence[date | None], *, by: Actor, at: datetime, on: date,
) -> tuple[Plan, list[Event]]:  # fmt: skip
    """Write the plan of rectification and its tasks, each with its day; the events are still to be
    kept."""
    name = _name(session, f"{plan.name} 暗访整改 {row.name}")
    made = Plan(name=name, title=name, issued_on=on, created_at=at, created_by=by.user_id)
    keep(session, made)
    sections = _sections(session, made, plan, found)
    titles = tops(session, plan.id or 0)
    tasks = [
        _task(made, number, finding, task, sections.get(titles.get(task.section_id or 0, (0, ""))[1]), day)
        for number, ((finding, task), day) in enumerate(zip(found, days, strict=True), 1)
    ]  # fmt: skip
    keep(session, *tasks)
    parts = _parts(session, [task.id or 0 for _finding, task in found])
    links: list[SQLModel] = []
    for made_task, (finding, task) in zip(tasks, found, strict=True):
        links.append(Rectification(finding_id=finding.id or 0, task_id=made_task.id or 0))
        links += _given(made_task, parts[task.id or 0], at=at) or [_nobody(made_task)]
    keep(session, *links)
    return made, [_issued(row, task, links, by=by, at=at) for task in tasks]


def _name(session: Session, wanted: str) -> str:
    """The name, with a number behind it where a plan has it already."""
    name, number = wanted, 1
    while session.exec(select(Plan.id).where(Plan.name == name)).first() is not None:
        number += 1
        name = f"{wanted}（{number}）"
    return name


def _sections(
    session: Session, made: Plan, plan: Plan, found: Sequence[tuple[Finding, Task]]
) -> dict[str, int]:
    """The new plan's headings: the top headings of the one that was scored."""
    titles = tops(session, plan.id or 0)
    wanted = dict.fromkeys(
        titles[task.section_id][1] for _finding, task in found if task.section_id in titles
    )
    rows = [
        Section(plan_id=made.id or 0, title=title, depth=0, position=place)
        for place, title in enumerate(wanted, 1)
    ]
    keep(session, *rows)
    return {row.title: row.id or 0 for row in rows}


def _task(
    made: Plan,
    number: int,
    finding: Finding,
    task: Task,
    section_id: int | None,
    due_on: date | None,
) -> Task:
    fields: dict[str, Any] = {FROM: f"{task.number} {task.text}".strip()}
    fields |= {PLACE: finding.place} if finding.place else {}
    fields[OFF] = f"{plain(finding.points_off)} 分"
    return Task(
        plan_id=made.id or 0, section_id=section_id, position=number, number=str(number),
        text=f"整改：{finding.text}", standard=task.standard or task.text, deadline_kind="date",
        due_on=due_on, original_due_on=due_on, match_key=shuffled(finding)[:32], fields=fields,
    )  # fmt: skip


def _parts(session: Session, task_ids: Sequence[int]) -> dict[int, list[Assignment]]:
    """The leads of each task, in the order of the parts."""
    found: dict[int, list[Assignment]] = defaultdict(list)
    wanted = select(Assignment).where(
        col(Assignment.task_id).in_(set(task_ids)),
        col(Assignment.role) == AssignmentRole.LEAD,
        col(Assignment.state) != AssignmentState.WITHDRAWN,
    )
    for part in session.exec(wanted.order_by(col(Assignment.id))):
        found[part.task_id].append(part)
    return found


def _given(task: Task, leads: Sequence[Assignment], *, at: datetime) -> list[SQLModel]:
    return [
        Assignment(
            plan_id=task.plan_id, task_id=task.id or 0, department_id=lead.department_id,
            role=AssignmentRole.LEAD, due_on=task.due_on, issued_at=at, as_written=lead.as_written,
        )
        for lead in leads
    ]  # fmt: skip


def _nobody(task: Task) -> SQLModel:
    """Visible as unresolved until the office decides who puts it right."""
    return UnresolvedName(
        plan_id=task.plan_id, task_id=task.id or 0, name="牵头单位待定", role="lead"
    )


def _issued(row: Round, task: Task, links: Sequence[SQLModel], *, by: Actor, at: datetime) -> Event:
    count = sum(isinstance(one, Assignment) and one.task_id == task.id for one in links)
    return deed(
        by, "rectification.issued", "task", task.id, at=at, plan_id=task.plan_id, task_id=task.id,
        round=row.name, departments=count, due_on=task.due_on.isoformat() if task.due_on else None,
    )  # fmt: skip
