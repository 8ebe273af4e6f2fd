"""What is wanted of a department whose work is open again: always the newest reason, never one that
was met long ago."""

from datetime import timedelta

import pytest

from tests.conftest import Office
from tests.progress.test_desk import get, row
from tests.work.acting import SOLE, act, due_in, newest, now, post, signed
from tests.work.test_marks import mails
from tracker.plans.assignment import Assignment, AssignmentState, SentBack
from tracker.work.completion import Completion
from tracker.work.extension import Extension

OLD, NEW = "请补充留样照片", "抽查发现两校没有公示"


def asked(office: Office, part: Assignment, login: str = "edu") -> Completion:
    assert act(office.client_as(login), part, "completions", statement="请审核") == 302
    return newest(office, Completion)


def answered(office: Office, part: Assignment, **data: object) -> None:
    address = f"/completions/{asked(office, part).id}/review"
    assert post(office.client_as("office"), address, **data) == 302


def returned(office: Office, part: Assignment, **more: object) -> None:
    answered(office, part, verdict="returned", demand=OLD, **more)


def arranged(office: Office) -> None:
    """Edu's clerks need their head's word."""
    assert post(office.client_as("edu.head"), "/approvals/arrangement", needs_approval="1") == 302


def kept_back(office: Office, part: Assignment, words: str = NEW) -> None:
    address = f"/completions/{asked(office, part).id}/approval"
    data = {"verdict": "refused", "words": words}
    assert post(office.client_as("edu.head"), address, **data) == 302


def desk_row(office: Office, part: Assignment) -> str:
    return row(get(office, "edu", "/my-work"), f"/tasks/{part.task_id}")


def page(office: Office, part: Assignment) -> str:
    """What the clerk's form on the task's page says, without the history beside it."""
    return get(office, "edu", f"/tasks/{part.task_id}").split('class="timeline"')[0]


def test_a_reopened_task_says_why_it_was_reopened_and_not_what_was_met_before(
    office: Office,
) -> None:
    part = signed(office, SOLE, "edu")
    returned(office, part, again_by=office.now.date() + timedelta(days=3))
    answered(office, part, verdict="accepted")
    reopen = f"/tasks/{part.task_id}/reopening"
    assert post(office.client_as("office"), reopen, reason=NEW) == 302
    for seen in (desk_row(office, part), page(office, part)):
        assert NEW in seen
        assert OLD not in seen
        assert "03-13 前再交" not in seen and "前再次提交" not in seen
    assert "重新打开" in desk_row(office, part)


def test_a_helper_of_a_reopened_task_reads_why_and_is_not_asked_to_ask_again(
    office: Office,
) -> None:
    lead, helper = signed(office, SOLE, "edu"), signed(office, SOLE, "market")
    answered(office, lead, verdict="accepted")
    assert post(office.client_as("office"), f"/tasks/{lead.task_id}/reopening", reason=NEW) == 302
    assert now(office, helper).sent_back == SentBack.REOPENED
    mine = row(get(office, "market", "/my-work"), f"/tasks/{lead.task_id}")
    assert NEW in mine and "补充重报" not in mine
    returned_ones = get(office, "market", "/my-work?group=returned")
    assert f"/tasks/{lead.task_id}" not in returned_ones


def test_accepted_work_wants_nothing(office: Office) -> None:
    part = signed(office, SOLE, "edu")
    returned(office, part, again_by=office.now.date() + timedelta(days=3))
    assert now(office, part).wanted == OLD
    answered(office, part, verdict="accepted")
    after = now(office, part)
    assert (after.sent_back, after.wanted, after.again_by) == (None, "", None)


def test_reopening_asks_for_a_receipt_where_there_was_none(office: Office) -> None:
    lead, helper = signed(office, SOLE, "edu"), office.part(SOLE, "market")
    with office.database.writing() as session:
        unsigned = session.get_one(Assignment, helper.id)
        unsigned.received_at = None
        unsigned.move(AssignmentState.ISSUED)
    answered(office, lead, verdict="accepted")
    assert post(office.client_as("office"), f"/tasks/{lead.task_id}/reopening", reason=NEW) == 302
    after = now(office, helper)
    assert (after.state, after.sent_back) == (AssignmentState.ISSUED, None)


@pytest.mark.parametrize(
    ("days", "words"), [(3, "03-13 前再交"), (0, "今天应再交"), (-2, "再交逾期 2 天")]
)
def test_the_desk_says_by_when_a_returned_task_is_wanted_again(
    office: Office, days: int, words: str
) -> None:
    part = signed(office, SOLE, "edu")
    returned(office, part, again_by=office.now.date())
    with office.database.writing() as session:
        session.get_one(Assignment, part.id).again_by = office.now.date() + timedelta(days=days)
    assert words in desk_row(office, part)
    assert OLD in desk_row(office, part)


def test_a_return_without_a_day_shows_none(office: Office) -> None:
    part = signed(office, SOLE, "edu")
    returned(office, part)
    assert "再交" not in desk_row(office, part)


def test_the_heads_word_stands_on_the_desk_and_not_the_offices_old_demand(office: Office) -> None:
    arranged(office)
    part = signed(office, SOLE, "edu")
    row_ = asked(office, part)
    head, browser = office.client_as("edu.head"), office.client_as("office")
    assert post(head, f"/completions/{row_.id}/approval", verdict="given") == 302
    again_by = office.now.date() + timedelta(days=3)
    data = {"verdict": "returned", "demand": OLD, "again_by": again_by}
    assert post(browser, f"/completions/{row_.id}/review", **data) == 302
    kept_back(office, part)
    for seen in (desk_row(office, part), page(office, part)):
        assert NEW in seen and OLD not in seen
    assert "03-13 前再交" in desk_row(office, part), "the office's day has not been met"
    assert "负责人退回" in desk_row(office, part)
    assert f"/tasks/{part.task_id}" in get(office, "edu", "/my-work?group=returned")


def test_once_asked_again_the_desk_waits_and_taking_back_brings_the_reason_back(
    office: Office,
) -> None:
    arranged(office)
    part = signed(office, SOLE, "edu")
    kept_back(office, part)
    again = asked(office, part)
    assert NEW not in desk_row(office, part)
    assert f"/tasks/{part.task_id}" not in get(office, "edu", "/my-work?group=returned")
    assert post(office.client_as("edu"), f"/completions/{again.id}/withdrawal") == 302
    assert NEW in desk_row(office, part)


def test_the_clerk_is_mailed_the_heads_word_on_a_completion(office: Office) -> None:
    arranged(office)
    part = signed(office, SOLE, "edu")
    kept_back(office, part)
    sent = mails(office, "completion_kept_back")
    assert [mail.address.split("@")[0] for mail in sent] == ["edu"]
    assert NEW in sent[0].text and SOLE in sent[0].text
    assert sent[0].parts == [part.id]


def test_the_clerk_is_mailed_the_heads_word_on_an_extension(office: Office) -> None:
    arranged(office)
    part = due_in(office, signed(office, SOLE, "edu"), 10)
    data = {"until": office.now.date() + timedelta(days=20), "reason": "汛期停工"}
    assert act(office.client_as("edu"), part, "extensions", **data) == 302
    said_no = {"verdict": "refused", "words": "时间够用"}
    address = f"/extensions/{newest(office, Extension).id}/approval"
    assert post(office.client_as("edu.head"), address, **said_no) == 302
    (mail,) = mails(office, "extension_kept_back")
    assert "时间够用" in mail.text and "延期" in mail.subject


def test_a_head_who_lets_a_request_go_sends_no_mail(office: Office) -> None:
    arranged(office)
    row_ = asked(office, signed(office, SOLE, "edu"))
    address = f"/completions/{row_.id}/approval"
    assert post(office.client_as("edu.head"), address, verdict="given") == 302
    assert mails(office, "completion_kept_back") == []
