"""Many workers at once: each mail goes out once, whoever sends it."""

import threading
from collections import Counter
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlmodel import col

from tests.mail.server import Scripted
from tests.reminders.cast import TODAY, Cast
from tests.together import at_once, meeting
from tracker import timetable
from tracker.db import Database
from tracker.mail import queue
from tracker.mail.message import Message, MessageState
from tracker.mail.outcome import Sent
from tracker.reminders import agenda, planning
from tracker.settings import Settings


def fill(cast: Cast, database: Database, settings: Settings, now: datetime) -> int:
    """Twelve digests wait."""
    for number in range(8):
        cast.person(f"水务经办{number}", "水务局")
    cast.person("城管经办二", "城管局")
    cast.task(TODAY, "教育局", "城管局", "水务局")
    return len(planning.run(database, settings, on=TODAY, at=now).planned)


def race(database: Database, settings: Settings, now: datetime, workers: int) -> None:
    """All workers start together, each with connections of its own."""
    start = threading.Barrier(workers)

    def work(name: str) -> None:
        own = Database(database.engine.url.render_as_string(hide_password=False))
        start.wait()
        timetable.deliver(own, settings, at=now, worker=name)
        own.close()

    threads = [threading.Thread(target=work, args=(f"worker-{n}",)) for n in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_four_workers_send_nothing_twice(
    cast: Cast, database: Database, mailing: Settings, smtp: Scripted, now: datetime
) -> None:
    waiting = fill(cast, database, mailing, now)
    smtp.slow = 0.02
    race(database, mailing, now, workers=4)
    assert len(smtp.ids) == len(set(smtp.ids)) == waiting == 12
    assert len({mail.claimed_by for mail in cast.mail()}) > 1


def test_control_without_the_claims_condition_mail_goes_out_twice(
    cast: Cast, database: Database, mailing: Settings, smtp: Scripted, now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    fill(cast, database, mailing, now)
    smtp.slow = 0.02

    real, asked = queue.free, []

    def careless(at: datetime) -> sa.ColumnElement[bool]:
        """Takes what another is sending; comes to its senses, or the workers never end."""
        asked.append(at)
        waits = col(Message.state).in_([MessageState.DUE, MessageState.SENDING])
        return waits if len(asked) < 20 else real(at)

    monkeypatch.setattr(queue, "free", careless)
    race(database, mailing, now, workers=4)
    assert Counter(smtp.ids).total() > len(set(smtp.ids))


def plan_at_once(database: Database, settings: Settings, now: datetime) -> list[int]:
    """How much each of three planners planned anew."""

    def plan() -> int:
        return len(planning.run(database, settings, on=TODAY, at=now).planned)

    return sorted(at_once(plan, plan, plan))


def test_three_planners_at_once_plan_everything_once(
    cast: Cast, database: Database, mailing: Settings, now: datetime
) -> None:
    cast.task(TODAY, "教育局", "城管局", "水务局")
    assert plan_at_once(database, mailing, now) == [0, 0, 4]
    assert len(cast.mail()) == len(cast.ledger()) == 4


@pytest.mark.only_on("postgres")
def test_control_planners_that_do_not_wait_write_the_same_digests_and_fail(
    cast: Cast, database: Database, mailing: Settings, now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    cast.task(TODAY, "教育局", "城管局", "水务局")
    monkeypatch.setattr(planning, "serialise", lambda _session, _name: None)
    monkeypatch.setattr(agenda, "of_day", meeting(agenda.of_day, 3))
    with pytest.raises(KeyError, match="digest:"):
        plan_at_once(database, mailing, now)


def test_a_worker_that_slept_past_its_lease_cannot_mark_what_another_sent(
    cast: Cast, database: Database, mailing: Settings, now: datetime, smtp: Scripted
) -> None:
    cast.task(TODAY, "城管局")
    planning.run(database, mailing, on=TODAY, at=now)
    with database.writing() as session:
        asleep = queue.claim(session, worker="asleep", at=now)
    assert asleep
    timetable.deliver(database, mailing, at=now + 2 * queue.LEASE, worker="awake")
    with database.writing() as session:
        assert queue.settle(session, asleep, Sent(), at=now, most_attempts=12) is None
    assert cast.mail()[0].claimed_by == "awake"
