"""Who gets what on a day, and why: what planning would write, beside what was already said."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.mail.message import Message, MessageState
from tracker.reminders import agenda, calendar
from tracker.reminders.agenda import Agenda, Call, Portion
from tracker.reminders.reminder import Reminder
from tracker.reminders.rules import oldest
from tracker.reminders.standing import Standing


class Said(StrEnum):
    """How far the reminder for this step has come."""

    NOT_YET = "not_yet"
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


BY_STATE = {
    MessageState.DUE: Said.WAITING,
    MessageState.SENDING: Said.WAITING,
    MessageState.SENT: Said.SENT,
    MessageState.FAILED: Said.FAILED,
}


@dataclass(frozen=True)
class Line:
    """One task for one person: the rule's reason in words, and whether it was said already."""

    work: Standing
    why: str
    said: Said


@dataclass(frozen=True)
class Preview:
    """One digest. `goes_out` is false when all of it was said before."""

    user_id: int
    person: str
    address: str
    department: str
    lines: tuple[Line, ...]
    goes_out: bool


@dataclass(frozen=True)
class Outlook:
    """The page: digests, departments nobody reads mail for, warnings, and whether it is worked."""

    on: date
    works: bool
    previews: tuple[Preview, ...]
    unreachable: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def letters(self) -> int:
        """How many digests go out."""
        return sum(preview.goes_out for preview in self.previews)

    @property
    def people(self) -> int:
        """How many people they go to: who serves two departments gets two."""
        return len({preview.user_id for preview in self.previews if preview.goes_out})


def who_gets_what(session: Session, on: date, *, today: date) -> Outlook:
    """What a day calls for as things stand today."""
    found = agenda.of_day(session, on, calendar.load(session, on), today=today)
    states = _states(session, found)
    return Outlook(
        on=on,
        works=found.calendar.works(on),
        previews=tuple(_preview(portion, states) for portion in found.portions),
        unreachable=tuple(name for _, name in found.unreachable),
        warnings=tuple(found.warnings),
    )


def _preview(portion: Portion, states: dict[tuple[int, int], Said]) -> Preview:
    fresh = set(map(id, portion.fresh))
    user_id = portion.recipient.user_id
    return Preview(
        user_id=user_id,
        person=portion.recipient.name,
        address=portion.recipient.address,
        department=portion.department,
        lines=tuple(_line(call, id(call) in fresh, user_id, states) for call in portion.listed),
        goes_out=bool(fresh),
    )


def _line(call: Call, fresh: bool, user_id: int, states: dict[tuple[int, int], Said]) -> Line:
    known = states.get((call.work.assignment_id, user_id), Said.WAITING)
    return Line(call.work, call.step.why, Said.NOT_YET if fresh else known)


def _states(session: Session, found: Agenda) -> dict[tuple[int, int], Said]:
    """What became of the last reminder of each assignment and person of the day."""
    people = {portion.recipient.user_id for portion in found.portions}
    rows = session.execute(
        sa.select(col(Reminder.assignment_id), col(Reminder.user_id), col(Message.state))
        .join(Message, col(Reminder.message_id) == col(Message.id))
        .where(
            col(Reminder.user_id).in_(people),
            col(Reminder.day) >= oldest(found.on),
            col(Reminder.cancelled_at).is_(None),
        )
        .order_by(col(Reminder.day))
    )
    return {
        (assignment_id, user_id): BY_STATE[MessageState(state)]
        for assignment_id, user_id, state in rows
        if MessageState(state) in BY_STATE
    }
