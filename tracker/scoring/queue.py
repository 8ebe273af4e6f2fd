"""What of a round is not scored yet, and what stands before and after an item."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.plans.task import Task
from tracker.scoring.award import Award
from tracker.scoring.finding import Finding
from tracker.scoring.item import Item
from tracker.scoring.visit import Visit, VisitItem

PAGE = 50
STATES = ("todo", "done", "covert", "visited")


@dataclass(frozen=True)
class Asked:
    """Which items: `only` are the ids the person may see, as a subquery."""

    round_id: int
    only: sa.Select[Any]
    state: str = ""
    mode: str = ""


@dataclass(frozen=True)
class Counts:
    """Items of a round that the person sees: all, for a reviewer and still without award, awarded,
    covert and not yet visited, visited and without points until publication."""

    total: int
    todo: int
    done: int
    covert: int
    visited: int


def waits() -> sa.ColumnElement[bool]:
    """A reviewer may award the item, and nobody has."""
    return sa.and_(col(Item.is_open), col(Award.id).is_(None))


def page(session: Session, asked: Asked, *, number: int) -> list[tuple[Item, Task, Award | None]]:
    """One page of items in the plan's order, each with its task and award."""
    wanted = _listed(asked, Item, Task, Award).order_by(col(Task.position), col(Item.id))
    rows = session.execute(wanted.offset((number - 1) * PAGE).limit(PAGE)).all()
    return [(row[0], row[1], row[2]) for row in rows]


def length(session: Session, asked: Asked) -> int:
    """How many items the pages hold."""
    return int(session.execute(_listed(asked, sa.func.count())).scalar_one())


def counts(session: Session, asked: Asked) -> Counts:
    """The figures over the list."""

    def times(condition: sa.ColumnElement[bool]) -> Any:
        return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)

    everything = Asked(asked.round_id, asked.only)
    has_award = col(Award.id).is_not(None)
    sums = times(waits()), times(has_award), times(_unvisited()), times(_visited())
    return Counts(*session.execute(_listed(everything, sa.func.count(), *sums)).one())


def neighbours(session: Session, item: Item, asked: Asked) -> tuple[int | None, int | None]:
    """The item before it, and the next one that waits; the plan's order is the items' own."""
    back = sa.select(sa.func.max(col(Item.id))).where(
        col(Item.round_id) == item.round_id, col(Item.is_open), col(Item.id) < item.id,
        col(Item.id).in_(asked.only),
    )  # fmt: skip
    ahead = _listed(Asked(asked.round_id, asked.only), sa.func.min(col(Item.id)))
    ahead = ahead.where(waits(), col(Item.id) > item.id)
    return session.execute(back).scalar(), session.execute(ahead).scalar()


def _unvisited() -> sa.ColumnElement[bool]:
    return sa.and_(col(Item.is_covert), ~_has_findings())


def _visited() -> sa.ColumnElement[bool]:
    """Visited, and its points come with publication; what a reviewer awards too waits for him."""
    return sa.and_(
        col(Item.is_covert), ~col(Item.is_open), col(Award.id).is_(None), _has_findings()
    )


def _has_findings() -> sa.ColumnElement[bool]:
    return sa.select(col(Finding.item_id)).where(col(Finding.item_id) == Item.id).exists()


def _listed(asked: Asked, *columns: Any) -> sa.Select[Any]:
    found = (
        sa.select(*columns)
        .select_from(Item)
        .join(Task, col(Task.id) == Item.task_id)
        .join(Award, col(Award.item_id) == Item.id, isouter=True)
        .where(
            col(Item.round_id) == asked.round_id,
            col(Item.id).in_(asked.only),
            col(Task.withdrawn_on).is_(None),
        )
    )
    if asked.mode:
        found = found.where(col(Item.mode) == asked.mode)
    if asked.state == "todo":
        return found.where(waits())
    if asked.state == "done":
        return found.where(col(Award.id).is_not(None))
    if asked.state == "visited":
        return found.where(_visited())
    return found.where(_unvisited()) if asked.state == "covert" else found


def planned(session: Session, item_ids: list[int]) -> dict[int, int]:
    """How many visits look at each item; called-off ones do not count."""
    rows = session.execute(
        sa.select(col(VisitItem.item_id), sa.func.count().label("visits"))
        .join(Visit, col(Visit.id) == VisitItem.visit_id)
        .where(col(VisitItem.item_id).in_(item_ids), col(Visit.cancelled_at).is_(None))
        .group_by(col(VisitItem.item_id))
    )
    return {one.item_id: one.visits for one in rows}


def off_so_far(session: Session, item_ids: list[int]) -> dict[int, Decimal]:
    """What findings take off each visited item until now, not more than there is."""
    rows = session.execute(
        sa.select(col(Item.id), col(Item.possible), sa.func.sum(col(Finding.points_off)))
        .join(Finding, col(Finding.item_id) == Item.id)
        .where(col(Item.id).in_(item_ids))
        .group_by(col(Item.id), col(Item.possible))
    )
    return {ident: min(off, possible) for ident, possible, off in rows}
