"""Workbooks out: the plan's own layout untouched with status beside it, and the ledger."""

from copy import copy
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from sqlmodel import col, select

from tests.conftest import NOON, Office
from tests.intake.forms import FORMS
from tests.intake.sheets import DUTIES, HEAD, workbook
from tests.intake.test_applying import apply, lay_out
from tests.intake.test_real_plans import applied, banner
from tracker.actor import COMMAND_LINE
from tracker.db import Database
from tracker.directory.department import Department
from tracker.errors import InputError
from tracker.exchange.cells import put
from tracker.exchange.export import Export, Layout
from tracker.exchange.exporting import export_plan
from tracker.exchange.marking import PROPERTY, mark
from tracker.exchange.merging.base import unpacked
from tracker.exchange.merging.fields import Of
from tracker.exchange.merging.merge import Cell as Kept
from tracker.intake.batch import Batch, newest_applied
from tracker.intake.question import Question
from tracker.plans.assignment import Assignment
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.settings import Settings
from tracker.storage import StoredFile

__all__ = ["banner"]
CIVIL = "文明县城创建迎检任务分解表"
ADDED = ["灯", "状态", "完成比例", "进展情况", "存在困难", "下一步计划", "办结日期", "佐证材料"]


def exported(
    database: Database, settings: Settings, plan: str, layout: Layout, department: str | None = None
) -> Worksheet:
    with database.writing() as session:
        found = session.exec(select(Plan).where(Plan.name == plan)).one()
        whose = session.exec(select(Department).where(Department.name == department)).first()
        made = export_plan(
            session, found, layout, department=whose, by=COMMAND_LINE, at=NOON, today=NOON.date(),
            settings=settings,
        )  # fmt: skip
    sheet = load_workbook(BytesIO(made.content)).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def looks(sheet: Worksheet, columns: int) -> dict[str, Any]:
    """Every cell's value and style, every merge and width, of the first columns."""
    cells = {
        cell.coordinate: (cell.value, copy(cell.font), copy(cell.fill), copy(cell.border),
                          copy(cell.alignment), cell.number_format)
        for row in sheet.iter_rows(max_col=columns)
        for cell in row
    }  # fmt: skip
    merges = sorted(str(area) for area in sheet.merged_cells.ranges if area.max_col <= columns)
    widths = {k: v.width for k, v in sheet.column_dimensions.items() if v.min and v.min <= columns}
    heights = {k: v.height for k, v in sheet.row_dimensions.items()}
    return {
        "cells": cells, "merges": merges, "widths": widths, "heights": heights,
        "print": (sheet.print_title_rows, sheet.page_setup.orientation, sheet.freeze_panes),
    }  # fmt: skip


@pytest.mark.parametrize(("number", "columns", "head"), [("01", 7, 3), ("02", 8, 3), ("03", 5, 2)])
def test_the_original_layout_is_the_very_workbook_with_columns_added(
    banner: Database, settings: Settings, plans: Path, number: str, columns: int, head: int
) -> None:
    applied(banner, settings, plans, number)
    with banner.reading() as session:
        name = session.exec(select(Plan.name)).one()
    ours = exported(banner, settings, name, Layout.ORIGINAL)
    theirs = load_workbook(next(plans.glob(f"{number}-*.xlsx"))).worksheets[0]
    assert isinstance(theirs, Worksheet)
    assert looks(ours, columns) == looks(theirs, columns)
    assert [ours.cell(head, columns + n).value for n in range(1, 9)] == ADDED


def test_status_stands_beside_its_row(office: Office) -> None:
    sheet = exported(office.database, office.settings, CIVIL, Layout.ORIGINAL)
    row = next(r for r in range(4, 24) if str(sheet.cell(r, 3).value).startswith("1) 公厕全天"))
    assert [sheet.cell(row, c).value for c in (7, 8, 9)] == ["✓ 办结", "已办结", 1]
    assert "37 座公厕" in str(sheet.cell(row, 10).value)


def rows_of(sheet: Worksheet) -> str:
    return "\n".join(
        str(value) for row in sheet.iter_rows(values_only=True) for value in row if value
    )


@pytest.mark.parametrize("layout", [Layout.ORIGINAL, Layout.LEDGER])
def test_a_departments_copy_never_holds_anothers_row(office: Office, layout: Layout) -> None:
    sheet = exported(office.database, office.settings, CIVIL, layout, "清河县教育体育局")
    words = rows_of(sheet)
    assert "中小学开足健康教育课" in words
    for other in ("公厕全天开放", "医疗废物转运台账", "37 座公厕"):
        assert other not in words


def test_the_ledger_has_a_row_for_every_part_and_shows_what_is_undecided(office: Office) -> None:
    sheet = exported(office.database, office.settings, CIVIL, Layout.LEDGER)
    with office.database.reading() as session:
        parts = session.exec(
            select(Task.text, Department.name)
            .join(Assignment, col(Assignment.task_id) == Task.id)
            .join(Department, col(Department.id) == Assignment.department_id)
            .where(Task.plan_id == office.task("1) 公厕全天").plan_id)
        ).all()
    shown = [(row[3], row[4]) for row in sheet.iter_rows(min_row=4, values_only=True)]
    undecided = [pair for pair in shown if str(pair[1]).startswith("待定：")]
    assert sorted(pair for pair in shown if pair not in undecided) == sorted(parts)
    assert len(parts) == 53
    assert any("各有关单位" in str(who) for _, who in undecided)


def test_a_name_left_open_keeps_its_row_beside_the_departments_that_are_known(
    database: Database, settings: Settings
) -> None:
    rows = [(1, "核对校车线路", "财政局、相关部门", "年底前"), (2, "巡查库区", "库区站", "年底前")]
    ident = lay_out(database, settings, workbook(rows))
    answer_open(database, "库区站")
    apply(database, ident)
    (sheet,) = sheets_of(database, settings, Layout.LEDGER)
    written = [tuple(sheet.cell(row, c).value for c in (1, 2, 5, 10)) for row in range(4, 7)]
    assert written == [
        (1, "1", "清河县财政局", "待签收"),
        (2, "1", "待定：相关部门", "待定"),
        (3, "2", "待定：库区站", "待定"),
    ]
    assert rows_of(sheet).count("待定：") == 2


def answer_open(database: Database, name: str) -> None:
    """The name stays undecided, where it would else become a department."""
    with database.writing() as session:
        question = session.exec(select(Question).where(Question.value == name)).one()
        question.answer = {"take": "open"}
        session.add(question)


CANARY = "别的单位才有的任务"


def stacked() -> bytes:
    """Two tables on one sheet, one below the other."""
    book = load_workbook(BytesIO(workbook([(1, CANARY, "财政局", "年底前")])))
    sheet = book.worksheets[0]
    for row in ((), (), ("2026年补充任务",), HEAD, (1, "核对校车线路并公示", "教体局", "年底前")):
        sheet.append(list(row))
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_table_below_another_is_handed_out_without_the_one_above(
    database: Database, settings: Settings
) -> None:
    apply(database, lay_out(database, settings, stacked()))
    sheet = exported(database, settings, "计划", Layout.ORIGINAL, "清河县财政局")
    assert CANARY in rows_of(sheet)
    with database.reading() as session:
        plan = session.exec(select(Plan)).one()
        whose = session.exec(select(Department).where(Department.name == "清河县教育体育局")).one()
        made = export_plan(
            session, plan, Layout.ORIGINAL, department=whose, by=COMMAND_LINE, at=NOON,
            today=NOON.date(), settings=settings,
        )  # fmt: skip
    words = [rows_of(one) for one in load_workbook(BytesIO(made.content)).worksheets]
    assert any("核对校车线路并公示" in said for said in words)
    assert not any(CANARY in said for said in words)


def test_a_task_that_only_an_earlier_file_had_is_not_lost_from_the_original_layout(
    database: Database, settings: Settings
) -> None:
    apply(database, lay_out(database, settings, workbook(DUTIES)))
    apply(database, lay_out(database, settings, workbook(DUTIES[:1])))
    first, rest = sheets_of(database, settings, Layout.ORIGINAL)
    assert DUTIES[0][1] in rows_of(first)
    assert DUTIES[2][1] in rows_of(rest)


def test_the_original_layout_is_the_file_applied_last_whichever_was_uploaded_last(
    database: Database, settings: Settings
) -> None:
    earlier = lay_out(database, settings, workbook(DUTIES[:2]))
    later = lay_out(database, settings, workbook(DUTIES[:1]))
    apply(database, later)
    with database.writing() as session:
        session.get_one(Batch, earlier).plan_version = 1  # its preview was made anew
    apply(database, earlier)
    with database.reading() as session:
        newest = session.exec(newest_applied(session.exec(select(Plan.id)).one())).one()
        assert newest.id == earlier < later
    sheets = sheets_of(database, settings, Layout.ORIGINAL)
    assert [DUTIES[1][1] in rows_of(sheet) for sheet in sheets] == [True]


def sheets_of(database: Database, settings: Settings, layout: Layout) -> list[Worksheet]:
    """The sheets of the only plan's export that people see."""
    with database.reading() as session:
        made = export_plan(
            session, session.exec(select(Plan)).one(), layout, department=None, by=COMMAND_LINE,
            at=NOON, today=NOON.date(), settings=settings,
        )  # fmt: skip
    return seen(made.content)


def seen(content: bytes) -> list[Worksheet]:
    """The sheets that people see."""
    book = load_workbook(BytesIO(content))
    return [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]


@pytest.mark.parametrize("department", [None, "清河县教育体育局"])
@pytest.mark.parametrize("layout", [Layout.ORIGINAL, Layout.LEDGER])
def test_a_workbook_carries_the_key_of_its_base(
    office: Office, layout: Layout, department: str | None
) -> None:
    def key_inside(content: bytes) -> str:
        (mark,) = load_workbook(BytesIO(content)).custom_doc_props
        return str(mark.value) if mark.name == PROPERTY else ""

    path = f"/plans/{office.task('1) 公厕全天').plan_id}/exports"
    with office.database.reading() as session:
        whose = session.exec(select(Department.id).where(Department.name == department)).first()
    data = {"layout": layout.value, "department": whose or ""}
    answer = office.client_as("office").post(path, data=data)
    with office.database.reading() as session:
        assert key_inside(answer.data) == session.exec(select(Export.key)).one()


def test_a_file_that_was_once_exported_gets_the_new_key_when_it_is_exported_again() -> None:
    source = load_workbook(BytesIO(workbook(DUTIES)))
    for key in ("first", "second"):
        mark(source, key)
    assert [(one.name, one.value) for one in source.custom_doc_props] == [(PROPERTY, "second")]


@pytest.mark.parametrize("text", ["=1+1", "#N/A", " =1+1", "\n=1+1", "＝1+1", "|calc", "正常"])
def test_any_text_is_written_as_text(text: str) -> None:
    book = Workbook()
    cell = book.worksheets[0].cell(1, 1)
    assert isinstance(cell, Cell)
    put(cell, text)
    target = BytesIO()
    book.save(target)
    back = load_workbook(target).worksheets[0].cell(1, 1)
    assert (back.value, back.data_type) == (text, "s")


def test_text_never_becomes_a_formula(office: Office) -> None:
    part = office.part("校服、教辅收费公示", "edu")
    hostile = '=HYPERLINK("http://x.test","点此")'
    data = {"text": hostile, "percent": "10"}
    assert (
        office.client_as("edu").post(f"/assignments/{part.id}/reports", data=data).status_code
        == 302
    )
    sheet = exported(office.database, office.settings, "政务服务提升年重点工作台账", Layout.LEDGER)
    (cell,) = [c for row in sheet.iter_rows() for c in row if c.value == hostile]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_an_export_is_remembered_with_what_it_said(office: Office) -> None:
    browser = office.client_as("office")
    plan = office.task("1) 公厕全天").plan_id
    assert browser.post(f"/plans/{plan}/exports", data={"layout": "original"}).status_code == 200
    with office.database.reading() as session:
        export = session.exec(select(Export)).one()
        base = unpacked(export.base)
    task = office.task("1) 公厕全天")
    assert len({cell.ident for cell in base if cell.of is Of.TASK}) == 20
    assert base[Kept(Of.TASK, task.id or 0, "text")].value == task.text


@pytest.mark.parametrize("form", ["csv", "docx", "xls", "ods", "html"])
def test_a_plan_that_came_in_another_form_has_no_layout_of_its_own(
    database: Database, settings: Settings, form: str
) -> None:
    ident = lay_out(database, settings, FORMS[form](), name="线路")
    apply(database, ident)
    with pytest.raises(InputError, match="台账"):
        exported(database, settings, "线路", Layout.ORIGINAL)
    assert exported(database, settings, "线路", Layout.LEDGER).max_row > 3


def test_an_xlsx_has_its_layout_whatever_its_name_is(
    database: Database, settings: Settings
) -> None:
    ident = lay_out(database, settings, workbook(DUTIES), name="线路")
    apply(database, ident)
    with database.writing() as session:
        session.exec(select(StoredFile)).one().name = "线路.xls"
    sheet = exported(database, settings, "线路", Layout.ORIGINAL)
    assert sheet["A1"].value == "2026年重点任务"


@pytest.mark.parametrize("department", [None, "清河县财政局"])
def test_the_tasks_of_a_text_on_a_sheet_follow_on_a_sheet_of_their_own(
    database: Database, settings: Settings, department: str | None
) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for line in (
        "2026年方案",
        "1. 核对线路。",
        "责任单位：财政局",
        "2. 走访。",
        "责任单位：教体局",
    ):
        sheet.append([line])
    content = BytesIO()
    book.save(content)
    ident = lay_out(database, settings, content.getvalue(), name="线路")
    apply(database, ident)
    with database.writing() as session:
        plan = session.exec(select(Plan).where(Plan.name == "线路")).one()
        whose = session.exec(select(Department).where(Department.name == department)).first()
        made = export_plan(
            session, plan, Layout.ORIGINAL, department=whose, by=COMMAND_LINE, at=NOON,
            today=NOON.date(), settings=settings,
        )  # fmt: skip
    told = [cell.value for row in seen(made.content)[-1] for cell in row]
    assert "核对线路。" in told
    assert ("走访。" in told) == (department is None)
