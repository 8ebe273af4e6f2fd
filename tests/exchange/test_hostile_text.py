"""Whatever stands in a plan, an untouched export of it comes back without a change, and a changed cell
as that one change."""

from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlmodel import select

from tests.exchange.coming_back import (
    SOFFICE,
    changes_of,
    merged_of,
    saved_anew,
    saved_by_libreoffice,
    taken_out,
)
from tests.exchange.hostile_text import PIECES, plans
from tracker.db import Database
from tracker.exchange.cells import LONGEST, held, writable
from tracker.exchange.export import Layout
from tracker.exchange.merging.fields import BY_KEY
from tracker.exchange.merging.merge import Kind
from tracker.exchange.merging.rowmark import read_mark
from tracker.plans.assignment import Assignment
from tracker.plans.plan import Plan
from tracker.settings import Settings

pytestmark = pytest.mark.only_on("sqlite")
"""What is in a file is the same whatever the database."""

UNTOUCHED = ({Kind.UNCHANGED}, [], [], [])
CHUNK = 10
WAYS = [
    (layout, department)
    for layout in (Layout.LEDGER, Layout.ORIGINAL)
    for department in (None, 1, 2)
]


def exports(database: Database, settings: Settings, plan: str) -> dict[str, bytes]:
    """The plan's ledger and layout, whole and for each of its departments that has a row."""
    with database.reading() as session:
        working = select(Assignment.department_id).join(Plan).where(Plan.name == plan)
        here = {None, *session.exec(working)}
    found = {}
    for layout, department in (way for way in WAYS if way[1] in here):
        content = taken_out(database, settings, plan, layout, department)
        found[f"{plan}-{layout}-{department or 0}"] = content
    return found


def come_back_untouched(database: Database, settings: Settings, first: int) -> None:
    for plan in plans(database, settings, range(first, first + CHUNK)):
        for name, content in exports(database, settings, plan).items():
            for way in (content, saved_anew(content)):
                told = merged_of(database, settings, way)
                assert told == UNTOUCHED, name


@pytest.mark.parametrize("first", range(0, 20, CHUNK))
def test_untouched_exports_of_20_plans_with_hostile_text_change_nothing(
    database: Database, settings: Settings, first: int
) -> None:
    come_back_untouched(database, settings, first)


@pytest.mark.long
@pytest.mark.parametrize("first", range(0, 500, CHUNK))
def test_untouched_exports_of_500_plans_with_hostile_text_change_nothing(
    database: Database, settings: Settings, first: int
) -> None:
    come_back_untouched(database, settings, first)


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize(
    "first", [1000, *(pytest.param(n, marks=pytest.mark.long) for n in range(0, 500, CHUNK))]
)
def test_libreoffice_saves_exports_of_such_plans_and_nothing_changes(
    database: Database, settings: Settings, tmp_path: Path, first: int
) -> None:
    for plan in plans(database, settings, range(first, first + CHUNK)):
        for name, content in exports(database, settings, plan).items():
            (tmp_path / f"{name}.xlsx").write_bytes(content)
    for name, content in saved_by_libreoffice(sorted(tmp_path.glob("*.xlsx"))).items():
        assert merged_of(database, settings, content) == UNTOUCHED, name


@pytest.mark.parametrize("first", range(2000, 2000 + 2 * CHUNK, CHUNK))
def test_one_changed_cell_is_that_one_change(
    database: Database, settings: Settings, first: int
) -> None:
    """The control: nothing is found because nothing changed, not because nothing can be found."""
    edited = 0
    for seed, plan in enumerate(plans(database, settings, range(first, first + CHUNK)), first):
        content = taken_out(database, settings, plan, Layout.LEDGER)
        book = load_workbook(BytesIO(content))
        told = edit_one_cell(book.worksheets[0], Random(seed))
        if told is None:  # a plan that nobody works on yet
            continue
        merged = changes_of(database, settings, bytes_of(book))
        found = [change.cell for change in merged.changes if change.kind is not Kind.UNCHANGED]
        assert [(cell.ident, cell.field) for cell in found] == [told]
        edited += 1
    assert edited > CHUNK // 2


def edit_one_cell(sheet: Worksheet, random: Random) -> tuple[int, str] | None:
    """Another text in one of the cells that a department fills in; which part's, and its field."""
    last = sheet.max_column
    marks = {
        row: read_mark(str(sheet.cell(row, last).value)) for row in range(4, sheet.max_row + 1)
    }
    own = [(row, mark.part) for row, mark in marks.items() if mark and mark.part]
    if not own:
        return None
    row, part = random.choice(own)
    field = random.choice(("progress", "difficulties", "next_step"))
    heads = {str(sheet.cell(3, column).value): column for column in range(1, last + 1)}
    sheet.cell(row, heads[BY_KEY[field].header]).value = f"另写：{random.choice(PLAIN_PIECES)}"
    return part, field


PLAIN_PIECES = [piece for piece in PIECES if piece.isprintable()]


def bytes_of(book: Workbook) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\x00", "\ufffe"])
def test_what_no_workbook_can_hold_is_left_out(text: str) -> None:
    assert held(f"前{text}后") in ("前后", "前ab后")


def test_a_text_is_cut_by_the_units_that_a_cell_counts() -> None:
    assert len(held("😀" * LONGEST).encode("utf-16-le")) // 2 <= LONGEST
    assert len(writable("_x0041_" * LONGEST)) <= LONGEST
    assert held("长" * LONGEST) == "长" * LONGEST
