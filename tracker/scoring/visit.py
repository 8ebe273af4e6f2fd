"""A covert visit (暗访): an inspector goes unannounced to see what some items ask for.

Who goes and when is the office's and the inspector's knowledge alone, for ever: events of visits
bear no task, and access.events_for leaves them out for everybody but the office.
"""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.actor import Actor
from tracker.db import UtcDateTime
from tracker.errors import AlreadyDone, InputError, StepRefused
from tracker.events import Event, deed
from tracker.scoring.item import Item
from tracker.scoring.round import Round
from tracker.text import clean_line, clean_text

MOST_ITEMS = 100


class Visit(SQLModel, table=True):
    """`site` is where to go, `note` what the office wants looked at."""

    __tablename__ = "visit"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="scoring_round.id", index=True)
    inspector_id: int = Field(foreign_key="user.id", index=True)
    planned_on: date
    site: str = ""
    note: str = Field(default="", sa_type=sa.Text)
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class VisitItem(SQLModel, table=True):
    """One item to be looked at on a visit."""

    __tablename__ = "visit_item"

    visit_id: int = Field(foreign_key="visit.id", primary_key=True, ondelete="CASCADE")
    item_id: int = Field(
        foreign_key="score_item.id", primary_key=True, index=True, ondelete="CASCADE"
    )


def plan_visit(
    row: Round, items: Sequence[Item], *, by: Actor, at: datetime, on: date, inspector_id: int,
    planned_on: date, site: str = "", note: str = "",
) -> tuple[Visit, Event]:  # fmt: skip
    """Send an inspector somewhere on a day; `put` its items to it once it has an id.

    Raises StepRefused when the round is not open, InputError for a day gone by, no items, or items
    that are not covert.
    """
    by.require("visit.plan")
    row.refuse_unless_open()
    if not items or len(items) > MOST_ITEMS:
        raise InputError(f"请选择要看的任务，一次最多 {MOST_ITEMS} 项。", "item")
    if any(not item.is_covert or item.round_id != row.id for item in items):
        raise InputError("只有本轮里测评方式含暗访的任务可以安排暗访。", "item")
    if planned_on < on:
        raise InputError("暗访日期已经过去，请改为今天或以后的日期。", "planned_on")
    assert row.id is not None
    visit = Visit(
        round_id=row.id, inspector_id=inspector_id, planned_on=planned_on,
        site=clean_line(site, field="地点", longest=200), note=clean_text(note, field="要求"),
    )  # fmt: skip
    return visit, deed(
        by, "visit.planned", "visit", None, at=at, plan_id=row.plan_id,
        planned_on=planned_on.isoformat(), inspector_id=inspector_id, items=[i.id for i in items],
    )  # fmt: skip


def put(visit: Visit, items: Sequence[Item]) -> list[VisitItem]:
    """The rows that say what the visit looks at; the visit is kept already."""
    assert visit.id is not None
    return [VisitItem(visit_id=visit.id, item_id=item.id or 0) for item in items]


def cancel(visit: Visit, row: Round, *, recorded: bool, by: Actor, at: datetime) -> Event:
    """Call a visit off; `recorded` says whether it has findings, which then stand (StepRefused)."""
    by.require("visit.plan")
    row.refuse_unless_open()
    if visit.cancelled_at is not None:
        raise AlreadyDone("这次暗访已经取消。")
    if recorded:
        raise StepRefused("这次暗访已经有结果，不能取消。")
    visit.cancelled_at = at
    return deed(by, "visit.cancelled", "visit", visit.id, at=at, plan_id=row.plan_id)
