"""A task's numeric target (目标): what is measured, in which unit, and how much of it is wanted.

The office sets it, mostly by confirming what `importers/target.py` reads in the task's words; a
later one ends it, and every one is kept.
"""

import re
import unicodedata
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from importers.target import Proposal
from tracker.actor import Actor
from tracker.db import Amount, UtcDateTime, word
from tracker.errors import InputError
from tracker.events import Event, deed
from tracker.plans.task import Task
from tracker.text import clean_line

MOST = Decimal(10) ** 12
DECIMALS = 4
_SCALES = {"": 1, "十": 10, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7,
           "亿": 10**8, "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12}  # fmt: skip
_WRITTEN = re.compile(r"(?P<number>-?\d{1,13}(?:\.\d{1,9})?)(?P<unit>.{0,20})")
_UNIT = re.compile(r"(?P<scale>[十百千]?[万亿]{0,2}|[十百千])(?P<base>.*)")
_SAME = {"％": "%", "百分点": "个百分点", "人民币": "元"}


class Relation(StrEnum):
    """不少于, 不超过, 等于."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EXACTLY = "exactly"


class Target(SQLModel, table=True):
    """In force while `ended_at` is empty; a task has at most one in force."""

    __tablename__ = "target"
    __table_args__ = (
        sa.Index(
            "uq_target_in_force", "task_id", unique=True,
            sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True, ondelete="CASCADE")
    relation: Relation = Field(sa_type=word(Relation))
    value: Decimal = Field(sa_type=Amount)
    unit: str = ""
    measured: str = ""
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    def met_by(self, value: Decimal) -> bool:
        """Whether a value in the target's unit is what is wanted."""
        if self.relation == Relation.AT_MOST:
            return value <= self.value
        return value == self.value if self.relation == Relation.EXACTLY else value >= self.value


def in_force(session: Session, task_id: int) -> Target | None:
    """The task's target now."""
    wanted = select(Target).where(Target.task_id == task_id, col(Target.ended_at).is_(None))
    return session.exec(wanted).first()


def set_target(
    task: Task, former: Target | None, *, by: Actor, at: datetime, relation: Relation,
    value: Decimal, unit: str, measured: str,
) -> tuple[Target, Event]:  # fmt: skip
    """Say what is wanted, ending the target before. Raises InputError for a value that cannot be
    kept."""
    by.require("target.set")
    _end(former, at)
    assert task.id is not None
    row = Target(
        task_id=task.id, relation=relation, value=_kept(value), at=at, by=by.user_id,
        unit=unit_of(unit), measured=clean_line(measured, field="衡量内容", longest=60),
    )  # fmt: skip
    return row, deed(
        by, "target.set", "task", task.id, at=at, plan_id=task.plan_id, task_id=task.id,
        relation=row.relation.value, value=shown(row.value), unit=row.unit, measured=row.measured,
    )  # fmt: skip


def remove_target(task: Task, former: Target, *, by: Actor, at: datetime) -> Event:
    """The task has no target any more; what was reported against it stays."""
    by.require("target.set")
    _end(former, at)
    return deed(
        by, "target.removed", "task", task.id, at=at, plan_id=task.plan_id, task_id=task.id,
        relation=former.relation.value, value=shown(former.value), unit=former.unit,
    )  # fmt: skip


def _end(former: Target | None, at: datetime) -> None:
    if former is not None:
        former.ended_at = at


def is_same(target: Target | None, proposal: Proposal) -> bool:
    """Whether the target in force says what the words say."""
    return target is not None and (target.relation, target.value, target.unit) == (
        proposal.relation, proposal.value, unit_of(proposal.unit),
    )  # fmt: skip


def unit_of(written: str) -> str:
    """One line, one width, with the field's usual word."""
    plain = clean_line(unicodedata.normalize("NFKC", written), field="单位", longest=20)
    return _SAME.get(plain, plain)


def amount(written: str, unit: str, *, field: str = "value") -> Decimal:
    """A value as people write it (98, 98%, 1.2万, 1,200 个, 1.5亿元) in the target's unit.

    Raises InputError where it is no number, in another unit, or too large or too fine to keep.
    """
    plain = "".join(unicodedata.normalize("NFKC", written).split()).replace(",", "")
    found = _WRITTEN.fullmatch(plain)
    if found is None:
        raise InputError(f"“{written[:20]}”不是数值。请填数字，例如 98 或 1.2万。", field)
    value, said = Decimal(found["number"]), unit_of(found["unit"])
    return _kept(value * _factor(said, unit, field), field)


def _factor(said: str, unit: str, field: str) -> Decimal:
    """What a value in the unit that was written is multiplied by to be in the target's."""
    if not said or said == unit:
        return Decimal(1)
    (said_scale, said_base), (scale, base) = _parts(said), _parts(unit)
    if said_base not in ("", base):
        raise InputError(
            f"单位“{said}”和目标的单位“{unit or '（无）'}”不一致，请换算后再填。", field
        )
    # 1.2万 against 个 is 12000; against 万元 it is 1.2万元 and not 1.2万 times ten thousand
    return Decimal(_SCALES[said_scale]) / Decimal(_SCALES[scale])


def _parts(unit: str) -> tuple[str, str]:
    found = _UNIT.fullmatch(unit)
    if found is None or found["scale"] not in _SCALES:
        return "", unit
    return found["scale"], found["base"]


def _kept(value: Decimal, field: str = "value") -> Decimal:
    if abs(value) >= MOST or value != round(value, DECIMALS):
        raise InputError(f"数值太大，或小数超过 {DECIMALS} 位，请核对后再填。", field)
    return value


def shown(value: Decimal) -> str:
    """Without needless zeros."""
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
