"""The errors given back: the office's own workbook, its doubtful cells coloured, noted and told."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet
from sqlmodel import Session, select

import importers
from tests.conftest import NOON
from tests.exchange.test_exports import looks
from tests.intake.forms import FORMS
from tests.intake.sheets import DUTIES, HEAD, workbook
from tests.intake.test_applying import lay_out
from tests.intake.test_real_plans import banner, laid_out
from tracker.db import Database
from tracker.errors import StepRefused
from tracker.exchange.doubts import AUTHOR, COLOUR, clean
from tracker.exchange.handing_back import copy_of
from tracker.intake import uploading
from tracker.intake.batch import Batch
from tracker.intake.question import Question
from tracker.intake.returned import FIRST_LOOK, HEADER, PROPERTY
from tracker.settings import Settings
from tracker.storage import StoredFile

__all__ = ["banner"]
UNCLEAR = (*DUTIES, (4, "巡查库区", "库区管理站、各有关单位", "2026年44月底"))


def unanswered(database: Database, settings: Settings, content: bytes, name: str = "计划") -> int:
    """A preview with every question open."""
    ident = lay_out(database, settings, content, name)
    with database.writing() as session:
        for question in session.exec(select(Question).where(Question.batch_id == ident)):
            question.answer = None
    return ident


def copied(database: Database, settings: Settings, ident: int) -> bytes:
    with database.reading() as session:
        batch = session.get_one(Batch, ident)
        return copy_of(session, batch, settings=settings, on=NOON.date())[0]


def first_sheet(content: bytes) -> Worksheet:
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def renamed(session: Session, name: str) -> None:
    session.exec(select(StoredFile)).one().name = name


def coloured(sheet: Worksheet) -> set[str]:
    return {c.coordinate for row in sheet.iter_rows() for c in row
            if c.fill.fgColor.rgb == COLOUR and c.value != HEADER}  # fmt: skip


@pytest.fixture
def copy(database: Database, settings: Settings) -> Worksheet:
    return first_sheet(
        copied(database, settings, unanswered(database, settings, workbook(UNCLEAR)))
    )


def test_the_doubtful_cells_are_coloured_and_say_what_is_asked(copy: Worksheet) -> None:
    assert coloured(copy) == {"C6", "D6"}
    who, when = copy["C6"].comment, copy["D6"].comment
    assert (who.author, when.author) == (AUTHOR, AUTHOR)
    assert "名录里没有“库区管理站”" in who.text and "“各有关单位”" in who.text
    assert "建议：写成 2026-04-30。" in when.text


def test_a_column_beside_the_table_tells_each_row_that_has_problems(copy: Worksheet) -> None:
    assert [copy.cell(row, 5).value for row in (2, 3, 4, 5)] == [HEADER, None, None, None]
    told = str(copy["E6"].value).splitlines()
    assert [line.partition("：")[0] for line in told] == ["C6", "C6", "D6"]
    assert str(copy["E1"].value).startswith(f"{FIRST_LOOK}有 2 处待核对")


def test_a_table_without_a_title_says_it_beside_the_column(
    database: Database, settings: Settings
) -> None:
    book = Workbook()
    for row in (HEAD, *UNCLEAR):
        book.worksheets[0].append(list(row))
    target = BytesIO()
    book.save(target)
    sheet = first_sheet(
        copied(database, settings, unanswered(database, settings, target.getvalue()))
    )
    assert sheet["E1"].value == HEADER
    assert str(sheet["F1"].value).startswith(FIRST_LOOK)


@pytest.mark.parametrize(("number", "columns"), [("01", 7), ("02", 8), ("03", 5)])
def test_everything_else_of_the_workbook_stays_as_it_was(
    banner: Database, settings: Settings, plans: Path, number: str, columns: int
) -> None:
    content = copied(banner, settings, laid_out(banner, settings, plans, number))
    ours = first_sheet(content)
    theirs = load_workbook(next(plans.glob(f"{number}-*.xlsx"))).worksheets[0]
    assert isinstance(theirs, Worksheet)
    marked = coloured(ours)
    assert marked
    mine, own = looks(ours, columns), looks(theirs, columns)
    for cell in marked:
        for one in (mine, own):
            one["cells"][cell] = [part for i, part in enumerate(one["cells"][cell]) if i != 2]
    assert mine == own


@pytest.mark.parametrize("number", ["01", "02", "03"])
def test_a_copy_reads_as_the_file_it_was_made_of(
    banner: Database, settings: Settings, plans: Path, tmp_path: Path, number: str
) -> None:
    """The control: with our column in it the reading is another one."""
    file = next(plans.glob(f"{number}-*.xlsx"))
    path = tmp_path / "copy.xlsx"
    path.write_bytes(copied(banner, settings, laid_out(banner, settings, plans, number)))

    def read(where: Path, *, kept: bool = True) -> object:
        how = uploading.read_kept if kept else uploading.read
        name = {"name": file.name}
        return how(where, settings=settings, issued_on=None, **name).to_json()

    assert read(path) == read(file)
    assert read(path, kept=False) != read(file)


def test_notes_and_colours_that_were_there_are_not_lost(
    database: Database, settings: Settings
) -> None:
    book = load_workbook(BytesIO(workbook(UNCLEAR)))
    sheet = book.worksheets[0]
    sheet["D6"].comment = Comment("请再核实", "办公室")
    sheet["A6"].fill = PatternFill("solid", fgColor="FF00B050")
    target = BytesIO()
    book.save(target)
    copy = first_sheet(
        copied(database, settings, unanswered(database, settings, target.getvalue()))
    )
    assert copy["D6"].comment.text.startswith("请再核实\n")
    assert copy["A6"].fill.fgColor.rgb == "FF00B050"


def test_the_copy_says_which_batch_it_belongs_to(database: Database, settings: Settings) -> None:
    ident = unanswered(database, settings, workbook(UNCLEAR))
    properties = load_workbook(BytesIO(copied(database, settings, ident))).custom_doc_props
    with database.reading() as session:
        assert {one.name: one.value for one in properties} == {
            PROPERTY: session.get_one(Batch, ident).key
        }


def test_what_stands_in_a_file_never_becomes_a_formula(
    database: Database, settings: Settings
) -> None:
    hostile = '=HYPERLINK("http://x.test")'
    csv = f"序号,工作任务,责任单位,完成时限\n1,巡查库区,{hostile.replace(',', '')},2026年44月底\n"
    ident = unanswered(database, settings, csv.encode(), "线路")
    with database.writing() as session:
        renamed(session, "线路.csv")
    sheet = first_sheet(copied(database, settings, ident))
    assert {c.data_type for row in sheet.iter_rows() for c in row} <= {"s", "n"}
    assert hostile in {c.value for row in sheet.iter_rows() for c in row}


def test_of_another_format_the_copy_is_a_new_workbook_of_what_was_read(
    database: Database, settings: Settings
) -> None:
    csv = "序号,工作任务,责任单位,完成时限\n1,核对线路,财政局,2026年6月底\n2,巡查库区,财政局,2026年44月底\n"
    ident = unanswered(database, settings, csv.encode("gb18030"), "线路")
    with database.writing() as session:
        renamed(session, "线路.csv")
    with database.reading() as session:
        batch = session.get_one(Batch, ident)
        content, name = copy_of(session, batch, settings=settings, on=NOON.date())
    sheet = first_sheet(content)
    assert name == "线路-标注问题.xlsx"
    assert [cell.value for cell in sheet[2]][:4] == ["1", "核对线路", "财政局", "2026年6月底"]
    assert (sheet["D3"].fill.fgColor.rgb, sheet["E1"].value) == (COLOUR, HEADER)


def test_when_nothing_is_open_there_is_no_copy(database: Database, settings: Settings) -> None:
    ident = lay_out(database, settings, workbook(UNCLEAR))
    with pytest.raises(StepRefused, match="没有待核对"):
        copied(database, settings, ident)


@pytest.mark.parametrize("form", ["prose", "docx", "xls", "ods", "html", "csv"])
def test_a_copy_of_any_form_is_read_as_the_plan_it_was(
    database: Database, settings: Settings, form: str
) -> None:
    ident = unanswered(database, settings, FORMS[form](UNCLEAR))
    before = importers.read(FORMS[form](UNCLEAR), filename=form)
    after = importers.read(copied(database, settings, ident), filename="副本.xlsx")
    assert [t.text for t in after.tasks] == [t.text for t in before.tasks] != []
    assert [[a[:2] for a in t.assignments] for t in after.tasks] == [
        [a[:2] for a in t.assignments] for t in before.tasks
    ]


def test_cleaning_leaves_a_column_of_that_name_on_a_sheet_without_questions() -> None:
    book = Workbook()
    ours, own = book.worksheets[0], book.create_sheet("整改")
    for sheet in (ours, own):
        sheet.append(["工作任务", HEADER])
        sheet.append(["修缮看台", "门锁坏了"])
    ours["C1"] = f"{FIRST_LOOK}有 1 处待核对"
    book.custom_doc_props.append(StringProperty(name=PROPERTY, value="0" * 32))
    clean(book)
    assert [own["B1"].value, own["B2"].value] == [HEADER, "门锁坏了"]
    assert [ours["B1"].value, ours["B2"].value, ours["C1"].value] == [None, None, None]
