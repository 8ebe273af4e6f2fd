"""A notice is looked at again right before it is sent: nothing about work that is no longer theirs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from tests.conftest import NOON, Office
from tests.mail.server import Scripted
from tests.work.acting import MINE, SOLE, act, due_in, newest, post, signed
from tracker import timetable
from tracker.mail import standing
from tracker.mail.delivery import Delivered
from tracker.mail.message import Message, MessageState
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.work.completion import Completion
from tracker.work.extension import Extension

Send = Callable[[], Delivered]


@pytest.fixture
def send(office: Office, smtp: Scripted) -> Send:
    """Deliver what waits in the office's outbox, the demo world's digests apart."""
    with office.database.writing() as session:
        session.execute(sa.update(Message).values(state=MessageState.SENT))
    mailing = office.settings.model_copy(
        update={"smtp_host": "127.0.0.1", "smtp_port": smtp.port, "smtp_timeout": 2.0}
    )
    return lambda: timetable.deliver(office.database, mailing, at=office.now, worker="one")


def urge(office: Office, *tasks: str) -> list[Assignment]:
    parts = [office.part(text, "edu") for text in tasks]
    sent = post(office.client_as("office"), "/urges", assignment=[part.id for part in parts])
    assert sent == 302
    return parts


def end(office: Office, part: Assignment, state: AssignmentState) -> None:
    with office.database.writing() as session:
        session.get_one(Assignment, part.id).move(state, on=NOON.date())


def to_edu(smtp: Scripted) -> list[str]:
    return [
        mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        for mail in smtp.taken
        if mail["To"].startswith("edu@") or "<edu@" in mail["To"]
    ]


def test_control_an_urging_that_holds_goes_as_it_was_written(
    office: Office, send: Send, smtp: Scripted
) -> None:
    urge(office, MINE, SOLE)
    send()
    (text,) = to_edu(smtp)
    assert MINE in text and SOLE in text


@pytest.mark.parametrize(
    "state", [AssignmentState.COMPLETED, AssignmentState.WITHDRAWN, AssignmentState.SUBMITTED]
)
def test_work_that_has_moved_meanwhile_leaves_the_mail(
    office: Office, send: Send, smtp: Scripted, state: AssignmentState
) -> None:
    moved, _left = urge(office, MINE, SOLE)
    end(office, moved, state)
    send()
    (text,) = to_edu(smtp)
    assert SOLE in text and MINE not in text


@pytest.mark.parametrize("state", [AssignmentState.COMPLETED, AssignmentState.WITHDRAWN])
def test_when_nothing_is_left_the_mail_is_cancelled(
    office: Office, send: Send, smtp: Scripted, state: AssignmentState
) -> None:
    (part,) = urge(office, SOLE)
    end(office, part, state)
    send()
    assert to_edu(smtp) == []
    assert reasons(office, "urged") == {(MessageState.CANCELLED, standing.NO_LONGER_THEIRS)}


def test_a_return_answered_before_the_mail_left_is_not_told(
    office: Office, send: Send, smtp: Scripted
) -> None:
    part = signed(office, SOLE, "edu")
    ask_and_return(office, part)
    assert act(office.client_as("edu"), part, "completions", statement="已补充") == 302
    send()
    assert reasons(office, "returned") == {(MessageState.CANCELLED, standing.NO_LONGER_THEIRS)}


def test_control_a_return_that_stands_is_told(office: Office, send: Send, smtp: Scripted) -> None:
    ask_and_return(office, signed(office, SOLE, "edu"))
    send()
    assert any("请补照片" in text for text in to_edu(smtp))


def kept_back(office: Office, part: Assignment) -> None:
    """The clerk's completion, kept back by her head."""
    head, clerk = office.client_as("edu.head"), office.client_as("edu")
    assert post(head, "/approvals/arrangement", needs_approval="1") == 302
    assert act(clerk, part, "completions", statement="请审核") == 302
    no = {"verdict": "refused", "words": "缺两校台账"}
    assert post(head, f"/completions/{newest(office, Completion).id}/approval", **no) == 302


def test_control_a_heads_word_that_stands_is_told(
    office: Office, send: Send, smtp: Scripted
) -> None:
    kept_back(office, signed(office, SOLE, "edu"))
    send()
    assert any("缺两校台账" in text for text in to_edu(smtp))


def test_a_heads_word_that_was_followed_before_the_mail_left_is_not_told(
    office: Office, send: Send, smtp: Scripted
) -> None:
    part = signed(office, SOLE, "edu")
    kept_back(office, part)
    assert act(office.client_as("edu"), part, "completions", statement="已补") == 302
    send()
    cancelled = (MessageState.CANCELLED, standing.NO_LONGER_THEIRS)
    assert reasons(office, "completion_kept_back") == {cancelled}
    assert to_edu(smtp) == []


@pytest.mark.parametrize(("asks_again", "told"), [(False, 1), (True, 0)])
def test_a_word_on_more_time_is_told_unless_it_was_asked_for_anew(
    office: Office, send: Send, smtp: Scripted, asks_again: bool, told: int
) -> None:
    head, clerk = office.client_as("edu.head"), office.client_as("edu")
    assert post(head, "/approvals/arrangement", needs_approval="1") == 302
    part = due_in(office, signed(office, SOLE, "edu"), 10)
    asked = {"until": office.now.date() + timedelta(days=20), "reason": "汛期停工"}
    assert act(clerk, part, "extensions", **asked) == 302
    no = {"verdict": "refused", "words": "时间够用"}
    assert post(head, f"/extensions/{newest(office, Extension).id}/approval", **no) == 302
    if asks_again:
        assert act(clerk, part, "extensions", **asked) == 302
    send()
    assert len([text for text in to_edu(smtp) if "时间够用" in text]) == told


def test_an_instruction_reaches_only_departments_that_still_have_the_task(
    office: Office, send: Send, smtp: Scripted
) -> None:
    task, leader = office.task(MINE), office.client_as("leader")
    assert post(leader, f"/tasks/{task.id}/instructions", text="月底前办结") == 302
    end(office, office.part(MINE, "edu"), AssignmentState.WITHDRAWN)
    send()
    assert to_edu(smtp) == []
    assert any(mail["To"].startswith("market@") for mail in smtp.taken)


def ask_and_return(office: Office, part: Assignment) -> None:
    assert act(office.client_as("edu"), part, "completions", statement="请审核") == 302
    asked = newest(office, Completion)
    verdict = {"verdict": "returned", "demand": "请补照片"}
    assert post(office.client_as("office"), f"/completions/{asked.id}/review", **verdict) == 302


def reasons(office: Office, kind: str) -> set[tuple[MessageState, str]]:
    with office.database.reading() as session:
        rows = session.exec(select(Message).where(col(Message.kind) == kind))
        return {(row.state, row.reason) for row in rows if row.address.startswith("edu@")}
