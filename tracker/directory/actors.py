"""Who a person is on a day: the posts held, their departments, the departments in her charge."""

from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from tracker.actor import DEPARTMENTAL, Actor, Role
from tracker.directory.department import Department
from tracker.directory.post import Charge, Holding, Post, in_force
from tracker.directory.user import User


def actor_for(session: Session, user_id: int, *, on: date) -> Actor | None:
    """The person with the posts held on a day; None when disabled or unknown."""
    user = session.exec(
        select(User.name, User.locale).where(User.id == user_id, col(User.disabled_at).is_(None))
    ).first()
    if user is None:
        return None
    rows = session.execute(
        sa.select(
            col(Post.role), col(Post.title), col(Department.id), col(Department.short_name),
            col(Department.name),
        )
        .join(Holding, col(Holding.post_id) == Post.id)
        .join(Department, col(Post.department_id) == Department.id, isouter=True)
        .where(
            col(Holding.user_id) == user_id,
            col(Holding.from_on) <= on,
            or_(col(Holding.until_on).is_(None), col(Holding.until_on) > on),
        )
        .order_by(col(Holding.id))
    ).all()  # fmt: skip
    name, locale = user
    roles = frozenset(Role(row[0]) for row in rows)
    departments = {
        ident: short_name or full_name
        for role, _, ident, short_name, full_name in rows
        if ident and role in DEPARTMENTAL
    }
    return Actor(
        user_id=user_id,
        name=name,
        roles=roles,
        department_ids=frozenset(departments),
        charge_ids=_charges(session, user_id, on=on) if Role.LEADER in roles else frozenset(),
        post_title=rows[0][1] if rows else "",
        department_name="、".join(departments.values()),
        locale=locale,
    )


def _charges(session: Session, user_id: int, *, on: date) -> frozenset[int]:
    """The departments that the person's posts as a leader are in charge of."""
    wanted = (
        select(Charge.department_id)
        .join(Post, col(Post.id) == Charge.post_id)
        .join(Holding, col(Holding.post_id) == Post.id)
        .where(Holding.user_id == user_id, Post.role == Role.LEADER, in_force(on))
    )
    return frozenset(session.exec(wanted))
