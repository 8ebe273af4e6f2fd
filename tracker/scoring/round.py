"""A round (轮次): a pass over the plan in which points are given.

open → closed → published; a closed round may be opened again, a published one stays as it is.
"""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.actor import Actor
from tracker.db import UtcDateTime, word
from tracker.errors import AlreadyDone, InputError, StepRefused
from tracker.events import Event, deed
from tracker.plans.plan import Plan
from tracker.text import clean_line


class RoundKind(StrEnum):
    """自评, 市级模拟, 正式."""

    SELF_ASSESSMENT = "self_assessment"
    REHEARSAL = "rehearsal"
    FORMAL = "formal"


class Shows(StrEnum):
    """What departments see of a published round beside their own points."""

    RANKING = "ranking"
    OWN_PLACE = "own_place"
    NOTHING = "nothing"


class RoundState(StrEnum):
    """Where the round stands."""

    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"


class Round(SQLModel, table=True):
    """`opened_on` to the office's day of `published_at` is the time whose lateness and praise count.

    `rectify_by` is the day by which findings must be put right, `rectification_plan_id` the plan
    that holds those tasks; both come with publication.
    """

    __tablename__ = "scoring_round"
    __table_args__ = (sa.UniqueConstraint("plan_id", "name"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    kind: RoundKind = Field(sa_type=word(RoundKind))
    name: str
    shows: Shows = Field(default=Shows.OWN_PLACE, sa_type=word(Shows))
    opened_on: date
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_on: date | None = None
    published_by: int | None = Field(default=None, foreign_key="user.id")
    rectify_by: date | None = None
    rectification_plan_id: int | None = Field(default=None, foreign_key="plan.id")

    @property
    def state(self) -> RoundState:
        """Open, closed or published."""
        if self.published_at is not None:
            return RoundState.PUBLISHED
        return RoundState.OPEN if self.closed_at is None else RoundState.CLOSED

    @property
    def is_self_assessed(self) -> bool:
        """Whether the departments award their own points."""
        return self.kind == RoundKind.SELF_ASSESSMENT

    def refuse_unless_open(self) -> None:
        """Raises StepRefused when nothing more is scored in the round."""
        if self.state == RoundState.PUBLISHED:
            raise StepRefused(f"“{self.name}”已经公布，不能再改动。")
        if self.state == RoundState.CLOSED:
            raise StepRefused(f"“{self.name}”已经结束评分。要补录，请牵头办公室先重新开放这一轮。")


def open_round(
    plan: Plan, *, by: Actor, at: datetime, on: date, kind: RoundKind, name: str,
    shows: Shows = Shows.OWN_PLACE,
) -> tuple[Round, Event]:  # fmt: skip
    """Open a round over the plan. Raises InputError without a name."""
    by.require("round.change")
    name = clean_line(name, field="轮次名称", longest=60)
    if not name:
        raise InputError("请填写轮次名称，例如“第一次模拟测评”。", "name")
    assert plan.id is not None
    row = Round(plan_id=plan.id, kind=kind, name=name, shows=shows, opened_on=on)
    return row, deed(
        by, "round.opened", "round", None, at=at, plan_id=plan.id, name=name, kind=kind.value
    )


def close(row: Round, *, by: Actor, at: datetime) -> Event:
    """End the scoring. Raises AlreadyDone when it ended, StepRefused when it is published."""
    by.require("round.change")
    if row.state == RoundState.CLOSED:
        raise AlreadyDone(f"“{row.name}”已经结束评分。")
    row.refuse_unless_open()
    row.closed_at = at
    return deed(by, "round.closed", "round", row.id, at=at, plan_id=row.plan_id, name=row.name)


def reopen(row: Round, *, by: Actor, at: datetime) -> Event:
    """Open a closed round again. Raises StepRefused when it is published, AlreadyDone when open."""
    by.require("round.change")
    if row.state == RoundState.PUBLISHED:
        raise StepRefused(f"“{row.name}”已经公布，不能重新开放。")
    if row.state == RoundState.OPEN:
        raise AlreadyDone(f"“{row.name}”正在评分。")
    row.closed_at = None
    return deed(by, "round.reopened", "round", row.id, at=at, plan_id=row.plan_id, name=row.name)
