"""撤销, 恢复, 销号, 重新打开, 归档: how work ends otherwise, and again not."""

import pytest
from bs4 import BeautifulSoup
from sqlmodel import col, select

from tests.conftest import Office
from tests.work.acting import FRESH, MINE, SOLE, now, parts, post, said, signed, verbs
from tracker.plans.assignment import AssignmentState
from tracker.plans.plan import Plan, PlanState
from tracker.plans.task import Task

DONE = "1) 公厕全天开放"
"""Completed in the demo world."""


def test_a_withdrawn_task_ends_for_everybody_and_is_in_no_figure(office: Office) -> None:
    task, browser = office.task(FRESH), office.client_as("office")
    page = f"/plans/{task.plan_id}"
    assert FRESH in browser.get(page).get_data(as_text=True)
    assert post(browser, f"/tasks/{task.id}/withdrawal", reason="文件已废止") == 302
    assert {p.state for p in parts(office, task)} == {AssignmentState.WITHDRAWN}
    assert FRESH not in browser.get(page).get_data(as_text=True)
    assert FRESH in browser.get(f"{page}?withdrawn=1").get_data(as_text=True)
    assert office.client_as("edu").get(f"/tasks/{task.id}").status_code == 404
    assert post(browser, f"/tasks/{task.id}/withdrawal", reason="再来") == 409


def test_a_withdrawn_task_says_who_had_it_and_runs_no_light(office: Office) -> None:
    task, browser = office.task(SOLE), office.client_as("office")
    assert post(browser, f"/tasks/{task.id}/withdrawal", reason="合并到别的任务") == 302
    page = BeautifulSoup(browser.get(f"/tasks/{task.id}").get_data(as_text=True), "html.parser")
    assert "清河县教育体育局" in page.select_one("dl.facts").get_text()  # type: ignore[union-attr]
    assert page.select(".lead-line .light") == []


def test_a_restored_task_goes_on_where_each_part_stood(office: Office) -> None:
    signed(office, MINE, "edu")
    task, browser = office.task(MINE), office.client_as("office")
    before = [(p.id, p.state) for p in parts(office, task)]
    assert post(browser, f"/tasks/{task.id}/withdrawal", reason="误报") == 302
    assert post(browser, f"/tasks/{task.id}/restoration", reason="恢复") == 302
    assert [(p.id, p.state) for p in parts(office, task)] == before
    assert verbs(office, task.id)[-2:] == ["task.withdrawn", "task.restored"]


def test_who_was_taken_out_before_does_not_come_back_with_the_task(office: Office) -> None:
    task, browser = office.task(SOLE), office.client_as("office")
    helper = office.part(SOLE, "market")
    assert post(browser, "/withdrawals", assignment=helper.id, reason="不再需要") == 302
    post(browser, f"/tasks/{task.id}/withdrawal", reason="误报")
    post(browser, f"/tasks/{task.id}/restoration", reason="恢复")
    assert now(office, helper).state == AssignmentState.WITHDRAWN
    assert office.part(SOLE, "edu").state == AssignmentState.IN_PROGRESS


def test_the_only_lead_is_not_withdrawn(office: Office) -> None:
    lead = office.part(SOLE, "edu").id
    status, page = said(office.client_as("office"), "/withdrawals", assignment=lead, reason="x")
    assert (status, "唯一的牵头单位" in page) == (409, True)


def test_a_withdrawal_needs_a_reason(office: Office) -> None:
    browser, helper = office.client_as("office"), office.part(SOLE, "market")
    assert post(browser, f"/tasks/{helper.task_id}/withdrawal", reason=" ") == 422
    assert post(browser, "/withdrawals", assignment=helper.id, reason="") == 422
    assert post(browser, "/withdrawals", reason="没有选单位") == 422
    assert office.part(SOLE, "market").is_standing


def test_complete_work_is_struck_off_and_its_day_stays(office: Office) -> None:
    task, browser = office.task(DONE), office.client_as("office")
    assert post(browser, f"/tasks/{task.id}/closing") == 302
    after = now(office, task)
    assert (after.closed_on, after.completed_on) == (office.now.date(), task.completed_on)
    assert {p.state for p in parts(office, task)} == {AssignmentState.CLOSED}
    assert {p.completed_on for p in parts(office, task)} == {task.completed_on}
    assert post(browser, f"/tasks/{task.id}/closing") == 409


def test_open_work_is_not_struck_off(office: Office) -> None:
    assert post(office.client_as("office"), f"/tasks/{office.task(SOLE).id}/closing") == 409


def test_a_task_can_be_opened_again(office: Office) -> None:
    task, browser = office.task(DONE), office.client_as("office")
    post(browser, f"/tasks/{task.id}/closing")
    assert post(browser, f"/tasks/{task.id}/reopening") == 422
    assert post(browser, f"/tasks/{task.id}/reopening", reason="复查不合格") == 302
    after = now(office, task)
    assert (after.is_complete, after.completed_on, after.closed_on) == (False, None, None)
    assert AssignmentState.IN_PROGRESS in {p.state for p in parts(office, task)}


def finished(office: Office, plan_id: int) -> None:
    """The plan with nothing open: what is left is withdrawn."""
    browser = office.client_as("office")
    with office.database.reading() as session:
        wanted = select(Task.id).where(Task.plan_id == plan_id, col(Task.is_complete).is_(False))
        left = session.exec(wanted).all()
    for ident in left:
        assert post(browser, f"/tasks/{ident}/withdrawal", reason="年度结束") == 302


def test_a_plan_with_open_work_is_not_archived(office: Office) -> None:
    plan = office.task(SOLE).plan_id
    status, page = said(office.client_as("office"), f"/plans/{plan}/archive")
    assert (status, "没有办结，不能归档" in page) == (409, True)


def test_an_archived_plan_is_only_read(office: Office) -> None:
    task, browser = office.task(DONE), office.client_as("office")
    finished(office, task.plan_id)
    assert post(browser, f"/plans/{task.plan_id}/archive") == 302
    status, page = said(browser, f"/tasks/{task.id}/reopening", reason="复查")
    assert (status, "已经归档，只能查看" in page) == (409, True)
    assert post(browser, f"/plans/{task.plan_id}/closings") == 409
    assert browser.get(f"/tasks/{task.id}").status_code == 200
    assert post(browser, f"/plans/{task.plan_id}/archive") == 409
    assert post(browser, f"/plans/{task.plan_id}/reopening", reason="补正") == 302
    assert post(browser, f"/tasks/{task.id}/reopening", reason="复查") == 302


def test_closing_all_takes_what_is_complete(office: Office) -> None:
    plan_id, browser = office.task(DONE).plan_id, office.client_as("office")
    assert post(browser, f"/plans/{plan_id}/closings") == 302
    with office.database.reading() as session:
        done = session.exec(
            select(Task).where(Task.plan_id == plan_id, col(Task.is_complete))
        ).all()
        assert done
        assert all(task.closed_on for task in done)
        assert session.get_one(Plan, plan_id).state == PlanState.ACTIVE
    assert post(browser, f"/plans/{plan_id}/closings") == 302  # nothing is left: nothing happens


@pytest.mark.parametrize("login", ["edu", "edu.head", "leader", "inspector"])
def test_nobody_but_the_office_ends_work(office: Office, login: str) -> None:
    task, browser = office.task(SOLE), office.client_as(login)
    for address in (f"/tasks/{task.id}/withdrawal", f"/tasks/{task.id}/closing",
                    "/withdrawals", f"/plans/{task.plan_id}/archive"):  # fmt: skip
        assert post(browser, address, reason="x") == 403
    assert now(office, task) == task
