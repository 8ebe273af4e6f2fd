"""What an export says of each task and each part, as of one moment: plain rows, read block by block."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, func, select

from importers.collection import no_collection
from tracker import clock
from tracker.directory.department import Department
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.light import Light, light_of
from tracker.plans.plan import Plan, Section
from tracker.plans.task import Task, UnresolvedName
from tracker.storage import StoredFile
from tracker.work.evidence import Evidence, current
from tracker.work.report import Report

DENSE = 3
"""A range is read whole where at least every third id of it is wanted."""
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
BLOCK = 1000
"""Tasks read at once: few enough to stay small, enough to be fast."""


class TaskRow(NamedTuple):
    """The columns of a task that an export needs."""

    id: int
    position: int
    section_id: int | None
    number: str
    text: str
    modes: str
    points: Decimal | None
    deadline_text: str
    due_on: date | None
    completed_on: date | None
    is_complete: bool
    match_key: str


class PartRow(NamedTuple):
    """The columns of an assignment that an export needs."""

    id: int
    task_id: int
    department_id: int
    role: AssignmentRole
    state: AssignmentState
    done: bool
    due_on: date | None
    received_at: datetime | None
    completed_on: date | None
    percent: int


class PartLine(NamedTuple):
    """One department's part, with what its newest report says and the names of its evidence."""

    assignment: PartRow
    department: str
    light: Light
    progress: str
    received_on: date | None
    difficulties: str = ""
    next_step: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(slots=True)
class TaskLine:
    """One task with its parts, leads first."""

    task: TaskRow
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


@dataclass(frozen=True)
class Scope:
    """Whose rows, as of when: with a department its tasks with its own part only. `zone` is the
    office's: the day of a receipt is the office's day."""

    plan_id: int
    today: date
    zone: str
    department_id: int | None = None


def lines(
    session: Session, plan: Plan, *, today: date, zone: str, department_id: int | None = None
) -> list[TaskLine]:
    """The plan's tasks in order, as `Scope` has it, all at once."""
    with no_collection():
        scope = Scope(plan.id or 0, today, zone, department_id)
        return [line for block in stream(session, scope) for line in block]


def stream(session: Session, scope: Scope) -> Iterator[list[TaskLine]]:
    """The tasks in order, a block of at most `BLOCK` at a time: memory is that of a block."""
    reader, last = _Reader(session, scope), (-1, 0)
    order = sa.tuple_(col(Task.position), col(Task.id))
    while True:
        wanted = _tasks(scope).where(order > last).order_by(col(Task.position), col(Task.id))
        tasks = [TaskRow._make(row) for row in session.execute(wanted.limit(BLOCK))]
        if not tasks:
            return
        first, last = last, (tasks[-1].position, tasks[-1].id)
        inside = sa.select(col(Task.id)).where(
            col(Task.plan_id) == scope.plan_id, order > first, order <= last
        )
        yield reader.lines(tasks, inside)


def of_tasks(session: Session, scope: Scope, idents: Iterable[int]) -> Iterator[TaskLine]:
    """The lines of these tasks, as far as they are of the plan; in the order of their ids."""
    reader, left = _Reader(session, scope), sorted(idents)
    for start in range(0, len(left), BLOCK):
        some = left[start : start + BLOCK]
        inside = _these(some)
        rows = session.execute(_tasks(scope, by_id=True).where(col(Task.id).in_(inside)))
        known = set(some)
        tasks = sorted(TaskRow._make(row) for row in rows if row.id in known)
        yield from reader.lines(tasks, inside)


def _these(idents: Sequence[int]) -> Any:
    """The ids, or the query of a range where it holds few others: a thousand parameters cost more than
    reading a thousand rows."""
    if idents[-1] - idents[0] > DENSE * len(idents):
        return idents
    return sa.select(col(Task.id)).where(col(Task.id).between(idents[0], idents[-1]))


def _tasks(scope: Scope, *, by_id: bool = False) -> Any:
    # with the sum no index of plans answers: SQLite would read the whole plan for a range of ids
    plan = col(Task.plan_id) + 0 if by_id else col(Task.plan_id)
    wanted = sa.select(*_columns(Task, TaskRow._fields)).where(plan == scope.plan_id)
    if scope.department_id is None:
        return wanted
    own = sa.select(col(Assignment.task_id)).where(
        col(Assignment.plan_id) == scope.plan_id,
        col(Assignment.department_id) == scope.department_id,
        col(Assignment.state) != AssignmentState.WITHDRAWN,
    )
    return wanted.where(col(Task.id).in_(own))


class _Reader:
    """Reads what stands beside the tasks of a block; `inside` are their ids, or a query of them."""

    def __init__(self, session: Session, scope: Scope) -> None:
        self._session, self._scope = session, scope
        self._paths = _paths(session, scope.plan_id)

    def lines(self, tasks: Sequence[TaskRow], inside: Any) -> list[TaskLine]:
        """A line for each task."""
        today = self._scope.today
        found = {
            task.id: TaskLine(
                task, self._paths.get(task.section_id, ()),
                _light(task.is_complete, task.due_on, today),
            )
            for task in tasks
        }  # fmt: skip
        for part in self._parts(inside):
            if part.assignment.task_id in found:
                found[part.assignment.task_id].parts.append(part)
        if self._scope.department_id is None:
            open_names = sa.select(col(UnresolvedName.task_id), col(UnresolvedName.name))
            for ident, name in self._session.execute(
                open_names.where(col(UnresolvedName.task_id).in_(inside)).order_by(
                    col(UnresolvedName.id)
                )
            ):
                if ident in found:
                    found[ident].unresolved.append(name)
        return list(found.values())

    def _parts(self, inside: Any) -> Iterator[PartLine]:
        own = self._own(sa.select(col(Assignment.id)), inside)
        newest, names = newest_reports(self._session, own), _evidence(self._session, own)
        wanted = (
            self._own(sa.select(*_columns(Assignment, PartRow._fields)), inside)
            .add_columns(col(Department.name))
            .join(Department, col(Department.id) == Assignment.department_id)
            .order_by(
                col(Assignment.task_id), col(Assignment.role), col(Department.position),
                col(Department.id),
            )
        )  # fmt: skip
        today, zone = self._scope.today, self._scope.zone
        for row in self._session.execute(wanted):
            part, department = PartRow._make(row[:-1]), row[-1]
            text, hard, then = newest.get(part.id, NOTHING)
            yield PartLine(
                part, department, _light(part.done, part.due_on, today), text,
                _day_of(part.received_at, zone) if part.received_at else None,
                hard, then, tuple(names.get(part.id, ())),
            )  # fmt: skip

    def _own(self, wanted: Any, inside: Any) -> Any:
        wanted = wanted.where(
            col(Assignment.task_id).in_(inside), col(Assignment.state) != AssignmentState.WITHDRAWN
        )
        department = self._scope.department_id
        return (
            wanted.where(col(Assignment.department_id) == department)
            if department is not None
            else wanted
        )


_day_of = lru_cache(maxsize=1024)(clock.day_of)  # many sign at one moment, by one list


@lru_cache(maxsize=1024)  # days recur down a plan
def _light(done: bool, due_on: date | None, today: date) -> Light:
    return light_of(done=done, due_on=due_on, today=today)


def _columns(table: type[SQLModel], names: Iterable[str]) -> list[sa.Column[Any]]:
    known: sa.Table = table.__table__  # type: ignore[attr-defined]
    return [known.c[name] for name in names]


def _paths(session: Session, plan_id: int) -> dict[int | None, tuple[str, ...]]:
    paths: dict[int | None, tuple[str, ...]] = {None: ()}
    sections = select(Section).where(Section.plan_id == plan_id).order_by(col(Section.depth))
    for section in session.exec(sections):
        paths[section.id] = (*paths[section.parent_id], section.title)
    return paths


def newest_reports(session: Session, parts: Any) -> dict[int, tuple[str, str, str]]:
    """Text, difficulties and next step, by the part; `parts` are ids, or a query of them."""
    newest = (
        sa.select(func.max(col(Report.id)))
        .where(col(Report.assignment_id).in_(parts))
        .group_by(col(Report.assignment_id))
    )
    said = sa.select(
        col(Report.assignment_id), col(Report.text), col(Report.difficulties), col(Report.next_step)
    ).where(col(Report.id).in_(newest))
    return {ident: (text, hard, then) for ident, text, hard, then in session.execute(said)}


def _evidence(session: Session, parts: Any) -> dict[int, list[str]]:
    """The names of what is in force, oldest first, by the part."""
    rows = session.execute(
        sa.select(Evidence, col(StoredFile.name))
        .join(StoredFile, col(StoredFile.id) == Evidence.file_id)
        .where(col(Evidence.assignment_id).in_(parts))
        .order_by(col(Evidence.id))
    )
    named = {piece.id: (piece, name) for piece, name in rows}
    found: dict[int, list[str]] = defaultdict(list)
    for piece in current(piece for piece, _name in named.values()):
        found[piece.assignment_id].append(named[piece.id][1])
    return found
