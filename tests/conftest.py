"""Shared ground: a fresh migrated database for each test, on SQLite or PostgreSQL.

`pytest --database postgres` runs the suite on PostgreSQL; the server is TEST_DATABASE_URL's or one
of our own (tests/postgres.py). Each test's database is a copy of a template made once.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.engine import Engine
from sqlmodel import col, select

from importers import sandbox
from tests import inprocess, postgres
from tests.importers.plans import NOT_THERE, PLANS
from tracker import clock, db, schema
from tracker.actor import Actor
from tracker.db import Database
from tracker.demo import world
from tracker.demo.cast import PASSWORD
from tracker.directory import user
from tracker.directory.actors import actor_for
from tracker.directory.user import User
from tracker.plans.assignment import Assignment
from tracker.plans.task import Task
from tracker.settings import Settings
from tracker.web.app import create_app
from tracker.web.context import Tracker

hypothesis_settings.register_profile("gate", derandomize=True, deadline=None)
if os.environ.get("CI"):
    # The gate must not fail by chance; everywhere else new examples are tried each time.
    hypothesis_settings.load_profile("gate")

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
"""A Tuesday, noon in Shanghai: the present of every test that does not say otherwise."""

Fill = Callable[[Database], None]


user._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Argon2 at its cheapest: the suite signs in a thousand times."""


class OneDialect:
    """All engines of a session share one dialect and with it the compiled statements, as all requests
    to a running tracker do; a test's own engine would compile each of them again."""

    def __init__(self, connect: Callable[[str], Engine]) -> None:
        self._connect = connect
        self._first: dict[str, Engine] = {}

    def __call__(self, url: str) -> Engine:
        engine = self._connect(url)
        first = self._first.get(engine.name)
        if first is None:
            with engine.connect():  # the dialect learns what the server can do
                self._first[engine.name] = engine
            engine._compiled_cache.capacity = 5000
        else:
            engine.dialect = engine.pool._dialect = first.dialect
            engine._compiled_cache = first._compiled_cache
        return engine


db.connect = OneDialect(db.connect)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgres"), default="sqlite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, rather than skip, what only the other database can show."""
    here = config.getoption("--database")
    only = {item: item.get_closest_marker("only_on") for item in items}
    elsewhere = [item for item, mark in only.items() if mark and mark.args[0] != here]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


@pytest.fixture(autouse=True)
def reader_in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read without a child process, except in tests marked `process`."""
    if request.node.get_closest_marker("process") is None:
        monkeypatch.setattr(sandbox, "told_by", inprocess.told_by)


class Sqlite:
    """Databases as files, copied from a template."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = 0

    def template(self, name: str, fill: Fill) -> None:
        file = self.folder / f"{name}.db"
        if not file.exists():
            _filled(f"sqlite:///{file}", fill)
            with Database(f"sqlite:///{file}").engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def copy(self, name: str) -> str:
        self.made += 1
        target = self.folder / f"{name}-{self.made}.db"
        shutil.copy(self.folder / f"{name}.db", target)
        return f"sqlite:///{target}"

    def drop(self, url: str) -> None:
        for ending in ("", "-wal", "-shm"):
            Path(url.removeprefix("sqlite:///") + ending).unlink(missing_ok=True)


class Postgres:
    """Databases of one server, copied from a template."""

    def __init__(self, url: str, worker: str) -> None:
        self.url = url
        self.worker = worker
        self.known: set[str] = set()
        self.made = 0

    def template(self, name: str, fill: Fill) -> None:
        if name not in self.known:
            self._run(f'DROP DATABASE IF EXISTS "{self._full(name)}" WITH (FORCE)')
            self._run(f'CREATE DATABASE "{self._full(name)}"')
            _filled(self._address(self._full(name)), fill)
            self.known.add(name)

    def copy(self, name: str) -> str:
        self.made += 1
        target = f"{self._full(name)}-{self.made}"
        self._run(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        self._run(f'CREATE DATABASE "{target}" TEMPLATE "{self._full(name)}" {self._by_files}')
        return self._address(target)

    @cached_property
    def _by_files(self) -> str:
        """Files are copied quicker than their pages logged; servers before 15 know no other way."""
        with psycopg.connect(self.url) as connection:
            return "STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else ""

    def drop(self, url: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{url.rsplit("/", 1)[1]}" WITH (FORCE)')

    def _full(self, name: str) -> str:
        return f"tracker-test-{self.worker}-{name}"

    def _address(self, name: str) -> str:
        base = self.url.rsplit("/", 1)[0].replace("postgresql:", "postgresql+psycopg:")
        return f"{base}/{name}"

    def _run(self, sql: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.encode())


def _filled(url: str, fill: Fill) -> None:
    database = Database(url)
    schema.migrate(database)
    fill(database)
    database.close()


@pytest.fixture(scope="session")
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sqlite | Postgres]:
    """Where the session's databases come from."""
    if request.config.getoption("--database") == "sqlite":
        yield Sqlite(tmp_path_factory.mktemp("databases"))
        return
    with postgres.server() as url:
        yield Postgres(url, os.environ.get("PYTEST_XDIST_WORKER", "main"))


@pytest.fixture
def database(store: Sqlite | Postgres) -> Iterator[Database]:
    """An empty, migrated database of the test's own."""
    store.template("empty", lambda _database: None)
    yield from opened(store, "empty")


def opened(store: Sqlite | Postgres, name: str) -> Iterator[Database]:
    """A copy of a template, dropped in the end."""
    url = store.copy(name)
    database = Database(url)
    yield database
    database.close()
    store.drop(url)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Settings of an office that lives in the test's folder."""
    return Settings(
        instance=tmp_path / "instance",
        database_url=database.engine.url.render_as_string(hide_password=False),
        secret_key="a key for tests only",
        base_url="http://tracker.test",
    )


@pytest.fixture
def now() -> datetime:
    """The present of the test."""
    return NOON


def _fill_with_the_demo_world(uploads: Path) -> Fill:
    def fill(database: Database) -> None:
        settings = Settings(
            instance=uploads.parent, database_url="sqlite://", secret_key="a key for tests only"
        )
        world.load(database, settings, at=NOON, scored=False)

    return fill


@pytest.fixture(scope="session")
def demo_uploads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the demo world; copied for each test that has the world."""
    folder = tmp_path_factory.mktemp("demo") / "uploads"
    folder.mkdir()
    return folder


@dataclass
class Office:
    """A running office: the demo world over a database of the test's own."""

    app: Flask
    database: Database
    settings: Settings
    now: datetime

    def client_as(self, login: str | None) -> FlaskClient:
        """A browser signed in as a person of the cast; None for a stranger."""
        client = self.app.test_client()
        client.environ_base["HTTP_HOST"] = "tracker.test"
        if login is not None:
            answer = client.post("/sign-in", data={"login": login, "password": PASSWORD})
            assert answer.status_code == 302, answer.get_data(as_text=True)
        return client

    def actor(self, login: str) -> Actor:
        """The person as the gate sees her."""
        with self.database.reading() as session:
            ident = session.exec(select(User.id).where(User.login == login)).one()
            assert ident is not None
            found = actor_for(session, ident, on=clock.day_of(self.now, "Asia/Shanghai"))
        assert found is not None
        return found

    def task(self, beginning: str) -> Task:
        """The task whose text begins so."""
        with self.database.reading() as session:
            wanted = select(Task).where(col(Task.text).startswith(beginning, autoescape=True))
            return session.exec(wanted).one()

    def part(self, beginning: str, login: str) -> Assignment:
        """The part of the person's department in a task."""
        with self.database.reading() as session:
            wanted = select(Assignment).where(
                Assignment.task_id == self.task(beginning).id,
                col(Assignment.department_id).in_(self.actor(login).department_ids),
            )
            return session.exec(wanted).one()


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once for all the apps of the session."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


class OneApp:
    """The app is built once for all tests of a session and given another database for each; what a
    test does to its views or its configuration ends with the test."""

    def __init__(self, templates: FileSystemBytecodeCache) -> None:
        self._templates = templates
        self._app: Flask | None = None

    @contextmanager
    def over(self, settings: Settings, database: Database) -> Iterator[Flask]:
        """The app over a database; the settings may differ in their folder and address of it only."""
        app = self._app = self._app or self._built(settings, database)
        app.extensions["tracker"] = Tracker(settings, database)
        config, views = dict(app.config), dict(app.view_functions)
        yield app
        for present, before in ((app.config, config), (app.view_functions, views)):
            present.clear()
            present.update(before)

    def _built(self, settings: Settings, database: Database) -> Flask:
        app = create_app(settings, database)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
        app.jinja_env.bytecode_cache = self._templates
        return app


@pytest.fixture(scope="session")
def one_app(compiled_templates: FileSystemBytecodeCache) -> OneApp:
    """Builds the app when the first test asks for it."""
    return OneApp(compiled_templates)


@pytest.fixture
def office(
    store: Sqlite | Postgres,
    demo_uploads: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    one_app: "OneApp",
) -> Iterator[Office]:
    """The demo world as it stands at NOON, served."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    store.template("world", _fill_with_the_demo_world(demo_uploads))
    url = store.copy("world")
    settings = Settings(
        instance=tmp_path / "instance",
        database_url=url,
        secret_key="a key for tests only",
        base_url="http://tracker.test",
    )
    shutil.copytree(demo_uploads, settings.uploads)
    database = Database(url)
    with one_app.over(settings, database) as app:
        yield Office(app, database, settings, NOON)
    database.close()
    store.drop(url)


@pytest.fixture(scope="session")
def plans() -> Path:
    """The folder of real plan tables; tests that need it are skipped where it is missing."""
    if not PLANS.is_dir():
        pytest.skip(NOT_THERE)
    return PLANS
