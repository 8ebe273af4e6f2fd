"""Rows without marks: found again by number, text and department, as a proposal; and rows that are new."""

import pytest
from sqlmodel import col, select

from tests.conftest import Office
from tests.exchange.merging.hands import CIVIL, EDU, SERVICE, Edited, look, opened, take_out
from tests.exchange.merging.test_returns import form_of, reports, rows, send
from tests.exchange.merging.test_undoing import everything
from tests.work.acting import SOLE, post, said, signed
from tracker.exchange.merging.merge import Kind
from tracker.exchange.merging.rowmark import HEADER
from tracker.plans.assignment import Assignment
from tracker.plans.task import Task

NEW = "新设两处便民服务点，公示办理时间"


def without_marks(content: bytes, *, hidden_sheet: bool = False) -> Edited:
    """Typed again: only what can be seen; the hidden sheet stays where only the column was deleted."""
    book = opened(content)
    column = book.columns[HEADER]
    for row in book.rows():
        book.sheet.cell(row, column).value = None
    for sheet in () if hidden_sheet else book.book.worksheets[1:]:
        book.book.remove(sheet)
    return book


def row_with(book: Edited, text: str, department: str = EDU) -> int:
    texts, names = book.columns["工作任务"], book.columns["责任单位"]
    return next(
        row for row in range(1, book.sheet.max_row + 1)
        if text in str(book.sheet.cell(row, texts).value or "")
        and book.sheet.cell(row, names).value == department
    )  # fmt: skip


@pytest.mark.parametrize("plan", [CIVIL, SERVICE])
@pytest.mark.parametrize("department", [None, EDU])
def test_an_untouched_table_without_marks_changes_nothing(
    office: Office, plan: str, department: str | None
) -> None:
    book = without_marks(take_out(office, plan=plan, department=department))
    merged = look(office, book.saved())
    assert merged.changes == []
    assert merged.new == [] and merged.foreign == [] and merged.missing == []
    assert len(merged.pairs) > 1 and all(one.is_exact for one in merged.pairs)


def test_without_a_base_every_difference_is_chosen(office: Office) -> None:
    part = signed(office, SOLE, "edu")
    book = without_marks(take_out(office, "edu", plan=SERVICE, department=EDU))
    book.write(row_with(book, SOLE), "progress", "重新打的表里写的")
    place = send(office, book.saved()).headers["Location"]
    page, form = form_of(office, place)
    assert "没有导出标识" in page
    browser = office.client_as("edu")
    assert post(browser, f"{place}/application", **form) == 409, "nothing chosen"
    cell = f"cell-{rows(office)[-1].id}-p-{part.id}-progress"
    assert post(browser, f"{place}/application", **form, **{cell: "take"}) == 302
    assert reports(office)[-1] == "重新打的表里写的"


def test_the_hidden_sheet_knows_the_base_when_the_marks_are_gone(office: Office) -> None:
    part = signed(office, SOLE, "edu")
    content = take_out(office, "edu", plan=SERVICE, department=EDU)
    data = {"text": "导出以后网上写的", "percent": str(part.percent)}
    book = without_marks(content, hidden_sheet=True)
    assert look(office, book.saved(), "edu").changes != []
    book.write(row_with(book, SOLE), "difficulties", "表里写的困难")
    browser = office.client_as("edu")
    assert post(browser, f"/assignments/{part.id}/reports", **data) == 302
    merged = look(office, book.saved(), "edu")
    kinds = {
        change.cell.field: change.kind for change in merged.changes if change.kind != "unchanged"
    }
    assert kinds == {"difficulties": Kind.THEIRS, "progress": Kind.OURS}
    (theirs,) = merged.of(Kind.THEIRS)
    assert "没有行标识" in theirs.reason
    assert merged.export.department_id == part.department_id


def test_an_empty_cell_typed_again_clears_nothing(office: Office) -> None:
    part = signed(office, SOLE, "edu")
    browser = office.client_as("edu")
    data = {"text": "系统里有话", "percent": str(part.percent)}
    assert post(browser, f"/assignments/{part.id}/reports", **data) == 302
    book = without_marks(take_out(office, "edu", plan=SERVICE, department=EDU))
    book.write(row_with(book, SOLE), "progress", None)
    assert look(office, book.saved(), "edu").changes == []


def test_one_row_that_lost_its_mark_and_changed_its_words_is_proposed(office: Office) -> None:
    part = signed(office, SOLE, "edu")
    book = opened(take_out(office, plan=SERVICE))
    row = book.row_of(part.id)
    text = str(book.sheet.cell(row, book.columns["工作任务"]).value)
    book.sheet.cell(row, book.columns[HEADER]).value = None
    book.write(row, "text", text + "，逐校核对")
    book.write(row, "progress", "对到这项任务的进展")
    merged = look(office, book.saved())
    assert [(one.part, one.is_exact) for one in merged.pairs] == [(part.id, False)]
    found = {change.cell.field: change for change in merged.of(Kind.CONFLICT)}
    assert set(found) == {"text", "progress"} and "请核对" in found["progress"].reason


def test_a_row_typed_in_for_another_department_shows_nothing_of_it(office: Office) -> None:
    """A clerk types the neighbours' row into her copy."""
    secret = "别的单位的进展"
    market = signed(office, SOLE, "market")
    data = {"text": secret, "percent": "20"}
    assert post(office.client_as("market"), f"/assignments/{market.id}/reports", **data) == 302
    whole = opened(take_out(office, plan=SERVICE))
    theirs = [cell.value for cell in whole.sheet[whole.row_of(market.id)]]
    assert secret in theirs, "the control: the row does hold it"
    book = opened(take_out(office, "edu", plan=SERVICE, department=EDU))
    typed = [None if value == secret or str(value).startswith("TL-") else value for value in theirs]
    book.sheet.append(typed)
    merged = look(office, book.saved(), "edu")
    assert merged.pairs == [] and [one.reason for one in merged.new] != [""]
    place = send(office, book.saved()).headers["Location"]
    assert secret not in form_of(office, place)[0]


def add_row(book: Edited, department: str, text: str = NEW, **more: object) -> None:
    cells: dict[int, object] = {
        book.columns["工作任务"]: text,
        book.columns["责任单位"]: department,
    }
    headings = {str(cell.value): cell.column for cell in book.sheet[3]}
    cells |= {headings[header]: value for header, value in more.items()}
    row = book.rows()[0] + 1
    book.sheet.insert_rows(row)
    for column, value in cells.items():
        book.sheet.cell(row, column).value = value  # type: ignore[assignment]


def new_task(office: Office) -> tuple[Task, list[Assignment]] | None:
    with office.database.reading() as session:
        task = session.exec(select(Task).where(Task.text == NEW)).first()
        if task is None:
            return None
        own = select(Assignment).where(Assignment.task_id == task.id)
        return task, list(session.exec(own.order_by(col(Assignment.id))))


def test_a_new_row_of_the_office_becomes_a_task_and_can_be_undone(office: Office) -> None:
    before = everything(office.database)
    book = opened(take_out(office, plan=SERVICE))
    add_row(book, "清河县财政局", 分工="配合", 截止日期="2026-06-30", 分值=2)
    add_row(book, EDU, 分工="牵头", 截止日期="2026-06-30", 分值=2)
    place = send(office, book.saved(), login="office").headers["Location"]
    page, form = form_of(office, place, "office")
    assert "作为新任务加入" in page and new_task(office) is None
    browser = office.client_as("office")
    ticked = {f"new-{rows(office)[-1].id}-0": "on"}
    assert post(browser, f"{place}/application", **form, **ticked) == 302
    found = new_task(office)
    assert found is not None
    task, parts = found
    assert (str(task.due_on), str(task.points)) == ("2026-06-30", "2.00")
    assert sorted(part.role.value for part in parts) == ["lead", "support"]
    first = office.client_as("office").get(f"/plans/{task.plan_id}").text
    assert NEW in first
    status, _page = said(office.client_as("edu"), f"/assignments/{parts[0].id}/receipt")
    assert status in (302, 404), "it is a task like any other"
    if status == 302:
        assert post(browser, f"{place}/undoing") == 409, "somebody signed for it"
        return
    assert post(browser, f"{place}/undoing") == 302
    assert everything(office.database) == before


def test_undone_new_tasks_are_gone(office: Office) -> None:
    before = everything(office.database)
    book = opened(take_out(office, plan=SERVICE))
    add_row(book, EDU, 类别="新的一类")
    place = send(office, book.saved(), login="office").headers["Location"]
    _page, form = form_of(office, place, "office")
    browser = office.client_as("office")
    ticked = {f"new-{rows(office)[-1].id}-0": "on"}
    assert post(browser, f"{place}/application", **form, **ticked) == 302
    found = new_task(office)
    assert found is not None
    assert "新的一类" in browser.get(f"/plans/{found[0].plan_id}").text
    assert post(browser, f"{place}/undoing") == 302
    assert new_task(office) is None
    assert "新的一类" not in browser.get(f"/plans/{found[0].plan_id}").text
    after = everything(office.database)
    assert {key: {**row, "position": 0} for key, row in after.items()} == {
        key: {**row, "position": 0} for key, row in before.items()
    }


def test_an_unticked_row_is_not_added(office: Office) -> None:
    book = opened(take_out(office, plan=SERVICE))
    add_row(book, EDU)
    place = send(office, book.saved(), login="office").headers["Location"]
    _page, form = form_of(office, place, "office")
    assert post(office.client_as("office"), f"{place}/application", **form) == 302
    assert new_task(office) is None


@pytest.mark.parametrize(
    ("department", "why"),
    [("", "没有写责任单位"), ("不存在的局", "名录里没有单位"), ("各镇街", "单位")],
)
def test_a_new_row_that_cannot_be_a_task_says_why(
    office: Office, department: str, why: str
) -> None:
    book = opened(take_out(office, plan=SERVICE))
    add_row(book, department)
    (new,) = look(office, book.saved()).new
    assert why in new.reason
    place = send(office, book.saved(), login="office").headers["Location"]
    _page, form = form_of(office, place, "office")
    forced = {f"new-{rows(office)[-1].id}-0": "on"}
    assert post(office.client_as("office"), f"{place}/application", **form, **forced) == 302
    assert new_task(office) is None


def test_a_department_adds_no_tasks(office: Office) -> None:
    book = opened(take_out(office, "edu", plan=SERVICE, department=EDU))
    add_row(book, EDU)
    (new,) = look(office, book.saved(), "edu").new
    assert "由牵头办公室" in new.reason
    place = send(office, book.saved()).headers["Location"]
    _page, form = form_of(office, place)
    forced = {f"new-{rows(office)[-1].id}-0": "on"}
    assert post(office.client_as("edu"), f"{place}/application", **form, **forced) == 302
    assert new_task(office) is None
