"""Whose rows a person sees: another department's work does not exist for her."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlmodel import SQLModel, func, select

from tests.conftest import Office
from tracker import access
from tracker.directory.post import Holding
from tracker.events import Event
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.work.completion import Completion
from tracker.work.evidence import Evidence
from tracker.work.receipt import Receipt
from tracker.work.report import Report

EDU_ONLY = "1) 中小学开足健康教育课"
SHARED = "2) 校园周边二百米"
CITY_ONLY = "1) 公厕全天开放"


def withdraw(office: Office, beginning: str, login: str) -> Assignment:
    """A later version of the plan no longer names the person's department."""
    with office.database.writing() as session:
        part = session.get_one(Assignment, office.part(beginning, login).id)
        part.move(AssignmentState.WITHDRAWN)
        session.add(part)
    return part


def test_a_task_taken_from_a_department_is_not_there_any_more(office: Office) -> None:
    evidence, browser = evidence_of(office, EDU_ONLY), office.client_as("edu")
    part = withdraw(office, EDU_ONLY, "edu")
    assert browser.get(f"/tasks/{part.task_id}").status_code == 404
    assert browser.get(f"/evidence/{evidence}/file").status_code == 404
    assert browser.post(f"/assignments/{part.id}/reports").status_code == 404
    assert EDU_ONLY not in browser.get(f"/search?q={EDU_ONLY[3:]}").get_data(as_text=True)
    assert office.client_as("office").get(f"/evidence/{evidence}/file").status_code == 200


def test_a_lead_that_only_helps_now_sees_no_more_than_a_helper(office: Office) -> None:
    canary = "市场局的进展：金丝雀"
    part, browser = office.part(SHARED, "market"), office.client_as("market")
    browser.post(f"/assignments/{part.id}/receipt")
    browser.post(f"/assignments/{part.id}/reports", data={"text": canary, "percent": "10"})
    page = f"/tasks/{part.task_id}"
    assert canary in office.client_as("edu").get(page).get_data(as_text=True)
    with office.database.writing() as session:
        helper = session.get_one(Assignment, office.part(SHARED, "edu").id)
        helper.role = AssignmentRole.SUPPORT
        session.add(helper)
    assert canary not in office.client_as("edu").get(page).get_data(as_text=True)


def evidence_of(office: Office, beginning: str) -> int:
    with office.database.reading() as session:
        wanted = (
            select(Evidence.id)
            .join(Assignment, Evidence.assignment_id == Assignment.id)  # type: ignore[arg-type]
            .where(Assignment.task_id == office.task(beginning).id)
        )
        found = session.exec(wanted).first()
    assert found is not None
    return found


def test_a_clerk_sees_her_departments_task(office: Office) -> None:
    answer = office.client_as("edu").get(f"/tasks/{office.task(EDU_ONLY).id}")
    assert answer.status_code == 200


@pytest.mark.parametrize("login", ["health", "market", "finance"])
def test_for_another_departments_clerk_the_task_is_not_there(office: Office, login: str) -> None:
    browser = office.client_as(login)
    theirs = browser.get(f"/tasks/{office.task(EDU_ONLY).id}")
    nobodys = browser.get("/tasks/987654")
    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert masked(theirs.get_data(as_text=True)) == masked(nobodys.get_data(as_text=True))


def masked(page: str) -> str:
    """A page without what differs by request: the nonce, the CSRF token, the address asked for."""
    import re

    page = re.sub(r'nonce="[^"]*"|content="[^"]*"|value="[^"]*"', "", page)
    return re.sub(r"/tasks/\d+", "", page)


def test_evidence_is_her_own_or_not_there(office: Office) -> None:
    ident = evidence_of(office, EDU_ONLY)
    assert office.client_as("edu").get(f"/evidence/{ident}/file").status_code == 200
    assert office.client_as("office").get(f"/evidence/{ident}/file").status_code == 200
    assert office.client_as("health").get(f"/evidence/{ident}/file").status_code == 404


def test_an_export_of_a_plan_without_her_part_is_not_there(office: Office) -> None:
    plan = office.task("1) 中小学").plan_id
    towns = office.task("建立村级调解日志").plan_id
    assert export(office, "market", plan) == 200
    assert export(office, "market", towns) == 404


def test_nobody_takes_out_another_departments_rows(office: Office) -> None:
    plan = office.task(EDU_ONLY).plan_id
    other = office.part(CITY_ONLY, "city").department_id
    browser = office.client_as("edu")
    answer = browser.post(f"/plans/{plan}/exports", data={"layout": "ledger", "department": other})
    assert answer.status_code == 404


def export(office: Office, login: str, plan_id: int) -> int:
    browser = office.client_as(login)
    return browser.post(f"/plans/{plan_id}/exports", data={"layout": "ledger"}).status_code


def also_a_clerk(office: Office, login: str, of: str) -> None:
    """The person holds the post of a department's clerk, too."""
    person, clerk = office.actor(login).user_id, office.actor(of).user_id
    assert person is not None
    with office.database.writing() as session:
        wanted = select(Holding.post_id).where(Holding.user_id == clerk)
        post = session.exec(wanted).one()
        session.add(Holding(post_id=post, user_id=person, from_on=office.now.date()))


@pytest.mark.parametrize("login", ["office", "leader"])
def test_whoever_sees_all_exports_all_whatever_else_the_person_is(
    office: Office, login: str
) -> None:
    also_a_clerk(office, login, "edu")
    page = f"/plans/{office.task(EDU_ONLY).plan_id}/exports"
    answer = office.client_as(login).post(page, data={"layout": "ledger"})
    sheet = load_workbook(BytesIO(answer.get_data())).worksheets[0]
    words = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert any(CITY_ONLY[3:] in one for one in words)


def test_the_history_of_a_task_is_there_for_whoever_sees_the_task(office: Office) -> None:
    with office.database.reading() as session:
        seen = {
            login: session.exec(
                access.events_for(office.actor(login)).where(
                    Event.task_id == office.task(EDU_ONLY).id
                )
            ).all()
            for login in ("office", "edu", "city")
        }
    assert len(seen["office"]) == len(seen["edu"]) > 0
    assert seen["city"] == []


def counts(office: Office) -> dict[str, int]:
    models: tuple[type[SQLModel], ...] = (Receipt, Report, Evidence, Completion)
    with office.database.reading() as session:
        return {m.__name__: session.exec(select(func.count()).select_from(m)).one() for m in models}


@pytest.mark.parametrize("verb", ["receipt", "reports", "completions"])
def test_foreign_ids_put_into_writing_routes_change_nothing(office: Office, verb: str) -> None:
    part, before = office.part(CITY_ONLY, "city"), counts(office)
    answer = office.client_as("edu").post(
        f"/assignments/{part.id}/{verb}", data={"text": "别人的任务", "percent": "50"}
    )
    assert (answer.status_code, counts(office)) == (404, before)


def test_a_batch_receipt_with_a_foreign_id_signs_for_nothing(office: Office) -> None:
    mine, theirs = office.part("2) 全县干部", "edu"), office.part(CITY_ONLY, "city")
    before = counts(office)
    answer = office.client_as("edu").post("/receipts", data={"assignment": [mine.id, theirs.id]})
    assert (answer.status_code, counts(office)) == (404, before)


def test_a_search_finds_only_what_one_may_see(office: Office) -> None:
    asked, hit = "/search?q=公厕全天开放", f'/tasks/{office.task(CITY_ONLY).id}"'
    assert hit in office.client_as("city").get(asked).get_data(as_text=True)
    assert hit not in office.client_as("edu").get(asked).get_data(as_text=True)


def test_a_plan_page_shows_a_clerk_only_her_tasks(office: Office) -> None:
    plan = office.task(EDU_ONLY).plan_id
    page = office.client_as("edu").get(f"/plans/{plan}").get_data(as_text=True)
    assert "中小学开足健康教育课" in page
    assert "公厕全天开放" not in page


def test_a_department_that_only_helps_is_not_told_what_the_lead_reports(office: Office) -> None:
    task, said = "校服、教辅收费公示", "三所学校尚未公示"
    part = office.part(task, "market")
    assert part.role == AssignmentRole.SUPPORT
    pages = {
        login: office.client_as(login).get(f"/tasks/{part.task_id}").get_data(as_text=True)
        for login in ("edu", "market")
    }
    assert task in pages["market"]
    assert [login for login, page in pages.items() if said in page] == ["edu"]


@pytest.mark.parametrize("login", ["leader", "inspector"])
def test_a_reader_sees_but_may_not_act(office: Office, login: str) -> None:
    browser, part = office.client_as(login), office.part(EDU_ONLY, "edu")
    assert browser.get(f"/tasks/{part.task_id}").status_code == 200
    assert browser.post(f"/assignments/{part.id}/receipt").status_code == 403
