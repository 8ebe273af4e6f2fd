"""Every hostile file ends as it should: refused by its code with its place named, or read.

Nobody is called, nothing stays behind, and neither time nor memory is taken.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.importers.conftest import Listener

from .case import Case
from .corpus import THEMES, load
from .judging import wrong
from .many import Many, Outcome

CASES = load()
SAMPLE = [
    "zips.the_plain_one", "zips.a_sheet_of_spaces", "zips.a_link", "parts.a_billion_laughs",
    "parts.a_parameter_entity_that_calls_home", "parts.links_to_other_books",
    "cells.two_corners_of_a_huge_table", "cells.the_last_cell_of_all",
    "values.one_long_text_pointed_at_again_and_again", "words.a_file_name_that_runs_backwards",
    "costs.angle_brackets", "pages.a_page_that_calls_home", "pages.one_field_of_ten_megabytes",
    "offices.a_table_of_sectors_named_again_and_again", "offices.word_tables_in_tables",
    "offices.a_pdf_that_unpacks_to_three_hundred_megabytes",
]  # fmt: skip
"""Read through the door itself in every run of the suite; all are in the long one."""


def made(names: Iterable[str], folder: Path, port: int) -> Path:
    """The files, written by a process apart."""
    folder.mkdir()
    command = [sys.executable, "-m", "tests.hostile.corpus", str(folder), str(port), *names]
    subprocess.run(command, check=True)
    return folder


def named(theme: str) -> list[str]:
    return [case.name for case in CASES.values() if case.theme == theme]


def said(case: Case, outcome: Outcome) -> dict[str, Any]:
    """An outcome as `measure` tells it."""
    measured = {"seconds": outcome.seconds, "megabytes": outcome.megabytes}
    if outcome.refusal is not None:
        refusal = outcome.refusal
        return measured | {
            "code": refusal.code, "message": refusal.message, "detail": refusal.detail,
        }  # fmt: skip
    assert outcome.reading is not None
    return measured | {"fault": case.fault(outcome.reading) if case.fault else "was read"}


def through_the_door(names: list[str], files: Path) -> dict[str, dict[str, Any]]:
    """What `importers.read` makes of them, measured."""
    command = [sys.executable, "-m", "tests.hostile.measure", str(files), *names]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


def faults(found: dict[str, dict[str, Any]]) -> dict[str, str]:
    """The files that did not end as they should."""
    return {name: fault for name, one in found.items() if (fault := wrong(CASES[name], one))}


def test_there_are_many_and_every_code_of_the_manual_is_among_them():
    assert len(CASES) > 250
    manual = Path("docs/importing.md").read_text("utf-8")
    codes = {code for case in CASES.values() for code in case.codes}
    assert [code for code in codes if f"`{code}`" not in manual] == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_files_of_a_theme_end_as_they_should(
    theme: str, tmp_path: Path, temporary: Path, listener: Listener
) -> None:
    names = named(theme)
    files = made(names, tmp_path / "files", listener.port)
    found, killers = {}, []
    with Many(temporary) as many:
        for name in names:
            outcome = many.read((files / name).read_bytes(), CASES[name].filename)
            if outcome.died:
                killers.append(name)
            else:
                found[name] = said(CASES[name], outcome)
    if killers:
        found |= through_the_door(killers, files)
    assert faults(found) == {}
    assert len(found) == len(names)
    assert (listener.calls(), list(temporary.iterdir())) == (0, [])


def test_the_door_itself_answers_so(tmp_path: Path, temporary: Path, listener: Listener) -> None:
    files = made(SAMPLE, tmp_path / "files", listener.port)
    assert faults(through_the_door(SAMPLE, files)) == {}
    assert (listener.calls(), list(temporary.iterdir())) == (0, [])


@pytest.mark.long
@pytest.mark.parametrize("theme", THEMES)
def test_the_door_itself_answers_so_to_all(
    theme: str, tmp_path: Path, temporary: Path, listener: Listener
) -> None:
    files = made(named(theme), tmp_path / "files", listener.port)
    found = through_the_door(named(theme), files)
    print(
        {
            theme: (
                max(o["seconds"] for o in found.values()),
                max(o["megabytes"] for o in found.values()),
            )
        }
    )
    assert faults(found) == {}
    assert (listener.calls(), list(temporary.iterdir())) == (0, [])
