"""Hashing a password takes its time on purpose; nobody waits for it with a locked database."""

import sqlite3
from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlmodel import select

from tests.conftest import NOON, Office
from tests.web.test_signing_in import empty_office
from tracker.db import Database
from tracker.demo.cast import PASSWORD
from tracker.directory import user
from tracker.directory.user import User
from tracker.settings import Settings

pytestmark = pytest.mark.only_on("sqlite")
NEW = "a longer password"
PERSON = {"login": "new.one", "name": "新同事", "role": "leader", "email": ""}


class Watching:
    """A hasher that asks, each time, whether the database may be written to."""

    def __init__(self, database: Database) -> None:
        self.file = database.url.removeprefix("sqlite:///")
        self.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        self.found_free: list[bool] = []

    def hash(self, password: str) -> str:
        connection = sqlite3.connect(self.file, timeout=0, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            self.found_free.append(True)
        except sqlite3.OperationalError:
            self.found_free.append(False)
        finally:
            connection.close()
        return self.hasher.hash(password)

    def verify(self, stored: str, password: str) -> bool:
        return self.hasher.verify(stored, password)


def ident(office: Office, login: str) -> int:
    with office.database.reading() as session:
        return session.exec(select(User.id).where(User.login == login)).one() or 0


def own(browser: FlaskClient, _office: Office) -> int:
    data = {"current": PASSWORD, "new": NEW, "again": NEW}
    return browser.post("/settings/password", data=data).status_code


def another(browser: FlaskClient, _office: Office) -> int:
    return browser.post("/users", data=PERSON).status_code


def anew(browser: FlaskClient, office: Office) -> int:
    return browser.post(f"/users/{ident(office, 'edu')}/password").status_code


@pytest.mark.parametrize("send", [own, another, anew])
def test_a_new_password_is_hashed_while_others_may_write(
    office: Office, monkeypatch: pytest.MonkeyPatch, send: Callable[[FlaskClient, Office], int]
) -> None:
    browser, watching = office.client_as("admin"), Watching(office.database)
    monkeypatch.setattr(user, "_hasher", watching)
    assert send(browser, office) == 302
    assert watching.found_free == [True]


def test_the_first_administrators_is_too(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, token = empty_office(database, settings)
    watching = Watching(database)
    monkeypatch.setattr(user, "_hasher", watching)
    form = {"login": "first", "name": "管理员", "email": "", "password": NEW}
    assert office.client_as(None).post(f"/setup/{token}", data=form).status_code == 302
    assert watching.found_free == [True]


def test_control_hashing_in_a_writing_session_is_seen(database: Database) -> None:
    watching = Watching(database)
    with database.writing() as session:
        session.add(User(login="x", name="x", password_hash=watching.hash(NEW), created_at=NOON))
        session.flush()
        watching.hash(NEW)
    assert watching.found_free == [True, False]
