"""A file that is refused when it is read again with its answers leaves nothing behind."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.cli.test_commands import UNCLEAR, Shell
from tracker.cli.imports import import_
from tracker.db import Database
from tracker.errors import FileRefused
from tracker.intake import rereading, uploading
from tracker.intake.choices import Choices


@pytest.mark.parametrize("refuses", [True, False])
def test_a_file_refused_on_the_second_reading_is_not_kept(
    refuses: bool, tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = Shell(tmp_path, database)
    for name, value in shell.environment.items():
        monkeypatch.setenv(name, value)
    if refuses:
        monkeypatch.setattr(rereading, "choices_of", lambda *_, **__: Choices({"a": "b"}))
        monkeypatch.setattr(uploading, "read_kept", _refuse)
    done = CliRunner().invoke(
        import_, [shell.file(UNCLEAR), "--accept-proposals", "--apply"], standalone_mode=False
    )
    kept = [path for path in (tmp_path / "instance").rglob("*") if path.parent.name == "uploads"]
    assert isinstance(done.exception, FileRefused) == refuses
    assert bool(kept) != refuses


def _refuse(*_: Any, **__: Any) -> None:
    raise FileRefused("没有可以导入的任务表", "no_plan")
