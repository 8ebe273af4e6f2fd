"""The points behind a figure: each award with its task, its round and the event it rests on."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.events import Event
from tracker.plans.assignment import Assignment
from tracker.plans.task import Task
from tracker.scoring.award import Award
from tracker.scoring.item import Item
from tracker.scoring.ranking import awarded, led_by
from tracker.scoring.round import Round
from tracker.scoring.scope import Scope

PAGE = 50


def points(scope: Scope, department_id: int | None) -> sa.Select[Any]:
    """Every award of the scope; of one department those it leads."""
    found = awarded(
        scope, col(Item.id), col(Item.mode), col(Item.possible), col(Award.points),
        col(Award.reason), col(Award.event_id), col(Event.hash), col(Round.name).label("round"),
        col(Task.id).label("task_id"), col(Task.number), col(Task.text), col(Event.at),
    ).join(Event, col(Event.id) == Award.event_id)  # fmt: skip
    if department_id is None:
        return found
    return found.join(Assignment, led_by()).where(col(Assignment.department_id) == department_id)


def page(
    session: Session, scope: Scope, department_id: int | None, *, number: int
) -> tuple[list[sa.Row[Any]], int]:
    """One page of awards in the plan's order, and how many there are."""
    found = points(scope, department_id)
    counted = sa.select(sa.func.count()).select_from(found.subquery())
    total = session.execute(counted).scalar_one()
    ordered = found.order_by(col(Task.position), col(Task.id), col(Item.id))
    rows = session.execute(ordered.offset((number - 1) * PAGE).limit(PAGE)).all()
    return list(rows), total
