"""(f) Planning a day's reminders, (g) delivering its digests to a local sink."""

import smtplib
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial

import sqlalchemy as sa
from sqlmodel import select

from tests.bench.measure import Line, in_turn, listening, say, seconds, show
from tests.bench.world import World
from tracker import timetable
from tracker.db import Database
from tracker.mail.message import Message, MessageState
from tracker.reminders import calendar, planning, standing
from tracker.reminders.rules import horizon
from tracker.settings import Settings


def run(worlds: dict[int, World]) -> None:
    """Print the lines of (f) at every size and of (g) at the smallest with enough digests."""
    say("A day's reminders against the one query that finds the rows")
    for size, world in worlds.items():
        _plan(size, world, bar=2.0 if size == max(worlds) else None)
    say("Digests delivered, against a loop of EmailMessage and one connection with the same bytes")
    _deliver(worlds[min(worlds)])


def _plan(size: int, world: World, *, bar: float | None) -> None:
    database, at = Database(world.settings.database), _morning(world)

    def planned() -> None:
        planning.run(database, world.settings, on=world.today, at=at, dry_run=True)

    took = in_turn(3, query=partial(seconds, partial(_find, database, world)),
                   plan=partial(seconds, planned))  # fmt: skip
    show(Line(f"plan a day, {size:,} assignments (not written)", took["plan"] / took["query"],
              "its one query", bar))  # fmt: skip
    written = seconds(lambda: planning.run(database, world.settings, on=world.today, at=at))
    show(
        Line(
            "  the first time, ledger and digests written", written / took["query"], "its one query"
        )
    )
    database.close()


def _find(database: Database, world: World) -> None:
    with database.reading() as session:
        until = horizon(world.today, calendar.load(session, world.today))
        for _row in standing.find(session, until=until):
            pass


def _morning(world: World) -> datetime:
    return datetime(world.today.year, world.today.month, world.today.day, 4, tzinfo=UTC)


def _deliver(world: World) -> None:
    database = Database(world.settings.database)
    with database.reading() as session:
        letters = list(session.exec(select(Message).where(Message.state == MessageState.DUE)))
    with listening("sink") as port:
        settings = world.settings.model_copy(
            update={"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_tls": "none"}
        )
        took = in_turn(
            3, loop=partial(seconds, partial(_loop, letters, port)),
            ours=partial(_delivered, database, settings, world, len(letters)),
        )  # fmt: skip
    show(Line(f"deliver {len(letters)} digests", took["ours"] / took["loop"], "the bare loop", 1.5))
    database.close()


def _delivered(database: Database, settings: Settings, world: World, expected: int) -> float:
    """Deliver what is due, which the round before put back into the queue."""
    at = _morning(world) + timedelta(minutes=1)
    with database.writing() as session:
        session.execute(
            sa.update(Message).values(state=MessageState.DUE, next_try_at=at, attempts=0, tries=0)
        )
    counts = []

    def work() -> None:
        counts.append(timetable.deliver(database, settings, at=at, worker="bench").sent)

    took = seconds(work)
    assert counts == [expected], f"sent {counts} of {expected}"
    return took


def _loop(letters: list[Message], port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as line:
        for letter in letters:
            mail = EmailMessage(policy=SMTP)
            mail["From"], mail["To"] = "tracker@county.test", letter.address
            mail["Subject"], mail["Message-ID"] = letter.subject, letter.header_id
            mail.set_content(letter.text, cte="base64")
            mail.add_alternative(letter.html, subtype="html", cte="base64")
            line.sendmail("tracker@county.test", [letter.address], mail.as_bytes(policy=SMTP))
