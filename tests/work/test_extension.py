"""延期: asked before the deadline, decided by the office; every date and the count stay."""

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from tests.conftest import Office
from tests.work.acting import (
    FRESH,
    MINE,
    SOLE,
    act,
    due_in,
    newest,
    now,
    parts,
    post,
    said,
    signed,
    verbs,
)
from tracker.mail.message import Message
from tracker.plans.assignment import AssignmentRole
from tracker.reminders import planning
from tracker.work.completion import Completion
from tracker.work.extension import Extension


def asked(office: Office, beginning: str = SOLE, login: str = "edu", days: int = 20) -> Extension:
    part = due_in(office, signed(office, beginning, login), 10)
    until = office.now.date() + timedelta(days=days)
    answer = act(office.client_as(login), part, "extensions", until=until, reason="汛期停工")
    assert answer == 302
    return newest(office, Extension)


def decide(office: Office, row: Extension, **data: object) -> tuple[int, str]:
    return said(office.client_as("office"), f"/extensions/{row.id}/decision", **data)


def test_a_granted_extension_moves_the_date_and_keeps_the_old_one(office: Office) -> None:
    row = asked(office)
    assert decide(office, row, verdict="granted")[0] == 302
    part, task = office.part(SOLE, "edu"), office.task(SOLE)
    until = office.now.date() + timedelta(days=20)
    assert (part.due_on, part.extended, task.due_on) == (until, 1, until)
    kept = now(office, row)
    assert (kept.was_due_on, kept.granted_on) == (office.now.date() + timedelta(days=10), until)
    assert task.original_due_on != until
    assert verbs(office, task.id)[-2:] == ["extension.requested", "extension.granted"]


def test_the_helpers_follow_the_leads_new_date(office: Office) -> None:
    row = asked(office)
    decide(office, row, verdict="granted")
    helpers = [p for p in parts(office, office.task(SOLE)) if p.role == AssignmentRole.SUPPORT]
    assert helpers
    assert {p.due_on for p in helpers} == {row.asked_on}


def test_a_joint_lead_keeps_its_own_date_and_the_task_has_the_latest(office: Office) -> None:
    signed(office, MINE, "market")
    other = due_in(office, office.part(MINE, "market"), 5)
    row = asked(office, MINE)
    decide(office, row, verdict="granted")
    assert now(office, other).due_on == other.due_on
    assert office.task(MINE).due_on == row.asked_on


def test_the_office_may_grant_another_day(office: Office) -> None:
    day = office.now.date() + timedelta(days=15)
    decide(office, asked(office), verdict="granted", until=day)
    assert office.part(SOLE, "edu").due_on == day


def test_a_decline_needs_a_word_and_moves_nothing(office: Office) -> None:
    row = asked(office)
    before = office.part(SOLE, "edu").due_on
    status, page = decide(office, row, verdict="declined")
    assert (status, "请写明理由" in page) == (422, True)
    assert decide(office, row, verdict="declined", answer="时间足够")[0] == 302
    assert office.part(SOLE, "edu").due_on == before
    assert act(office.client_as("edu"), office.part(SOLE, "edu"), "extensions",
               until=row.asked_on, reason="再申请一次") == 302  # fmt: skip


@pytest.mark.parametrize(
    ("days", "until", "reason", "why"),
    [
        (-1, 20, "汛期", "已过"),
        (10, 10, "汛期", "要晚于现在的时限"),
        (10, 9, "汛期", "要晚于现在的时限"),
        (10, 20, " ", "请写明申请延期的理由"),
        (10, 365 * 90, "汛期", "不是日期"),
    ],
)
def test_what_is_no_request_is_refused_with_its_reason(
    office: Office, days: int, until: int, reason: str, why: str
) -> None:
    part = due_in(office, signed(office, SOLE, "edu"), days)
    day = office.now.date() + timedelta(days=until)
    address = f"/assignments/{part.id}/extensions"
    status, page = said(office.client_as("edu"), address, until=day, reason=reason)
    assert status in (409, 422)
    assert why in page


def test_on_the_last_day_it_can_still_be_asked(office: Office) -> None:
    part = due_in(office, signed(office, SOLE, "edu"), 0)
    day = office.now.date() + timedelta(days=1)
    assert act(office.client_as("edu"), part, "extensions", until=day, reason="汛期") == 302


def test_a_second_request_waits_for_the_first(office: Office) -> None:
    row = asked(office)
    part = office.part(SOLE, "edu")
    assert act(office.client_as("edu"), part, "extensions", until=row.asked_on, reason="再") == 409


def test_a_helper_cannot_ask(office: Office) -> None:
    part = due_in(office, signed(office, SOLE, "market"), 10)
    day = office.now.date() + timedelta(days=20)
    assert act(office.client_as("market"), part, "extensions", until=day, reason="汛期") == 403


def test_before_the_receipt_nothing_is_extended(office: Office) -> None:
    part = due_in(office, office.part(FRESH, "health"), 10)
    day = office.now.date() + timedelta(days=20)
    assert act(office.client_as("health"), part, "extensions", until=day, reason="汛期") == 409


def test_a_request_can_be_taken_back_once(office: Office) -> None:
    row, edu = asked(office), office.client_as("edu")
    assert post(edu, f"/extensions/{row.id}/withdrawal") == 302
    assert post(edu, f"/extensions/{row.id}/withdrawal") == 409
    assert decide(office, row, verdict="granted")[0] == 409


def test_another_department_cannot_touch_the_request(office: Office) -> None:
    row = asked(office)
    for login in ("market", "health"):
        assert post(office.client_as(login), f"/extensions/{row.id}/withdrawal") == 404
    assert post(office.client_as("edu"), f"/extensions/{row.id}/decision", verdict="granted") == 403
    assert now(office, row).decided_at is None


def test_reminders_of_the_old_date_are_taken_back(office: Office) -> None:
    part = due_in(office, signed(office, SOLE, "edu"), 3)
    day = office.now.date() + timedelta(days=1)
    with office.database.writing() as session:
        planning.plan_day(session, on=day, at=office.now, settings=office.settings)
        waiting = session.exec(select(Message).where(col(Message.text).contains(SOLE))).all()
    assert waiting
    until = office.now.date() + timedelta(days=60)
    act(office.client_as("edu"), part, "extensions", until=until, reason="汛期")
    decide(office, newest(office, Extension), verdict="granted")
    with office.database.writing() as session:
        done = planning.plan_day(session, on=day, at=office.now, settings=office.settings)
    assert any(one.reason == "时限已变更" for one in done.cancelled)


def test_far_days_are_no_days(office: Office) -> None:
    part = due_in(office, signed(office, SOLE, "edu"), 10)
    day = date(2101, 1, 1)
    assert act(office.client_as("edu"), part, "extensions", until=day, reason="汛期") == 422


def test_a_request_ends_with_the_work(office: Office) -> None:
    row = asked(office)
    part = office.part(SOLE, "edu")
    browser, clerk = office.client_as("office"), office.client_as("edu")
    queue = f"#extension-{row.id}"
    assert queue in browser.get("/reviews").get_data(as_text=True), "the control: it waits"
    assert act(clerk, part, "completions", statement="办完了") == 302
    assert queue not in browser.get("/reviews").get_data(as_text=True), "it rests"
    completion = newest(office, Completion)
    assert post(browser, f"/completions/{completion.id}/review", verdict="accepted") == 302
    assert queue not in browser.get("/reviews").get_data(as_text=True)
    assert "延期后" not in browser.get(f"/tasks/{part.task_id}").get_data(as_text=True)
    assert (now(office, row).decided_at, now(office, row).granted) == (office.now, None)
    assert decide(office, row, verdict="granted")[0] == 409


def test_a_request_is_there_again_when_the_work_is_returned(office: Office) -> None:
    row = asked(office)
    part, browser = office.part(SOLE, "edu"), office.client_as("office")
    assert act(office.client_as("edu"), part, "completions", statement="办完了") == 302
    said_no = {"verdict": "returned", "demand": "补照片"}
    completion = newest(office, Completion)
    assert post(browser, f"/completions/{completion.id}/review", **said_no) == 302
    assert f"#extension-{row.id}" in browser.get("/reviews").get_data(as_text=True)
    assert decide(office, row, verdict="granted")[0] == 302
