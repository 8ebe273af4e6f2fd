"""The plan's own workbook, cut into: everything outside our columns stays, byte by byte and look by look."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from tests.conftest import NOON
from tests.exchange.coming_back import merged_of, saved_anew, saved_by_libreoffice, taken_out
from tests.exchange.merging.test_round_trip import SOFFICE
from tests.exchange.styled.books import STYLED
from tests.exchange.styled.parts import parts_of, zipped
from tests.exchange.styled.sameness import Ours, added_columns, differences, resolved, sheet_parts
from tests.intake.test_applying import apply, lay_out
from tests.intake.test_real_plans import applied, banner
from tracker.db import Database
from tracker.errors import InputError
from tracker.exchange.added import ADDED, MARKS
from tracker.exchange.exporting import NO_LAYOUT
from tracker.exchange.guarding import OPEN
from tracker.exchange.marking import PROPERTY
from tracker.exchange.merging.merge import Kind
from tracker.exchange.sheets import hidden
from tracker.plans.task import Task
from tracker.settings import Settings

pytestmark = pytest.mark.only_on("sqlite")
"""What is in a file is the same whatever the database."""

__all__ = ["banner"]
WORKBOOKS = ("01", "01b", "02", "03", "04")
TEXTS = ("01c", "03b", "06")
BY_RAW_XML_ONLY = "in_the_strict_dialect"
"""openpyxl cannot read it."""


def ours(content: bytes) -> dict[str, list[Ours]]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {
            title: added_columns(archive.read(part)) for title, part in sheet_parts(archive).items()
        }


def same(before: bytes, after: bytes) -> None:
    assert differences(before, after) == []
    there = ours(after)
    assert sum(map(len, there.values())) > 0
    looks = resolved(after, there)
    assert looks.pop(hidden.SHEET)["cells"]
    assert looks == resolved(before, there)


@pytest.mark.parametrize("name", STYLED)
def test_a_styled_workbook_stays_as_it_was(
    database: Database, settings: Settings, name: str
) -> None:
    before = STYLED[name]()
    apply(database, lay_out(database, settings, before, name=name))
    after = taken_out(database, settings, name)
    if name == BY_RAW_XML_ONLY:
        assert differences(before, after) == []
        assert sum(map(len, ours(after).values())) == 1
    else:
        same(before, after)


@pytest.mark.parametrize("number", WORKBOOKS)
def test_a_real_plan_stays_as_it_was(
    banner: Database, settings: Settings, plans: Path, number: str
) -> None:
    applied(banner, settings, plans, number)
    same(next(plans.glob(f"{number}-*.xlsx")).read_bytes(), taken_out(banner, settings))


@pytest.mark.parametrize("number", TEXTS)
def test_a_plan_that_came_as_a_text_has_no_layout_to_cut_into(
    banner: Database, settings: Settings, plans: Path, number: str
) -> None:
    file = next(plans.glob(f"{number}-*.docx"))
    ident = lay_out(banner, settings, file.read_bytes(), name=number)
    apply(banner, ident)
    with pytest.raises(InputError, match=NO_LAYOUT):
        taken_out(banner, settings, number)


@pytest.mark.parametrize("name", STYLED)
def test_an_untouched_copy_comes_back_without_a_change(
    database: Database, settings: Settings, name: str
) -> None:
    apply(database, lay_out(database, settings, STYLED[name](), name=name))
    after = taken_out(database, settings, name)
    ways = [after] if name == BY_RAW_XML_ONLY else [after, saved_anew(after)]
    for content in ways:
        assert merged_of(database, settings, content) == ({Kind.UNCHANGED}, [], [], [])


@pytest.mark.parametrize("number", WORKBOOKS)
def test_a_real_plans_copy_comes_back_without_a_change(
    banner: Database, settings: Settings, plans: Path, number: str
) -> None:
    applied(banner, settings, plans, number)
    after = taken_out(banner, settings)
    for content in (after, saved_anew(after)):
        assert merged_of(banner, settings, content) == ({Kind.UNCHANGED}, [], [], [])


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_and_saves_every_styled_copy_and_nothing_has_changed(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    for name, make in STYLED.items():
        apply(database, lay_out(database, settings, make(), name=name))
        (tmp_path / f"{name}.xlsx").write_bytes(taken_out(database, settings, name))
    saved = saved_by_libreoffice(sorted(tmp_path.glob("*.xlsx")))
    assert set(saved) == set(STYLED)
    told = {name: merged_of(database, settings, content) for name, content in saved.items()}
    assert told == dict.fromkeys(STYLED, ({Kind.UNCHANGED}, [], [], []))


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("number", WORKBOOKS)
def test_libreoffice_saves_a_real_plans_copy_and_nothing_has_changed(
    banner: Database, settings: Settings, plans: Path, tmp_path: Path, number: str
) -> None:
    applied(banner, settings, plans, number)
    (tmp_path / "plan.xlsx").write_bytes(taken_out(banner, settings))
    (content,) = saved_by_libreoffice([tmp_path / "plan.xlsx"]).values()
    assert merged_of(banner, settings, content) == ({Kind.UNCHANGED}, [], [], [])


SHEET = "xl/worksheets/sheet1.xml"
TAMPERED = {
    "a style": (SHEET, b'r="B4" s="', b'r="B4" s="1'),
    "a text": (SHEET, b"<v>3</v>", b"<v>4</v>"),
    "a width": (SHEET, b'width="40', b'width="41'),
    "a merge": (SHEET, b'ref="A1:D1"', b'ref="A1:C1"'),
    "a rule": (SHEET, b'type="whole"', b'type="date"'),
    "a look": ("xl/styles.xml", b'rgb="FFE8EDF5"', b'rgb="FFE8EDF6"'),
    "another part": ("xl/workbook.xml", b'state="hidden"', b'state="visible"'),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_the_comparer_finds_what_was_changed(
    database: Database, settings: Settings, what: str
) -> None:
    """The control: what stays is not called the same because nobody looks."""
    before = STYLED["rules"]()
    apply(database, lay_out(database, settings, before, name="rules"))
    parts = parts_of(taken_out(database, settings, "rules"))
    part, old, new = TAMPERED[what]
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new, 1)
    assert differences(before, zipped(parts))


def test_our_columns_stand_behind_whatever_stands_beside_the_table(
    database: Database, settings: Settings
) -> None:
    apply(database, lay_out(database, settings, STYLED["charts_and_pictures"](), name="图"))
    after = taken_out(database, settings, "图")
    (columns,) = ours(after)["任务"]
    drawing = parts_of(after)["xl/drawings/drawing1.xml"].decode()
    chart_ends = max(int(one.split("<")[0]) for one in drawing.split("<xdr:col>")[1:])
    assert columns.left > chart_ends + 1 > 5


def test_the_book_bears_one_key_the_newest(database: Database, settings: Settings) -> None:
    apply(database, lay_out(database, settings, STYLED["locked"](), name="初版"))
    first = taken_out(database, settings, "初版")
    apply(database, lay_out(database, settings, first, name="再版"))
    second = taken_out(database, settings, "再版")
    names = [one.name for one in load_workbook(BytesIO(second)).custom_doc_props]
    assert merged_of(database, settings, second) == ({Kind.UNCHANGED}, [], [], [])
    assert sorted(names) == sorted(["密级", PROPERTY])
    keys = [load_workbook(BytesIO(one)).custom_doc_props[PROPERTY].value for one in (first, second)]
    assert keys[0] != keys[1]


def test_a_locked_sheet_leaves_open_what_a_department_fills_in(
    database: Database, settings: Settings
) -> None:
    apply(database, lay_out(database, settings, STYLED["locked"](), name="锁"))
    sheet = load_workbook(BytesIO(taken_out(database, settings, "锁"))).worksheets[0]
    (columns,) = ours(taken_out(database, settings, "锁"))["任务"]
    closed = [sheet.cell(3, c).protection.locked for c in range(columns.left, columns.right + 1)]
    assert closed == [column.field not in OPEN for column in (*ADDED, MARKS)]
    assert sheet.protection.sheet and sheet["B3"].protection.locked


def test_days_are_counted_from_where_the_book_counts_them(
    database: Database, settings: Settings
) -> None:
    apply(database, lay_out(database, settings, STYLED["named_styles"](), name="日"))
    with database.writing() as session:
        session.exec(select(Task)).first().completed_on = NOON.date()
    after = taken_out(database, settings, "日")
    (columns,) = ours(after)["任务"]
    cell = load_workbook(BytesIO(after)).worksheets[0].cell(3, columns.left + 6)
    assert (cell.value.date(), cell.number_format) == (NOON.date(), "yyyy-mm-dd")


def test_tasks_of_an_earlier_file_follow_on_a_sheet_of_their_own(
    database: Database, settings: Settings
) -> None:
    """Into a workbook of any dialect: its looks, its print titles and its texts come along."""
    for name in ("in_the_strict_dialect", "with_prefixes", "print_set_up"):
        more = STYLED["several_tables"]()
        apply(database, lay_out(database, settings, more, name=name))
        before = STYLED[name]()
        apply(database, lay_out(database, settings, before, name=name))
        after = taken_out(database, settings, name)
        assert differences(before, after, sheets_added=2) == []
        with zipfile.ZipFile(BytesIO(after)) as archive:
            assert list(sheet_parts(archive))[-2:] == ["本表以外的任务", hidden.SHEET]
        told = merged_of(database, settings, after)
        assert told == ({Kind.UNCHANGED}, [], [], [])


@pytest.mark.parametrize(
    "name", ["headers_in_two_rows", "several_tables", "with_prefixes", "charts_and_pictures"]
)
def test_an_export_that_comes_in_as_the_next_version_has_our_columns_once(
    database: Database, settings: Settings, name: str
) -> None:
    """As it was, and saved by another program, which moves its texts elsewhere."""
    apply(database, lay_out(database, settings, STYLED[name](), name="初版"))
    first = taken_out(database, settings, "初版")
    for n, content in enumerate((first, saved_anew(first))):
        apply(database, lay_out(database, settings, content, name=f"再版{n}"))
        second = taken_out(database, settings, f"再版{n}")
        for after in (
            second,
            taken_out(database, settings, f"再版{n}", department="清河县教育体育局"),
        ):
            heads = [
                cell.value
                for sheet in load_workbook(BytesIO(after))
                for row in sheet.iter_rows()
                for cell in row
            ]
            assert heads.count("存在困难") == heads.count(MARKS.title) == len(tables_in(after))
            assert merged_of(database, settings, after) == ({Kind.UNCHANGED}, [], [], [])
        where = {title: [(o.left, o.right) for o in found] for title, found in ours(second).items()}
        assert where == {
            title: [(o.left, o.right) for o in found] for title, found in ours(first).items()
        }
        assert load_workbook(BytesIO(second)).sheetnames == load_workbook(BytesIO(first)).sheetnames


def tables_in(content: bytes) -> list[str]:
    """The header rows of tasks."""
    book = load_workbook(BytesIO(content))
    return [
        row[0].coordinate
        for sheet in book
        for row in sheet.iter_rows()
        if "工作任务" in [c.value for c in row]
    ]
