"""The category (top heading) of every heading of a plan."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.plans.plan import Section


def top_of(plan_id: int) -> Any:
    """Rows of (id, top_id): each heading and the top one above it."""
    top: Any = sa.select(col(Section.id).label("id"), col(Section.id).label("top_id"))
    top = top.where(col(Section.plan_id) == plan_id, col(Section.parent_id).is_(None))
    tree = top.cte("top_section", recursive=True)
    below = sa.select(col(Section.id), tree.c.top_id).where(col(Section.parent_id) == tree.c.id)
    return tree.union_all(below)


def tops(session: Session, plan_id: int) -> dict[int, tuple[int, str]]:
    """For each heading's id the id and title of the top one above it."""
    tree = top_of(plan_id)
    above = sa.orm.aliased(Section)
    rows = session.execute(
        sa.select(tree.c.id, tree.c.top_id, col(above.title)).join(
            above, col(above.id) == tree.c.top_id
        )
    )
    return {ident: (top_id, title) for ident, top_id, title in rows}
