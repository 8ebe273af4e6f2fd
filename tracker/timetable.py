"""The timetable: what runs every so often, as a page of data; APScheduler only ticks.

Nothing is kept in the scheduler: what is due stands in the database and every chore asks there,
so a missed tick, a second ticker or a restart changes nothing. Ticks are counted from the last
one, not planned on the wall clock: when the clock goes back, the next tick comes after one
interval at the latest; when it leaps ahead, one tick follows and not thousands.
"""

import logging
import os
import secrets
import signal
import threading
import time
import traceback
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from tracker import clock, jobs, logs, storage
from tracker.actor import Actor
from tracker.db import Database
from tracker.exchange.handing_out import making
from tracker.exchange.mailbox import fetching
from tracker.failpoints import failpoint
from tracker.mail import delivery
from tracker.mail.delivery import Delivered
from tracker.reminders import calendar, planning
from tracker.reminders.rechecking import rechecking
from tracker.settings import Settings
from tracker.stores.chosen import local, store_of

TIMETABLE = Actor(None, "时间表", frozenset())
ORPHANS_AFTER = timedelta(hours=1)
LEAP = 3600.0


@dataclass
class Ticking:
    """One running ticker: where it works, its name as a worker, and whether it must stop."""

    database: Database
    settings: Settings
    worker: str = field(default_factory=lambda: f"{os.getpid()}-{secrets.token_hex(4)}")
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Chore:
    """A name, how many seconds lie between two ticks, and what is done at a moment."""

    name: str
    every: int
    do: Callable[[Ticking, datetime], object]


def remind(ticking: Ticking, at: datetime) -> bool:
    """Plan today's reminders, once, after the office's time on a working day.

    Says whether this call planned. A day whose time passed while nothing ran is made up for later
    that day; days missed altogether are folded into the next working day by planning itself.
    """
    database, settings = ticking.database, ticking.settings
    on = clock.day_of(at, settings.timezone)
    if not _is_time(at, settings):
        return False
    with database.reading() as session:
        done = jobs.was_done(session, "remind", on.isoformat())
        if done or not calendar.is_workday(session, on):
            return False
    with database.writing() as session:
        if not jobs.claim(session, "remind", on.isoformat(), at=at):
            return False
        planned = planning.plan_day(session, on=on, at=at, settings=settings, by=TIMETABLE)
    failpoint("planned-after-commit")
    for warning in planned.warnings:
        logs.get().warning("calendar-incomplete", on=on.isoformat(), said=warning)
    if planned.unreachable:
        logs.get().warning("departments-unreachable", number=len(planned.unreachable))
    return True


def _is_time(at: datetime, settings: Settings) -> bool:
    hour, _, minute = settings.remind_after.partition(":")
    local = clock.local(at, settings.timezone)
    return (local.hour, local.minute) >= (int(hour), int(minute))


def deliver(
    database: Database, settings: Settings, *, at: datetime, worker: str,
    stop: threading.Event | None = None,
) -> Delivered:  # fmt: skip
    """Send what waits in the outbox, each mail looked at once more before it goes."""
    return delivery.deliver(
        database, settings, at=at, worker=worker, recheck=rechecking(settings), stop=stop
    )


def send(ticking: Ticking, at: datetime) -> Delivered:
    """The ticker's delivery."""
    return deliver(
        ticking.database, ticking.settings, at=at, worker=ticking.worker, stop=ticking.stop
    )


def make_copies(ticking: Ticking, at: datetime) -> int:
    """Make the copies that are to be handed out by mail, one by one; says how many."""
    made = 0
    while not ticking.stop.is_set() and making.make_next(ticking.database, ticking.settings, at=at):
        made += 1
    return made


def fetch_mail(ticking: Ticking, at: datetime) -> bool:
    """Look into the mailbox, as often as the settings say; says whether this call looked."""
    if not fetching.is_time(ticking.database, ticking.settings, at=at):
        return False
    fetching.fetch(ticking.database, ticking.settings, at=at, stop=ticking.stop)
    return True


def sweep(ticking: Ticking, at: datetime) -> int:
    """Remove uploads that no row knows, from the store and from the folder where they wait."""
    places = {store_of(ticking.settings), local(ticking.settings)}
    with ticking.database.reading() as session:
        return sum(storage.sweep(session, one, before=at - ORPHANS_AFTER) for one in places)


CHORES = (
    #     name       seconds  what is done
    Chore("remind",  60,      remind),
    Chore("copies",  5,       make_copies),
    Chore("deliver", 20,      send),
    Chore("mailbox", 30,      fetch_mail),
    Chore("sweep",   3600,    sweep),
)  # fmt: skip


def start_background(
    database: Database, settings: Settings, only: Collection[str] = ()
) -> Callable[[], None]:  # fmt: skip
    """Tick in threads of this process; the answer stops it, after the mail in hand.

    `only` names the chores wanted; all of them when empty.
    """
    ticking, watch = Ticking(database, settings), Watch()
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(jobstores={"default": SteadyStore()}, timezone="UTC")
    for chore in CHORES:
        if not only or chore.name in only:
            scheduler.add_job(
                tick, Every(chore.every), args=(chore, ticking, watch), id=chore.name,
                misfire_grace_time=None, coalesce=True, max_instances=1,
            )  # fmt: skip
    scheduler.start()

    def stop() -> None:
        ticking.stop.set()
        scheduler.shutdown(wait=True)

    return stop


def run_forever(database: Database, settings: Settings, only: Collection[str] = ()) -> None:
    """Tick until the process is asked to end (SIGTERM, Ctrl-C)."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    stop = start_background(database, settings, only)
    ended.wait()
    stop()


def tick(chore: Chore, ticking: Ticking, watch: "Watch") -> None:
    """Do a chore once; what goes wrong is logged without texts, and the ticker goes on."""
    at = clock.now()
    if leap := watch.leap(at):
        logs.get().warning("clock-leapt", seconds=round(leap))
    try:
        chore.do(ticking, at)
    except Exception as error:  # the next tick tries again
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        logs.get().error("chore-failed", chore=chore.name, error=type(error).__name__, at=place)


class Watch:
    """Notices a wall clock that was moved, by the monotonic one beside it."""

    def __init__(self) -> None:
        self._seen: tuple[datetime, float] | None = None

    def leap(self, at: datetime) -> float:
        """Seconds by which the clock was moved since the last look; 0 under an hour."""
        before, self._seen = self._seen, (at, time.monotonic())
        if before is None:
            return 0.0
        leap = (at - before[0]).total_seconds() - (self._seen[1] - before[1])
        return leap if abs(leap) > LEAP else 0.0


class Every(BaseTrigger):  # type: ignore[misc]
    """Fires at once, then so many seconds after each firing."""

    def __init__(self, seconds: int) -> None:
        self.interval = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """APScheduler's question."""
        return now if previous is None else now + self.interval


class SteadyStore(MemoryJobStore):  # type: ignore[misc]
    """A job that lies further ahead than its interval was planned by a clock since put back."""

    def get_due_jobs(self, now: datetime) -> list[Any]:
        """APScheduler's question."""
        for job in self.get_all_jobs():
            if job.next_run_time > now + job.trigger.interval:
                job.next_run_time = now
                self.update_job(job)
        due: list[Any] = super().get_due_jobs(now)
        return due
