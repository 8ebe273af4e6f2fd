"""Killed at every place that could tear something: nothing lost, and a second copy only when the
server had taken a mail whose acceptance was not yet written down."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.doomed import ROOT, ended, ended_anew
from tests.mail import worker
from tests.mail.server import Scripted
from tests.reminders.cast import TODAY, Cast
from tracker import clock
from tracker.db import Database
from tracker.mail import queue
from tracker.mail.delivery import Delivered
from tracker.mail.message import MessageState
from tracker.reminders import planning
from tracker.settings import Settings

DELIVERY = ("claimed", "connected", "before-send", "accepted", "sent")
PLANNING = ("planned-before-commit", "planned-after-commit")


def kill(
    verb: str, place: str, database: Database, smtp: Scripted, at: datetime,
    within: Callable[..., int] = ended,
) -> None:  # fmt: skip
    """Run a worker until it dies at a place."""
    url = database.engine.url.render_as_string(hide_password=False)
    told = (verb, url, str(smtp.port), at.isoformat())
    assert within(worker.main, *told, TRACKER_FAILPOINT=place) == -signal.SIGKILL


def plan_four(cast: Cast, database: Database, settings: Settings, now: datetime) -> set[str]:
    """Four digests wait; their Message-IDs."""
    cast.task(TODAY, "教育局", "城管局", "水务局")
    planning.run(database, settings, on=TODAY, at=now)
    return {mail.header_id for mail in cast.mail()}


@pytest.mark.parametrize("place", DELIVERY)
def test_killed_while_delivering(
    place: str, cast: Cast, database: Database, mailing: Settings, smtp: Scripted, now: datetime,
    deliver: Callable[..., Delivered],
) -> None:  # fmt: skip
    wanted = plan_four(cast, database, mailing, now)
    kill("deliver", f"{place}:2" if place != "connected" else place, database, smtp, now)
    deliver(at=now + queue.LEASE + timedelta(seconds=1))
    copies = Counter(smtp.ids)
    assert set(copies) == wanted
    assert copies.total() == (5 if place == "accepted" else 4)
    assert {mail.state for mail in cast.mail()} == {MessageState.SENT}


@pytest.mark.long
@pytest.mark.parametrize("nth", range(1, 5))
@pytest.mark.parametrize("place", DELIVERY)
def test_killed_again_and_again(
    place: str, nth: int, cast: Cast, database: Database, mailing: Settings, smtp: Scripted,
    now: datetime, deliver: Callable[..., Delivered],
) -> None:  # fmt: skip
    """At every message in turn, and again on the second try."""
    wanted = plan_four(cast, database, mailing, now)
    kill("deliver", f"{place}:{nth}", database, smtp, now)
    later = now + queue.LEASE + timedelta(seconds=1)
    if nth < 4:
        kill("deliver", place, database, smtp, later)
    deliver(at=later + queue.LEASE + timedelta(seconds=1))
    copies = Counter(smtp.ids)
    assert set(copies) == wanted
    allowed = {"accepted": 2 if nth < 4 else 1}.get(place, 0)
    assert copies.total() == 4 + allowed


@pytest.mark.parametrize("place", PLANNING)
def test_killed_while_planning(
    place: str, cast: Cast, database: Database, mailing: Settings, smtp: Scripted, now: datetime,
    deliver: Callable[..., Delivered],
) -> None:  # fmt: skip
    cast.task(TODAY, "教育局", "城管局", "水务局")
    kill("plan", place, database, smtp, now)
    assert len(cast.mail()) == (0 if place == "planned-before-commit" else 4)
    planning.run(database, mailing, on=TODAY, at=now)
    deliver()
    assert len(smtp.ids) == len(set(smtp.ids)) == 4


def test_asked_to_end_a_ticker_finishes_the_mail_in_hand(
    cast: Cast, database: Database, mailing: Settings, smtp: Scripted, now: datetime,
    deliver: Callable[..., Delivered],
) -> None:  # fmt: skip
    wanted = plan_four(cast, database, mailing, now)
    smtp.slow = 0.4
    url = database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.mail.worker", "timetable", url, str(smtp.port)]
    ticker = subprocess.Popen([*command, now.isoformat()], cwd=ROOT, stderr=subprocess.DEVNULL)
    for _ in range(200):
        if smtp.taken:
            break
        time.sleep(0.05)
    ticker.terminate()
    assert ticker.wait(timeout=10) == 0
    assert MessageState.SENDING not in {mail.state for mail in cast.mail()}
    assert 0 < len(smtp.taken) < 4
    smtp.slow = 0
    deliver(at=clock.now())
    assert sorted(smtp.ids) == sorted(wanted)


def test_control_without_the_lease_a_killed_workers_mail_would_be_lost(
    cast: Cast, database: Database, mailing: Settings, smtp: Scripted, now: datetime,
    deliver: Callable[..., Delivered], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    plan_four(cast, database, mailing, now)
    kill("deliver", "claimed", database, smtp, now, within=ended_anew)
    monkeypatch.setattr(queue, "LEASE", timedelta(days=999))
    deliver(at=now + timedelta(hours=1))
    assert len(smtp.ids) == 3
