"""表扬: given for a plan or one of its tasks, taken back when it was a mistake."""

import re

import pytest
from bs4 import BeautifulSoup
from sqlmodel import select

from tests.conftest import Office
from tests.scoring.play import OPEN
from tests.scoring.test_rankings import publish_round
from tracker.plans.plan import Plan, PlanState
from tracker.scoring.praise import Praise

RULES = {"praised": "2", "least": "1", "seen": "0", "valid_from": "2026-03-10"}


def praises(office: Office) -> list[Praise]:
    with office.database.reading() as session:
        return list(session.exec(select(Praise)))


def give(office: Office, login: str = "office", **more: object) -> int:
    plan = office.task(OPEN).plan_id
    form = {"department": office.part(OPEN, "edu").department_id, "reason": "课表齐全", **more}
    return office.client_as(login).post(f"/plans/{plan}/praises", data=form).status_code


def bonus(office: Office, ident: int) -> str:
    """What the ranking adds to the education bureau's points."""
    plan = office.task(OPEN).plan_id
    page = office.client_as("office").get(f"/plans/{plan}/rankings?round={ident}")
    rows = BeautifulSoup(page.get_data(as_text=True), "html.parser").select("tbody tr")
    row = next(row for row in rows if "清河县教育体育局" in row.get_text())
    found = re.search(r"[+]2", row.get_text())
    return found.group() if found else ""


def test_praise_taken_back_counts_no_more(office: Office) -> None:
    browser = office.client_as("office")
    assert browser.post("/rules", data=RULES).status_code == 302
    assert give(office) == 302
    ident = publish_round(office)
    assert bonus(office, ident) == "+2", "the control: it counts"
    (row,) = praises(office)
    assert browser.post(f"/praises/{row.id}/taking-back").status_code == 302
    assert bonus(office, ident) == ""
    page = browser.get(f"/plans/{row.plan_id}/praises").get_data(as_text=True)
    assert "课表齐全" in page and "已撤回" in page
    assert browser.post(f"/praises/{row.id}/taking-back").status_code == 409


def test_praise_may_be_for_a_task(office: Office) -> None:
    task = office.task(OPEN)
    page = office.client_as("leader").get(f"/plans/{task.plan_id}/praises?task={task.id}")
    shown = BeautifulSoup(page.get_data(as_text=True), "html.parser")
    offered = {
        int(str(one["value"])) for one in shown.select("#f-department option") if one["value"]
    }
    assert offered == {office.part(OPEN, "edu").department_id}
    assert give(office, "leader", task=task.id) == 302
    (row,) = praises(office)
    assert row.task_id == task.id
    timeline = office.client_as("edu").get(f"/tasks/{task.id}").get_data(as_text=True)
    assert "课表齐全" in timeline


@pytest.mark.parametrize("what", ["another plan's task", "a department without a part", "nothing"])
def test_what_is_not_in_the_plan_is_refused(office: Office, what: str) -> None:
    part = office.part(OPEN, "edu")
    with office.database.writing() as session:
        other = Plan(name="另一个计划", created_at=office.now)
        session.add(other)
        session.flush()
        elsewhere = other.id
    address = {"another plan's task": f"/plans/{elsewhere}/praises"}.get(
        what, f"/plans/{part.plan_id}/praises"
    )
    form = {
        "another plan's task": {"task": part.task_id, "department": part.department_id},
        "a department without a part": {"department": office.part("1) 医疗机构", "health").id or 0,
                                        "task": part.task_id},
        "nothing": {},
    }[what]  # fmt: skip
    answer = office.client_as("office").post(address, data={"reason": "好", **form})
    assert answer.status_code in (404, 422)
    assert praises(office) == []


def test_an_archived_plans_praise_stays(office: Office) -> None:
    give(office)
    (row,) = praises(office)
    with office.database.writing() as session:
        session.get_one(Plan, row.plan_id).state = PlanState.ARCHIVED
    answer = office.client_as("office").post(f"/praises/{row.id}/taking-back")
    assert answer.status_code == 409
    assert praises(office)[0].taken_back_at is None
