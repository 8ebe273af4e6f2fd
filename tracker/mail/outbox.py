"""The outbox: posting a mail is writing a row, in the transaction of whatever calls for it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.addresses import domain_of
from tracker.db import upsert
from tracker.mail.message import Message, MessageState


@dataclass(frozen=True)
class Contents:
    """What a mail says: a subject line, plain text, and the same as HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Letter:
    """A mail to post. `key` is its business key: the same key is posted once, ever. `parts` are the
    assignments it speaks of, looked at again before it is sent; `attachment_id` a stored file."""

    key: str
    kind: str
    address: str
    contents: Contents
    day: date
    user_id: int | None = None
    department_id: int | None = None
    parts: tuple[int, ...] = ()
    attachment_id: int | None = None


def post(
    session: Session, letters: Sequence[Letter], *, sender: str, at: datetime
) -> dict[str, int]:
    """Write the letters into the outbox; the ids of the new rows by business key.

    A letter whose key is there already is ignored and missing from the answer.
    """
    if not letters:
        return {}
    insert = upsert(session, Message).on_conflict_do_nothing(index_elements=["business_key"])
    domain = domain_of(sender)
    posted = session.execute(
        insert.returning(sa.column("business_key"), sa.column("id")),
        [_row(letter, domain, at) for letter in letters],
    )
    return {str(key): int(message_id) for key, message_id in posted}


def _row(letter: Letter, domain: str, at: datetime) -> dict[str, object]:
    return {
        "business_key": letter.key, "kind": letter.kind, "user_id": letter.user_id,
        "department_id": letter.department_id, "day": letter.day, "address": letter.address,
        "header_id": f"<{secrets.token_hex(16)}@{domain}>", "subject": letter.contents.subject,
        "text": letter.contents.text, "html": letter.contents.html, "state": MessageState.DUE,
        "created_at": at, "next_try_at": at, "attempts": 0, "tries": 0, "claimed_by": "", "reason": "",
        "parts": list(letter.parts), "attachment_id": letter.attachment_id,
    }  # fmt: skip


def newest_first(query: SelectOfScalar[Message] | None = None) -> SelectOfScalar[Message]:
    """The log of mail, newest first; `query` narrows it to what a person may see."""
    log = select(Message) if query is None else query
    return log.order_by(col(Message.id).desc())


def counts(session: Session) -> dict[MessageState, int]:
    """How many messages stand in each state; states without any are left out."""
    rows = session.execute(
        sa.select(col(Message.state), sa.func.count()).group_by(col(Message.state))
    )
    return {MessageState(state): number for state, number in rows}
