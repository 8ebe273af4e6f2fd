"""A look into the mailbox: each unseen mail is taken, then marked as seen. A mailbox that does not answer
is a sentence, for the log, the page 交回 and `tracker check`; nothing else waits for it."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col

from tracker import logs
from tracker.db import Database, upsert
from tracker.errors import NotKept, StoreSilent
from tracker.exchange.mailbox.imap import Mailbox, MailboxBroken, Unseen
from tracker.exchange.mailbox.letter import Letter, read_letter
from tracker.exchange.mailbox.received import MailboxLook, MailOutcome
from tracker.exchange.mailbox.taking import Arrival, key_of, refuse, take
from tracker.settings import Settings

NAME = "imap"
TOO_LARGE = "邮件有 {size} MB，超过 {limit} MB，没有收下。请压缩，或分几封再发。"
POISON = "这封邮件处理时出错（{kind}），没有收下。请让单位在“交回”页上传。"
NOT_SET = "没有设置收件邮箱（TRACKER_IMAP_HOST）。"
CLOCK_WENT_BACK = timedelta(days=1)


@dataclass
class Fetched:
    """What a look came to: mails by what became of them; `again` were written down before; `problem`
    says why the look ended early, "" when it did not."""

    taken: int = 0
    refused: int = 0
    ignored: int = 0
    again: int = 0
    problem: str = ""


def is_time(database: Database, settings: Settings, *, at: datetime) -> bool:
    """Whether this caller is the one to look now: once every so many minutes, whoever ticks."""
    if not settings.imap_host:
        return False
    last, every = col(MailboxLook.at), timedelta(minutes=settings.imap_every)
    due = sa.or_(last <= at - every, last > at + CLOCK_WENT_BACK)
    with database.reading() as session:  # a look that takes no lock
        found = session.get(MailboxLook, NAME)
        if found and found.at <= at + CLOCK_WENT_BACK and found.at > at - every:
            return False
    with database.writing() as session:
        insert = upsert(session, MailboxLook).values(name=NAME, at=at, problem="", since=None)
        claim = insert.on_conflict_do_update(
            index_elements=["name"], set_={"at": insert.excluded.at}, where=due
        )
        return session.execute(claim.returning(sa.column("name"))).first() is not None


def fetch(
    database: Database, settings: Settings, *, at: datetime, stop: threading.Event | None = None
) -> Fetched:
    """Take what is unseen until nothing is, the mailbox breaks, or `stop` is set."""
    run = Fetched()
    if not settings.imap_host:
        run.problem = NOT_SET
        return run
    try:
        with Mailbox(settings) as mailbox:
            for mail in mailbox.unseen():
                if stop is not None and stop.is_set():
                    break
                _handle(database, settings, mailbox, mail, at, run)
    except (MailboxBroken, NotKept, StoreSilent) as error:
        run.problem = error.message
    _remember(database, run.problem, at)
    return run


def _handle(
    database: Database,
    settings: Settings,
    mailbox: Mailbox,
    mail: Unseen,
    at: datetime,
    run: Fetched,
) -> None:
    arrival = _fetched(settings, mailbox, mail, at)
    if arrival is not None:
        _count(run, _outcome(database, settings, arrival))
    mailbox.put_aside(mail.uid)


def _fetched(settings: Settings, mailbox: Mailbox, mail: Unseen, at: datetime) -> Arrival | None:
    """The mail taken apart; of one that is too large the headers only; None for one that is gone."""
    if mail.size > settings.imap_limit:
        raw = mailbox.head(mail.uid)
        letter = _said_too_large(read_letter(raw), mail.size, settings.imap_limit)
    else:
        raw = mailbox.whole(mail.uid)
        letter = read_letter(raw)
    if not raw:
        return None
    return Arrival(letter, key_of(letter, raw), mail.arrived_at or at, at)


def _said_too_large(head: Letter, size: int, limit: int) -> Letter:
    megabyte = 1024 * 1024
    told = TOO_LARGE.format(size=-(-size // megabyte), limit=limit // megabyte)
    return Letter(head.sender, head.message_id, head.subject, head.automatic, told)


def _outcome(database: Database, settings: Settings, arrival: Arrival) -> MailOutcome | None:
    """What became of it; None when it was written down before."""
    try:
        row = take(database, settings, arrival)
    except (NotKept, StoreSilent, SQLAlchemyError):
        raise  # the mail stays unseen, and is taken the next time
    except Exception as error:  # one mail must never stop the others
        logs.get().error("mail-not-taken", error=type(error).__name__)
        row = refuse(database, arrival, POISON.format(kind=type(error).__name__))
    return row.outcome if row else None


def _count(run: Fetched, outcome: MailOutcome | None) -> None:
    run.again += outcome is None
    run.taken += outcome is MailOutcome.TAKEN
    run.refused += outcome is MailOutcome.REFUSED
    run.ignored += outcome is MailOutcome.IGNORED


def _remember(database: Database, problem: str, at: datetime) -> None:
    """How the look ended; a problem is logged when it is new, since it comes again every few minutes."""
    with database.writing() as session:
        before = session.get(MailboxLook, NAME)
        if before is None:
            session.add(
                MailboxLook(name=NAME, at=at, problem=problem, since=at if problem else None)
            )
        else:
            was, before.problem = before.problem, problem
            before.at = at
            before.since = (before.since if was == problem else at) if problem else None
        fresh = problem and (before is None or was != problem)
    if fresh:
        logs.get().warning("mailbox-broken", said=problem)


def problem_of(session: Session, settings: Settings) -> str:
    """Why the last look failed, "" when it did not or no mailbox is set."""
    found = session.get(MailboxLook, NAME) if settings.imap_host else None
    return found.problem if found else ""
