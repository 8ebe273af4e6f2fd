"""The light (灯) of a piece of work on a day: computed, never stored."""

from datetime import date, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

SOON = timedelta(days=7)


class Light(StrEnum):
    """绿 normal, 黄 due soon, 红 overdue, 蓝 completed, 灰 no deadline."""

    NORMAL = "normal"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    COMPLETED = "completed"
    NONE = "none"


def light_of(*, done: bool, due_on: date | None, today: date) -> Light:
    """The light on a day: the deadline's own day still counts as due soon."""
    if done:
        return Light.COMPLETED
    if due_on is None:
        return Light.NONE
    if due_on < today:
        return Light.OVERDUE
    return Light.DUE_SOON if due_on <= today + SOON else Light.NORMAL


def light_column(
    done: Mapped[bool], due_on: Mapped[date | None], *, today: date
) -> sa.ColumnElement[str]:
    """The same rule for a row's columns, where the database looks or counts."""
    return sa.case(
        (done, Light.COMPLETED.value),
        (due_on.is_(None), Light.NONE.value),
        (due_on < today, Light.OVERDUE.value),
        (due_on <= today + SOON, Light.DUE_SOON.value),
        else_=Light.NORMAL.value,
    )
