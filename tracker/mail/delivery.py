"""Delivery: any number of workers, each claiming one message at a time by a conditional update.

For one message: claim it and look again whether it is still wanted, commit; hand it to the server;
write down what became of it, commit. What became of one and the claim of the next share a commit.
A crash leaves the row `sending`, and after LEASE it is swept back to `due` with the same
Message-ID. Only a crash between the server's acceptance and our commit can make a second copy.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session

from tracker import clock, logs
from tracker.db import Database
from tracker.errors import TrackerError
from tracker.failpoints import failpoint
from tracker.mail import queue
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

    @property
    def found_work(self) -> bool:
        """Whether there was anything to do."""
        return bool(self.sent + self.failed + self.retried + self.cancelled)


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
    return _Run(database, settings, worker, _running_from(at), recheck, stop).to_the_end()


def _running_from(at: datetime) -> Callable[[], datetime]:
    """The moment as the run goes on, whatever is done to the wall clock meanwhile."""
    started = time.monotonic()
    return lambda: at + timedelta(seconds=time.monotonic() - started)


@dataclass(frozen=True)
class _Held:
    """A claimed message; `verdict` is what is known of it without sending it."""

    message: Message
    verdict: Outcome | None


@dataclass
class _Run:
    """One worker on its way through the queue."""

    database: Database
    settings: Settings
    worker: str
    moment: Callable[[], datetime]
    recheck: Recheck
    stop: threading.Event | None
    done: Delivered = field(default_factory=Delivered)

    def to_the_end(self) -> Delivered:
        """Message by message until there is none, no line, or it must stop."""
        with Line(self.settings) as line:
            held = self._first()
            while held is not None:
                message, at = held.message, self.moment()
                outcome = held.verdict or _send(self.settings, line, message, at)
                if isinstance(outcome, NoLine):
                    self.done.note = outcome.reason
                held = self._next(message, outcome)
        return self.done

    def _first(self) -> _Held | None:
        if self._must_stop():
            return None
        with self.database.writing() as session:
            held = self._claim(session)
        return _after_claim(held)

    def _must_stop(self) -> bool:
        return self.stop is not None and self.stop.is_set()

    def _next(self, message: Message, outcome: Outcome) -> _Held | None:
        """Write down what became of a message and claim the next, in one commit. Should the claim
        fail, what became of the message is still written."""
        held, goes_on = None, not (isinstance(outcome, NoLine) or self._must_stop())
        try:
            with self.database.writing() as session:
                settled = self._settle(session, message, outcome)
                held = self._claim(session) if goes_on else None
        except Exception:
            with self.database.writing() as session:
                self._settle(session, message, outcome)
            raise
        failpoint("sent")
        self._count(message, outcome, settled)
        return _after_claim(held)

    def _settle(
        self, session: Session, message: Message, outcome: Outcome
    ) -> MessageState | None:  # fmt: skip
        return queue.settle(
            session, message, outcome, at=self.moment(), most_attempts=self.settings.mail_attempts
        )

    def _claim(self, session: Session) -> _Held | None:
        at = self.moment()
        message = queue.claim(session, worker=self.worker, at=at)
        if message is None:
            return None
        try:
            with session.begin_nested():
                return _Held(
                    message, _look_again(session, self.settings, message, at, self.recheck)
                )
        except Exception as error:  # one message must never stop the others
            name = type(error).__name__
            logs.get().error("recheck-failed", message=message.id, error=name)
            return _Held(message, Later(f"发送前复核出错（{name}），将再次投递。"))

    def _count(self, message: Message, outcome: Outcome, settled: MessageState | None) -> None:
        self.done.sent += settled is MessageState.SENT
        self.done.failed += settled is MessageState.FAILED
        self.done.retried += settled is MessageState.DUE
        self.done.cancelled += settled is MessageState.CANCELLED
        if not isinstance(outcome, Sent):
            logs.get().warning("mail-not-sent", message=message.id, outcome=type(outcome).__name__)


def _after_claim(held: _Held | None) -> _Held | None:
    if held is not None:
        failpoint("claimed")
    return held


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


def _send(settings: Settings, line: Line, message: Message, at: datetime) -> Outcome:
    try:
        sender = envelope_sender(settings.mail_from)
        mail = compose(message, sender=settings.mail_from, at=at)
        return line.send(mail, sender=sender, to=message.address)
    except Unsendable as error:
        return Refused(error.message)
    except Exception as error:  # one message must never stop the others
        logs.get().error("sending-failed", message=message.id, error=type(error).__name__)
        said = error.message if isinstance(error, TrackerError) else type(error).__name__
        return Refused(f"邮件不能发送：{said}")
