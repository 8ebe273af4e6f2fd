"""审签: where a department wants it, what a clerk sends to the office waits for her head."""

from datetime import timedelta

from sqlmodel import select

from tests.conftest import Office
from tests.work.acting import SOLE, act, due_in, newest, now, post, signed, verbs
from tracker.directory.department import Department
from tracker.plans.assignment import AssignmentState
from tracker.work.approval import Approval
from tracker.work.completion import Completion
from tracker.work.extension import Extension


def arranged(office: Office, wanted: str = "1") -> None:
    browser = office.client_as("edu.head")
    assert post(browser, "/approvals/arrangement", needs_approval=wanted) == 302


def requested(office: Office, login: str = "edu") -> Completion:
    part = signed(office, SOLE, "edu")
    assert act(office.client_as(login), part, "completions", statement="已全部公示") == 302
    return newest(office, Completion)


def queue(office: Office, login: str, page: str) -> bool:
    return SOLE in office.client_as(login).get(page).get_data(as_text=True)


def test_by_default_a_clerk_submits_by_herself(office: Office) -> None:
    row = requested(office)
    assert row.approval == Approval.NOT_NEEDED
    assert queue(office, "office", "/reviews")


def test_a_clerks_request_waits_for_the_head_and_then_goes_to_the_office(office: Office) -> None:
    arranged(office)
    row = requested(office)
    assert (queue(office, "office", "/reviews"), queue(office, "edu.head", "/approvals")) == (
        False, True,
    )  # fmt: skip
    decided = f"/completions/{row.id}/review"
    assert post(office.client_as("office"), decided, verdict="accepted") == 409
    head = office.client_as("edu.head")
    assert post(head, f"/completions/{row.id}/approval", verdict="given") == 302
    assert queue(office, "office", "/reviews")
    assert post(office.client_as("office"), decided, verdict="accepted") == 302
    assert verbs(office, office.task(SOLE).id)[-4:] == [
        "completion.requested", "completion.approved", "completion.accepted", "task.completed",
    ]  # fmt: skip


def test_the_head_gives_it_back_with_a_word(office: Office) -> None:
    arranged(office)
    row, head = requested(office), office.client_as("edu.head")
    assert post(head, f"/completions/{row.id}/approval", verdict="refused") == 422
    words = {"verdict": "refused", "words": "缺两所学校"}
    assert post(head, f"/completions/{row.id}/approval", **words) == 302
    part = office.part(SOLE, "edu")
    assert (part.state, part.returned) == (AssignmentState.IN_PROGRESS, 0)
    assert post(head, f"/completions/{row.id}/approval", verdict="given") == 409
    assert act(office.client_as("edu"), part, "completions", statement="补齐") == 302


def test_a_heads_own_request_needs_no_second_word(office: Office) -> None:
    arranged(office)
    assert requested(office, "edu.head").approval == Approval.NOT_NEEDED


def test_a_clerk_does_not_approve(office: Office) -> None:
    arranged(office)
    row = requested(office)
    assert post(office.client_as("edu"), f"/completions/{row.id}/approval", verdict="given") == 403
    assert now(office, row).approval == Approval.WAITING


def wanting_more_time(office: Office) -> Extension:
    arranged(office)
    part = due_in(office, signed(office, SOLE, "edu"), 10)
    until = office.now.date() + timedelta(days=30)
    assert act(office.client_as("edu"), part, "extensions", until=until, reason="汛期") == 302
    return newest(office, Extension)


def test_an_extension_waits_for_the_head_too(office: Office) -> None:
    row, until = wanting_more_time(office), office.now.date() + timedelta(days=30)
    decision = f"/extensions/{row.id}/decision"
    assert post(office.client_as("office"), decision, verdict="granted") == 409
    head = office.client_as("edu.head")
    assert post(head, f"/extensions/{row.id}/approval", verdict="given") == 302
    assert post(office.client_as("office"), decision, verdict="granted") == 302
    assert office.part(SOLE, "edu").due_on == until


def test_an_extension_is_not_kept_back_without_a_word(office: Office) -> None:
    row = wanting_more_time(office)
    head = office.client_as("edu.head")
    assert post(head, f"/extensions/{row.id}/approval", verdict="refused", words=" ") == 422
    assert now(office, row).decided_at is None
    assert post(head, f"/extensions/{row.id}/approval", verdict="refused", words="先赶工") == 302
    assert now(office, row).decided_at is not None


def test_a_request_can_be_taken_back_until_it_is_answered(office: Office) -> None:
    row, edu = requested(office), office.client_as("edu")
    assert post(edu, f"/completions/{row.id}/withdrawal") == 302
    assert office.part(SOLE, "edu").state == AssignmentState.IN_PROGRESS
    assert post(edu, f"/completions/{row.id}/withdrawal") == 409
    again = requested(office)
    assert (
        post(office.client_as("office"), f"/completions/{again.id}/review", verdict="accepted")
        == 302
    )
    assert post(edu, f"/completions/{again.id}/withdrawal") == 409


def test_the_arrangement_is_the_departments_own(office: Office) -> None:
    arranged(office)
    with office.database.reading() as session:
        wanting = {d.name for d in session.exec(select(Department)) if d.needs_approval}
    assert wanting == {"清河县教育体育局"}
    arranged(office, "0")
    assert requested(office).approval == Approval.NOT_NEEDED
