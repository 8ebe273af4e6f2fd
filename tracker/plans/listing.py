"""Lists of a plan's tasks: filters, pages, counts and the outline."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.directory.department import Department
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.light import Light, light_column
from tracker.plans.plan import Section
from tracker.plans.task import Task, UnresolvedName

PAGE = 50
LIKE_ESCAPE = "\\"


@dataclass(frozen=True)
class Filters:
    """What the address asks for; withdrawn tasks are listed apart. `only` are the task ids a person
    may see, as a subquery; `having` is what at least one of a task's parts must be."""

    light: Light | None = None
    mode: str = ""
    section_id: int | None = None
    department_id: int | None = None
    words: str = ""
    unresolved: bool = False
    withdrawn: bool = False
    only: sa.Select[Any] | None = field(default=None, compare=False)
    having: sa.ColumnElement[bool] | None = field(default=None, compare=False)


def task_light(today: date) -> sa.ColumnElement[str]:
    """The task's own light: its leads' work against the date in force."""
    return light_column(col(Task.is_complete), col(Task.due_on), today=today)


def like(words: str) -> str:
    """A LIKE pattern for words taken literally."""
    safe = words.replace(LIKE_ESCAPE, LIKE_ESCAPE * 2).replace("%", r"\%").replace("_", r"\_")
    return f"%{safe}%"


def _conditions(plan_id: int, filters: Filters, today: date) -> list[sa.ColumnElement[bool]]:
    withdrawn = col(Task.withdrawn_on)
    wanted: list[sa.ColumnElement[bool]] = [
        col(Task.plan_id) == plan_id,
        withdrawn.is_not(None) if filters.withdrawn else withdrawn.is_(None),
    ]
    if filters.only is not None:
        wanted.append(col(Task.id).in_(filters.only))
    if filters.light:
        wanted.append(task_light(today) == filters.light.value)
    if filters.mode:
        wanted.append(col(Task.modes).like(like(filters.mode), escape=LIKE_ESCAPE))
    if filters.section_id:
        wanted.append(col(Task.section_id).in_(_below(filters.section_id)))
    if filters.department_id:
        parts = sa.select(col(Assignment.task_id)).where(
            col(Assignment.plan_id) == plan_id,
            col(Assignment.department_id) == filters.department_id,
            col(Assignment.state) != AssignmentState.WITHDRAWN,
        )
        wanted.append(col(Task.id).in_(parts))
    if filters.having is not None:
        such = sa.select(col(Assignment.task_id)).where(
            col(Assignment.plan_id) == plan_id, filters.having
        )
        wanted.append(col(Task.id).in_(such))
    if filters.words:
        wanted.append(col(Task.text).like(like(filters.words), escape=LIKE_ESCAPE))
    if filters.unresolved:
        wanted.append(
            col(Task.id).in_(
                sa.select(col(UnresolvedName.task_id)).where(col(UnresolvedName.plan_id) == plan_id)
            )
        )
    return wanted


def _below(section_id: int) -> sa.Select[Any]:
    """The section and all below it."""
    tree = (
        sa.select(col(Section.id)).where(col(Section.id) == section_id).cte("tree", recursive=True)
    )
    tree = tree.union_all(sa.select(col(Section.id)).where(col(Section.parent_id) == tree.c.id))
    return sa.select(tree.c.id)


def page(
    session: Session, plan_id: int, filters: Filters, *, today: date, number: int = 1
) -> Sequence[sa.Row[Any]]:
    """One page of tasks in the plan's order."""
    return session.execute(
        sa.select(
            col(Task.id), col(Task.number), col(Task.text), col(Task.modes), col(Task.points),
            col(Task.due_on), col(Task.deadline_text), col(Task.is_complete), col(Task.section_id),
            task_light(today).label("light"),
        )
        .where(*_conditions(plan_id, filters, today))
        .order_by(col(Task.position), col(Task.id))
        .offset((number - 1) * PAGE)
        .limit(PAGE)
    ).all()  # fmt: skip


def lights(session: Session, plan_id: int, filters: Filters, *, today: date) -> dict[Light, int]:
    """How many tasks show each light, under the other filters."""
    light = task_light(today)
    rows = session.execute(
        sa.select(light, sa.func.count())
        .where(*_conditions(plan_id, filters, today))
        .group_by(light)
    )
    return {Light(name): number for name, number in rows}


def lights_by_plan(
    session: Session, plan_ids: Sequence[int], only: sa.Select[Any] | None, *, today: date
) -> dict[int, dict[Light, int]]:
    """For each plan how many of its tasks show each light; `only` as in Filters."""
    light = task_light(today)
    wanted = sa.select(col(Task.plan_id), light, sa.func.count())
    wanted = wanted.where(col(Task.plan_id).in_(plan_ids), col(Task.withdrawn_on).is_(None))
    wanted = wanted.group_by(col(Task.plan_id), light)
    if only is not None:
        wanted = wanted.where(col(Task.id).in_(only))
    found: dict[int, dict[Light, int]] = {plan_id: {} for plan_id in plan_ids}
    for plan_id, name, number in session.execute(wanted):
        found[plan_id][Light(name)] = number
    return found


CLOCKS = (
    col(Assignment.issued_at), col(Assignment.received_at), col(Assignment.percent),
    col(Assignment.next_report_on), col(Assignment.refusal_waits),
)  # fmt: skip
"""What a part's own clocks need besides; moments cost time, and lists of tasks show none."""


def parts_of(
    session: Session, task_ids: Sequence[int], *, more: Sequence[Any] = (), withdrawn: bool = False
) -> dict[int, list[sa.Row[Any]]]:
    """The departments of each task, leads first, with those withdrawn only where asked for; `more`
    are further columns of a part."""
    standing = sa.true() if withdrawn else col(Assignment.state) != AssignmentState.WITHDRAWN
    found: dict[int, list[sa.Row[Any]]] = defaultdict(list)
    rows = session.execute(
        sa.select(
            col(Assignment.task_id), col(Assignment.id), col(Assignment.department_id),
            col(Assignment.role), col(Assignment.state), col(Assignment.done),
            col(Assignment.due_on), col(Assignment.extended), col(Department.name), col(Department.short_name),
            col(Department.position), *more,
        )
        .join(Department, col(Department.id) == Assignment.department_id)
        .where(col(Assignment.task_id).in_(task_ids), standing)
        .order_by(col(Assignment.role), col(Department.position), col(Department.id))
    )  # fmt: skip
    for row in rows:
        found[row.task_id].append(row)
    return found


def concerned(
    session: Session, task_ids: Sequence[int], having: sa.ColumnElement[bool] | None
) -> dict[int, list[str]]:
    """The names of the departments whose part in each task is as asked for; none without a filter."""
    found: dict[int, list[str]] = defaultdict(list)
    if having is None:
        return found
    rows = session.execute(
        sa.select(col(Assignment.task_id), col(Department.short_name), col(Department.name))
        .join(Department, col(Department.id) == Assignment.department_id)
        .where(col(Assignment.task_id).in_(task_ids), having)
        .order_by(col(Department.position), col(Department.id))
    )
    for task_id, short, name in rows:
        found[task_id].append(short or name)
    return found


def unresolved_of(session: Session, task_ids: Sequence[int]) -> dict[int, list[str]]:
    """Names of each task that stand for nobody yet."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = session.execute(
        sa.select(col(UnresolvedName.task_id), col(UnresolvedName.name)).where(
            col(UnresolvedName.task_id).in_(task_ids)
        )
    )
    for task_id, name in rows:
        found[task_id].append(name)
    return found


@dataclass
class OutlineEntry:
    """A heading with the number of tasks at and below it."""

    section: Section
    tasks: int = 0
    overdue: int = 0


def outline(session: Session, plan_id: int, filters: Filters, *, today: date) -> list[OutlineEntry]:
    """The plan's headings in order, each with its counts; those without a visible task are left out."""
    sections = session.scalars(
        sa.select(Section).where(col(Section.plan_id) == plan_id).order_by(col(Section.position))
    ).all()
    entries = {section.id: OutlineEntry(section) for section in sections}
    counted = session.execute(
        sa.select(
            col(Task.section_id), sa.func.count(),
            sa.func.sum(sa.case((task_light(today) == Light.OVERDUE.value, 1), else_=0)),
        )
        .where(*_conditions(plan_id, filters, today), col(Task.section_id).is_not(None))
        .group_by(col(Task.section_id))
    )  # fmt: skip
    for section_id, number, overdue in counted:
        entry: OutlineEntry | None = entries[section_id]
        while entry is not None:
            entry.tasks += number
            entry.overdue += overdue
            entry = entries.get(entry.section.parent_id)
    return _in_tree_order([entry for entry in entries.values() if entry.tasks])


def _in_tree_order(entries: list[OutlineEntry]) -> list[OutlineEntry]:
    below: dict[int | None, list[OutlineEntry]] = defaultdict(list)
    for entry in entries:
        below[entry.section.parent_id].append(entry)
    ordered: list[OutlineEntry] = []

    def walk(parent: int | None) -> None:
        for entry in below[parent]:
            ordered.append(entry)
            walk(entry.section.id)

    walk(None)
    return ordered
