"""交回 in the pages: workbooks come in, are looked at, confirmed once, or put aside."""

import re
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from sqlmodel import select
from werkzeug.test import TestResponse

from tests.conftest import Office
from tests.exchange.merging.hands import CIVIL, EDU, SERVICE, opened, take_out
from tests.work.acting import SOLE, act, now, post, signed
from tracker.exchange.merging.returned import ReturnedFile, ReturnState
from tracker.work.report import Report

SAID = "十二所学校已上墙"


def edited(office: Office, said: str = SAID, login: str = "edu") -> bytes:
    """The department's copy with one word of progress in it."""
    part = signed(office, SOLE, "edu")
    book = opened(take_out(office, login, plan=SERVICE, department=EDU))
    book.write(book.row_of(part.id), "progress", said)
    return book.saved()


def send(office: Office, *contents: bytes, login: str = "edu") -> TestResponse:
    files = [(BytesIO(content), f"台账{n}.xlsx") for n, content in enumerate(contents, 1)]
    return office.client_as(login).post("/returns", data={"file": files})


def rows(office: Office) -> list[ReturnedFile]:
    with office.database.reading() as session:
        return list(session.exec(select(ReturnedFile).order_by(ReturnedFile.id)))  # type: ignore[arg-type]


def form_of(office: Office, address: str, login: str = "edu") -> tuple[str, dict[str, str]]:
    """The page's words, and what its form holds hidden."""
    page = office.client_as(login).get(address).get_data(as_text=True)
    shown = BeautifulSoup(page, "html.parser")
    field = shown.select_one("input[name=seen]")
    return shown.get_text(), {"seen": str(field["value"])} if field else {}


def reports(office: Office) -> list[str]:
    with office.database.reading() as session:
        return [one.text for one in session.exec(select(Report).order_by(Report.id))]  # type: ignore[arg-type]


def test_a_workbook_is_shown_then_confirmed_and_written_once(office: Office) -> None:
    answer = send(office, edited(office))
    address = answer.headers["Location"]
    assert re.fullmatch(r"/returns/\d+", address)
    page, form = form_of(office, address)
    assert SAID in page and "会写入 1 处" in page and SAID not in reports(office)
    browser = office.client_as("edu")
    assert post(browser, f"{address}/application", **form) == 302
    assert reports(office)[-1] == SAID
    assert rows(office)[0].state == ReturnState.APPLIED
    before = reports(office)
    assert post(browser, f"{address}/application", **form) == 409
    assert reports(office) == before


def test_what_somebody_changed_after_the_look_is_not_written_over(office: Office) -> None:
    address = send(office, edited(office)).headers["Location"]
    _page, form = form_of(office, address)
    part = office.part(SOLE, "edu")
    said = {"text": "网上刚写的", "percent": "30"}
    assert act(office.client_as("edu"), part, "reports", **said) == 302
    answer = office.client_as("edu").post(f"{address}/application", data=form)
    assert (answer.status_code, "请重新核对" in answer.get_data(as_text=True)) == (409, True)
    page, form = form_of(office, address)
    assert "要选择 1 处" in page
    assert post(office.client_as("edu"), f"{address}/application", **form) == 409, "nothing chosen"
    chosen = {**form, f"cell-{rows(office)[-1].id}-p-{part.id}-progress": "take"}
    assert post(office.client_as("edu"), f"{address}/application", **chosen) == 302
    assert reports(office)[-1] == SAID


def test_a_cell_can_be_left_out(office: Office) -> None:
    part = signed(office, SOLE, "edu")
    book = opened(take_out(office, "edu", plan=SERVICE, department=EDU))
    book.write(book.row_of(part.id), "progress", SAID)
    book.write(book.row_of(part.id), "percent", 0.9)
    address = send(office, book.saved()).headers["Location"]
    _page, form = form_of(office, address)
    left = {**form, f"cell-{rows(office)[-1].id}-p-{part.id}-percent": "leave"}
    assert post(office.client_as("edu"), f"{address}/application", **left) == 302
    assert (reports(office)[-1], now(office, part).percent) == (SAID, part.percent)


def test_of_two_copies_of_a_department_the_newest_waits(office: Office) -> None:
    answer = send(office, edited(office, "早的"), edited(office, "晚的"))
    assert re.fullmatch(r"/plans/\d+/returns", answer.headers["Location"])
    assert [row.state for row in rows(office)] == [ReturnState.SUPERSEDED, ReturnState.WAITING]


def test_one_that_is_no_export_keeps_none_of_the_others_out(office: Office) -> None:
    browser = office.client_as("edu")
    files = [(BytesIO(b"no workbook"), "别的.xlsx"), (BytesIO(edited(office)), "台账.xlsx")]
    page = browser.post("/returns", data={"file": files}, follow_redirects=True)
    assert "别的.xlsx" in page.get_data(as_text=True)
    assert len(rows(office)) == 1


@pytest.mark.parametrize("login", ["market", "health"])
def test_another_departments_copy_is_not_there(office: Office, login: str) -> None:
    content = edited(office)
    assert send(office, content, login=login).status_code in (404, 422)
    assert rows(office) == []
    address = send(office, content).headers["Location"]
    browser = office.client_as(login)
    assert browser.get(address).status_code == 404
    assert post(browser, f"{address}/application") == 404
    assert post(browser, f"{address}/discarding") == 404
    assert rows(office)[0].state == ReturnState.WAITING


def test_the_office_hands_in_for_a_department_and_the_history_says_so(office: Office) -> None:
    address = send(office, edited(office), login="office").headers["Location"]
    _page, form = form_of(office, address, "office")
    assert post(office.client_as("office"), f"{address}/application", **form) == 302
    part = office.part(SOLE, "edu")
    timeline = office.client_as("edu").get(f"/tasks/{part.task_id}").get_data(as_text=True)
    assert SAID in timeline and "（代录）" in timeline


def test_what_is_put_aside_writes_nothing(office: Office) -> None:
    address = send(office, edited(office)).headers["Location"]
    before = reports(office)
    assert post(office.client_as("edu"), f"{address}/discarding") == 302
    assert (rows(office)[0].state, reports(office)) == (ReturnState.DISCARDED, before)


def test_rows_of_another_export_are_told_and_not_read(office: Office) -> None:
    part = signed(office, SOLE, "edu")
    book = opened(take_out(office, "edu", plan=SERVICE, department=EDU))
    marks = book.columns["行标识（请勿改动）"]
    strange = book.row_of(part.id)
    mark = str(book.sheet.cell(strange, marks).value)
    book.sheet.cell(strange, marks).value = f"TL-{'f' * 16}-{mark.split('-', 2)[2]}"
    book.write(strange, "progress", SAID)
    address = send(office, book.saved()).headers["Location"]
    page, form = form_of(office, address)
    assert f"台账 第 {strange} 行" in page and "没有读取" in page
    assert post(office.client_as("edu"), f"{address}/application", **form) == 302
    assert SAID not in reports(office)


def test_a_whole_plan_is_the_offices(office: Office) -> None:
    assert send(office, take_out(office, plan=CIVIL)).status_code in (404, 422)
    assert send(office, take_out(office, plan=CIVIL), login="office").status_code == 302


def test_a_settled_workbook_says_what_it_wrote(office: Office) -> None:
    """Merged again it would be compared with what it has written itself."""
    part = signed(office, SOLE, "edu")
    book = opened(take_out(office, "edu", plan=SERVICE, department=EDU))
    row = book.row_of(part.id)
    for field, value in {
        "progress": SAID,
        "percent": 0.9,
        "state": "办结待审",
        "text": "改",
    }.items():
        book.write(row, field, value)
    address = send(office, book.saved()).headers["Location"]
    _page, form = form_of(office, address)
    left = {**form, f"cell-{rows(office)[-1].id}-p-{part.id}-percent": "leave"}
    assert post(office.client_as("edu"), f"{address}/application", **left) == 302
    page, _form = form_of(office, address)
    assert "写入了 2 处" in page and "没有写入 1 处" in page and "没有采用" in page
    assert "已经申请办结" not in page and "会写入 1 处" not in page
    assert post(office.client_as("edu"), f"{address}/undoing") == 302
    again, _form = form_of(office, address)
    assert "写入了 2 处" in again and "会写入 2 处" not in again


def test_columns_that_somebody_added_are_told(office: Office) -> None:
    book = opened(edited(office))
    column = book.sheet.max_column + 1
    book.sheet.cell(4, column).value = "备注"
    book.sheet.cell(5, column).value = "这里写的没有人读"
    page, _form = form_of(office, send(office, book.saved()).headers["Location"])
    assert "自己加的栏没有读取：备注" in page


@pytest.mark.parametrize("word", ["已签收", "正在办理", "办理中"])
def test_words_for_begun_sign(office: Office, word: str) -> None:
    part = office.part("2) 全县干部", "edu")
    book = opened(take_out(office, "edu", plan=CIVIL, department=EDU))
    book.write(book.row_of(part.id), "state", word)
    address = send(office, book.saved()).headers["Location"]
    _page, form = form_of(office, address)
    assert post(office.client_as("edu"), f"{address}/application", **form) == 302
    assert now(office, part).received_at is not None


def test_a_day_without_its_year_is_named_so(office: Office) -> None:
    part = signed(office, SOLE, "edu")
    book = opened(take_out(office, "edu", plan=SERVICE, department=EDU))
    book.write(book.row_of(part.id), "done_on", "11月15日")
    page, _form = form_of(office, send(office, book.saved()).headers["Location"])
    assert "没有写年份" in page


@pytest.mark.parametrize(("day", "why"), [("2026年2月", "没有写到日"), ("2027-05-01", "还没有到")])
def test_work_is_done_on_a_day_that_has_been(office: Office, day: str, why: str) -> None:
    part = signed(office, SOLE, "edu")
    book = opened(take_out(office, "edu", plan=SERVICE, department=EDU))
    book.write(book.row_of(part.id), "done_on", day)
    page, _form = form_of(office, send(office, book.saved()).headers["Location"])
    assert why in page and "会写入 1 处" not in page
