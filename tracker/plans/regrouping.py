"""Groups re-expanded: who should have a part by a group's members today, and who no longer."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, SQLModel, col, select

from tracker.actor import Actor
from tracker.directory.department import Department
from tracker.directory.group import Group, members
from tracker.events import Event, deed
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.holding import Held
from tracker.plans.task import Task


@dataclass(frozen=True)
class Proposal:
    """One department of one group: the tasks in which it lacks a part (`joins`), or still has one
    that nobody has finished although it left the group."""

    group: Group
    department: Department
    joins: bool
    task_ids: tuple[int, ...]

    @property
    def key(self) -> str:
        """Names the proposal in a form: group, department, direction."""
        return f"{self.group.id}:{self.department.id}:{'join' if self.joins else 'leave'}"


def proposals(session: Session, plan_id: int, *, on: date) -> list[Proposal]:
    """What a day's members would change in the plan's open tasks, group by group.

    Only groups through which the plan's departments came are looked at; a department that has its
    part otherwise is not proposed.
    """
    parts = session.exec(
        select(Assignment)
        .join(Task, col(Task.id) == Assignment.task_id)
        .where(
            Assignment.plan_id == plan_id, col(Task.is_complete).is_(False),
            col(Task.withdrawn_on).is_(None),
        )
    ).all()  # fmt: skip
    by_task: dict[int, list[Assignment]] = defaultdict(list)
    for part in parts:
        by_task[part.task_id].append(part)
    found: list[Proposal] = []
    idents = {part.group_id for part in parts if part.group_id is not None}
    for group in session.exec(
        select(Group).where(col(Group.id).in_(idents)).order_by(col(Group.id))
    ):
        found += _of_group(session, group, by_task, on)
    return found


def _of_group(
    session: Session, group: Group, by_task: dict[int, list[Assignment]], on: date
) -> list[Proposal]:
    today = {one.id: one for one in session.exec(members(group, on=on)) if one.id}
    joining: dict[int, list[int]] = defaultdict(list)
    leaving: dict[int, list[int]] = defaultdict(list)
    for task_id, parts in sorted(by_task.items()):
        through = [part for part in parts if part.group_id == group.id]
        if not any(part.is_standing for part in through):
            continue
        there = {part.department_id for part in parts if part.is_standing}
        for ident in today.keys() - there:
            joining[ident].append(task_id)
        for part in through:
            if part.department_id not in today and not part.done:
                leaving[part.department_id].append(task_id)
    gone = {d.id: d for d in _departments(session, leaving) if d.id}
    return [
        Proposal(group, known[ident], joins, tuple(task_ids))
        for joins, known, changes in ((True, today, joining), (False, gone, leaving))
        for ident, task_ids in sorted(changes.items(), key=lambda one: known[one[0]].position)
    ]


def _departments(session: Session, idents: Iterable[int]) -> Sequence[Department]:
    return session.exec(select(Department).where(col(Department.id).in_(list(idents)))).all()


def settle_all(
    wanted: Iterable[Proposal], present: Mapping[int, Held], *, by: Actor, at: datetime
) -> list[SQLModel]:
    """Write proposals into tasks held with their parts; the changed parts and their events. What no
    longer fits (a part that waits for review, the only lead) is passed over."""
    by.require("work.assign")
    rows: list[SQLModel] = []
    for one in wanted:
        for task_id in one.task_ids:
            task, parts = present[task_id]
            part = _join(one, task, parts, at=at) if one.joins else _leave(one, parts)
            if part is not None:
                rows += [part, _deed(one, task, by=by, at=at)]
    return rows


def _deed(one: Proposal, task: Task, *, by: Actor, at: datetime) -> Event:
    return deed(
        by, "group.spread", "task", task.id, at=at, plan_id=task.plan_id, task_id=task.id,
        department_id=one.department.id, text=one.group.name, joins=one.joins,
    )  # fmt: skip


def _join(one: Proposal, task: Task, parts: list[Assignment], *, at: datetime) -> Assignment | None:
    """The part of a department that came to the group, in the role of its other members."""
    through = [part for part in parts if part.group_id == one.group.id and part.is_standing]
    found = next((part for part in parts if part.department_id == one.department.id), None)
    if not through or (found is not None and found.is_standing):
        return None
    alike = through[0]
    if found is not None:
        found.issue_again(role=alike.role, due_on=alike.due_on, at=at)
        found.group_id = one.group.id
        return found
    assert task.id is not None and one.department.id is not None
    made = Assignment(
        plan_id=task.plan_id, task_id=task.id, department_id=one.department.id, role=alike.role,
        due_on=alike.due_on, issued_at=at, as_written=alike.as_written, group_id=one.group.id,
        in_plan=False,
    )  # fmt: skip
    parts.append(made)
    return made


def _leave(one: Proposal, parts: list[Assignment]) -> Assignment | None:
    """The part of a department that left the group, withdrawn."""
    leads = [part for part in parts if part.role == AssignmentRole.LEAD and part.is_standing]
    for part in parts:
        is_meant = part.department_id == one.department.id and not part.done
        if is_meant and part.state != AssignmentState.SUBMITTED and leads != [part]:
            part.move(AssignmentState.WITHDRAWN)
            return part
    return None
