"""Every fixture is read as it says, and as the golden file that was reviewed keeps it."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from importers import Limits, read

from . import coverage, xml_count
from .fixtures import FIXTURES
from .golden import FOLDER, faults, known_wrong, path, written

WRONG = known_wrong()
RIGHT = sorted(FIXTURES.keys() - set(WRONG))
WORKBOOKS = sorted(name for name, fixture in FIXTURES.items() if fixture.is_workbook)


@pytest.mark.parametrize("name", RIGHT)
def test_every_fact_of_the_fixture_is_read(name):
    assert faults(FIXTURES[name]) == []


@pytest.mark.parametrize("name", RIGHT)
def test_the_whole_reading_is_the_golden_one(name):
    assert path(name).exists(), "run `make golden` and review what it writes"
    kept, now = path(name).read_text("utf-8"), written(FIXTURES[name])
    changed = list(difflib.unified_diff(kept.splitlines(), now.splitlines(), "golden", "now", n=1))
    assert not changed, "\n".join(changed[:40])


@pytest.mark.parametrize("name", WRONG)
def test_what_is_known_to_be_wrong_is_still_wrong(name):
    """The list may only shrink: run `make golden` when the reader has learnt a fixture."""
    assert faults(FIXTURES[name])


def test_there_is_no_golden_reading_of_what_is_wrong_or_gone():
    assert {file.stem for file in FOLDER.glob("*.json")} == set(RIGHT)
    assert set(WRONG) <= set(FIXTURES)


@pytest.mark.parametrize("name", WORKBOOKS)
def test_no_cell_is_dropped_silently(name):
    fixture = FIXTURES[name]
    assert xml_count.lost(fixture.data, fixture.reading) == []


@pytest.mark.parametrize("name", sorted(FIXTURES.keys() - set(WORKBOOKS)))
def test_no_cell_of_another_format_is_dropped_silently(name):
    reading = FIXTURES[name].reading
    cells = list(coverage.cells_of(reading))
    assert cells
    assert coverage.lost(cells, reading) == []


@pytest.mark.parametrize("name", WORKBOOKS)
def test_nothing_hidden_goes_untold(name):
    fixture = FIXTURES[name]
    assert xml_count.untold(fixture.data, fixture.reading) == set()


def test_the_count_of_what_is_hidden_can_find_fault():
    quiet, hiding = (FIXTURES[f"hidden.{n}"] for n in ("empty_columns_hidden", "filtered_rows"))
    assert xml_count.untold(hiding.data, quiet.reading) == {"计划!3:3", "计划!4:4"}


def test_the_child_reads_as_this_process_does(tmp_path: Path):
    fixture = FIXTURES[RIGHT[0]]
    file = tmp_path / f"{fixture.name}.xlsx"
    file.write_bytes(fixture.data)
    there = read(file, year=fixture.year, issued_on=fixture.issued_on, limits=Limits())
    assert there.to_json() == fixture.reading.to_json()
