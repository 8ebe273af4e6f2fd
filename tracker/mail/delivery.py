"""Delivery: any number of workers, each claiming one message at a time by a conditional update.

For one message: claim, commit; look again whether it is still wanted; hand it to the server;
write down what became of it, commit. A crash leaves the row `sending`, and after LEASE it is swept
back to `due` with the same Message-ID. Only a crash between the server's acceptance and our commit
can make a second copy.
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from tracker import clock, logs
from tracker.db import Database
from tracker.errors import StoreSilent, TrackerError
from tracker.failpoints import failpoint
from tracker.mail import queue
from tracker.mail.attaching import carried_by
from tracker.mail.compose import Unsendable, compose, envelope_sender
from tracker.mail.line import Line
from tracker.mail.message import Message, MessageState
from tracker.mail.outbox import Contents
from tracker.mail.outcome import Dropped, Later, NoLine, Outcome, Refused, Sent
from tracker.mail.recipients import still_reads
from tracker.settings import Settings

Recheck = Callable[[Session, Message, datetime], Contents | Dropped | None]
"""Asked right before sending, in a writing session: None sends the message as it is, Contents
sends these words instead, Dropped cancels it."""

NO_SERVER = "没有设置邮件服务器（TRACKER_SMTP_HOST），邮件留在待发箱。"


@dataclass
class Delivered:
    """What one run did, as counts; `note` says why mail was left waiting."""

    sent: int = 0
    failed: int = 0
    retried: int = 0
    cancelled: int = 0
    note: str = ""


def deliver(
    database: Database, settings: Settings, *, at: datetime, worker: str, recheck: Recheck,
    stop: threading.Event | None = None,
) -> Delivered:  # fmt: skip
    """Send what is due until nothing is, the server is gone, or `stop` is set.

    `worker` is a name no other running worker has. Messages stay `due` without a mail server.
    """
    with database.writing() as session:
        queue.sweep(session, at=at, most_attempts=settings.mail_attempts)
    if not settings.smtp_host:
        return Delivered(note=NO_SERVER)
    try:
        envelope_sender(settings.mail_from)
    except Unsendable as error:
        return Delivered(note=error.message)
    run = Delivered()
    moment = _running_from(at)
    with Line(settings) as line:
        for message in _claimed(database, worker, moment, stop):
            outcome = _attempt(database, settings, line, message, moment(), recheck)
            _settle(database, settings, message, outcome, moment(), run)
            if isinstance(outcome, NoLine):
                run.note = outcome.reason
                break
    return run


def _running_from(at: datetime) -> Callable[[], datetime]:
    """The moment as the run goes on, whatever is done to the wall clock meanwhile."""
    started = time.monotonic()
    return lambda: at + timedelta(seconds=time.monotonic() - started)


def _claimed(
    database: Database, worker: str, moment: Callable[[], datetime], stop: threading.Event | None
) -> Iterator[Message]:
    while stop is None or not stop.is_set():
        with database.writing() as session:
            message = queue.claim(session, worker=worker, at=moment())
        if message is None:
            return
        failpoint("claimed")
        yield message


def _attempt(
    database: Database, settings: Settings, line: Line, message: Message, at: datetime,
    recheck: Recheck,
) -> Outcome:  # fmt: skip
    try:
        with database.writing() as session:
            verdict = _look_again(session, settings, message, at, recheck)
    except Exception as error:  # one message must never stop the others
        logs.get().error("recheck-failed", message=message.id, error=type(error).__name__)
        return Later(f"发送前复核出错（{type(error).__name__}），将再次投递。")
    if isinstance(verdict, Dropped):
        return verdict
    return _send(database, settings, line, message, at)


def _look_again(
    session: Session, settings: Settings, message: Message, at: datetime, recheck: Recheck
) -> Dropped | None:
    """Cancels, or puts newer words into `message`."""
    verdict = recheck(session, message, at)
    if isinstance(verdict, Dropped):
        return verdict
    today = clock.day_of(at, settings.timezone)
    if message.user_id is not None and not still_reads(
        session, user_id=message.user_id, address=message.address,
        department_id=message.department_id, on=max(message.day, today),
    ):  # fmt: skip
        return Dropped("收件人已停用、已调离或已更换邮箱。")
    if verdict is not None:
        message.subject, message.text, message.html = verdict.subject, verdict.text, verdict.html
    return None


def _send(
    database: Database, settings: Settings, line: Line, message: Message, at: datetime
) -> Outcome:
    try:
        sender = envelope_sender(settings.mail_from)
        carried = carried_by(database, message, settings)
        reply_to = settings.mailbox if carried else ""
        mail = compose(
            message, sender=settings.mail_from, at=at, carried=carried, reply_to=reply_to
        )
        return line.send(mail, sender=sender, to=message.address)
    except StoreSilent as error:
        return Later(error.message)
    except Unsendable as error:
        return Refused(error.message)
    except Exception as error:  # one message must never stop the others
        logs.get().error("sending-failed", message=message.id, error=type(error).__name__)
        said = error.message if isinstance(error, TrackerError) else type(error).__name__
        return Refused(f"邮件不能发送：{said}")


def _settle(
    database: Database, settings: Settings, message: Message, outcome: Outcome, at: datetime,
    run: Delivered,
) -> None:  # fmt: skip
    with database.writing() as session:
        settled = queue.settle(
            session, message, outcome, at=at, most_attempts=settings.mail_attempts
        )
    failpoint("sent")
    run.sent += settled is MessageState.SENT
    run.failed += settled is MessageState.FAILED
    run.retried += settled is MessageState.DUE
    run.cancelled += settled is MessageState.CANCELLED
    if not isinstance(outcome, Sent):
        logs.get().warning("mail-not-sent", message=message.id, outcome=type(outcome).__name__)
