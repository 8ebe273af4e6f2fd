"""Bonus and penalty rules (加减分规则): versioned data; a version is never changed, only followed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from tracker.actor import Actor
from tracker.db import Points, UtcDateTime, serialise, word
from tracker.errors import AlreadyDone, InputError
from tracker.events import Event, deed
from tracker.scoring.award import plain, points_of_words
from tracker.text import clean_line

MOST = Decimal(100)
LEAST_ITEMS = 3
MOST_LEAST = 1000


class RuleKind(StrEnum):
    """What is counted; praise adds, the others take off."""

    LATE = "late"
    RETURNED = "returned"
    EXTENDED = "extended"
    POOR_COOPERATION = "poor_cooperation"
    PRAISED = "praised"

    @property
    def sign(self) -> int:
        """+1 for a bonus, -1 for a penalty."""
        return 1 if self == RuleKind.PRAISED else -1


class RuleSet(SQLModel, table=True):
    """One version. `least_items`: who has fewer scored items is listed apart, without a rank."""

    __tablename__ = "rule_set"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    version: int = Field(unique=True)
    valid_from: date
    least_items: int = LEAST_ITEMS
    note: str = ""
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")


class Rule(SQLModel, table=True):
    """Points for each time, at most `cap` in one ranking; no cap is None."""

    __tablename__ = "rule"

    rule_set_id: int = Field(foreign_key="rule_set.id", primary_key=True, ondelete="CASCADE")
    kind: RuleKind = Field(sa_type=word(RuleKind), primary_key=True)
    points: Decimal = Field(sa_type=Points)
    cap: Decimal | None = Field(default=None, sa_type=Points)


@dataclass(frozen=True)
class Terms:
    """A rule set as numbers: (points each, cap) by kind. Version 0 is no rules at all."""

    version: int
    least_items: int
    each: Mapping[RuleKind, tuple[Decimal, Decimal | None]]
    rule_set_id: int | None = None
    valid_from: date | None = None

    def worth(self, kind: RuleKind, times: int) -> Decimal:
        """What so many times come to: positive for a bonus, negative for a penalty."""
        points, cap = self.each.get(kind, (Decimal(0), None))
        total = points * times
        return kind.sign * (total if cap is None else min(total, cap))


NO_RULES = Terms(0, LEAST_ITEMS, {})


def in_force(session: Session, on: date) -> Terms:
    """The newest version that was valid on the day; NO_RULES before the first."""
    wanted = select(RuleSet).where(col(RuleSet.valid_from) <= on)
    found = session.exec(wanted.order_by(col(RuleSet.version).desc()).limit(1)).first()
    return terms_of(session, found) if found else NO_RULES


def terms_of(session: Session, row: RuleSet) -> Terms:
    """The numbers of one version."""
    rules = session.exec(select(Rule).where(Rule.rule_set_id == row.id))
    each = {rule.kind: (rule.points, rule.cap) for rule in rules}
    return Terms(row.version, row.least_items, each, row.id, row.valid_from)


def terms_of_words(form: Mapping[str, str]) -> Terms:
    """What a form says: `late`, `late_cap`, …, `least`. An empty number of points is nothing, an
    empty cap is no cap. Raises InputError naming the field."""
    each = {}
    for kind in RuleKind:
        points = points_of_words(form.get(kind, "") or "0", most=MOST, field=kind)
        cap = form.get(f"{kind}_cap", "").strip()
        each[kind] = points, points_of_words(cap, most=MOST, field=f"{kind}_cap") if cap else None
    least = form.get("least", "").strip() or str(LEAST_ITEMS)
    if not (least.isascii() and least.isdecimal() and 1 <= int(least[:6]) <= MOST_LEAST):
        raise InputError(f"最少项数“{least[:10]}”不是 1 到 {MOST_LEAST} 的整数。", "least")
    return Terms(0, int(least), each)


def newest_version(session: Session) -> int:
    """The number of the last version; 0 before the first."""
    return session.exec(select(sa.func.coalesce(sa.func.max(col(RuleSet.version)), 0))).one()


def save(
    session: Session, terms: Terms, *, by: Actor, at: datetime, on: date, valid_from: date,
    note: str, seen: int,
) -> tuple[RuleSet, list[Rule], Event]:  # fmt: skip
    """A new version after the one the person had before her (`seen`); its rules want its id.

    Raises AlreadyDone when somebody saved one meanwhile, InputError for a day gone by: what was
    valid yesterday stays as it was.
    """
    by.require("rule.change")
    serialise(session, "rules")
    if newest_version(session) != seen:
        raise AlreadyDone("规则刚刚有人改过。请回到规则页，看过新的版本再改。")
    if valid_from < on:
        raise InputError("生效日期已经过去，请改为今天或以后的日期。", "valid_from")
    row = RuleSet(
        version=seen + 1, valid_from=valid_from, least_items=terms.least_items,
        note=clean_line(note, field="说明", longest=200), at=at, by=by.user_id,
    )  # fmt: skip
    rules = [
        Rule(rule_set_id=0, kind=kind, points=points, cap=cap)
        for kind, (points, cap) in terms.each.items()
    ]
    said: dict[str, Any] = {
        kind.value: plain(points) for kind, (points, _cap) in terms.each.items()
    }
    event = deed(by, "rules.saved", "rules", seen + 1, at=at, version=seen + 1, **said)
    return row, rules, event
