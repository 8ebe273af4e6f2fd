"""催办, 批示, 配合不力: what others write on a department's work."""

import pytest
from sqlmodel import col, select

from tests.conftest import Office
from tests.work.acting import FRESH, MINE, SOLE, act, newest, now, post, said, signed, verbs
from tracker.mail.message import Message
from tracker.plans.assignment import Assignment
from tracker.work.cooperation import PoorCooperation
from tracker.work.instruction import Instruction
from tracker.work.urge import Urge

HERE = "http://localhost"


def mails(office: Office, kind: str) -> list[Message]:
    with office.database.reading() as session:
        wanted = select(Message).where(Message.kind == kind).order_by(col(Message.id))
        return list(session.exec(wanted))


def test_one_click_urges_many_and_each_department_gets_one_mail(office: Office) -> None:
    first, second = office.part(MINE, "edu"), office.part(SOLE, "edu")
    other = office.part(MINE, "market")
    ids = [first.id, second.id, other.id]
    browser = office.client_as("office")
    assert post(browser, "/urges", assignment=ids, text="请本周内上报") == 302
    sent = mails(office, "urged")
    readers = {mail.address for mail in sent}
    assert len(sent) == len(readers)
    to_edu = next(mail for mail in sent if mail.address.startswith("edu@"))
    assert MINE in to_edu.text and SOLE in to_edu.text and "请本周内上报" in to_edu.text
    to_market = next(mail for mail in sent if mail.address.startswith("market@"))
    assert SOLE not in to_market.text
    assert verbs(office, first.task_id)[-1] == "assignment.urged"


def test_nobody_is_urged_twice_a_day(office: Office) -> None:
    part, browser = office.part(SOLE, "edu"), office.client_as("office")
    assert post(browser, "/urges", assignment=part.id) == 302
    before = len(mails(office, "urged"))
    assert post(browser, "/urges", assignment=part.id) == 302
    assert len(mails(office, "urged")) == before
    assert newest(office, Urge).text == "请抓紧办理并上报进展。"


def test_whole_tasks_can_be_urged_and_what_waits_for_the_office_is_left_alone(
    office: Office,
) -> None:
    part = signed(office, MINE, "edu")
    act(office.client_as("edu"), part, "completions", statement="请审核")
    task, browser = office.task(MINE), office.client_as("office")
    assert post(browser, "/urges", task=task.id, next=f"/plans/{task.plan_id}") == 302
    with office.database.reading() as session:
        urged = set(session.exec(select(Urge.assignment_id)))
    assert urged == {office.part(MINE, "market").id}


def test_what_waits_for_its_own_head_can_be_urged(office: Office) -> None:
    assert post(office.client_as("edu.head"), "/approvals/arrangement", needs_approval="1") == 302
    part = signed(office, SOLE, "edu")
    assert act(office.client_as("edu"), part, "completions", statement="已公示") == 302
    browser = office.client_as("office")
    page = browser.get(f"/tasks/{part.task_id}").get_data(as_text=True)
    assert "等本单位负责人审签" in page
    assert post(browser, "/urges", assignment=part.id) == 302
    assert newest(office, Urge).assignment_id == part.id
    assert mails(office, "urged")


def test_nothing_chosen_urges_nobody(office: Office) -> None:
    status, page = said(office.client_as("office"), "/urges")
    assert (status, "请先选择要催办的任务" in page) == (422, True)


def test_nothing_ticked_leads_back_to_the_list_and_its_button_waits_for_a_tick(
    office: Office,
) -> None:
    listed = f"/plans/{office.task(MINE).plan_id}?light=overdue"
    browser = office.client_as("office")
    came = {"Referer": HERE + listed}
    page = browser.post("/urges", data={"text": "请抓紧"}, headers=came).get_data(as_text=True)
    assert f'href="{listed}"' in page
    assert 'data-tally="task"' in browser.get(listed.split("?")[0]).get_data(as_text=True)


def test_the_answer_counts_tasks_and_departments(office: Office) -> None:
    task, browser = office.task(FRESH), office.client_as("office")
    also = office.task(MINE)
    address = f"/plans/{task.plan_id}"
    assert post(browser, "/urges", task=[task.id, also.id], next=address) == 302
    with office.database.reading() as session:
        urged = list(session.exec(select(Urge.assignment_id)))
        holders = [session.get_one(Assignment, ident).department_id for ident in urged]
    page = browser.get(address).get_data(as_text=True)
    assert len(set(holders)) < len(holders), "a department with both tasks is one department"
    assert f"已催办 2 项任务的 {len(set(holders))} 个单位" in page
    assert post(browser, "/urges", task=[task.id, also.id], next=address) == 302
    page = browser.get(address).get_data(as_text=True)
    assert f"2 项任务的 {len(set(holders))} 个单位不需要催办" in page


@pytest.mark.parametrize("login", ["edu", "edu.head", "leader", "inspector"])
def test_only_the_office_urges(office: Office, login: str) -> None:
    assert post(office.client_as(login), "/urges", assignment=office.part(SOLE, "edu").id) == 403
    assert mails(office, "urged") == []


def test_a_leaders_instruction_is_read_and_mailed(office: Office) -> None:
    task = office.task(SOLE)
    assert (
        post(office.client_as("leader"), f"/tasks/{task.id}/instructions", text="月底前办结") == 302
    )
    for login in ("edu", "market", "office"):
        page = office.client_as(login).get(f"/tasks/{task.id}").get_data(as_text=True)
        assert "月底前办结" in page
    readers = {mail.address.split("@")[0] for mail in mails(office, "instructed")}
    assert {"edu", "market"} <= readers
    assert "health" not in readers
    assert newest(office, Instruction).signed == "分管领导"


def test_an_instruction_says_something(office: Office) -> None:
    task = office.task(SOLE)
    assert post(office.client_as("leader"), f"/tasks/{task.id}/instructions", text=" \n") == 422


@pytest.mark.parametrize("login", ["edu", "office", "inspector"])
def test_only_leaders_instruct(office: Office, login: str) -> None:
    browser, task = office.client_as(login), office.task(SOLE)
    assert post(browser, f"/tasks/{task.id}/instructions", text="办") == 403


def marked(office: Office) -> PoorCooperation:
    helper = office.part(SOLE, "market")
    data = {"reason": "两次来函未复"}
    assert act(office.client_as("edu"), helper, "poor-cooperation", **data) == 302
    return newest(office, PoorCooperation)


def test_a_lead_marks_a_helper_and_the_helper_sees_why(office: Office) -> None:
    marked(office)
    page = f"/tasks/{office.task(SOLE).id}"
    seen = {
        login: "两次来函未复" in office.client_as(login).get(page).get_data(as_text=True)
        for login in ("edu", "market", "office")
    }
    assert seen == {"edu": True, "market": True, "office": True}


def test_a_mark_stands_once_and_can_be_lifted(office: Office) -> None:
    row, edu = marked(office), office.client_as("edu")
    helper = office.part(SOLE, "market")
    assert act(edu, helper, "poor-cooperation", reason="再来") == 409
    assert post(office.client_as("market"), f"/poor-cooperation/{row.id}/lifting") == 403
    assert post(edu, f"/poor-cooperation/{row.id}/lifting") == 302
    assert now(office, row).lifted_at is not None
    assert act(edu, helper, "poor-cooperation", reason="又没有回复") == 302


def test_who_does_not_lead_marks_nobody(office: Office) -> None:
    lead, helper = office.part(SOLE, "edu"), office.part(SOLE, "market")
    assert act(office.client_as("market"), lead, "poor-cooperation", reason="x") == 403
    assert act(office.client_as("market"), helper, "poor-cooperation", reason="x") == 403
    assert act(office.client_as("health"), helper, "poor-cooperation", reason="x") == 404
    assert act(office.client_as("office"), helper, "poor-cooperation", reason="x") == 403


def test_joint_leads_do_not_mark_one_another(office: Office) -> None:
    other = office.part(MINE, "market")
    assert act(office.client_as("edu"), other, "poor-cooperation", reason="x") == 403


def test_a_mark_needs_a_reason(office: Office) -> None:
    helper = office.part(SOLE, "market")
    assert act(office.client_as("edu"), helper, "poor-cooperation", reason=" ") == 422


def test_outsiders_see_no_part_of_a_task_by_its_numbers(office: Office) -> None:
    part = office.part(FRESH, "edu")
    assert act(office.client_as("edu"), part, "poor-cooperation", reason="x") in (403, 404)
