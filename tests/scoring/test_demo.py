"""The demo world's rounds: what a stranger sees on the first evening."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sqlmodel import select

from tests.conftest import NOON, Postgres, Sqlite, opened
from tracker import clock
from tracker.db import Database
from tracker.demo import world
from tracker.demo.cast import PASSWORD
from tracker.events import verify
from tracker.scoring.ranking import ranking
from tracker.scoring.rectification import Rectification
from tracker.scoring.round import Round, RoundState
from tracker.scoring.rules import in_force
from tracker.scoring.scope import of_round
from tracker.settings import Settings
from tracker.web.app import create_app


@pytest.fixture(scope="session")
def scored_uploads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the world with its rounds."""
    folder = tmp_path_factory.mktemp("scored") / "uploads"
    folder.mkdir()
    return folder


@pytest.fixture
def database(store: Sqlite | Postgres, scored_uploads: Path) -> Iterator[Database]:
    """The whole demo world, loaded once."""

    def fill(database: Database) -> None:
        settings = Settings(instance=scored_uploads.parent, secret_key="a key for tests only")
        world.load(database, settings, at=NOON)

    store.template("scored", fill)
    yield from opened(store, "scored")


@pytest.fixture(autouse=True)
def files(settings: Settings, database: Database, scored_uploads: Path) -> None:
    shutil.copytree(scored_uploads, settings.uploads)


def test_the_demo_world_has_a_published_round_and_one_under_way(
    database: Database, settings: Settings
) -> None:
    with database.reading() as session:
        rehearsal, formal = session.exec(select(Round).order_by(Round.id)).all()  # type: ignore[arg-type]
        assert (rehearsal.state, formal.state) == (RoundState.PUBLISHED, RoundState.OPEN)
        found = ranking(
            session, of_round(rehearsal, settings.timezone), in_force(session, NOON.date())
        )
        assert len(found.lines) > 3 and any(line.bonus for line in found.lines)
        assert len(session.exec(select(Rectification)).all()) == 3
        assert verify(session) == []


PAGES = {
    "office": (
        "/scoring", "/plans/1/rounds", "/rounds/1", "/rounds/2", "/rounds/2?state=covert&mode=暗访",
        "/items/1", "/items/7", "/items/27", "/rounds/1/visits", "/rounds/2/visits", "/rules",
        "/plans/1/rankings", "/plans/1/rankings?round=1", "/plans/1/rankings?round=1&by=category",
        "/plans/1/rankings?by=mode&from=2026-01-01&until=2026-12-31", "/plans/1/rankings?by=round",
        "/plans/1/rankings?round=1&section=1&mode=明查", "/plans/1/points?round=1", "/rules/trial",
        "/plans/1/praises", "/plans/4", "/tasks/7", "/tasks/41",
    ),
    "leader": ("/scoring", "/rounds/1", "/items/7", "/plans/1/rankings", "/rules", "/plans/1/praises"),
    "edu": ("/scoring", "/rounds/1", "/items/7", "/plans/1/rankings", "/tasks/7", "/plans/4"),
    "inspector": ("/visits", "/visits/1", "/visits/2"),
}  # fmt: skip


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_page_of_scoring_renders_whole_with_something_on_it(
    database: Database, settings: Settings, locale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    app = create_app(settings, database)
    app.config.update(WTF_CSRF_ENABLED=False)
    for login, paths in PAGES.items():
        browser = app.test_client()
        browser.environ_base["HTTP_HOST"] = "tracker.test"
        browser.post("/sign-in", data={"login": login, "password": PASSWORD})
        browser.post("/language", data={"locale": locale})
        for path in paths:
            answer = browser.get(path)
            assert answer.status_code == 200, (login, path)
            page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
            assert len(page.find_all("h1")) == 1, path
    for layout in ("ledger", "original"):
        answer = browser.post("/plans/4/exports", data={"layout": layout})
        assert answer.status_code == 403
    office = app.test_client()
    office.environ_base["HTTP_HOST"] = "tracker.test"
    office.post("/sign-in", data={"login": "office", "password": PASSWORD})
    told = [
        office.post("/plans/4/exports", data={"layout": one}).status_code
        for one in ("ledger", "original")
    ]
    assert told[0] == 200 and told[1] in (200, 409, 422), told
