"""A frozen ranking (定格): the figures of a published ranking as they were, with the rules' version
and every point behind them; what changes later leaves it alone."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from tracker.actor import Actor
from tracker.db import Points, UtcDateTime
from tracker.errors import AlreadyDone, InputError, StepRefused
from tracker.events import Event, deed, keep
from tracker.failpoints import failpoint
from tracker.scoring import facts, points
from tracker.scoring.ranking import Line, Ranking
from tracker.scoring.rules import RuleKind
from tracker.scoring.scope import Scope
from tracker.text import clean_line

AWARD = "award"
LABEL = 80


class FrozenRanking(SQLModel, table=True):
    """`since` and `until` bound what was counted; `frozen_by_name` is the name at that time."""

    __tablename__ = "frozen_ranking"
    __table_args__ = (sa.UniqueConstraint("plan_id", "name"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    round_id: int | None = Field(default=None, foreign_key="scoring_round.id")
    name: str
    since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    rule_version: int
    rule_set_id: int | None = Field(default=None, foreign_key="rule_set.id")
    least_items: int
    frozen_at: datetime = Field(sa_type=UtcDateTime)
    frozen_by: int | None = Field(default=None, foreign_key="user.id")
    frozen_by_name: str


class FrozenLine(SQLModel, table=True):
    """A department's figures; without a rank where it had too few items."""

    __tablename__ = "frozen_line"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    ranking_id: int = Field(foreign_key="frozen_ranking.id", index=True, ondelete="CASCADE")
    department_id: int = Field(foreign_key="department.id")
    name: str
    rank: int | None = None
    earned: Decimal = Field(sa_type=Points)
    possible: Decimal = Field(sa_type=Points)
    items: int
    bonus: Decimal = Field(sa_type=Points)
    penalty: Decimal = Field(sa_type=Points)
    rate: Decimal = Field(sa_type=Points)
    score: Decimal = Field(sa_type=Points)


class FrozenPoint(SQLModel, table=True):
    """One point behind a line: an award, or a fact under a rule (`kind` is the rule's word, `points`
    what the rule gives each time, before its cap)."""

    __tablename__ = "frozen_point"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="frozen_line.id", index=True, ondelete="CASCADE")
    kind: str
    event_id: int = Field(foreign_key="event.id")
    item_id: int | None = Field(
        default=None, foreign_key="score_item.id", ondelete="SET NULL", index=True
    )
    task_id: int | None = Field(
        default=None, foreign_key="task.id", ondelete="SET NULL", index=True
    )
    label: str = ""
    mode: str = ""
    points: Decimal = Field(sa_type=Points)
    possible: Decimal | None = Field(default=None, sa_type=Points)
    reason: str = Field(default="", sa_type=sa.Text)


def freeze(
    session: Session, scope: Scope, ranked: Ranking, *, name: str, by: Actor, at: datetime
) -> FrozenRanking:
    """Keep the ranking as it is. Raises InputError without a name, StepRefused when there is nothing
    to keep, AlreadyDone when the plan has a frozen ranking of that name."""
    by.require("ranking.freeze")
    name = clean_line(name, field="名称", longest=60)
    if not name:
        raise InputError("请给定格的排名起个名称，例如“第一季度”。", "name")
    if not ranked.lines and not ranked.apart:
        raise StepRefused("这个范围还没有公布的得分，没有可以定格的排名。")
    same = select(FrozenRanking.id).where(
        FrozenRanking.plan_id == scope.plan_id, FrozenRanking.name == name
    )
    if session.exec(same).first() is not None:
        raise AlreadyDone(f"“{name}”已经定格。换个名称才能再定格一次。")
    row = FrozenRanking(
        plan_id=scope.plan_id, round_id=scope.round_id, name=name, since=scope.since,
        until=scope.until or at, rule_version=ranked.terms.version,
        rule_set_id=ranked.terms.rule_set_id, least_items=ranked.terms.least_items, frozen_at=at,
        frozen_by=by.user_id, frozen_by_name=by.name,
    )  # fmt: skip
    keep(session, row)
    for line in (*ranked.lines, *ranked.apart):
        _freeze_line(session, row, scope, line, ranked)
    failpoint("freeze-before-event")
    keep(session, _told(row, by=by, at=at))
    return row


def _freeze_line(
    session: Session, row: FrozenRanking, scope: Scope, line: Line, ranked: Ranking
) -> None:
    kept = FrozenLine(
        ranking_id=row.id or 0, department_id=int(line.key), name=line.name, rank=line.rank,
        earned=line.earned, possible=line.possible, items=line.items, bonus=line.bonus,
        penalty=line.penalty, rate=line.rate, score=line.score,
    )  # fmt: skip
    keep(session, kept)
    awards = session.execute(points.points(scope, int(line.key)))
    named: list[Any] = facts.listed(session, scope, int(line.key)) if scope.is_whole else []
    keep(
        session,
        *(_of_award(kept, one) for one in awards),
        *(_of_fact(kept, RuleKind(kind), task_id, event, ranked) for kind, task_id, event in named),
    )


def _of_award(line: FrozenLine, one: sa.Row[Any]) -> FrozenPoint:
    return FrozenPoint(
        line_id=line.id or 0, kind=AWARD, event_id=one.event_id, item_id=one.id, mode=one.mode,
        task_id=one.task_id, label=f"{one.number} {one.text}".strip()[:LABEL], points=one.points,
        possible=one.possible, reason=one.reason,
    )  # fmt: skip


def _of_fact(
    line: FrozenLine, kind: RuleKind, task_id: int | None, event: Event, ranked: Ranking
) -> FrozenPoint:
    return FrozenPoint(
        line_id=line.id or 0, kind=kind.value, event_id=event.id or 0, task_id=task_id,
        points=kind.sign * ranked.terms.each.get(kind, (Decimal(0), None))[0],
        reason=str(event.data.get("demand") or event.data.get("text") or "")[:500],
    )  # fmt: skip


def _told(row: FrozenRanking, *, by: Actor, at: datetime) -> Event:
    return deed(
        by, "ranking.frozen", "ranking", row.id, at=at, plan_id=row.plan_id, name=row.name,
        rule_version=row.rule_version,
    )  # fmt: skip


def lines_of(session: Session, row: FrozenRanking) -> list[FrozenLine]:
    """By rank; those without one last."""
    wanted = select(FrozenLine).where(FrozenLine.ranking_id == row.id)
    missing = col(FrozenLine.rank).is_(None)
    return list(session.exec(wanted.order_by(missing, col(FrozenLine.rank), col(FrozenLine.name))))
