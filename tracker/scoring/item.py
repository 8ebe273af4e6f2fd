"""A score item (测评项): the points a task can earn in one round under one mode.

Laid out when a round opens, so that a later version of the plan does not move what is being scored.
A row that divides its points between modes gives one item for each; one that does not gives one
item under all its modes together. Rows without points are not scored.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col

from tracker import bulk
from tracker.db import Points, reserve_ids
from tracker.plans.task import Task
from tracker.scoring.round import Round

COVERT = "暗访"
"""In a mode's words: inspectors visit, findings deduct (暗访, 实地暗访考察)."""


class Item(SQLModel, table=True):
    """`possible` is the most that can be earned. `is_covert`: findings of visits deduct from it;
    `is_open`: a reviewer awards. Both hold where a row's points are of both together."""

    __tablename__ = "score_item"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "task_id", "mode"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="scoring_round.id")
    task_id: int = Field(foreign_key="task.id", index=True, ondelete="CASCADE")
    mode: str
    possible: Decimal = Field(sa_type=Points)
    is_covert: bool
    is_open: bool


def modes_of(
    modes: str, points: Decimal | None, points_by_mode: Mapping[str, str] | None
) -> Iterator[tuple[str, Decimal]]:
    """Each mode with its points; all modes together where the row does not divide its points."""
    if points_by_mode:
        yield from ((mode, Decimal(own)) for mode, own in points_by_mode.items())
    elif points is not None:
        yield modes, points


def how(mode: str, *, self_assessed: bool) -> tuple[bool, bool]:
    """(is_covert, is_open) of a mode. In a self-assessment nobody visits: all is awarded."""
    if self_assessed:
        return False, True
    names = mode.split("、")
    return COVERT in mode, any(COVERT not in name for name in names)


def lay_out(session: Session, row: Round) -> int:
    """Write the items of tasks that have none in the round yet; says how many. The round is kept."""
    there = sa.select(col(Item.task_id)).where(col(Item.round_id) == row.id)
    tasks = session.execute(
        sa.select(col(Task.id), col(Task.modes), col(Task.points), col(Task.points_by_mode))
        .where(
            col(Task.plan_id) == row.plan_id,
            col(Task.withdrawn_on).is_(None),
            col(Task.id).not_in(there),
        )
        .order_by(col(Task.position), col(Task.id))
    ).all()
    new = [
        (row.id, ident, mode, possible, *how(mode, self_assessed=row.is_self_assessed))
        for ident, modes, points, by_mode in tasks
        for mode, possible in modes_of(modes, points, by_mode)
    ]
    table = Item.__table__  # type: ignore[attr-defined]
    ids = reserve_ids(session, table, len(new)) if new else []
    columns = ("id", "round_id", "task_id", "mode", "possible", "is_covert", "is_open")
    bulk.insert(session, table, columns, ((i, *one) for i, one in zip(ids, new, strict=True)))
    return len(new)
