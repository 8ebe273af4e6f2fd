"""What a day calls for, computed and not written: who is told what, and why.

Planning writes it down, the preview page shows it, so the two cannot differ.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlmodel import Session

from tracker.mail import catalogue
from tracker.mail.outbox import Contents
from tracker.mail.recipients import Recipient, by_department
from tracker.reminders import standing
from tracker.reminders.calendar import WorkingCalendar
from tracker.reminders.rules import Step, horizon, oldest, step_on
from tracker.reminders.standing import Standing, Told


@dataclass(frozen=True)
class Call:
    """One piece of work standing on a step."""

    work: Standing
    step: Step


@dataclass(frozen=True)
class Portion:
    """One person's part of one department's digest.

    `listed` is everything the department has overdue or due soon; `fresh` those whose step this
    person has not been told yet. A digest goes out when there is something fresh.
    """

    recipient: Recipient
    department_id: int
    department: str
    listed: tuple[Call, ...]
    fresh: tuple[Call, ...]


@dataclass(frozen=True)
class Agenda:
    """All portions of a day, and the departments (id and name) that nobody reads mail for."""

    on: date
    calendar: WorkingCalendar
    portions: tuple[Portion, ...]
    unreachable: tuple[tuple[int, str], ...]

    @property
    def warnings(self) -> list[str]:
        """What the reader of the result must know about the working calendar."""
        return self.calendar.warnings(self.on, horizon(self.on, self.calendar))


def of_day(session: Session, on: date, calendar: WorkingCalendar, *, today: date) -> Agenda:
    """The agenda of a day, from the present state of the work; three queries in all.

    For a day gone by, `today` says who reads the mail: those in post now, who will receive it.
    """
    until = horizon(on, calendar)
    calls = _by_department(standing.find(session, until=until), on, calendar)
    readers = by_department(session, max(on, today))
    said = standing.last_said(session, since=oldest(on))
    portions = tuple(
        _portion(recipient, listed, said)
        for department_id, listed in calls.items()
        for recipient in readers.get(department_id, ())
    )
    unreachable = tuple(
        (department_id, listed[0].work.department)
        for department_id, listed in calls.items()
        if department_id not in readers
    )
    return Agenda(on, calendar, portions, unreachable)


def _by_department(
    work: Iterable[Standing], on: date, calendar: WorkingCalendar
) -> dict[int, tuple[Call, ...]]:
    step_for = cache(lambda due_on: step_on(on, due_on, calendar))
    found: dict[int, list[Call]] = {}
    for row in work:
        if step := step_for(row.due_on):
            found.setdefault(row.department_id, []).append(Call(row, step))
    return {department_id: tuple(calls) for department_id, calls in sorted(found.items())}


def _portion(
    recipient: Recipient, listed: tuple[Call, ...], said: dict[Told, date]
) -> Portion:  # fmt: skip
    fresh = tuple(
        call
        for call in listed
        if said.get(told(call.work, recipient.user_id), date.min) < call.step.day
    )
    work = listed[0].work
    return Portion(recipient, work.department_id, work.department, listed, fresh)


def told(work: Standing, user_id: int) -> Told:
    """The ledger's key for what this person may have been told of this deadline."""
    return work.assignment_id, user_id, work.deadline_version, work.due_on


def department_calls(
    session: Session, department_id: int, on: date, calendar: WorkingCalendar
) -> tuple[Call, ...]:
    """What one department has overdue or due soon on a day."""
    work = standing.find(session, until=horizon(on, calendar), department_id=department_id)
    return _by_department(work, on, calendar).get(department_id, ())


def write(
    calls: Iterable[Call], *, name: str, on: date, calendar: WorkingCalendar, address: str,
    locale: str,
) -> Contents:  # fmt: skip
    """The digest of at least one call, in words."""
    listed = list(calls)
    rows = [
        catalogue.Row(
            task_id=call.work.task_id, number=call.work.number, text=call.work.text,
            role=call.work.role.value, due_on=call.work.due_on,
            workdays_left=calendar.workdays_left(on, call.work.due_on), wanted=call.work.wanted,
        )
        for call in listed
    ]  # fmt: skip
    return catalogue.digest(
        rows, name=name, department=listed[0].work.department, on=on, address=address,
        locale=locale,
    )  # fmt: skip
