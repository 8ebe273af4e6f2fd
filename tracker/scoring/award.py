"""An award (得分): points for one item, resting on the event that gave them.

Until the round is published an award may be changed; the event of the earlier one stays. Events of
awards carry no task before publication, so that no department's timeline tells of them.
"""

import re
import unicodedata
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from tracker.actor import Actor
from tracker.db import Points
from tracker.errors import AlreadyDone, Forbidden, InputError, StepRefused
from tracker.events import Event, deed, keep
from tracker.scoring.item import Item
from tracker.scoring.round import Round
from tracker.text import clean_text

_POINTS = re.compile(r"\d{1,6}(\.\d{1,2})?")


class Award(SQLModel, table=True):
    """Points one item earned; `event_id` is the deed it rests on."""

    __tablename__ = "award"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="score_item.id", unique=True, ondelete="CASCADE")
    event_id: int = Field(foreign_key="event.id")
    points: Decimal = Field(sa_type=Points)
    reason: str = Field(default="", sa_type=sa.Text)


def points_of_words(written: str, *, most: Decimal, field: str = "points") -> Decimal:
    """Points as people type them. Raises InputError outside 0 to `most` or beyond hundredths."""
    words = unicodedata.normalize("NFKC", written).strip()
    if not _POINTS.fullmatch(words) or Decimal(words) > most:
        raise InputError(
            f"分数“{written[:20]}”不对。请填 0 到 {plain(most)} 之间的数，最多两位小数。", field
        )
    return Decimal(words)


def plain(points: Decimal) -> str:
    """Points without needless zeros: 2.5, 4."""
    words = f"{points:f}"
    return words.rstrip("0").rstrip(".") if "." in words else words


def give(
    item: Item, row: Round, present: Award | None, *, by: Actor, at: datetime, points: Decimal,
    reason: str, seen: int | None,
) -> tuple[Award, Event]:  # fmt: skip
    """Award points to an item, or change an award; `seen` is the event of the award that the person
    had before her, so that of two reviewers one wins and the other is told.

    Raises Forbidden for another's part of the work, StepRefused once the round is closed,
    AlreadyDone when somebody was faster, InputError without the reason that a deduction needs.
    """
    by.require("scoring.award")
    row.refuse_unless_open()
    if by.is_office == row.is_self_assessed:
        raise Forbidden("自评由牵头单位自己打分。" if by.is_office else "这一轮由牵头办公室评分。")
    if not item.is_open:
        raise StepRefused("暗访项的得分在公布时由暗访结果算出，不能直接打分。")
    if (present.event_id if present else None) != seen:
        raise AlreadyDone("这一项刚刚有人打过分。请刷新页面，看过现在的得分再决定。")
    if not 0 <= points <= item.possible:
        raise InputError(f"得分应在 0 到 {plain(item.possible)} 之间。", "points")
    reason = clean_text(reason, field="评分理由", longest=2000)
    if not reason and (points < item.possible or present is not None):
        raise InputError("扣分或改分时请写明理由。", "reason")
    return _given(item, row, present, by, at, points, reason)


def _given(
    item: Item, row: Round, present: Award | None, by: Actor, at: datetime, points: Decimal,
    reason: str,
) -> tuple[Award, Event]:  # fmt: skip
    assert item.id is not None
    event = deed(
        by, "award.changed" if present else "award.given", "award", item.id, at=at,
        plan_id=row.plan_id, points=plain(points), possible=plain(item.possible), reason=reason,
        was=plain(present.points) if present else None, round=row.name,
    )  # fmt: skip
    award = present or Award(item_id=item.id, event_id=0, points=points)
    award.points, award.reason = points, reason
    return award, event


def keep_award(session: Session, award: Award, event: Event) -> None:
    """The event first, then the award that rests on it."""
    keep(session, event)
    assert event.id is not None
    award.event_id = event.id
    keep(session, award)
