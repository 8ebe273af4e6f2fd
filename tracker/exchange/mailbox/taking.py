"""One mail: its workbooks join the queue of returned files, or a sentence says why they do not.

Files are kept and read before the database is locked; then one transaction writes down the mail and what
was taken of it. The mail's key is unique, so that a mail fetched again, after a crash or by two at once,
is taken once.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from tracker import clock
from tracker.actor import Actor
from tracker.db import Database, upsert
from tracker.directory.department import Department
from tracker.errors import AlreadyDone, InputError
from tracker.events import keep
from tracker.exchange.export import Export
from tracker.exchange.handing_out.hand_out import HandOutCopy
from tracker.exchange.mailbox.letter import Letter
from tracker.exchange.mailbox.received import MailOutcome, ReceivedMail
from tracker.exchange.mailbox.sender import people, vouched, who_may_hand_in
from tracker.exchange.mailbox.workbooks import Enclosed, workbooks_in
from tracker.exchange.merging import returned
from tracker.exchange.merging.comparing import export_of
from tracker.exchange.merging.opening import sheets_of
from tracker.exchange.merging.recognising import Found
from tracker.exchange.merging.returned import ReturnedFile, ReturnState
from tracker.failpoints import failpoint
from tracker.settings import Settings
from tracker.storage import StoredFile, drop, dropped_if_refused
from tracker.stores.chosen import store_of

UNKNOWN = "发件地址“{address}”不是名录里任何人的邮箱，没有收下。请让本人用登记的邮箱再发，或先在名录里补上。"
NO_SENDER = "发件人写得不清楚（没有，或不止一个地址），没有收下。"
NOT_VOUCHED = "邮件服务器没有证实发件人，可能是冒名，没有收下。请与本人核实。"
NO_WORKBOOK = "没有附上填好的表。请附上表格文件再发。"
UNTOUCHED = "“{name}”和发出去的一样，还没有填，没有收下。"
NOT_THEIRS = "“{name}”是{department}的表，发件人不在这个单位，没有收下。"
WHOLE_PLAN = "“{name}”是整个计划的表，只能由牵头办公室交回，没有收下。"


@dataclass(frozen=True)
class Arrival:
    """A mail as the mailbox gave it: when the server got it, when we look."""

    letter: Letter
    key: str
    arrived_at: datetime
    at: datetime


@dataclass
class _Book:
    """A workbook that is good: kept, read, recognised, and handed in by somebody who may."""

    file: StoredFile
    export: Export
    found: Found
    by: Actor


@dataclass
class _Verdict:
    """What a mail comes to."""

    outcome: MailOutcome
    reasons: list[str] = field(default_factory=list)
    books: list[_Book] = field(default_factory=list)
    user_id: int | None = None


def key_of(letter: Letter, raw: bytes) -> str:
    """What tells a mail from every other, by whichever way it comes: its Message-ID with its sender and
    its files; without an id, all its bytes. A Message-ID alone would let one mail hide another."""
    digest = hashlib.sha256()
    if not letter.message_id:
        digest.update(raw)
    said = (
        letter.message_id,
        letter.sender,
        *(hashlib.sha256(one.content).hexdigest() for one in letter.pieces),
    )
    digest.update("\0".join(said).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def take(database: Database, settings: Settings, mail: Arrival) -> ReceivedMail | None:
    """Write down a mail and what was taken of it; None when it was written down before.

    Raises NotKept and StoreSilent when files cannot be kept now; then nothing is written.
    """
    if _is_known(database, mail.key):
        return None
    verdict = _verdict(database, settings, mail)
    with suppress(AlreadyDone):
        try:
            return _written(database, mail, verdict)
        except AlreadyDone:
            for book in verdict.books:
                drop(book.file, store_of(settings))
            raise
    return None


def refuse(database: Database, mail: Arrival, reason: str) -> ReceivedMail | None:
    """Write down a mail of which nothing was taken; None when it was written down before."""
    with suppress(AlreadyDone):
        return _written(database, mail, _Verdict(MailOutcome.REFUSED, [reason]))
    return None


def _is_known(database: Database, key: str) -> bool:
    with database.reading() as session:
        wanted = select(ReceivedMail.id).where(ReceivedMail.key == key)
        return session.exec(wanted).first() is not None


def _verdict(database: Database, settings: Settings, mail: Arrival) -> _Verdict:
    letter = mail.letter
    with database.reading() as session:
        senders = people(session, letter.sender, on=clock.day_of(mail.at, settings.timezone))
    first = senders[0].user_id if senders else None
    if letter.automatic:
        return _Verdict(MailOutcome.IGNORED, [letter.automatic], user_id=first)
    if not senders:
        told = UNKNOWN.format(address=letter.sender) if letter.sender else NO_SENDER
        return _Verdict(MailOutcome.REFUSED, [told])
    if not vouched(letter.checks, letter.sender, trusted=settings.imap_trusted):
        return _Verdict(MailOutcome.REFUSED, [NOT_VOUCHED], user_id=first)
    reasons: list[str] = []
    books = list(_books(database, settings, mail, senders, reasons))
    if not books and not reasons:
        reasons.append(letter.trouble or NO_WORKBOOK)
    outcome = MailOutcome.TAKEN if books else MailOutcome.REFUSED
    return _Verdict(outcome, reasons, books, books[0].by.user_id if books else first)


def _books(
    database: Database, settings: Settings, mail: Arrival, senders: list[Actor], reasons: list[str]
) -> Iterator[_Book]:
    """The good ones; a sentence for each of the others goes into `reasons`."""
    for enclosed in workbooks_in(mail.letter.pieces, settings):
        try:
            yield _book(database, settings, mail, senders, enclosed)
        except InputError as refused:
            reasons.append(refused.message)


def _book(
    database: Database, settings: Settings, mail: Arrival, senders: list[Actor], one: Enclosed
) -> _Book:
    """Raises InputError with the sentence for the office."""
    if one.problem:
        raise InputError(one.problem)
    with dropped_if_refused(store_of(settings)) as files:
        with database.reading() as session:
            if _is_ours(session, one.content):
                raise InputError(UNTOUCHED.format(name=one.name))
        sheets = sheets_of(
            BytesIO(one.content), name=one.name, settings=settings, by=senders[0], at=mail.at,
            files=files,
        )  # fmt: skip
        with database.reading() as session:
            try:
                export, found = export_of(session, sheets)
            except InputError as refused:
                raise InputError(f"“{one.name}”：{refused.message}") from refused
            by = who_may_hand_in(senders, export)
            if by is None:
                raise InputError(_not_theirs(session, one.name, export))
        return _Book(files[0], export, found, by)


def _is_ours(session: Session, content: bytes) -> bool:
    """Whether this is a workbook that went out by mail, to the byte."""
    digest = hashlib.sha256(content).hexdigest()
    wanted = select(HandOutCopy.id).join(StoredFile, col(StoredFile.id) == HandOutCopy.file_id)
    return session.exec(wanted.where(StoredFile.sha256 == digest)).first() is not None


def _not_theirs(session: Session, name: str, export: Export) -> str:
    if export.department_id is None:
        return WHOLE_PLAN.format(name=name)
    department = session.get_one(Department, export.department_id).name
    return NOT_THEIRS.format(name=name, department=department)


def _written(database: Database, mail: Arrival, verdict: _Verdict) -> ReceivedMail:
    """The mail and the workbooks that wait, in one transaction. Raises AlreadyDone when somebody has
    written it down meanwhile."""
    with database.writing() as session:
        row = _row(mail, verdict)
        insert = upsert(session, ReceivedMail).values(row).on_conflict_do_nothing()
        ident = session.execute(insert.returning(sa.column("id"))).scalar_one_or_none()
        if ident is None:
            raise AlreadyDone("这封邮件已经处理过。")
        for book in verdict.books:
            _hand_in(session, book, mail, int(ident))
        failpoint("mail-before-commit")
        found = session.get_one(ReceivedMail, ident)
    failpoint("mail-kept")
    return found


def _row(mail: Arrival, verdict: _Verdict) -> dict[str, Any]:
    letter = mail.letter
    return {
        "key": mail.key, "message_id": letter.message_id, "from_address": letter.sender,
        "user_id": verdict.user_id, "subject": letter.subject, "arrived_at": mail.arrived_at,
        "at": mail.at, "outcome": verdict.outcome, "taken": len(verdict.books),
        "reason": "\n".join(verdict.reasons),
    }  # fmt: skip


def _hand_in(session: Session, book: _Book, mail: Arrival, mail_id: int) -> None:
    """Into the queue, as of the moment the mail arrived: a copy handed in later than that stays the newest."""
    keep(session, book.file)
    moment = min(mail.arrived_at, mail.at)
    row, event = returned.hand_in(book.export, book.file, book.found, by=book.by, at=mail.at)
    row.at, row.mail_id = moment, mail_id
    event.data = {**event.data, "mail": mail.letter.sender}
    if _newer_waits(session, row):
        row.state, row.settled_at = ReturnState.SUPERSEDED, mail.at
    keep(session, row, event)
    if row.state is ReturnState.WAITING:
        returned.supersede(session, row, at=mail.at)


def _newer_waits(session: Session, row: ReturnedFile) -> bool:
    if row.department_id is None:
        return False
    newer = select(ReturnedFile.id).where(
        ReturnedFile.plan_id == row.plan_id, ReturnedFile.department_id == row.department_id,
        ReturnedFile.state == ReturnState.WAITING, ReturnedFile.at > row.at,
    )  # fmt: skip
    return session.exec(newer).first() is not None
