"""A mailbox on a server of the tests' own; what needs it is skipped loudly where there is none."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from sqlmodel import col, select

from tests.conftest import NOON, Office
from tests.exchange.mailbox import dovecot
from tests.exchange.mailbox.dovecot import Dovecot
from tracker.directory.user import User
from tracker.exchange.mailbox import fetching
from tracker.exchange.mailbox.fetching import Fetched
from tracker.exchange.mailbox.received import ReceivedMail
from tracker.exchange.merging.returned import ReturnedFile
from tracker.settings import Settings

AFTER = NOON + timedelta(days=3650)
"""The mail server has a clock of its own; we look long after it."""


@pytest.fixture(scope="session")
def server() -> Iterator[Dovecot]:
    if dovecot.DOVECOT is None:
        if os.environ.get("CI"):
            pytest.fail(dovecot.MISSING)
        pytest.skip(dovecot.MISSING)
    with dovecot.running() as found:
        yield found


@dataclass
class Box:
    """A mailbox, and the tracker that looks into it."""

    office: Office
    server: Dovecot
    user: str
    settings: Settings

    def put(self, *mails: bytes) -> None:
        for mail in mails:
            self.server.put(self.user, mail)

    def fetch(self, **changed: object) -> Fetched:
        settings = self.settings.model_copy(update=changed)
        return fetching.fetch(self.office.database, settings, at=AFTER)

    def mails(self) -> list[ReceivedMail]:
        with self.office.database.reading() as session:
            return list(session.exec(select(ReceivedMail).order_by(col(ReceivedMail.id))))

    def files(self) -> list[ReturnedFile]:
        with self.office.database.reading() as session:
            return list(session.exec(select(ReturnedFile).order_by(col(ReturnedFile.id))))

    @property
    def flags(self) -> list[str]:
        return self.server.flags(self.user)


def settings_of(office: Office, server: Dovecot, user: str, **changed: object) -> Settings:
    """The office's settings with a mailbox."""
    return office.settings.model_copy(
        update={
            "imap_host": "127.0.0.1", "imap_port": server.plain, "imap_tls": "none", "imap_user": user,
            "imap_password": SecretStr(dovecot.PASSWORD), "imap_timeout": 10.0, **changed,
        }
    )  # fmt: skip


@pytest.fixture
def box(office: Office, server: Dovecot) -> Box:
    with office.database.writing() as session:
        for login in ("edu", "market", "office", "health"):
            session.execute(
                sa.update(User).where(col(User.login) == login).values(email=f"{login}@qinghe.test")
            )
    user = server.user()
    return Box(office, server, user, settings_of(office, server, user))


@pytest.fixture
def boxes(office: Office, server: Dovecot) -> Callable[..., Settings]:
    """Settings of further mailboxes."""
    return lambda **changed: settings_of(office, server, server.user(), **changed)
