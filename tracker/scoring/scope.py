"""What a ranking looks at: a plan, one of its rounds or all of a time, a mode, a category."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col

from tracker.scoring.item import Item
from tracker.scoring.round import Round, RoundKind


@dataclass(frozen=True)
class Scope:
    """`since` and `until` are moments: rounds published and facts that happened between them count.
    Without a round, self-assessments are left out: nobody else looked at them."""

    plan_id: int
    round_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    mode: str | None = None
    section_id: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether bonus and penalty count: they are the department's, not a mode's or category's."""
        return self.mode is None and self.section_id is None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """What limits the items, in a query over Item and Round."""
        found: list[sa.ColumnElement[bool]] = [
            col(Round.plan_id) == self.plan_id,
            col(Round.published_at).is_not(None),
        ]
        if self.round_id is not None:
            found.append(col(Round.id) == self.round_id)
        else:
            found.append(col(Round.kind) != RoundKind.SELF_ASSESSMENT)
            found += _between(col(Round.published_at), self.since, self.until)
        if self.mode is not None:
            found.append(col(Item.mode) == self.mode)
        return found

    def during(self, moment: Any) -> list[sa.ColumnElement[bool]]:
        """The moment lies in the time looked at."""
        return _between(moment, self.since, self.until)


def _between(
    moment: Any, since: datetime | None, until: datetime | None
) -> list[sa.ColumnElement[bool]]:
    found = [] if since is None else [moment >= since]
    return found if until is None else [*found, moment <= until]


def of_round(row: Round, zone: str) -> Scope:
    """A published round: facts count from the day it opened to the moment it was published."""
    return Scope(row.plan_id, row.id, since=start_of(row.opened_on, zone), until=row.published_at)


def of_time(plan_id: int, since: date | None, until: date | None, zone: str) -> Scope:
    """All rounds of a plan published from one day to another, both included."""
    end = None if until is None else datetime.combine(until, time.max, ZoneInfo(zone))
    return Scope(plan_id, None, None if since is None else start_of(since, zone), end)


def start_of(day: date, zone: str) -> datetime:
    """The first moment of the office's day."""
    return datetime.combine(day, time.min, ZoneInfo(zone))
