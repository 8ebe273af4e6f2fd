"""What a handler needs of its surroundings: the settings, the database, the person, the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app, g
from sqlmodel import Session

from tracker import clock
from tracker.actor import Actor
from tracker.db import Database
from tracker.settings import Settings


@dataclass(frozen=True)
class Tracker:
    """One running tracker."""

    settings: Settings
    database: Database


def tracker() -> Tracker:
    """The tracker this request belongs to."""
    found: Tracker = current_app.extensions["tracker"]
    return found


def actor() -> Actor:
    """The person of this request; views with a policy other than PUBLIC have one."""
    assert g.actor is not None
    person: Actor = g.actor
    return person


def at() -> datetime:
    """The moment this request came in."""
    moment: datetime = g.at
    return moment


def today() -> date:
    """The office's date of this request."""
    return clock.day_of(at(), tracker().settings.timezone)


@contextmanager
def reading() -> Iterator[Session]:
    """A session for a page."""
    with tracker().database.reading() as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """A session for a verb; committed when the block ends without an error."""
    with tracker().database.writing() as session:
        yield session
