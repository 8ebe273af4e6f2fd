"""A workbook goes home and comes back in a real browser: exported, edited offline, dropped back, one
conflict resolved; and two departments collected by the office."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from tests.browser.conftest import Visit
from tests.browser.person import Person
from tests.conftest import NOON, Office
from tests.exchange.merging.hands import SERVICE, Edited, opened
from tests.work.acting import SOLE, now
from tracker.events import keep
from tracker.plans.assignment import Assignment
from tracker.plans.plan import Plan
from tracker.work.receipt import receive
from tracker.work.report import report

BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFFLINE, ONLINE = "表里写的：八所学校已上墙", "网上写的：五所学校已上墙"


def take_home(person: Person, plan: int) -> Edited:
    """The ledger, downloaded from the plan's page."""
    person.open(f"/plans/{plan}")
    person.page.locator("summary", has_text="导出").click()
    with person.page.expect_download() as coming:
        person.page.get_by_role("button", name="台账格式").click()
    return opened(Path(coming.value.path()).read_bytes())


def bring_back(person: Person, *books: Edited) -> None:
    person.open("/returns")
    files: list[Any] = [
        {"name": f"台账{n}.xlsx", "mimeType": BOOK, "buffer": book.saved()}
        for n, book in enumerate(books, 1)
    ]
    person.page.locator("main input[type=file]").set_input_files(files)
    person.shot("dropped")
    person.press("读取并核对")
    person.page.wait_for_url("**/returns/*" if len(books) == 1 else "**/plans/*/returns")


def plan_of(office: Office, name: str) -> int:
    with office.database.reading() as session:
        return session.exec(select(Plan.id).where(Plan.name == name)).one() or 0


def signed(office: Office, login: str) -> Assignment:
    """The department's part, signed for; written straight into the database."""
    part = office.part(SOLE, login)
    if part.received_at is None:
        with office.database.writing() as session:
            own = session.get_one(Assignment, part.id)
            keep(session, own, *receive(own, by=office.actor(login), at=NOON))
    return now(office, part)


def said_online(office: Office, login: str, part: Assignment, words: str) -> None:
    """A report that was made on the web while the copy was at home."""
    with office.database.writing() as session:
        own = session.get_one(Assignment, part.id)
        by = office.actor(login)
        keep(session, own, *report(own, by=by, at=NOON, text=words, percent=own.percent))


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_copy_comes_back_and_one_conflict_is_resolved(
    site: str, office: Office, visit: Visit, phone: bool
) -> None:
    part = signed(office, "edu")
    clerk = visit(site, "edu", phone=phone)
    book = take_home(visit(site, "edu"), plan_of(office, SERVICE))
    row = book.row_of(part.id)
    book.write(row, "progress", OFFLINE)
    book.write(row, "difficulties", "两所学校在装修")
    said_online(office, "edu", part, ONLINE)
    bring_back(clerk, book)
    clerk.sees("要选择 1 处")
    clerk.sees(ONLINE)
    clerk.shot("conflict")
    expect(clerk.page.locator("[data-undecided]")).to_have_text("还有 1 处要选择")
    clerk.press("确认写入")  # the browser itself asks for the choice
    assert now(office, part).state == part.state and clerk.page.url.count("/returns/") == 1
    conflict = clerk.page.locator(".cell-conflict")
    clerk.click(conflict.locator("label.side-theirs"))
    expect(clerk.page.locator("[data-undecided]")).to_be_hidden()
    clerk.shot("chosen")
    assert not clerk.is_too_wide()
    clerk.press("确认写入")
    clerk.sees("已写入，1 项任务有变化。")
    clerk.shot("written")
    clerk.open(f"/tasks/{part.task_id}")
    clerk.sees(OFFLINE)
    clerk.sees("两所学校在装修")
    bring_back(clerk, book)
    clerk.sees("没有改动")


def test_the_office_collects_two_departments_and_chooses_for_a_whole_file(
    site: str, office: Office, visit: Visit
) -> None:
    plan = plan_of(office, SERVICE)
    books = []
    for login in ("edu", "market"):
        part = signed(office, login)
        book = take_home(visit(site, login), plan)
        book.write(book.row_of(part.id), "progress", f"{login} 表里写的")
        books.append(book)
        said_online(office, login, part, f"{login} 网上写的")
    person = visit(site, "office")
    bring_back(person, *books)
    person.sees("2 份表等待核对")
    expect(person.page.locator("[data-undecided]")).to_have_text("还有 2 处要选择")
    cards = person.page.locator(".returned")
    person.click(cards.nth(0).get_by_role("button", name="整份用表里的"))
    person.click(cards.nth(1).get_by_role("button", name="整份用系统里的"))
    person.shot("collected")
    person.press("确认，全部写入")
    person.sees("已写入，1 项任务有变化。")
    assert not person.is_too_wide()
    task = office.part(SOLE, "edu").task_id
    person.open(f"/tasks/{task}")
    words = person.main()
    assert ("edu 表里写的" in words) != ("market 表里写的" in words)


def test_dropped_rubbish_is_told_in_place(site: str, visit: Visit) -> None:
    clerk = visit(site, "edu")
    clerk.open("/returns")
    wrong = BytesIO(b"no workbook").getvalue()
    file = {"name": "别的.xlsx", "mimeType": BOOK, "buffer": wrong}
    clerk.page.locator("main input[type=file]").set_input_files(file)
    clerk.press("读取并核对")
    clerk.sees("别的.xlsx")
