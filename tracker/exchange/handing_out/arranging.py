"""Arranging a hand-out: the rows that say who gets a copy; the copies are made afterwards."""

from collections.abc import Collection
from datetime import date, datetime

from sqlmodel import Session, SQLModel, select

from tracker.actor import Actor
from tracker.db import serialise
from tracker.errors import InputError, SentTwice
from tracker.events import Event, deed, keep
from tracker.exchange.export import Layout
from tracker.exchange.handing_out.audience import NOBODY, Reached, audience
from tracker.exchange.handing_out.hand_out import HandOut, HandOutCopy, Means
from tracker.plans.archive import refuse_archived
from tracker.plans.plan import Plan


def hand_out(
    session: Session, plan: Plan, chosen: Collection[int], *, layout: Layout, back_by: date | None,
    key: str, by: Actor, at: datetime, on: date,
) -> tuple[HandOut, list[Reached]]:  # fmt: skip
    """Write down who gets a copy by mail; the copies are made afterwards, one by one.

    Departments with open work and nobody to write to are written down with that reason. Raises
    SentTwice when this very form came before, InputError without anybody to write to or with a day
    that is past, StepRefused for a plan in the archive.
    """
    by.require("plan.hand_out")
    assert plan.id is not None
    serialise(session, "hand-out")
    _check(session, key, back_by, on)
    refuse_archived(session, plan.id)
    reached = [
        one
        for one in audience(session, plan.id, on=on)
        if (one.department.id in chosen if one.readers else one.open)
    ]
    if not any(one.readers for one in reached):
        raise InputError("请至少选择一个有人可收邮件的单位。", "department")
    found = HandOut(
        key=key, plan_id=plan.id, means=Means.MAIL, layout=layout, back_by=back_by, at=at,
        by=by.user_id,
    )  # fmt: skip
    keep(session, found)
    written = sum(bool(one.readers) for one in reached)
    keep(session, *_copies(found, reached, at), handed_out(found, written, by=by, at=at))
    return found, reached


def _check(session: Session, key: str, back_by: date | None, on: date) -> None:
    if session.exec(select(HandOut.id).where(HandOut.key == key)).first() is not None:
        raise SentTwice("这次分发已经安排，没有重复发送。")
    if back_by is not None and back_by < on:
        raise InputError("交回日期已经过去，请选今天或以后的日期。", "back_by")


def _copies(found: HandOut, reached: list[Reached], at: datetime) -> list[SQLModel]:
    return [
        HandOutCopy(
            hand_out_id=found.id or 0, department_id=one.department.id or 0,
            made_at=None if one.readers else at, reason="" if one.readers else NOBODY,
        )
        for one in reached
    ]  # fmt: skip


def handed_out(found: HandOut, departments: int, *, by: Actor, at: datetime) -> Event:
    """The event of a hand-out."""
    return deed(
        by, "plan.handed_out", "plan", found.plan_id, at=at, plan_id=found.plan_id,
        means=found.means.value, layout=found.layout.value, departments=departments,
        back_by=found.back_by.isoformat() if found.back_by else None,
    )  # fmt: skip


def remember(
    session: Session, plan_id: int, layout: Layout, departments: int, *, key: str, by: Actor,
    at: datetime,
) -> HandOut:  # fmt: skip
    """The hand-out as one zip, written down with the first of its copies that is made."""
    known = session.exec(select(HandOut).where(HandOut.key == key)).first()
    if known is not None:
        return known
    found = HandOut(key=key, plan_id=plan_id, means=Means.ZIP, layout=layout, at=at, by=by.user_id)
    keep(session, found)
    keep(session, handed_out(found, departments, by=by, at=at))
    return found
