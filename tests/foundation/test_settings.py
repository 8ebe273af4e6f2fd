"""Settings fail loudly, naming the variable."""

import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tracker import settings
from tracker.errors import SettingsError


@pytest.fixture(autouse=True)
def _instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRACKER_INSTANCE", str(tmp_path))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRACKER_PORT", "http"),
        ("TRACKER_PORT", "70000"),
        ("TRACKER_TIMEZONE", "Mars/Base"),
        ("TRACKER_BASE_URL", "tracker.test"),
        ("TRACKER_SMTP_TLS", "maybe"),
        ("TRACKER_REMIND_AFTER", "25:00"),
        ("TRACKER_SMPT_HOST", "mail.test"),
    ],
)
def test_a_wrong_or_unknown_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        settings.load()


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text('port = 6000\nlocale = "en"\n')
    monkeypatch.setenv("TRACKER_PORT", "7000")
    found = settings.load()
    assert (found.port, found.locale) == (7000, "en")


def test_a_broken_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("port = = 1")
    with pytest.raises(SettingsError, match=r"config\.toml"):
        settings.load()


def test_the_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    found = settings.load()
    first = settings.secret_key(found)
    assert settings.secret_key(found) == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_the_example_names_only_settings_that_exist() -> None:
    example = Path(__file__).parent.parent.parent / "instance" / "config.example.toml"
    names = {
        line.lstrip("# ").split("=")[0].strip()
        for line in example.read_text(encoding="utf-8").splitlines()
        if "=" in line
    }
    assert names <= set(settings.Settings.model_fields)


def started_together(folder: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The keys of eight that have all seen that there is none."""
    met, real = threading.Barrier(8, timeout=10), secrets.token_hex

    def together(size: int) -> str:
        if size == 32:
            met.wait()
        return real(size)

    monkeypatch.setattr(secrets, "token_hex", together)
    with ThreadPoolExecutor(8) as starting:
        return set(starting.map(settings.secret_key, [settings.Settings(instance=folder)] * 8))


def test_of_processes_that_start_together_all_have_the_same_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (key,) = started_together(tmp_path / "new", monkeypatch)
    assert len(key) == 64


def test_control_a_key_that_is_written_over_is_not_everybodys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = threading.Lock()

    def over_it(file: Path, content: str) -> None:
        with turn:
            file.with_name(content).write_text(content)
            file.with_name(content).replace(file)
            time.sleep(0.05)

    monkeypatch.setattr(settings, "_make_once", over_it)
    assert len(started_together(tmp_path, monkeypatch)) > 1


def test_an_empty_key_file_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    with pytest.raises(SettingsError, match="secret_key"):
        settings.secret_key(settings.Settings(instance=tmp_path))
