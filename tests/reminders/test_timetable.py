"""The ticker: it only ticks, survives what a chore raises, and does not mind the clock."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from io import BytesIO

import pytest
import time_machine
from apscheduler.jobstores.memory import MemoryJobStore
from sqlmodel import Session

from tests.mail.server import Scripted
from tests.reminders.cast import TODAY, Cast
from tests.together import at_once, meeting
from tracker import jobs, timetable
from tracker.db import Database
from tracker.settings import Settings
from tracker.storage import write
from tracker.stores.folder import Folder
from tracker.timetable import Chore, Ticking, Watch

EIGHT = datetime(2026, 3, 10, 0, 0, tzinfo=UTC)
"""Eight in the morning in Shanghai, half an hour before the office's time."""
NINE = EIGHT + timedelta(hours=1)
INTERVAL = 0.5
"""Seconds between two ticks of a test's chore."""


@pytest.fixture
def ticking(database: Database, settings: Settings) -> Ticking:
    return Ticking(database, settings)


@pytest.fixture(autouse=True)
def work(cast: Cast) -> None:
    cast.task(TODAY, "城管局")


def test_reminders_are_planned_once_after_the_offices_time(ticking: Ticking, cast: Cast) -> None:
    planned = [timetable.remind(ticking, at) for at in (EIGHT, NINE, NINE + timedelta(hours=1))]
    assert planned == [False, True, False]
    assert len(cast.mail()) == 1


def test_a_time_that_passed_while_nothing_ran_is_made_up_for(ticking: Ticking) -> None:
    assert timetable.remind(ticking, NINE + timedelta(hours=12))


@pytest.mark.parametrize("day", [date(2026, 3, 14), date(2026, 10, 1)])
def test_days_off_are_left_out(ticking: Ticking, cast: Cast, day: date) -> None:
    assert not timetable.remind(ticking, datetime.combine(day, NINE.timetz()))


def test_the_day_is_the_offices_day_and_not_utcs(database: Database, settings: Settings) -> None:
    ticking = Ticking(database, settings.model_copy(update={"timezone": "America/New_York"}))
    assert timetable.remind(ticking, datetime(2026, 3, 11, 1, 0, tzinfo=UTC))
    with database.reading() as session:
        assert jobs.was_done(session, "remind", "2026-03-10")


def test_a_clock_in_1970_or_a_year_ahead_loses_nothing(
    database: Database, mailing: Settings, smtp: Scripted, cast: Cast
) -> None:
    ticking = Ticking(database, mailing)
    timetable.remind(ticking, datetime(1970, 1, 1, 4, tzinfo=UTC))
    assert cast.mail() == []
    timetable.remind(ticking, NINE + timedelta(days=365))
    timetable.remind(ticking, NINE)
    timetable.deliver(database, mailing, at=NINE, worker="one")
    (mail,) = smtp.taken
    assert mail["Subject"].startswith("责任事项提醒：临期 1 项，")


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Shanghai"])
def test_every_working_day_is_planned_once_over_both_clock_changes(
    database: Database, settings: Settings, zone: str
) -> None:
    ticking = Ticking(database, settings.model_copy(update={"timezone": zone}))
    for start in (datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 10, 23, tzinfo=UTC)):
        hours = (start + timedelta(hours=n) for n in range(5 * 24))
        planned = [at for at in hours if timetable.remind(ticking, at)]
        assert len(planned) == len({at.date() for at in planned}) == 3


@pytest.fixture
def nodes(database: Database, settings: Settings) -> Iterator[list[Ticking]]:
    found = [Ticking(Database(settings.database_url), settings) for _ in range(3)]
    yield found
    for node in found:
        node.database.close()


def remind_at_once(nodes: list[Ticking], monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Which nodes planned, when each had seen that nobody had."""
    monkeypatch.setattr(jobs, "was_done", meeting(jobs.was_done, len(nodes)))
    return sorted(at_once(*(partial(timetable.remind, node, NINE) for node in nodes)))


def test_of_three_nodes_one_plans(
    nodes: list[Ticking], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert remind_at_once(nodes, monkeypatch) == [False, False, True]
    assert len(cast.ledger()) == 1


@pytest.mark.only_on("postgres")
def test_control_nodes_that_look_before_they_claim_all_plan(
    nodes: list[Ticking], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, look = jobs.claim, meeting(jobs.was_done, len(nodes))

    def careless(session: Session, name: str, period: str, *, at: datetime) -> bool:
        seen = look(session, name, period)
        real(session, name, period, at=at)
        return not seen

    monkeypatch.setattr(jobs, "claim", careless)
    assert remind_at_once(nodes, monkeypatch) == [True, True, True]


def test_a_chore_that_raises_is_logged_without_words_and_ends_nothing(
    ticking: Ticking, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_ticking: Ticking, _at: datetime) -> None:
        raise KeyError("城管局 u4@qinghe.test")

    timetable.tick(Chore("broken", 1, broken), ticking, Watch())
    said = capsys.readouterr()
    assert "KeyError" in said.out + said.err and "qinghe" not in said.out + said.err


def test_the_sweeper_takes_what_no_row_knows_and_nothing_else(
    ticking: Ticking, database: Database
) -> None:
    folder = ticking.settings.uploads
    for name, minutes in (("known", 61), ("orphan", 61), ("young", 59)):
        file = write(
            BytesIO(b"x"), store=Folder(folder), name=name, media_type="", limit=9, at=NINE, by=None
        )
        path = (folder / file.key).rename(folder / name)
        file.key, when = name, (NINE - timedelta(minutes=minutes)).timestamp()
        os.utime(path, (when, when))
        if name == "known":
            with database.writing() as session:
                session.add(file)
    assert timetable.sweep(ticking, NINE) == 1
    assert {path.name for path in folder.iterdir()} == {"known", "young"}


@pytest.fixture
def counted(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[float], int]]:
    """A running ticker with one chore; how often it ran within so many of its intervals."""
    ran: list[datetime] = []
    chores = (Chore("count", INTERVAL, lambda _ticking, at: ran.append(at)),)
    monkeypatch.setattr(timetable, "CHORES", chores)
    stop = timetable.start_background(database, settings)

    def within(intervals: float) -> int:
        ran.clear()
        time.sleep(intervals * INTERVAL)
        return len(ran)

    yield within
    stop()


@pytest.mark.only_on("sqlite")  # no database in it
@pytest.mark.parametrize("leap", [timedelta(hours=-1), timedelta(days=-1), timedelta(days=365)])
def test_ticks_go_on_when_the_clock_is_moved(
    counted: Callable[[float], int], leap: timedelta
) -> None:
    assert counted(2) >= 1
    with time_machine.travel(datetime.now(UTC) + leap, tick=True):
        assert 1 <= counted(3.5) <= 5


@pytest.mark.only_on("sqlite")  # no database in it
def test_control_apschedulers_own_store_stands_still_when_the_clock_goes_back(
    monkeypatch: pytest.MonkeyPatch, database: Database, settings: Settings
) -> None:
    ran: list[datetime] = []
    chores = (Chore("count", INTERVAL, lambda _ticking, at: ran.append(at)),)
    monkeypatch.setattr(timetable, "CHORES", chores)
    monkeypatch.setattr(timetable, "SteadyStore", MemoryJobStore)
    stop = timetable.start_background(database, settings)
    time.sleep(0.5 * INTERVAL)
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=1), tick=True):
        ran.clear()
        time.sleep(2.5 * INTERVAL)
    stop()
    assert len(ran) <= 1


def test_the_timetable_plans_and_delivers_by_itself(
    database: Database, mailing: Settings, smtp: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    faster = tuple(Chore(chore.name, 1, chore.do) for chore in timetable.CHORES)
    monkeypatch.setattr(timetable, "CHORES", faster)
    with time_machine.travel(NINE, tick=True):
        stop = timetable.start_background(database, mailing)
        for _ in range(100):
            if smtp.taken:
                break
            threading.Event().wait(0.1)
        stop()
    assert [mail["To"] for mail in smtp.taken] == ["u4@qinghe.test"]


def test_a_moved_clock_is_noticed() -> None:
    watch = Watch()
    assert watch.leap(NINE) == 0
    assert watch.leap(NINE + timedelta(seconds=1)) == 0
    assert round(watch.leap(NINE - timedelta(days=1))) == -86401
