"""The county, planning in one word, and the same mail server as in tests/mail."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from tests.mail.conftest import cast, deliver, mailing, no_other_mail, smtp
from tests.reminders.cast import TODAY
from tracker.db import Database
from tracker.reminders import planning
from tracker.reminders.planning import Planned
from tracker.settings import Settings

__all__ = ["cast", "deliver", "mailing", "no_other_mail", "smtp"]

Plan = Callable[..., Planned]


@pytest.fixture
def plan(database: Database, settings: Settings, now: datetime) -> Plan:
    """Plan a day; today unless told otherwise."""

    def run(on: date = TODAY, at: datetime = now, dry_run: bool = False) -> Planned:
        return planning.run(database, settings, on=on, at=at, dry_run=dry_run)

    return run
