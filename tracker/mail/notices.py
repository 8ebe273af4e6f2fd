"""Mail that a verb calls for: written into the outbox in the verb's own transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker.addresses import require_address
from tracker.directory.department import Department
from tracker.mail import catalogue, outbox
from tracker.mail.recipients import by_department
from tracker.plans.assignment import Assignment
from tracker.plans.task import Task
from tracker.settings import Settings

NOBODY = "该单位没有可收邮件的经办人或负责人，未发邮件。"


def returned(
    session: Session, *, review_id: int, assignment_id: int, task_id: int, number: str, text: str,
    department_id: int, department: str, demand: str, again_by: date | None, on: date,
    at: datetime, settings: Settings,
) -> str:  # fmt: skip
    """Tell a department's clerks that its completion was sent back with a demand.

    Empty when somebody was told, now or before; otherwise the reason why nobody was.
    """
    readers = by_department(session, on, [department_id]).get(department_id, [])
    letters = [
        outbox.Letter(
            key=f"returned:{review_id}:{reader.user_id}", kind="returned", day=on,
            address=reader.address, user_id=reader.user_id, department_id=department_id,
            parts=(assignment_id,),
            contents=catalogue.returned(
                name=reader.name, department=department, task_id=task_id, number=number,
                text=text, demand=demand, again_by=again_by, on=on, address=settings.address,
                locale=reader.locale or settings.locale,
            ),
        )
        for reader in readers
    ]  # fmt: skip
    outbox.post(session, letters, sender=settings.mail_from, at=at)
    return "" if letters else NOBODY


def kept_back(
    session: Session, what: str, request_id: int, part: Assignment, *, said: str, by: int | None,
    on: date, at: datetime, settings: Settings,
) -> None:  # fmt: skip
    """Tell a department's clerks that their head kept a request ("completion" or "extension") back
    with these words; `by` is the head, who knows."""
    readers = by_department(session, on, [part.department_id]).get(part.department_id, [])
    names, task = _names(session, [part.department_id]), session.get_one(Task, part.task_id)
    letters = [
        outbox.Letter(
            key=f"kept_back:{what}:{request_id}:{reader.user_id}", kind=f"{what}_kept_back", day=on,
            address=reader.address, user_id=reader.user_id, department_id=part.department_id,
            parts=(part.id or 0,),
            contents=catalogue.kept_back(
                name=reader.name, department=names[part.department_id], what=what,
                task_id=part.task_id, number=task.number, text=task.text, said=said, on=on,
                address=settings.address, locale=reader.locale or settings.locale,
            ),
        )
        for reader in readers
        if reader.user_id != by
    ]  # fmt: skip
    outbox.post(session, letters, sender=settings.mail_from, at=at)


@dataclass(frozen=True)
class Urging:
    """A department urged on some of its tasks, part by part; `key` tells this urging from every
    other."""

    key: str
    department_id: int
    said: str
    tasks: dict[int, catalogue.Named]


def urged(
    session: Session, urgings: Sequence[Urging], *, on: date, at: datetime, settings: Settings
) -> int:
    """One mail to each reader of each department; says how many departments have nobody to read it."""
    idents = [one.department_id for one in urgings]
    readers, names = by_department(session, on, idents), _names(session, idents)
    letters = [
        outbox.Letter(
            key=f"urged:{one.key}:{reader.user_id}", kind="urged", day=on, address=reader.address,
            user_id=reader.user_id, department_id=one.department_id, parts=tuple(one.tasks),
            contents=catalogue.urged(
                list(one.tasks.values()), name=reader.name, department=names[one.department_id], said=one.said,
                on=on, address=settings.address, locale=reader.locale or settings.locale,
            ),
        )
        for one in urgings
        for reader in readers.get(one.department_id, [])
    ]  # fmt: skip
    outbox.post(session, letters, sender=settings.mail_from, at=at)
    return sum(one.department_id not in readers for one in urgings)


def instructed(
    session: Session, instruction_id: int, task: catalogue.Named, departments: Mapping[int, int], *,
    signed: str, said: str, on: date, at: datetime, settings: Settings,
) -> int:  # fmt: skip
    """Tell the departments of a task, each with its part, what a leader wrote on it; how many have
    nobody to read it."""
    readers, names = by_department(session, on, departments), _names(session, departments)
    letters = [
        outbox.Letter(
            key=f"instructed:{instruction_id}:{reader.user_id}", kind="instructed", day=on,
            address=reader.address, user_id=reader.user_id, department_id=ident, parts=(part,),
            contents=catalogue.instructed(
                task, name=reader.name, department=names[ident], signed=signed, said=said, on=on,
                address=settings.address, locale=reader.locale or settings.locale,
            ),
        )
        for ident, part in departments.items()
        for reader in readers.get(ident, [])
    ]  # fmt: skip
    outbox.post(session, letters, sender=settings.mail_from, at=at)
    return sum(ident not in readers for ident in departments)


def _names(session: Session, idents: Collection[int]) -> dict[int, str]:
    wanted = select(Department.id, Department.name).where(col(Department.id).in_(idents))
    return {ident or 0: name for ident, name in session.exec(wanted)}


def test(session: Session, *, to: str, on: date, at: datetime, settings: Settings) -> None:
    """Post a mail that only shows that mail leaves. Raises InputError for a wrong address."""
    contents = catalogue.test(on=on, address=settings.address, locale=settings.locale)
    letter = outbox.Letter(
        key=f"test:{at.isoformat()}:{to}", kind="test", day=on, address=require_address(to),
        contents=contents,
    )  # fmt: skip
    outbox.post(session, [letter], sender=settings.mail_from, at=at)
