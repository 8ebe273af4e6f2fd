"""What the page 交回 says of the mailbox: for the office, where one is set."""

from collections import defaultdict
from dataclasses import dataclass

from sqlmodel import Session, col, select

from tracker.actor import Actor
from tracker.directory.user import User
from tracker.exchange.mailbox.fetching import NAME
from tracker.exchange.mailbox.received import MailboxLook, ReceivedMail
from tracker.exchange.merging.returned import ReturnedFile
from tracker.settings import Settings

LATEST = 50


@dataclass(frozen=True)
class Shown:
    """The last look, and the newest mails with the name of whose address it is and the ids of the
    workbooks taken of each."""

    look: MailboxLook | None
    mails: list[tuple[ReceivedMail, str, list[int]]]


def shown(session: Session, settings: Settings, person: Actor) -> Shown | None:
    """None for everybody but the office, and where no mailbox is set and nothing ever came."""
    if not person.is_office:
        return None
    rows = session.exec(
        select(ReceivedMail, User.name)
        .join(User, col(User.id) == ReceivedMail.user_id, isouter=True)
        .order_by(col(ReceivedMail.id).desc())
        .limit(LATEST)
    ).all()
    if not (rows or settings.imap_host):
        return None
    files = defaultdict(list)
    for ident, mail_id in session.exec(
        select(ReturnedFile.id, ReturnedFile.mail_id)
        .where(col(ReturnedFile.mail_id).in_([mail.id for mail, _name in rows]))
        .order_by(col(ReturnedFile.id))
    ):
        files[mail_id].append(ident or 0)
    mails = [(mail, name or "", files[mail.id]) for mail, name in rows]
    look = session.get(MailboxLook, NAME) if settings.imap_host else None
    return Shown(look, mails)
