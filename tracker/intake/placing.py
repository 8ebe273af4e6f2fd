"""Where new rows of a later version stand in a plan: after the row they follow in the file."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from tracker.plans.plan import Plan, Section
from tracker.plans.task import Task

AT_THE_START = 0
"""Instead of a task's id: before everything the plan has."""


def make_room(session: Session, plan: Plan, after: Sequence[int | None]) -> list[int]:
    """Positions for new tasks, each after the task of the given id (None: at the end); the tasks
    that stand below move down and keep their order."""
    waiting: dict[int | None, list[int]] = defaultdict(list)
    for index, anchor in enumerate(after):
        waiting[anchor].append(index)
    order: list[tuple[int | None, int]] = [(None, index) for index in waiting.pop(AT_THE_START, [])]
    present = session.execute(
        sa.select(col(Task.id), col(Task.position))
        .where(col(Task.plan_id) == plan.id)
        .order_by(col(Task.position), col(Task.id))
    ).all()
    for ident, position in present:
        order.append((ident, position))
        order += [(None, index) for index in waiting.pop(ident, [])]
    order += [(None, index) for index in waiting.pop(None, [])]
    places, moved = [0] * len(after), []
    for position, (ident, was) in enumerate(order, 1):
        if ident is None:
            places[was] = position
        elif position != was:
            moved.append((ident, position))
    _move(session, Task, moved)
    return places


def order_sections(session: Session, plan: Plan) -> None:
    """Headings stand in the order of their first tasks."""
    sections = session.exec(
        select(Section).where(Section.plan_id == plan.id).order_by(col(Section.depth).desc())
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
