"""The blank plan form: filled in as it asks, it comes in without a question."""

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from sqlmodel import select

from tests.conftest import NOON, Office
from tests.intake.test_applying import apply
from tests.intake.test_later_versions import imported
from tracker.actor import COMMAND_LINE
from tracker.db import Database
from tracker.exchange import forms
from tracker.exchange.template import (
    CHOICES,
    COLUMNS,
    DEADLINES,
    HELP,
    MODES,
    RULES,
    SHEET,
    Lists,
    template,
)  # fmt: skip
from tracker.intake import answering, kept, uploading
from tracker.intake.batch import Batch
from tracker.plans.plan import Plan
from tracker.settings import Settings

FILLED = (
    (1, "一、校园周边", "清理校门口占道摊点", "县公安局", "各镇、县教育体育局", "2026年6月底前",
     "明查、问卷调查", 4, "每周一次", "联合检查"),
    (2, None, "检修学校周边路灯", "清河县住房和城乡建设局", "", "年底前", "", None, "", ""),
    (3, "二、食品安全", "检查学校食堂后厨", "县市场监督管理局", "县卫健委", "长期坚持", "暗访", 2.5, "", ""),
    (4, "二、食品安全", "通报检查结果", "县市场监督管理局", "", "每月28日前", "", "", "", ""),
)  # fmt: skip


def book_of(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def filled(content: bytes) -> bytes:
    book = book_of(content)
    for number, row in enumerate(FILLED, 3):
        for column, value in enumerate(row, 1):
            if value not in (None, ""):
                book[SHEET].cell(number, column).value = value
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def of_office(office: Office, name: str | None = None) -> bytes:
    with office.database.reading() as session:
        plan = session.exec(select(Plan).where(Plan.name == name)).one() if name else None
        return forms.blank(session, plan, on=NOON.date())


@pytest.fixture
def form() -> Workbook:
    return book_of(template("2026年计划", Lists(["清河县财政局"] * 60, ["各镇"], ["一、道路"])))


def test_the_form_has_the_fields_words_and_prints_on_a4(form: Workbook) -> None:
    sheet = form[SHEET]
    assert [cell.value for cell in sheet[2]] == [header for header, _width in COLUMNS]
    assert (sheet["A1"].value, sheet.freeze_panes) == ("2026年计划", "A3")
    assert (sheet.print_title_rows, sheet.page_setup.orientation) == ("$2:$2", "landscape")
    assert str(sheet.page_setup.paperSize) == "9"
    assert [form[name].sheet_state for name in (SHEET, HELP, CHOICES)] == [
        "visible", "visible", "hidden",
    ]  # fmt: skip
    assert not [c.value for row in sheet.iter_rows(min_row=3) for c in row if c.value]


def rules(sheet: Worksheet) -> dict[str, DataValidation]:
    return {str(one.sqref).split(":")[0]: one for one in sheet.data_validations.dataValidation}


def test_drop_downs_stand_on_the_hidden_sheet_and_only_warn(form: Workbook) -> None:
    """Written into the rule itself a list of 60 departments would be too long for Excel."""
    found = rules(form[SHEET])
    who = found["D3"]
    assert who.formula1 == f"'{CHOICES}'!$A$1:$A$61"
    assert (who.errorStyle, "E3:E2000" in str(who.sqref)) == ("warning", True)
    assert [form[CHOICES].cell(1, c).value for c in (1, 2, 3, 4)] == [
        "各镇", MODES[0], DEADLINES[0], "一、道路",
    ]  # fmt: skip
    assert found["G3"].errorStyle == "warning"
    assert not found["F3"].showErrorMessage
    assert (found["H3"].type, found["H3"].errorStyle) == ("decimal", None)
    assert all(len(one.formula1) < 255 for one in found.values())


def test_a_filled_in_form_comes_in_without_a_question(office: Office) -> None:
    data = {"file": (BytesIO(filled(of_office(office))), "任务表.xlsx")}
    answer = office.client_as("office").post("/imports", data=data)
    ident = int(answer.headers["Location"].rsplit("/", 1)[1])
    with office.database.reading() as session:
        batch = session.get_one(Batch, ident)
        assert answering.questions_of(session, batch) == []
        reading = kept.unpack(batch.reading)
    assert batch.plan_name == "2026年重点工作任务分解表"
    assert [table.kind for table in reading.tables] == ["plan", "not_a_plan", "not_a_plan"]
    assert [task.outline for task in reading.tasks] == [
        ("一、校园周边",), ("一、校园周边",), ("二、食品安全",), ("二、食品安全",),
    ]  # fmt: skip
    assert [str(task.deadline.due_on) for task in reading.tasks][:2] == ["2026-06-30", "2026-12-31"]
    apply(office.database, ident)
    with office.database.reading() as session:
        assert session.get_one(Batch, ident).counts["new"] == len(FILLED)


def test_a_form_that_is_still_blank_is_told_to_hold_no_task(office: Office) -> None:
    data = {"file": (BytesIO(of_office(office)), "任务表.xlsx")}
    answer = office.client_as("office").post("/imports", data=data)
    assert answer.status_code == 422


@pytest.mark.parametrize("words", DEADLINES)
def test_every_deadline_on_offer_is_read_without_a_doubt(
    database: Database, settings: Settings, words: str
) -> None:
    book = book_of(template("2026年计划", Lists()))
    for column, value in ((1, 1), (3, "核对线路"), (4, "财政局"), (6, words)):
        book[SHEET].cell(3, column).value = value
    target = BytesIO()
    book.save(target)
    upload = uploading.receive(
        BytesIO(target.getvalue()), name="a.xlsx", settings=settings, at=NOON, by=COMMAND_LINE
    )
    assert [one.code for table in upload.reading.tables for one in table.problems] in (
        [], ["hidden_sheet"],
    )  # fmt: skip


def test_a_form_for_a_plan_has_its_name_and_headings(
    database: Database, settings: Settings
) -> None:
    head = ("类别", "序号", "工作任务", "责任单位", "完成时限")
    imported(database, settings, [("一、道路", 1, "修补路面", "财政局", "2026年6月底前")], head)
    with database.reading() as session:
        plan = session.exec(select(Plan)).one()
        book = book_of(forms.blank(session, plan, on=NOON.date()))
    assert book[SHEET]["A1"].value == plan.name
    assert "一、道路" in [cell.value for cell in book[CHOICES]["D"]]


def test_hostile_names_stay_text() -> None:
    book = book_of(template("=1+1", Lists(["=cmd|'/C calc'!A0", "+1"], ["@SUM(1)"])))
    cells = [c for sheet in book.worksheets for row in sheet.iter_rows() for c in row if c.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert len(RULES) + 2 <= book[HELP].max_row


def test_the_import_page_hands_the_form_out(office: Office) -> None:
    browser = office.client_as("office")
    assert 'href="/imports/form"' in browser.get("/imports").get_data(as_text=True)
    answer = browser.get("/imports/form")
    assert book_of(answer.data).sheetnames == [SHEET, HELP, CHOICES]
    assert office.client_as("edu").get("/imports/form").status_code == 403
