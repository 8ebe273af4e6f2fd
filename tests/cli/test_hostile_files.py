"""Hostile files on the command line: what is refused is one line on stderr that names the file, with
exit code 1; what is read asks its questions there. Nothing is written."""

import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import structlog

from tests.hostile.doors import (
    FEW_MUTANTS,
    MANY_MUTANTS,
    MORE,
    SOME,
    Sent,
    files,
    hostile,
    more,
    rows,
)
from tests.intake.sheets import DUTIES, workbook
from tracker import cli
from tracker.db import Database

pytestmark = [pytest.mark.process, pytest.mark.only_on("sqlite")]

NAMES = (
    "a\x1b[31mb\x07.xlsx",
    "计划\u202exslx.exe",
    "两\n行.xlsx",
    "-rf.xlsx",
    "长" * 80 + ".xlsx",
    "%s{}.xlsx",
    " .xlsx",
)


class Said(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


class Line:
    """The command line, in this process: a hundred interpreters would take minutes to start."""

    def __init__(
        self, folder: Path, database: Database, patch: pytest.MonkeyPatch,
        captured: pytest.CaptureFixture[str],
    ) -> None:  # fmt: skip
        self.folder, self.database = folder / "sent", database
        self.instance, self.temporary = folder / "instance", folder / "temporary"
        self._patch, self._captured = patch, captured
        for made in (self.folder, self.instance, self.temporary):
            made.mkdir()
        url = database.engine.url.render_as_string(hide_password=False)
        patch.setenv("TRACKER_INSTANCE", str(self.instance))
        patch.setenv("TRACKER_DATABASE_URL", url)
        patch.setenv("TMPDIR", str(self.temporary))

    def run(self, *arguments: str) -> Said:
        """One command."""
        self._patch.setattr(sys, "argv", ["tracker", *arguments])
        self._captured.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        answer = self._captured.readouterr()
        return Said(int(ended.value.code or 0), answer.out, answer.err)

    def file(self, sent: Sent) -> str:
        """The file where it is sent from."""
        path = self.folder / sent.filename[-80:].replace("/", "_")
        path.write_bytes(sent.data)
        return str(path)

    def fault(self, command: str, sent: Sent, *options: str) -> str:
        """What is wrong about the answer to one file, '' if it is taken or refused as it should."""
        path, before, kept = self.file(sent), rows(self.database), files(self.instance)
        said = self.run(command, path, *options)
        written = more(before, rows(self.database)), files(self.instance) - kept
        if written != ({}, set()):
            return f"wrote {written}"
        lines = said.err.splitlines()
        fine = said.code in (0, 1) and all(map(str.isprintable, lines))
        if not said.out:  # refused: then there is one line and no more
            fine &= said.code == 1 and len(lines) == 1 and f"《{Path(path).name[:10]}" in lines[0]
        return "" if fine else f"{said.code}: {said.err[:300]!r}"


@pytest.fixture
def line(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):  # fmt: skip
    kept = structlog.get_config()
    yield Line(tmp_path, database, monkeypatch, capsys)
    structlog.configure(**kept)


def assert_answered(line: Line, command: str, sent: list[Sent], *options: str) -> None:
    """Every file is answered as it should be; nothing stays in the temporary folder."""
    wrong = {one.label: said for one in sent if (said := line.fault(command, one, *options))}
    assert wrong == {}
    assert list(line.temporary.iterdir()) == []


def test_reading_hostile_files(line: Line) -> None:
    assert_answered(line, "read", hostile(SOME[::2], FEW_MUTANTS[::2]), "--json")


def test_importing_hostile_files(line: Line) -> None:
    assert_answered(line, "import", hostile(SOME[1::2], FEW_MUTANTS[1::2]))


@pytest.mark.long
def test_reading_and_importing_more_hostile_files(line: Line) -> None:
    sent = hostile((*SOME, *MORE), MANY_MUTANTS)
    assert_answered(line, "read", sent, "--json")
    assert_answered(line, "import", sent)


def test_hostile_names_are_told_in_one_line(line: Line) -> None:
    for number, name in enumerate(NAMES):
        command = ("read", "import")[number % 2]
        said = line.run(command, line.file(Sent(name, name, b"")))
        assert said.code == 1 and said.err.endswith("\n")
        assert said.err[:-1].isprintable() and "文件是空的" in said.err


def test_hostile_names_of_sheets_do_not_turn_the_lines(line: Line) -> None:
    """What the reader asks about names the sheet, and the sheet may be called anything."""
    sent = hostile(["words.a_name_of_a_sheet_that_runs_backwards"], ())
    assert "\u202e" in line.run("read", line.file(sent[0]), "--json").out  # the file does say so
    assert line.run("read", line.file(sent[0])).out.replace("\n", "").isprintable()
    assert_answered(line, "import", sent)


def test_a_refused_file_leaves_nothing_even_when_it_is_to_be_applied(line: Line) -> None:
    (refused,) = hostile(["cells.the_last_cell_of_all"], ())
    before = rows(line.database)
    said = line.run("import", line.file(refused), "--apply", "--accept-proposals")
    assert (said.code, more(before, rows(line.database))) == (1, {})
    assert files(line.instance) == set()


def test_a_good_file_is_written_when_it_is_to_be(line: Line) -> None:
    """The control: what counts rows and files sees them."""
    before = rows(line.database)
    good = line.file(Sent("good", "好.xlsx", workbook(DUTIES)))
    said = line.run("import", good, "--apply", "--accept-proposals")
    written = more(before, rows(line.database))
    assert (said.code, written["plan"], written["task"], written["batch"]) == (0, 1, 3, 1)
    assert len(files(line.instance)) == 1
