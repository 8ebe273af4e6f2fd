"""The tracker served on a port of its own, and people who open it in the system's Chromium."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.browser.chromium import CHROMIUM, MISSING
from tests.browser.person import DESK, PHONE, Person
from tests.conftest import NOON, Office
from tracker import clock
from tracker.db import Database
from tracker.demo.cast import PASSWORD
from tracker.directory import people
from tracker.directory.user import hash_of
from tracker.settings import Settings
from tracker.web.app import create_app

Visit = Callable[..., Person]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """Chromium, started once; without it the tests are skipped, or fail where CI is set."""
    if CHROMIUM is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log(self, *words: object) -> None:
        pass


STOPS = 0.02
"""Seconds within which a server sees that it is to stop."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The app on a free port, as in real life: forms need their token."""
    app.config.update(TESTING=False, WTF_CSRF_ENABLED=True)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(STOPS,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def moving_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time passes from NOON on."""
    began = time.monotonic()
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(seconds=time.monotonic() - began))


@pytest.fixture
def site(office: Office, moving_clock: None) -> Iterator[str]:
    """The demo world's address."""
    with served(office.app) as base:
        yield base


@pytest.fixture
def new_site(database: Database, settings: Settings, moving_clock: None) -> Iterator[str]:
    """The address of an empty office; its administrator signs in as `first`."""
    with database.writing() as session:
        people.add_first_administrator(
            session, login="first", name="督查室", email="",
            password_hash=hash_of(PASSWORD, login="first"), at=NOON,
            on=NOON.date(),
        )  # fmt: skip
    with served(create_app(settings, database)) as base:
        yield base


@pytest.fixture
def visit(browser: Any) -> Iterator[Visit]:
    """`visit(base, "edu")` is a person signed in at a desk; with `phone=True` in the street."""
    visitors: list[Person] = []

    def come(base: str, login: str | None = None, *, phone: bool = False) -> Person:
        context = browser.new_context(
            viewport=PHONE if phone else DESK, has_touch=phone, locale="zh-CN"
        )
        context.set_default_timeout(10_000)
        visitor = Person(context.new_page(), base, phone=phone)
        visitors.append(visitor)
        if login is not None:
            visitor.sign_in(login, PASSWORD)
        return visitor

    yield come
    for visitor in visitors:
        visitor.page.context.close()
    assert [one for visitor in visitors for one in visitor.complaints] == []
