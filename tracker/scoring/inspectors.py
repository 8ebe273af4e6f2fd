"""Who may be sent on a visit, and what the office sees of visits."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.actor import Role
from tracker.directory.post import Holding, Post
from tracker.directory.user import User
from tracker.plans.task import Task
from tracker.scoring.finding import Finding
from tracker.scoring.item import Item
from tracker.scoring.round import Round
from tracker.scoring.visit import Visit, VisitItem


def inspectors(session: Session, *, on: date) -> dict[int, str]:
    """Names of those who hold an inspector's post on the day, by user id."""
    rows = session.execute(
        sa.select(col(User.id), col(User.name))
        .join(Holding, col(Holding.user_id) == User.id)
        .join(Post, col(Post.id) == Holding.post_id)
        .where(
            col(Post.role) == Role.INSPECTOR,
            col(User.disabled_at).is_(None),
            col(Holding.from_on) <= on,
            sa.or_(col(Holding.until_on).is_(None), col(Holding.until_on) > on),
        )
        .order_by(col(User.name), col(User.id))
    )
    return {one.id: one.name for one in rows}


def visits_of(session: Session, round_id: int) -> list[sa.Row[Any]]:
    """The round's visits by day, with the inspector's name and how far each is."""
    items = _count(VisitItem.item_id, col(VisitItem.visit_id) == Visit.id)
    seen = _count(sa.distinct(col(Finding.item_id)), col(Finding.visit_id) == Visit.id)
    wanted = (
        sa.select(
            Visit, col(User.name).label("inspector"), items.label("items"), seen.label("seen")
        )
        .join(User, col(User.id) == Visit.inspector_id)
        .where(col(Visit.round_id) == round_id)
        .order_by(col(Visit.planned_on), col(Visit.id))
    )
    return list(session.execute(wanted))


def own_visits(session: Session, wanted: Any) -> list[sa.Row[Any]]:
    """Visits of a query, those of open rounds first, by day, each with its round and how far it is."""
    items = _count(VisitItem.item_id, col(VisitItem.visit_id) == Visit.id)
    seen = _count(sa.distinct(col(Finding.item_id)), col(Finding.visit_id) == Visit.id)
    rows = wanted.add_columns(Round, items.label("items"), seen.label("seen")).join(
        Round, col(Round.id) == Visit.round_id
    )
    ended = col(Round.closed_at).is_not(None)
    return list(session.execute(rows.order_by(ended, col(Visit.planned_on), col(Visit.id))))


def _count(what: Any, condition: Any) -> Any:
    return sa.select(sa.func.count(what)).where(condition).correlate(Visit).scalar_subquery()


def items_of(session: Session, visit_id: int) -> list[tuple[Item, Task]]:
    """What a visit looks at, in the plan's order: (item, task)."""
    wanted = (
        sa.select(Item, Task)
        .join(VisitItem, col(VisitItem.item_id) == Item.id)
        .join(Task, col(Task.id) == Item.task_id)
        .where(col(VisitItem.visit_id) == visit_id)
        .order_by(col(Task.position), col(Item.id))
    )
    return [(row[0], row[1]) for row in session.execute(wanted).all()]
