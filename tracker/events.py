"""What happened: append-only, hash-chained, written in the transaction of the deed itself.

A verb makes an Event without knowing a database; `keep` adds it beside the verb's other rows and
seals it into the chain. Database triggers refuse changes (see migrations); `verify` finds them.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from tracker.actor import Actor
from tracker.db import UtcDateTime, is_sqlite, serialise
from tracker.failpoints import failpoint

FIRST = "0" * 64


class Event(SQLModel, table=True):
    """One deed: who (id and name at that time), as what, when, which verb, on what."""

    __tablename__ = "event"
    __table_args__ = (
        sa.Index("ix_event_subject", "subject", "subject_id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: int | None = None
    actor: str
    role: str
    verb: str
    subject: str
    subject_id: int | None = None
    plan_id: int | None = None
    task_id: int | None = Field(default=None, index=True)
    department_id: int | None = Field(default=None, index=True)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    previous: str = ""
    hash: str = Field(default="", unique=True)


def deed(
    by: Actor, verb: str, subject: str, subject_id: int | None, *, at: datetime,
    plan_id: int | None = None, task_id: int | None = None, department_id: int | None = None,
    **data: Any,
) -> Event:  # fmt: skip
    """An event not yet sealed. `data` holds what a reader of the history needs, as JSON."""
    return Event(
        at=at, actor_id=by.user_id, actor=by.name, role=by.acting_role, verb=verb,
        subject=subject, subject_id=subject_id, plan_id=plan_id, task_id=task_id,
        department_id=department_id, data=data,
    )  # fmt: skip


def seal(event: Event, previous: str) -> None:
    """Chain the event behind the one whose hash is `previous`."""
    event.previous = previous
    event.hash = _digest(event)


def _digest(event: Event) -> str:
    body = [
        event.previous, event.at.isoformat(), event.actor_id, event.actor, event.role, event.verb,
        event.subject, event.subject_id, event.plan_id, event.task_id, event.department_id,
        event.data,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def keep(session: Session, *rows: SQLModel) -> None:
    """Add rows; ids are given first, then every Event among them is sealed in order."""
    events = [row for row in rows if isinstance(row, Event)]
    session.add_all([row for row in rows if not isinstance(row, Event)])
    session.flush()
    if not events:
        return
    failpoint("keep-before-event")
    serialise(session, "event-chain")
    previous = _last_hash(session)
    for event in events:
        seal(event, previous)
        previous = event.hash
    session.add_all(events)
    session.flush()  # numbers are given in the order of adding, which is the chain's
    failpoint("keep-after-event")


def _last_hash(session: Session) -> str:
    last = session.exec(select(Event.hash).order_by(col(Event.id).desc()).limit(1)).first()
    return last or FIRST


def verify(session: Session) -> list[str]:
    """One sentence for every broken link; empty when the history is whole as far as can be told.

    The chain shows a change anywhere and a removal of what others follow. The last ones removed
    leave no link behind: SQLite remembers the highest number it gave; PostgreSQL's numbers also
    grow by what was rolled back and say nothing.
    """
    broken, previous, last = [], FIRST, 0
    events: Iterable[Event] = session.exec(
        select(Event).order_by(col(Event.id)).execution_options(yield_per=1000)
    )
    for event in events:
        if event.previous != previous or event.hash != _digest(event):
            broken.append(f"事件 {event.id} 与前一条对不上：记录被改动或被删除过。")
        previous, last = event.hash, event.id or 0
    if is_sqlite(session) and _numbers_given(session) > last:
        broken.append(f"事件 {last} 之后还有过记录：最后的记录被删除过。")
    return broken


def _numbers_given(session: Session) -> int:
    """The highest id that SQLite ever gave an event; a rolled-back one is given again."""
    given = sa.text("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'event'")
    return int(session.execute(given).scalar_one())
