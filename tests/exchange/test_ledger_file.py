"""The streamed ledger: the very sheet that openpyxl would write, whatever the texts are."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlmodel import select

from importers.book import read_book
from tests.conftest import NOON, Office
from tests.exchange.merging.hands import CIVIL, EDU
from tracker.directory.department import Department
from tracker.exchange import ledger, ledger_file, rows
from tracker.exchange.ledger import Heading
from tracker.exchange.rows import Scope, TaskLine, lines, stream
from tracker.exchange.sheets import hidden
from tracker.plans.plan import Plan

pytestmark = pytest.mark.only_on("sqlite")
"""What is in a file is the same whatever the database."""

KEY = "0123456789abcdef" * 2
HOSTILE = (
    '=HYPERLINK("http://x.test")', "_x0041_", "a_x000D_b", "<b>&amp;</b>]]>", "　两端有空格　", " a  b ",
    "上\n下", "控\x07制", "+1", "＝1+1", "\t=1", "@甲", "%1", "00123", "1-2", "TRUE", "#N/A", "😀",
    "\ufffe", "长" * 300, "“引号”", "'", "",
)  # fmt: skip
COMES_BACK = {"控\x07制": "控制", "\ufffe": ""}


def known(office: Office, department: str | None) -> tuple[Plan, list[TaskLine]]:
    with office.database.reading() as session:
        plan = session.exec(select(Plan).where(Plan.name == CIVIL)).one()
        whose = session.exec(select(Department).where(Department.name == department)).first()
        zone, ident = office.settings.timezone, whose.id if whose else None
        return plan, lines(session, plan, today=NOON.date(), zone=zone, department_id=ident)


def streamed(found: list[TaskLine], heading: Heading) -> bytes:
    target = BytesIO()
    ledger_file.write(target, [found[:3], found[3:]], key=KEY, heading=heading)
    return target.getvalue()


def in_memory(found: list[TaskLine], heading: Heading) -> Worksheet:
    book = Workbook()
    book.remove(book.worksheets[0])
    ledger.add_ledger(
        book, ledger.SHEET, heading.plan, found, key=KEY, today=heading.today,
        department=heading.department,
    )  # fmt: skip
    return loaded(ledger.saved(book))


def loaded(content: bytes) -> Worksheet:
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def everything(sheet: Worksheet) -> dict[str, Any]:
    cells = {
        cell.coordinate: (
            cell.value, cell.data_type if cell.value is not None else "", repr(cell.font), repr(cell.fill),
            repr(cell.border), repr(cell.alignment), cell.number_format, repr(cell.protection), cell.quotePrefix,
        )
        for row in sheet.iter_rows()
        for cell in row
    }  # fmt: skip
    return {
        "cells": cells,
        "merges": sorted(map(str, sheet.merged_cells.ranges)),
        "columns": {k: (v.width, v.hidden) for k, v in sheet.column_dimensions.items()},
        "rows": {k: v.height for k, v in sheet.row_dimensions.items()},
        "rules": [repr(rule) for rule in sheet.data_validations.dataValidation],
        "pane": (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows),
        "print": (
            repr(sheet.page_setup),
            sheet.oddFooter.center.text,
            repr(sheet.sheet_properties),
        ),
        "lock": repr(sheet.protection),
    }


def with_text(line: TaskLine, text: str) -> TaskLine:
    parts = [part._replace(progress=text) for part in line.parts]
    return replace(line, task=line.task._replace(text=text), parts=parts)


@pytest.mark.parametrize("department", [None, EDU])
@pytest.mark.parametrize("hostile", [False, True])
def test_it_is_the_sheet_that_openpyxl_would_write(
    office: Office, department: str | None, hostile: bool
) -> None:
    plan, found = known(office, department)
    heading = Heading(plan, NOON.date(), department)
    if hostile:
        plain = [text for text in HOSTILE if "_x" not in text]  # openpyxl reads escapes its own way
        found = [with_text(found[n % len(found)], text) for n, text in enumerate(plain)]
    ours, model = (
        everything(loaded(streamed(found, heading))),
        everything(in_memory(found, heading)),
    )
    assert ours.keys() == model.keys()
    for what, seen in model.items():
        assert ours[what] == seen, what


def test_every_text_comes_back_as_it_was(office: Office) -> None:
    plan, found = known(office, None)
    found = [with_text(found[0], text) for text in HOSTILE]
    sheet, marks = read_book(streamed(found, Heading(plan, NOON.date())), filename="台账.xlsx")
    parts = len(found[0].parts)
    texts = [row[3] for row in sheet.rows[3:]][::parts]
    assert texts == [COMES_BACK.get(text, text) for text in HOSTILE]
    assert [row[2] for row in marks.rows[1:]][::parts] == texts


def test_it_opens_without_its_rows_too(office: Office) -> None:
    plan, _found = known(office, None)
    sheet = loaded(streamed([], Heading(plan, NOON.date())))
    assert (sheet.max_row, sheet.auto_filter.ref) == (3, "A3:T3")


def test_the_marks_stand_on_a_hidden_sheet_too(office: Office) -> None:
    plan, found = known(office, None)
    book = load_workbook(BytesIO(streamed(found, Heading(plan, NOON.date()))))
    sheet, marks = book.worksheets
    assert (marks.title, marks.sheet_state) == (hidden.SHEET, "veryHidden")
    beside = [(sheet.cell(row, 20).value, sheet.cell(row, 4).value) for row in range(4, 30)]
    assert [(marks.cell(r, 1).value, marks.cell(r, 3).value) for r in range(2, 28)] == beside


def test_a_plan_read_block_by_block_is_the_same_plan(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, whole = known(office, None)
    monkeypatch.setattr(rows, "BLOCK", 3)
    with office.database.reading() as session:
        scope = Scope(plan.id or 0, NOON.date(), office.settings.timezone)
        blocks = list(stream(session, scope))
        some = [line.task.id for line in whole][::2]
        own = list(rows.of_tasks(session, scope, some))
    assert [line for block in blocks for line in block] == whole
    assert {len(block) for block in blocks[:-1]} == {3}
    assert own == sorted(whole[::2], key=lambda line: line.task.id)
