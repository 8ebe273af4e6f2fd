"""The office sets how often is reported: of a plan, of a task; what that means for each part."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import col

from tests.conftest import Office
from tracker.plans.assignment import Assignment
from tracker.plans.task import Task
from tracker.work.evidence import Evidence
from tracker.work.reporting import rule_in_force
from tracker.work.requirement import Requirement

CIVIL = "3) 建筑工地围挡"
"""Of a plan without a rhythm; the housing bureau reported on Sunday the 8th."""
QUIET = "1) 主干道两侧无占道"
"""Of the same plan; the city bureau has signed and not reported."""
UNSIGNED = "2) 非机动车停放"
FRIDAYS = "推行“一件事”联办"


def set_plan(office: Office, beginning: str, words: str) -> int:
    path = f"/plans/{office.task(beginning).plan_id}/rhythms"
    return office.client_as("office").post(path, data={"rhythm": words}).status_code


def set_task(office: Office, beginning: str, words: str) -> int:
    path = f"/tasks/{office.task(beginning).id}/rhythms"
    return office.client_as("office").post(path, data={"rhythm": words}).status_code


def next_on(office: Office, beginning: str, login: str) -> date | None:
    return office.part(beginning, login).next_report_on


def recurring(office: Office, beginning: str, words: str) -> None:
    with office.database.writing() as session:
        change = sa.update(Task).where(col(Task.id) == office.task(beginning).id)
        session.execute(change.values(deadline_kind="recurring", deadline_text=words))


def report(browser: FlaskClient, part: Assignment) -> None:
    data = {"text": "已巡查一遍", "percent": "30"}
    assert browser.post(f"/assignments/{part.id}/reports", data=data).status_code == 302


@pytest.mark.parametrize(
    ("plan", "task", "kind", "text", "code"),
    [
        ("", "", "date", "6月底前", None), ("w5", "", "date", "6月底前", "w5"),
        ("w5", "m28", "date", "", "m28"), ("w5", "none", "recurring", "每月底", None),
        ("w5", "", "recurring", "每月底", "m31"), ("", "", "recurring", "每月28日前", "m28"),
        ("w5", "", "recurring", "每月第二个周五", "w5"), ("w5", "", "date", "每月底", "w5"),
    ],
)  # fmt: skip
def test_the_tasks_own_rhythm_comes_first_then_its_deadlines_then_the_plans(
    plan: str, task: str, kind: str, text: str, code: str | None
) -> None:
    rule = rule_in_force(plan=plan, task=task, deadline_kind=kind, deadline_text=text)
    assert (rule.code if rule else None) == code


def test_a_plans_rhythm_asks_every_signed_part_from_this_period_on(office: Office) -> None:
    assert next_on(office, QUIET, "city") is None
    assert set_plan(office, CIVIL, "每月28日前") == 302
    assert next_on(office, QUIET, "city") == date(2026, 3, 28)
    assert next_on(office, UNSIGNED, "city") is None
    assert next_on(office, FRIDAYS, "service") == date(2026, 3, 13)


def test_who_has_reported_in_the_period_already_is_asked_in_the_next(office: Office) -> None:
    assert set_plan(office, CIVIL, "每周五") == 302
    assert next_on(office, QUIET, "city") == date(2026, 3, 13)
    assert next_on(office, CIVIL, "housing") == date(2026, 3, 20)


def test_a_part_is_asked_from_its_receipt_on(office: Office) -> None:
    set_plan(office, CIVIL, "每月底")
    part = office.part(UNSIGNED, "city")
    office.client_as("city").post("/receipts", data={"assignment": [part.id]})
    assert next_on(office, UNSIGNED, "city") == date(2026, 3, 31)


def test_a_task_may_have_its_own_and_go_back_to_the_plans(office: Office) -> None:
    """The service centre has reported on the 8th: in the period to the 20th, and in the quarter."""
    assert set_task(office, FRIDAYS, "每月5日、20日前") == 302
    assert next_on(office, FRIDAYS, "service") == date(2026, 4, 5)
    set_plan(office, FRIDAYS, "每季度末")
    assert next_on(office, FRIDAYS, "service") == date(2026, 4, 5)
    assert set_task(office, FRIDAYS, "") == 302
    assert next_on(office, FRIDAYS, "service") == date(2026, 6, 30)


def test_a_task_may_be_let_off(office: Office) -> None:
    assert set_task(office, FRIDAYS, "不要求") == 302
    assert next_on(office, FRIDAYS, "service") is None
    assert "报送周期：" not in office.client_as("service").get(
        f"/tasks/{office.task(FRIDAYS).id}"
    ).get_data(as_text=True)


def test_a_recurring_deadline_keeps_its_rhythm_when_the_plans_changes(office: Office) -> None:
    recurring(office, QUIET, "每月底前")
    set_plan(office, CIVIL, "每周五")
    assert next_on(office, QUIET, "city") is None  # not yet asked: its words came in by hand
    report(office.client_as("city"), office.part(QUIET, "city"))
    assert next_on(office, QUIET, "city") == date(2026, 4, 30)


def test_a_rhythm_taken_away_asks_nobody(office: Office) -> None:
    assert set_plan(office, FRIDAYS, "") == 302
    assert next_on(office, FRIDAYS, "service") is None


@pytest.mark.parametrize("words", ["每天", "看情况", "每月32日", "x" * 300])
def test_words_that_say_no_rhythm_are_told(office: Office, words: str) -> None:
    assert set_plan(office, CIVIL, words) == 422
    assert set_task(office, CIVIL, words) == 422
    assert next_on(office, QUIET, "city") is None


def test_what_the_field_shows_can_be_sent_back(office: Office) -> None:
    """In both languages."""
    from tracker.web.progresswords import USUAL, rhythm_words
    from tracker.work.reporting import code_written

    for locale in ("zh_CN", "en"):
        with office.app.test_request_context("/"):
            from flask import session

            session["locale"] = locale
            for code in (*USUAL, "m5,20", "q1-5", "q2-31", "h2-10", "y6-30", "y2-31", "w7"):
                assert code_written(rhythm_words(code)) == code, (locale, code)


@pytest.mark.parametrize("login", ["service", "leader", "inspector"])
def test_only_the_office_sets_a_rhythm(office: Office, login: str) -> None:
    task, browser = office.task(FRIDAYS), office.client_as(login)
    for path in (f"/tasks/{task.id}/rhythms", f"/plans/{task.plan_id}/rhythms"):
        assert browser.post(path, data={"rhythm": "每月底"}).status_code == 403


def test_a_return_asks_from_the_present_period(office: Office) -> None:
    """Whatever passed while the office was reviewing."""
    part, clerk = office.part(FRIDAYS, "service"), office.client_as("service")
    report(clerk, part)
    with office.database.writing() as session:
        session.execute(sa.update(Evidence).values(requirement_id=None))
        session.execute(sa.delete(Requirement))  # the demo office asks for evidence here
    clerk.post(f"/assignments/{part.id}/completions", data={"statement": "请审核"})
    with office.database.writing() as session:
        session.get_one(Assignment, part.id).next_report_on = date(2026, 1, 9)
    queue = office.client_as("office").get(f"/tasks/{part.task_id}").get_data(as_text=True)
    ident = queue.split('id="review-')[1].split('"')[0]
    office.client_as("office").post(
        f"/completions/{ident}/review", data={"verdict": "returned", "demand": "请补充接口清单"}
    )
    assert next_on(office, FRIDAYS, "service") == date(2026, 3, 13)
