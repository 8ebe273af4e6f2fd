"""Where the rows of a later version stand in a plan: new ones, and those that moved, after the row
they follow in the file. All others keep the order that people know."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.plans.plan import Plan, Section
from tracker.plans.task import Task

AT_THE_START = 0
"""Instead of a task's id: before everything the plan has."""
Path = tuple[str, ...]
"""Headings from the top down"""


class Placed(NamedTuple):
    """A new row (no id), or a task that moves, and the task it comes after (None: at the end).

    `stood_after` is the task that a moving one followed until now, for putting it back."""

    task_id: int | None
    after: int | None
    stood_after: int | None = None


def places(tasks: Sequence[Task], rows: Sequence[int | None], movable: set[int]) -> list[Placed]:
    """Where the file's rows (ids of the plan's tasks, None for new ones) come to stand.

    Of the `movable` tasks those move that the file has in another order; `tasks` are the plan's.
    """
    at = {task.id: index for index, task in enumerate(tasks)}
    known = [(ident, at[ident]) for ident in rows if ident is not None]
    moving = movable - _in_order(known) if movable else movable
    found: list[Placed] = []
    last: int | None = None
    for ident in rows:
        if ident is not None and ident not in moving:
            last = ident
        else:
            before = at[ident] - 1 if ident is not None else -1
            found.append(Placed(ident, last, tasks[before].id if before >= 0 else None))
    if last is None:
        return found
    return [one if one.after else one._replace(after=AT_THE_START) for one in found]


def _in_order(rows: Sequence[tuple[int, int]]) -> set[int]:
    """The longest run of rows (id, place in the plan) that stand in the plan's order already."""
    ends: list[int] = []
    tops: list[int] = []
    before: dict[int, int | None] = {}
    for index, (_ident, place) in enumerate(rows):
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
        tops[at : at + 1] = [index]
        before[index] = tops[at - 1] if at else None
    found: set[int] = set()
    here = tops[-1] if tops else None
    while here is not None:
        found.add(rows[here][0])
        here = before[here]
    return found


Entry = tuple[int | None, int]
"""A task's id, or None and which of the new rows"""


def make_room(session: Session, plan: Plan, placed: Sequence[Placed]) -> list[int]:
    """Positions for the new rows among `placed`, in their order; tasks that move go where they
    belong, the others keep their order."""
    if not placed:
        return []
    waiting: dict[int | None, list[Entry]] = defaultdict(list)
    new = count()
    for one in placed:
        waiting[one.after].append((one.task_id, next(new) if one.task_id is None else 0))
    moving = {one.task_id for one in placed}
    order = waiting.pop(AT_THE_START, [])
    present = _positions(session, plan)
    for ident in present:
        if ident not in moving:
            order.append((ident, 0))
            order += waiting.pop(ident, [])
    order += waiting.pop(None, [])
    _number(session, [ident for ident, _nth in order], present)
    found = [0] * next(new)
    for position, (task_id, nth) in enumerate(order, 1):
        if task_id is None:
            found[nth] = position
    return found


def put_back(session: Session, plan: Plan, moved: Mapping[int, int | None]) -> None:
    """Tasks that had moved stand again after those they followed (None: at the start)."""
    present = _positions(session, plan)
    follower = {after: ident for ident, after in moved.items()}
    order: list[int | None] = []
    for ident in (None, *(ident for ident in present if ident not in moved)):
        order += [] if ident is None else [ident]
        here = ident
        while (here := follower.get(here)) is not None:
            order.append(here)
    _number(session, order, present)


def _positions(session: Session, plan: Plan) -> dict[int, int]:
    """The plan's tasks in their order, with their positions."""
    wanted = (
        sa.select(col(Task.id), col(Task.position))
        .where(col(Task.plan_id) == plan.id)
        .order_by(col(Task.position), col(Task.id))
    )
    return {ident: position for ident, position in session.execute(wanted)}  # noqa: C416  rows are no pairs


def _number(session: Session, order: Sequence[int | None], present: Mapping[int, int]) -> None:
    """Every task gets its place in the order, counted from 1; None is a place kept for a new one."""
    places = ((ident, place) for place, ident in enumerate(order, 1) if ident is not None)
    _move(session, Task, ((ident, place) for ident, place in places if present[ident] != place))


def paths_of(session: Session, plan_id: int | None) -> dict[int | None, Path]:
    """The headings of a plan by the ids of their sections, from the top down."""
    paths: dict[int | None, Path] = {None: ()}
    present = (
        sa.select(col(Section.id), col(Section.parent_id), col(Section.title))
        .where(col(Section.plan_id) == plan_id)
        .order_by(col(Section.depth))
    )
    for ident, parent_id, title in session.execute(present):
        paths[ident] = (*paths[parent_id], title)
    return paths


def drop_empty_sections(session: Session, plan_id: int) -> None:
    """From the deepest heading up: those with neither a task nor a heading below."""
    below, here = aliased(Section), col(Section.id)
    has_task = sa.exists().where(col(Task.plan_id) == plan_id, col(Task.section_id) == here)
    has_heading = sa.exists().where(col(below.parent_id) == here)
    empty = sa.select(here).where(col(Section.plan_id) == plan_id, ~has_task, ~has_heading)
    while idents := list(session.scalars(empty)):
        session.execute(sa.delete(Section).where(col(Section.id).in_(idents)))


def order_sections(session: Session, plan: Plan) -> None:
    """Headings stand in the order of their first tasks."""
    columns = (Section.id, Section.parent_id, Section.depth, Section.position)
    sections = session.execute(
        sa.select(*(col(one) for one in columns))
        .where(col(Section.plan_id) == plan.id)
        .order_by(col(Section.depth).desc())
    ).all()
    counted = session.execute(
        sa.select(col(Task.section_id), sa.func.min(col(Task.position)))
        .where(col(Task.plan_id) == plan.id, col(Task.section_id).is_not(None))
        .group_by(col(Task.section_id))
    )
    first: dict[int | None, int] = {ident: int(position) for ident, position in counted}
    last = len(sections) + max(first.values(), default=0)
    for section in sections:
        here = first.setdefault(section.id, last)
        if section.parent_id is not None:
            first[section.parent_id] = min(here, first.get(section.parent_id, last))
    ordered = sorted(sections, key=lambda one: (first[one.id], one.depth, one.position))
    _move(
        session, Section,
        ((one.id, place) for place, one in enumerate(ordered, 1) if one.id and one.position != place),
    )  # fmt: skip


def _move(session: Session, model: type[Task | Section], places: Iterable[tuple[int, int]]) -> None:
    if found := [{"id": ident, "position": position} for ident, position in places]:
        session.execute(sa.update(model), found)
