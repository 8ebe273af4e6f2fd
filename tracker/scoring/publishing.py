"""Publishing a round (公布): covert items get their points, findings become rectification tasks, and
departments may see it all; one transaction.

Covert points: what the item can earn (or what a reviewer awarded, where the row's points are of
both modes together) minus the points off of all findings of all visits, not below nothing. An item
nobody visited stays without points and is not counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.actor import Actor
from tracker.errors import AlreadyDone, InputError, StepRefused
from tracker.events import Event, deed, keep
from tracker.failpoints import failpoint
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.scoring import rectification
from tracker.scoring.award import Award, plain
from tracker.scoring.finding import Finding, points_left
from tracker.scoring.item import Item
from tracker.scoring.round import Round, RoundState


@dataclass(frozen=True)
class Published:
    """How many items have points now, and how many tasks of rectification there are."""

    awards: int
    tasks: int


@dataclass
class Scored:
    """An item with what it came to. `off` is None where no finding counts."""

    item: Item
    award: Award | None
    findings: int
    off: Decimal
    lead_id: int | None

    @property
    def is_visited(self) -> bool:
        """Whether findings decide."""
        return self.item.is_covert and self.findings > 0

    @property
    def points(self) -> Decimal:
        """What the item earned."""
        base = self.award.points if self.award else self.item.possible
        return points_left(base, self.off) if self.is_visited else base


def publish(
    session: Session, row: Round, plan: Plan, *, by: Actor, at: datetime, on: date,
    rectify_by: date | None, own: Mapping[int, date] | None = None,
) -> Published:  # fmt: skip
    """Publish the round, whose row is held; `own` are the days of findings that are to be put right
    on another day than the rest. Raises AlreadyDone the second time, StepRefused before
    the scoring has ended, InputError without a day for the rectification where there is some."""
    by.require("round.publish")
    if row.state == RoundState.PUBLISHED:
        raise AlreadyDone(f"“{row.name}”已经公布。")
    if row.state == RoundState.OPEN:
        raise StepRefused("请先结束评分，再公布。")
    found = rectification.found_wanting(session, row)
    own = own or {}
    _refuse_day(rectify_by, on=on, wanted=any(finding.id not in own for finding, _task in found))
    for ident, day in own.items():
        _refuse_day(day, on=on, wanted=True, field=f"rectify_by-{ident}")
    row.published_at, row.published_on, row.published_by = at, on, by.user_id
    events: list[Event] = []
    if found:
        days = [own.get(finding.id or 0, rectify_by) for finding, _task in found]
        made, events = rectification.issue(session, row, plan, found, days, by=by, at=at, on=on)
        row.rectify_by, row.rectification_plan_id = rectify_by, made.id
        failpoint("publish-rectification")
    scored = _scored(session, row)
    _award(session, row, scored, by=by, at=at)
    failpoint("publish-awards")
    end = deed(
        by, "round.published", "round", row.id, at=at, plan_id=row.plan_id, name=row.name,
        awards=len(scored), rectifications=len(found),
    )  # fmt: skip
    keep(session, row, *events, end)
    failpoint("publish-before-commit")
    return Published(len(scored), len(found))


def _refuse_day(day: date | None, *, on: date, wanted: bool, field: str = "rectify_by") -> None:
    if wanted and day is None:
        raise InputError("暗访发现了问题。请填写整改时限。", field)
    if day is not None and day < on:
        raise InputError("整改时限已经过去，请改为今天或以后的日期。", field)


def _scored(session: Session, row: Round) -> list[Scored]:
    """The items that have points: awarded, or visited; in the plan's order."""
    seen = (
        sa.select(
            col(Finding.item_id), sa.func.count().label("findings"),
            sa.func.sum(col(Finding.points_off)).label("off"),
        )
        .group_by(col(Finding.item_id))
        .subquery()
    )  # fmt: skip
    lead = (
        sa.select(sa.func.min(col(Assignment.id)).label("id"), col(Assignment.task_id))
        .where(
            col(Assignment.role) == AssignmentRole.LEAD,
            col(Assignment.state) != AssignmentState.WITHDRAWN,
        )
        .group_by(col(Assignment.task_id))
        .subquery()
    )
    rows = session.execute(
        sa.select(Item, Award, seen.c.findings, seen.c.off, col(Assignment.department_id))
        .join(Task, col(Task.id) == Item.task_id)
        .join(Award, col(Award.item_id) == Item.id, isouter=True)
        .join(seen, seen.c.item_id == Item.id, isouter=True)
        .join(lead, lead.c.task_id == Item.task_id, isouter=True)
        .join(Assignment, col(Assignment.id) == lead.c.id, isouter=True)
        .where(
            col(Item.round_id) == row.id,
            col(Task.withdrawn_on).is_(None),
            sa.or_(col(Award.id).is_not(None), seen.c.findings.is_not(None)),
        )
        .order_by(col(Item.id))
    )
    return [
        Scored(item, award, findings or 0, off or Decimal(0), lead_id)
        for item, award, findings, off, lead_id in rows
    ]


def _award(
    session: Session, row: Round, scored: Sequence[Scored], *, by: Actor, at: datetime
) -> None:
    """The timelines tell each item's points; what findings decided rests on that event."""
    events = [_told(one, row, by=by, at=at) for one in scored]
    keep(session, *events)
    for one, event in zip(scored, events, strict=True):
        if one.is_visited:
            award = one.award or Award(item_id=one.item.id or 0, event_id=0, points=Decimal(0))
            award.points, award.event_id = one.points, event.id or 0
            award.reason = "；".join(filter(None, (award.reason, _why(one))))
            session.add(award)
    session.flush()


def _why(one: Scored) -> str:
    return f"暗访扣 {plain(one.off)} 分" if one.off else "暗访未发现问题"


def _told(one: Scored, row: Round, *, by: Actor, at: datetime) -> Event:
    return deed(
        by, "award.published", "item", one.item.id, at=at, plan_id=row.plan_id,
        task_id=one.item.task_id, department_id=one.lead_id, round=row.name, mode=one.item.mode,
        points=plain(one.points), possible=plain(one.item.possible),
        off=plain(one.off) if one.is_visited else None,
    )  # fmt: skip
