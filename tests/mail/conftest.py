"""A mail server, settings that point to it, and the guard."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from tests.mail import server
from tests.mail.server import Scripted
from tests.reminders.cast import Cast, county
from tracker import timetable
from tracker.db import Database
from tracker.mail.delivery import Delivered
from tracker.settings import Settings


@pytest.fixture(autouse=True)
def no_other_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    server.guard(monkeypatch)


@pytest.fixture
def smtp() -> Iterator[Scripted]:
    with server.running() as script:
        yield script


@pytest.fixture
def mailing(settings: Settings, smtp: Scripted) -> Settings:
    """Settings with the test's mail server."""
    return settings.model_copy(
        update={
            "smtp_host": "127.0.0.1", "smtp_port": smtp.port, "smtp_timeout": 2.0,
            "mail_from": "任务跟踪 <tracker@qinghe.test>",
        }
    )  # fmt: skip


@pytest.fixture
def cast(database: Database) -> Cast:
    return county(database)


@pytest.fixture
def deliver(database: Database, mailing: Settings, now: datetime) -> Callable[..., Delivered]:
    """Deliver as a worker; at the test's present unless told otherwise."""

    def run(at: datetime = now, worker: str = "one", settings: Settings = mailing) -> Delivered:
        return timetable.deliver(database, settings, at=at, worker=worker)

    return run
