"""Mail that a verb calls for: written into the outbox in the verb's own transaction."""

from datetime import date, datetime

from sqlmodel import Session

from tracker.addresses import require_address
from tracker.mail import catalogue, outbox
from tracker.mail.recipients import by_department
from tracker.settings import Settings

NOBODY = "该单位没有可收邮件的经办人或负责人，未发邮件。"


def returned(
    session: Session, *, review_id: int, task_id: int, number: str, text: str,
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


def test(session: Session, *, to: str, on: date, at: datetime, settings: Settings) -> None:
    """Post a mail that only shows that mail leaves. Raises InputError for a wrong address."""
    contents = catalogue.test(on=on, address=settings.address, locale=settings.locale)
    letter = outbox.Letter(
        key=f"test:{at.isoformat()}:{to}", kind="test", day=on, address=require_address(to),
        contents=contents,
    )  # fmt: skip
    outbox.post(session, [letter], sender=settings.mail_from, at=at)
