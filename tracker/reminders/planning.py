"""Planning a day: the agenda becomes rows in the ledger and digests in the outbox.

Everything happens in the caller's transaction, so a crash leaves either all of it or nothing.
Planning the same day again plans nothing new: a step that a person was told is not fresh.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker import clock
from tracker.actor import COMMAND_LINE, Actor
from tracker.db import Database, serialise, upsert
from tracker.events import deed, keep
from tracker.failpoints import failpoint
from tracker.mail import outbox
from tracker.mail.message import Message
from tracker.reminders import agenda, calendar
from tracker.reminders.agenda import Agenda, Portion
from tracker.reminders.cancelling import DIGEST, Cancelled, cancel_stale, supersede
from tracker.reminders.reminder import Reminder, Rule
from tracker.settings import Settings


@dataclass(frozen=True)
class Part:
    """So many tasks that one recipient is reminded of anew under one rule."""

    recipient: str
    rule: Rule
    tasks: int
    department: str


@dataclass(frozen=True)
class Planned:
    """What one run planned anew. `unreachable` names departments nobody reads mail for;
    `warnings` are sentences on the working calendar."""

    on: date
    planned: tuple[Part, ...]
    cancelled: tuple[Cancelled, ...]
    unreachable: tuple[str, ...]
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The answer of `tracker remind --json`."""
        return {
            "on": self.on.isoformat(),
            "planned": [
                {"recipient": part.recipient, "rule": part.rule.value, "tasks": part.tasks}
                for part in self.planned
            ],
            "cancelled": [
                {"recipient": c.recipient, "rule": c.rule.value, "tasks": c.tasks,
                 "reason": c.reason}
                for c in self.cancelled
            ],
        }  # fmt: skip


def run(
    database: Database, settings: Settings, *, on: date, at: datetime, dry_run: bool = False,
    by: Actor = COMMAND_LINE,
) -> Planned:  # fmt: skip
    """Plan a day in a transaction of its own."""
    with database.reading() if dry_run else database.writing() as session:
        planned = plan_day(session, on=on, at=at, settings=settings, dry_run=dry_run, by=by)
    failpoint("planned-after-commit")
    return planned


def plan_day(
    session: Session, *, on: date, at: datetime, settings: Settings, dry_run: bool = False,
    by: Actor = COMMAND_LINE,
) -> Planned:  # fmt: skip
    """Plan what a day calls for, whether it is worked or not; the timetable asks first.

    Must be called in a writing session, unless `dry_run`, which writes nothing.
    """
    if not dry_run:
        serialise(session, "remind")
    today = clock.day_of(at, settings.timezone)
    cancelled = cancel_stale(session, held_on=max(on, today), at=at, dry_run=dry_run)
    found = agenda.of_day(session, on, calendar.load(session, on), today=today)
    fresh = [portion for portion in found.portions if portion.fresh]
    if fresh and not dry_run:
        _write(session, found, fresh, at, settings, by)
    failpoint("planned-before-commit")
    return Planned(
        on=on,
        planned=tuple(_parts(fresh)),
        cancelled=tuple(cancelled),
        unreachable=tuple(name for _, name in found.unreachable),
        warnings=tuple(found.warnings),
    )


def _parts(fresh: Iterable[Portion]) -> Iterable[Part]:
    for portion in fresh:
        counted = Counter(call.step.rule for call in portion.fresh)
        for rule, number in sorted(counted.items()):
            yield Part(portion.recipient.address, rule, number, portion.department)


def _write(
    session: Session, found: Agenda, fresh: list[Portion], at: datetime, settings: Settings,
    by: Actor,
) -> None:  # fmt: skip
    keys = _unused_keys(session, found.on, fresh)
    letters = [_letter(found, portion, keys[_pair(portion)], settings) for portion in fresh]
    posted = outbox.post(session, letters, sender=settings.mail_from, at=at)
    messages = {pair: posted[key] for pair, key in keys.items()}
    rows = [row for portion in fresh for row in _ledger(portion, messages[_pair(portion)], at)]
    _insert(session, rows)
    folded = supersede(session, messages, on=found.on)
    keep(session, deed(
        by, "reminders.planned", "reminder", None, at=at, on=found.on.isoformat(),
        digests=len(letters), reminders=len(rows), folded=folded,
        unreachable=[department_id for department_id, _ in found.unreachable],
    ))  # fmt: skip


def _pair(portion: Portion) -> tuple[int, int]:
    return portion.department_id, portion.recipient.user_id


def _unused_keys(
    session: Session, on: date, fresh: list[Portion]
) -> dict[tuple[int, int], str]:  # fmt: skip
    """One business key per digest; a second digest on one day is numbered."""
    keys = {pair: f"digest:{on}:{pair[0]}:{pair[1]}" for pair in map(_pair, fresh)}
    number = 1
    while used := _used(session, keys.values()):
        number += 1
        for pair in [pair for pair, key in keys.items() if key in used]:
            keys[pair] = f"digest:{on}:{pair[0]}:{pair[1]}:{number}"
    return keys


def _used(session: Session, keys: Iterable[str]) -> set[str]:
    query = sa.select(col(Message.business_key)).where(col(Message.business_key).in_(keys))
    return set(session.execute(query).scalars())


def _letter(found: Agenda, portion: Portion, key: str, settings: Settings) -> outbox.Letter:
    reader = portion.recipient
    contents = agenda.write(
        portion.listed, name=reader.name, on=found.on, calendar=found.calendar,
        address=settings.address, locale=reader.locale or settings.locale,
    )  # fmt: skip
    return outbox.Letter(
        key=key, kind=DIGEST, address=reader.address, contents=contents, day=found.on,
        user_id=reader.user_id, department_id=portion.department_id,
    )  # fmt: skip


def _ledger(portion: Portion, message_id: int, at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "assignment_id": call.work.assignment_id, "user_id": portion.recipient.user_id,
            "rule": call.step.rule, "deadline_version": call.work.deadline_version,
            "day": call.step.day, "due_on": call.work.due_on, "planned_at": at,
            "message_id": message_id, "cancelled_reason": "",
        }
        for call in portion.fresh
    ]  # fmt: skip


def _insert(session: Session, rows: list[dict[str, Any]]) -> None:
    """Write the ledger. A row of the same key lives again when it was cancelled (work that was
    reopened) or spoke of another deadline."""
    insert = upsert(session, Reminder)
    carried = ("message_id", "planned_at", "due_on", "cancelled_at", "cancelled_reason")
    statement = insert.on_conflict_do_update(
        index_elements=["assignment_id", "user_id", "rule", "deadline_version", "day"],
        set_={name: insert.excluded[name] for name in carried},
        where=sa.or_(
            col(Reminder.cancelled_at).is_not(None),
            col(Reminder.due_on) != insert.excluded.due_on,
        ),
    )
    session.connection().execute(statement, rows)
