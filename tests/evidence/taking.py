"""What the route does with a photo, for a process that is to be killed on the way."""

import json
from io import BytesIO
from pathlib import Path

from tests.conftest import NOON
from tests.files.samples import jpg
from tracker import clock
from tracker.db import Database
from tracker.directory.actors import actor_for
from tracker.events import keep
from tracker.failpoints import failpoint
from tracker.files import child, examining
from tracker.plans.assignment import Assignment
from tracker.settings import Settings
from tracker.storage import dropped_if_refused
from tracker.stores.chosen import store_of
from tracker.work.evidence import attach
from tracker.work.receiving import receive


def take_in(url: str, instance: str, user: int, part_id: int) -> None:
    """What the route does, in a process of its own."""
    database, settings = Database(url), Settings(instance=Path(instance), secret_key="x")
    with database.reading() as session:
        actor = actor_for(session, user, on=clock.day_of(NOON, "Asia/Shanghai"))
    assert actor is not None
    with dropped_if_refused(store_of(settings)) as files:
        piece = receive(
            BytesIO(jpg()), name="现场.jpg", settings=settings, by=actor, at=NOON, files=files
        )
        with database.writing() as session:
            part = session.get_one(Assignment, part_id)
            keep(session, *piece.files)
            keep(session, *attach(part, piece.file, by=actor, at=NOON, previews=piece.previews))
            failpoint("evidence-before-commit")


def take_in_alone(url: str, instance: str, user: int, part_id: int) -> None:
    """The same, but the photo is looked at in this process and not in one more."""
    examining._asked = lambda request, seconds: child.answer(json.loads(request))
    take_in(url, instance, user, part_id)
