"""A task's life in the office's hands: receipt, report with evidence, completion, review, light."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from functools import partial

import pytest
from flask import request
from flask.testing import FlaskClient
from sqlmodel import Session, SQLModel, col, select

from tests.conftest import Office
from tests.together import at_once
from tracker.directory.user import User
from tracker.events import Event, keep, verify
from tracker.mail.message import Message
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.light import Light, light_of
from tracker.plans.task import Task
from tracker.web import context, loading
from tracker.web.asked import ids_sent
from tracker.web.gate import policy
from tracker.web.views import work
from tracker.work.completion import Completion
from tracker.work.receipt import receive

FRESH = "2) 全县干部"
MINE = "3) 学校食堂公示"
WAITING = "1) 农贸市场划行归市"


def act(browser: FlaskClient, part: Assignment, noun: str, **data: object) -> int:
    return browser.post(f"/assignments/{part.id}/{noun}", data=data).status_code


def state(office: Office, part: Assignment) -> str:
    with office.database.reading() as session:
        return session.get_one(Assignment, part.id).state


def completion(session: Session, part: Assignment) -> Completion:
    wanted = select(Completion).where(
        Completion.assignment_id == part.id, col(Completion.reviewed_at).is_(None)
    )
    return session.exec(wanted).one()


def decide(office: Office, browser: FlaskClient, part: Assignment, **data: object) -> int:
    with office.database.reading() as session:
        ident = completion(session, part).id
    return browser.post(f"/completions/{ident}/review", data=data).status_code


def worked(office: Office, login: str, beginning: str) -> Assignment:
    """The department's part, signed for, reported on and submitted."""
    browser, part = office.client_as(login), office.part(beginning, login)
    if part.received_at is None:
        assert act(browser, part, "receipt") == 302
    assert act(browser, part, "reports", text="已完成自查", percent="100") == 302
    assert act(browser, part, "completions", statement="请审核") == 302
    return part


def test_a_department_signs_reports_and_asks_for_completion(office: Office) -> None:
    part = worked(office, "edu", MINE)
    assert state(office, part) == AssignmentState.SUBMITTED


def test_accepted_work_is_complete_when_the_last_lead_is(office: Office) -> None:
    first, second = worked(office, "edu", MINE), worked(office, "market", MINE)
    browser = office.client_as("office")
    assert decide(office, browser, first, verdict="accepted") == 302
    assert not office.task(MINE).is_complete
    assert decide(office, browser, second, verdict="accepted") == 302
    assert office.task(MINE).is_complete
    assert office.task(MINE).completed_on == office.now.date()


def test_returned_work_comes_back_with_the_demand_and_a_mail(office: Office) -> None:
    part = worked(office, "edu", MINE)
    demand = "请补充留样记录照片"
    browser = office.client_as("office")
    assert decide(office, browser, part, verdict="returned", demand=demand) == 302
    assert state(office, part) == AssignmentState.IN_PROGRESS
    assert demand in office.client_as("edu").get(f"/tasks/{part.task_id}").get_data(as_text=True)
    with office.database.reading() as session:
        mail = session.exec(select(Message).where(Message.kind == "returned")).all()
    assert any(demand in one.text for one in mail)


def test_returned_work_shows_the_percentage_last_reported(office: Office) -> None:
    browser, part = office.client_as("edu"), office.part(MINE, "edu")
    act(browser, part, "receipt")
    act(browser, part, "reports", text="已完成大半", percent="60")
    act(browser, part, "completions", statement="请审核")
    decide(office, office.client_as("office"), part, verdict="returned", demand="请补充")
    assert office.part(MINE, "edu").percent == 60


def test_a_part_that_ends_with_its_task_is_whole(office: Office) -> None:
    lead, helper = worked(office, "justice", "建立村级"), office.part("建立村级", "liulin")
    assert decide(office, office.client_as("office"), lead, verdict="accepted") == 302
    with office.database.reading() as session:
        helped = session.get_one(Assignment, helper.id)
    assert (helped.state, helped.percent) == (AssignmentState.COMPLETED, 100)


def test_a_request_of_a_withdrawn_department_leaves_the_queue(office: Office) -> None:
    part = worked(office, "edu", MINE)
    with office.database.writing() as session:
        withdrawn = session.get_one(Assignment, part.id)
        withdrawn.move(AssignmentState.WITHDRAWN)
        session.add(withdrawn)
    browser = office.client_as("office")
    assert f"/tasks/{part.task_id}" not in browser.get("/reviews").get_data(as_text=True)
    assert "同意办结" not in browser.get(f"/tasks/{part.task_id}").get_data(as_text=True)


def test_a_return_says_when_nobody_could_be_told(office: Office) -> None:
    part, browser = worked(office, "edu", MINE), office.client_as("office")
    with office.database.writing() as session:
        for user in session.exec(select(User).where(col(User.login).startswith("edu"))):
            user.email = ""
            session.add(user)
    decide(office, browser, part, verdict="returned", demand="请补充")
    page = browser.get(f"/tasks/{part.task_id}").get_data(as_text=True)
    assert "未发邮件" in page
    assert "并通知责任单位" not in page


@pytest.mark.only_on("postgres")
def test_accepting_the_last_lead_waits_for_a_helper_who_reports(office: Office) -> None:
    """The helper holds its part while the office accepts: neither is thrown out."""
    lead, helper = worked(office, "justice", "建立村级"), office.part("建立村级", "liulin")
    answers: list[int] = []

    def accept() -> None:
        answers.append(decide(office, office.client_as("office"), lead, verdict="accepted"))

    clicking = threading.Thread(target=accept)
    with office.database.writing() as session:
        held = session.exec(
            select(Assignment).where(Assignment.id == helper.id).with_for_update()
        ).one()
        clicking.start()
        clicking.join(timeout=1)
        keep(session, held, *receive(held, by=office.actor("liulin"), at=office.now))
    clicking.join()
    assert answers == [302]
    assert state(office, helper) == AssignmentState.COMPLETED


def test_a_return_must_say_what_is_wanted(office: Office) -> None:
    part = worked(office, "edu", MINE)
    assert decide(office, office.client_as("office"), part, verdict="returned", demand=" ") == 422
    assert state(office, part) == AssignmentState.SUBMITTED


@pytest.mark.parametrize(
    ("noun", "data"),
    [("reports", {"text": "一", "percent": "10"}), ("completions", {"statement": "一"})],
)
def test_nothing_is_reported_before_receipt(
    office: Office, noun: str, data: dict[str, str]
) -> None:
    part = office.part(FRESH, "edu")
    assert act(office.client_as("edu"), part, noun, **data) == 409
    assert state(office, part) == AssignmentState.ISSUED


def test_a_receipt_is_signed_once(office: Office) -> None:
    browser, part = office.client_as("edu"), office.part(FRESH, "edu")
    assert [act(browser, part, "receipt"), act(browser, part, "receipt")] == [302, 409]


def test_several_are_signed_for_at_once(office: Office) -> None:
    parts = [office.part(FRESH, "edu"), office.part(MINE, "edu")]
    office.client_as("edu").post("/receipts", data={"assignment": [part.id for part in parts]})
    assert {state(office, part) for part in parts} == {AssignmentState.IN_PROGRESS}


def sign_all(office: Office, *parts: int | None) -> tuple[int, str]:
    """The answer's code to signing for all of these, and the page it leads to."""
    browser = office.client_as("edu")
    status = browser.post("/receipts", data={"assignment": list(parts)}).status_code
    return status, browser.get("/my-work").get_data(as_text=True)


def test_one_that_has_ended_does_not_keep_the_others_from_being_signed_for(office: Office) -> None:
    fresh, over = office.part(FRESH, "edu"), office.part(MINE, "edu")
    with office.database.writing() as session:
        ended = session.get_one(Assignment, over.id)
        ended.move(AssignmentState.COMPLETED, on=office.now.date())
        session.add(ended)
    status, page = sign_all(office, fresh.id, over.id)
    assert status == 302
    assert "已签收 1 项。另有 1 项已经办结，没有签收。" in page
    assert state(office, fresh) == AssignmentState.IN_PROGRESS
    assert office.part(MINE, "edu").received_at is None


def test_among_several_one_of_another_department_is_not_there(office: Office) -> None:
    mine, other = office.part(FRESH, "edu"), office.part(FRESH, "health")
    assert sign_all(office, mine.id, other.id)[0] == 404
    assert state(office, mine) == AssignmentState.ISSUED


def test_only_a_lead_asks_for_completion(office: Office) -> None:
    browser, part = office.client_as("edu"), office.part("校车路线隐患排查", "edu")
    act(browser, part, "receipt")
    assert act(browser, part, "completions", statement="一") == 403


def test_submitting_twice_is_refused(office: Office) -> None:
    part = worked(office, "edu", MINE)
    assert act(office.client_as("edu"), part, "completions", statement="再来") == 409


@pytest.mark.parametrize("percent", ["101", "-1", "abc", "", "１０", "1e1"])
def test_a_percentage_is_a_whole_number_up_to_100(office: Office, percent: str) -> None:
    part = office.part("校服、教辅收费公示", "edu")
    assert act(office.client_as("edu"), part, "reports", text="进展", percent=percent) == 422


def test_two_reviewers_one_wins_the_other_is_told(office: Office) -> None:
    part = worked(office, "edu", MINE)
    with office.database.reading() as session:
        ident = completion(session, part).id
    browsers = [office.client_as("office"), office.client_as("admin")]
    address, data = f"/completions/{ident}/review", {"verdict": "accepted"}
    answers = at_once(*(partial(browser.post, address, data=data) for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [302, 409]


def test_the_light_follows_the_day_and_the_work() -> None:
    day = date(2026, 3, 10)
    lights = [
        light_of(done=False, due_on=day + timedelta(days=n), today=day) for n in (-1, 0, 7, 8)
    ]
    assert lights == [Light.OVERDUE, Light.DUE_SOON, Light.DUE_SOON, Light.NORMAL]
    assert light_of(done=True, due_on=day - timedelta(days=9), today=day) == Light.COMPLETED
    assert light_of(done=False, due_on=None, today=day) == Light.NONE


def test_every_step_is_an_event_and_the_chain_is_whole(office: Office) -> None:
    part = worked(office, "edu", MINE)
    with office.database.reading() as session:
        wanted = select(Event.verb).where(Event.task_id == part.task_id, Event.actor == "经办人")
        verbs = session.exec(wanted.order_by(col(Event.id).desc()).limit(3)).all()
        assert verify(session) == []
        assert session.get_one(Task, part.task_id).is_complete is False
    assert list(reversed(verbs)) == [
        "assignment.received",
        "assignment.reported",
        "completion.requested",
    ]


@pytest.fixture
def hand_in_hand(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Who signs for many and who signs for one come to the history together, unless a row keeps
    one of them waiting; then the one lets the other go first."""
    met = threading.Barrier(2, timeout=1)

    def slowly(session: Session, *rows: SQLModel) -> None:
        with suppress(threading.BrokenBarrierError):
            met.wait()
        if request.endpoint == "work.receive_one":
            time.sleep(0.3)
        keep(session, *rows)

    monkeypatch.setattr(work, "keep", slowly)
    return slowly


def sign_for_many_and_for_one(office: Office) -> list[int]:
    """Both at once; the one is the last of the many."""
    first, last = sorted(office.part(text, "edu").id or 0 for text in (FRESH, MINE))
    clerk, head = office.client_as("edu"), office.client_as("edu.head")
    answers = at_once(
        partial(clerk.post, "/receipts", data={"assignment": [last, first]}),
        partial(head.post, f"/assignments/{last}/receipt"),
    )
    return sorted(answer.status_code for answer in answers)


@pytest.mark.only_on("postgres")
@pytest.mark.usefixtures("hand_in_hand")
def test_signing_for_many_and_for_one_at_once_never_waits_for_each_other(office: Office) -> None:
    assert sign_for_many_and_for_one(office) in ([302, 302], [302, 409])
    states = {state(office, office.part(text, "edu")) for text in (FRESH, MINE)}
    assert states == {AssignmentState.IN_PROGRESS}


def row_by_row(keep: Callable[..., None]) -> Callable[[], str]:
    """Signing for several as it must not be: the history is held while the next row is wanted."""

    @policy("work.receive")
    def view() -> str:
        with context.writing() as session:
            for ident in sorted(ids_sent("assignment")):
                part = loading.assignment(session, context.actor(), ident, lock=True)
                keep(session, part, *receive(part, by=context.actor(), at=context.at()))
        return ""

    return view


@pytest.mark.only_on("postgres")
def test_control_signing_row_by_row_waits_in_a_circle(
    office: Office, hand_in_hand: Callable[..., None]
) -> None:
    office.app.view_functions["work.receive_many"] = row_by_row(hand_in_hand)
    assert 503 in sign_for_many_and_for_one(office)
