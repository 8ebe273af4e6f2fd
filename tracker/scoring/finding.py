"""A finding (暗访发现): what an inspector saw at one item: place, time, words, photos, points off.

The inspector's device makes a key for each finding before it is sent; the same key sent again is
the same finding, so a resend after a dropped connection never doubles.
"""

import re
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.actor import Actor
from tracker.db import Points, UtcDateTime
from tracker.errors import InputError, StepRefused
from tracker.events import Event, deed
from tracker.scoring.award import plain
from tracker.scoring.item import Item
from tracker.scoring.round import Round
from tracker.scoring.visit import Visit
from tracker.text import clean_line, clean_text

_KEY = re.compile(r"[0-9a-f]{32}")


class Finding(SQLModel, table=True):
    """`key` was made by the inspector's device. `is_clear`: looked at, nothing found (合格).
    `seen_at` is the moment on site, `recorded_at` when it reached us."""

    __tablename__ = "finding"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    visit_id: int = Field(foreign_key="visit.id", index=True)
    item_id: int = Field(foreign_key="score_item.id", index=True, ondelete="CASCADE")
    is_clear: bool
    points_off: Decimal = Field(sa_type=Points)
    text: str = Field(default="", sa_type=sa.Text)
    place: str = ""
    seen_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class FindingPhoto(SQLModel, table=True):
    """A photo of a finding, in the order taken; see scoring.photo for what is kept of it."""

    __tablename__ = "finding_photo"
    __table_args__ = (sa.UniqueConstraint("finding_id", "number"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    finding_id: int = Field(foreign_key="finding.id", ondelete="CASCADE")
    number: int
    file_id: int = Field(foreign_key="stored_file.id")


def key_of_words(written: str) -> str:
    """The key as the device made it: 32 hexadecimal digits. Raises InputError."""
    if not _KEY.fullmatch(written):
        raise InputError("这条结果没有编号，没有写入。请刷新页面后再提交。", "key")
    return written


def record(
    visit: Visit, row: Round, item: Item, *, by: Actor, at: datetime, key: str, is_clear: bool,
    seen_at: datetime, points_off: Decimal = Decimal(0), text: str = "", place: str = "",
) -> tuple[Finding, Event]:  # fmt: skip
    """Write down what was seen. Raises StepRefused when the visit was called off or the round ended,
    InputError when a deduction says nothing of what was wrong or takes nothing off."""
    by.require("visit.record")
    row.refuse_unless_open()
    if visit.cancelled_at is not None:
        raise StepRefused("这次暗访已经取消，结果没有写入。请与牵头办公室联系。")
    text, place = clean_text(text, field="发现的问题"), clean_line(place, field="地点", longest=200)
    if not is_clear and not text:
        raise InputError("请写明发现了什么问题。", "text")
    if not is_clear and not 0 < points_off <= item.possible:
        raise InputError(f"扣分应大于 0，不超过 {plain(item.possible)} 分。", "points_off")
    assert visit.id is not None and item.id is not None
    finding = Finding(
        key=key, visit_id=visit.id, item_id=item.id, is_clear=is_clear, place=place,
        text="" if is_clear else text,
        points_off=Decimal(0) if is_clear else points_off, seen_at=min(seen_at, at), recorded_at=at,
    )  # fmt: skip
    return finding, deed(
        by, "finding.recorded", "finding", None, at=at, plan_id=row.plan_id, key=key,
        item=item.id, visit=visit.id, points_off=plain(finding.points_off),
    )  # fmt: skip


def points_left(base: Decimal, off: Decimal) -> Decimal:
    """Deductions of all visits add up until nothing is left (扣完为止)."""
    return max(base - off, Decimal(0))
