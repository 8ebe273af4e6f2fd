"""Who reads a department's mail: its clerks; without any, its head; else nobody, said aloud."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.actor import DEPARTMENTAL, Role
from tracker.addresses import is_address
from tracker.directory.post import Holding, Post, in_force
from tracker.directory.user import User


@dataclass(frozen=True, order=True)
class Recipient:
    """A person a department's mail goes to."""

    user_id: int
    name: str
    address: str
    locale: str


def departmental(on: date) -> sa.Select[Any, Role, Any, str, str, str]:
    """Department, role and person for every departmental post held by somebody on a day."""
    return (
        sa.select(
            col(Post.department_id), col(Post.role), col(User.id), col(User.name),
            col(User.email), col(User.locale),
        )
        .join(Holding, col(Holding.post_id) == col(Post.id))
        .join(User, col(Holding.user_id) == col(User.id))
        .where(
            col(Post.department_id).is_not(None),
            col(Post.role).in_(DEPARTMENTAL),
            col(User.disabled_at).is_(None),
            in_force(on),
        )
        .order_by(col(User.id))
    )  # fmt: skip


def by_department(
    session: Session, on: date, departments: Collection[int] | None = None
) -> dict[int, list[Recipient]]:
    """The readers of each department's mail on a day; a department without any is left out.

    One query for all. A person with no usable address counts as absent.
    """
    query = departmental(on)
    if departments is not None:
        query = query.where(col(Post.department_id).in_(departments))
    found: dict[Role, dict[int, dict[int, Recipient]]] = {role: {} for role in DEPARTMENTAL}
    for department_id, role, user_id, name, address, locale in session.execute(query):
        if is_address(address):
            readers = found[Role(role)].setdefault(department_id, {})
            readers[user_id] = Recipient(user_id, name, address, locale)
    chosen = found[Role.HEAD] | found[Role.CLERK]
    return {department_id: list(readers.values()) for department_id, readers in chosen.items()}


def still_reads(
    session: Session, *, user_id: int, address: str, department_id: int | None, on: date
) -> bool:
    """Whether that mail would still go to this person at this address."""
    user = session.get(User, user_id)
    if user is None or user.disabled_at is not None or user.email != address:
        return False
    if department_id is None:
        return True
    query = departmental(on).where(
        col(User.id) == user_id, col(Post.department_id) == department_id
    )
    return session.execute(query.limit(1)).first() is not None
