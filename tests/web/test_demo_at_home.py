"""The demo world's passwords are public: it is served to this machine alone, whoever serves it."""

import pytest
from sqlmodel import col, select

from tests.conftest import Office
from tracker.demo import world
from tracker.directory.user import User
from tracker.errors import SettingsError
from tracker.web import app


@pytest.fixture
def environment(office: Office, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """What a WSGI server's process is started with."""
    monkeypatch.setenv("TRACKER_INSTANCE", str(office.settings.instance))
    monkeypatch.setenv("TRACKER_DATABASE_URL", office.settings.database_url)
    monkeypatch.setattr("tracker.logs.configure", lambda _level: None)
    return monkeypatch


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRACKER_HOST", "0.0.0.0"),
        ("TRACKER_BASE_URL", "https://tracker.qinghe.example"),
        ("TRACKER_TRUSTED_HOSTS", '["tracker.qinghe.example"]'),
    ],
)
def test_a_wsgi_server_does_not_serve_the_demo_world_to_others(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        app.from_environment()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_to_this_machine_it_does(environment: pytest.MonkeyPatch, host: str) -> None:
    environment.setenv("TRACKER_HOST", host)
    assert app.from_environment()


def test_accounts_with_other_passwords_are_not_the_demo_world(
    office: Office, environment: pytest.MonkeyPatch
) -> None:
    assert world.is_loaded(office.database)
    with office.database.writing() as session:
        for user in session.exec(select(User).where(col(User.login) != "edu")):
            user.disable(at=office.now)
            session.add(user)
        session.exec(select(User).where(User.login == "edu")).one().password_hash = ""
    assert not world.is_loaded(office.database)
    environment.setenv("TRACKER_HOST", "0.0.0.0")
    assert app.from_environment()
