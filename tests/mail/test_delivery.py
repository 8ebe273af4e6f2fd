"""What becomes of mail when the server, the message or the world misbehaves."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.mail.server import Scripted, free_port
from tests.reminders.cast import TODAY, Cast
from tracker.actor import Role
from tracker.db import Database
from tracker.directory.post import Holding
from tracker.directory.user import User
from tracker.mail import delivery, notices, queue
from tracker.mail.delivery import Delivered
from tracker.mail.message import Message, MessageState
from tracker.mail.outcome import PAUSES, pause
from tracker.plans.assignment import AssignmentState
from tracker.reminders import planning
from tracker.settings import Settings

Deliver = Callable[..., Delivered]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def waiting(cast: Cast, database: Database, settings: Settings, now: datetime) -> int:
    """One digest waits; the id of its task."""
    task = cast.task(TODAY, "城管局", number="3", text="清理占道经营")
    planning.run(database, settings, on=TODAY, at=now)
    return task


def only(cast: Cast) -> Message:
    (mail,) = cast.mail()
    return mail


def test_a_digest_arrives_as_it_was_written(
    cast: Cast, waiting: int, deliver: Deliver, smtp: Scripted
) -> None:
    assert deliver().sent == 1
    (mail,), row = smtp.taken, only(cast)
    assert smtp.recipients == [row.address] == [mail["To"]]
    assert (mail["Subject"], mail["Message-ID"]) == (row.subject, row.header_id)
    assert mail["From"] == "任务跟踪 <tracker@qinghe.test>"
    assert (mail["Auto-Submitted"], bool(mail["Date"])) == ("auto-generated", True)
    body = mail.get_body(("plain",))
    assert body and f"http://tracker.test/tasks/{waiting}" in body.get_content()


def test_delivering_again_sends_nothing(waiting: int, deliver: Deliver, smtp: Scripted) -> None:
    deliver()
    assert deliver() == Delivered()
    assert len(smtp.taken) == 1


def test_one_connection_carries_many(
    cast: Cast, waiting: int, deliver: Deliver, smtp: Scripted, database: Database,
    settings: Settings, now: datetime,
) -> None:  # fmt: skip
    cast.task(TODAY, "教育局", "水务局")
    planning.run(database, settings, on=TODAY, at=now)
    assert (deliver().sent, smtp.connections) == (4, 1)


def test_without_a_server_mail_stays_due_and_it_is_said(
    cast: Cast, waiting: int, deliver: Deliver, settings: Settings
) -> None:
    assert deliver(settings=settings).note == delivery.NO_SERVER
    assert only(cast).state is MessageState.DUE and only(cast).attempts == 0


def test_a_wrong_sender_setting_spoils_no_mail(
    cast: Cast, waiting: int, deliver: Deliver, mailing: Settings
) -> None:
    wrong = mailing.model_copy(update={"mail_from": "nobody"})
    assert "TRACKER_MAIL_FROM" in deliver(settings=wrong).note
    assert only(cast).state is MessageState.DUE


def test_a_refused_connection_is_tried_again_without_end(
    cast: Cast, waiting: int, deliver: Deliver, mailing: Settings, now: datetime, smtp: Scripted,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    dead = mailing.model_copy(update={"smtp_port": free_port(), "mail_attempts": 2})
    monkeypatch.setattr("tests.mail.server.ALLOWED", {dead.smtp_port, smtp.port})
    at = now
    for _ in range(4):
        run = deliver(at=at, settings=dead)
        assert run.retried == 1 and "连不上邮件服务器" in run.note
        at = only(cast).next_try_at
    assert deliver(at=at).sent == 1


@pytest.mark.parametrize(
    "wrong", [{"smtp_user": "u"}, {"smtp_tls": "starttls"}, {"smtp_tls": "tls"}]
)
def test_a_server_that_cannot_do_what_is_set_spoils_no_mail(
    cast: Cast, waiting: int, deliver: Deliver, mailing: Settings, wrong: dict[str, str]
) -> None:
    run = deliver(settings=mailing.model_copy(update=wrong | {"mail_attempts": 1}))
    assert (run.retried, run.failed) == (1, 0)
    assert "核对发信设置" in run.note


def test_when_the_line_is_dead_the_other_mails_are_left_alone(
    cast: Cast, waiting: int, deliver: Deliver, mailing: Settings, database: Database,
    now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    cast.task(TODAY, "教育局")
    planning.run(database, mailing, on=TODAY, at=now)
    dead = mailing.model_copy(update={"smtp_port": free_port()})
    monkeypatch.setattr("tests.mail.server.ALLOWED", {dead.smtp_port})
    deliver(settings=dead)
    assert [mail.attempts for mail in cast.mail()] == [1, 0, 0]


@pytest.mark.parametrize("answer", ["451 try later", "421 closing"])
def test_a_temporary_refusal_is_tried_again_after_a_pause(
    cast: Cast, waiting: int, deliver: Deliver, smtp: Scripted, now: datetime, answer: str
) -> None:
    smtp.at_rcpt = [answer]
    assert deliver().retried == 1
    row = only(cast)
    assert row.state is MessageState.DUE and answer[:3] in row.reason
    assert now < row.next_try_at < now + 2 * MINUTE
    assert deliver() == Delivered()
    assert deliver(at=row.next_try_at).sent == 1


def test_a_message_refused_again_and_again_is_given_up_with_the_reason(
    cast: Cast, waiting: int, deliver: Deliver, smtp: Scripted, mailing: Settings, now: datetime
) -> None:
    smtp.at_data = ["451 no"] * 3
    few = mailing.model_copy(update={"mail_attempts": 3})
    at = now
    for _ in range(3):
        deliver(at=at, settings=few)
        at = only(cast).next_try_at
    assert only(cast).state is MessageState.FAILED
    assert "3 次" in only(cast).reason and "451 no" in only(cast).reason


def test_an_outage_uses_up_none_of_a_mails_tries(
    cast: Cast, waiting: int, deliver: Deliver, smtp: Scripted, mailing: Settings, now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    few = mailing.model_copy(update={"mail_attempts": 2})
    dead = few.model_copy(update={"smtp_port": free_port()})
    monkeypatch.setattr("tests.mail.server.ALLOWED", {dead.smtp_port, smtp.port})
    at = now
    for _ in range(3):
        deliver(at=at, settings=dead)
        at = only(cast).next_try_at
    smtp.at_rcpt = ["451 greylisted"]
    assert deliver(at=at, settings=few).retried == 1
    assert (only(cast).attempts, only(cast).tries) == (4, 1)
    assert only(cast).next_try_at < at + 2 * MINUTE
    assert deliver(at=only(cast).next_try_at, settings=few).sent == 1


def test_a_mail_during_which_workers_die_is_given_up_and_it_is_said(
    cast: Cast, waiting: int, database: Database, now: datetime
) -> None:
    at, said = now, []
    for _ in range(2):
        with database.writing() as session:
            assert queue.claim(session, worker="doomed", at=at)
            at += 2 * queue.LEASE
            queue.sweep(session, at=at, most_attempts=2)
        said.append((only(cast).state, only(cast).reason))
    assert said == [
        (MessageState.DUE, queue.INTERRUPTED),
        (MessageState.FAILED, queue.INTERRUPTED_TOO_OFTEN),
    ]


@pytest.mark.parametrize("place", ["at_rcpt", "at_data"])
def test_a_permanent_refusal_fails_at_once_and_the_others_go(
    cast: Cast, waiting: int, deliver: Deliver, smtp: Scripted, database: Database,
    mailing: Settings, now: datetime, place: str,
) -> None:  # fmt: skip
    cast.task(TODAY, "教育局")
    planning.run(database, mailing, on=TODAY, at=now)
    setattr(smtp, place, ["550 no such user"])
    run = deliver()
    assert (run.sent, run.failed) == (2, 1)
    assert "550" in cast.mail()[0].reason


def test_a_disconnect_after_the_data_is_tried_again_under_the_same_id(
    cast: Cast, waiting: int, deliver: Deliver, smtp: Scripted
) -> None:
    smtp.hang_up_after_data = 1
    assert deliver().retried == 1
    assert deliver(at=only(cast).next_try_at).sent == 1
    assert smtp.ids == [only(cast).header_id] * 2


def test_a_server_too_slow_is_tried_again(
    cast: Cast, waiting: int, deliver: Deliver, smtp: Scripted, mailing: Settings
) -> None:
    smtp.slow = 0.5
    assert deliver(settings=mailing.model_copy(update={"smtp_timeout": 0.2})).retried == 1


def test_a_poison_message_fails_and_the_others_go(
    cast: Cast, waiting: int, deliver: Deliver, smtp: Scripted, database: Database, now: datetime
) -> None:
    poison = Message(
        business_key="poison", kind="test", day=TODAY, address="x@y.cn>,<z@e",
        header_id="<p@x>", subject="s", text="t", created_at=now, next_try_at=now - MINUTE,
    )  # fmt: skip
    cast.keep(poison)
    run = deliver()
    assert (run.sent, run.failed) == (1, 1)
    assert "邮件不能生成" not in only_failed(cast) and "收件地址" in only_failed(cast)


def only_failed(cast: Cast) -> str:
    (failed,) = [mail for mail in cast.mail() if mail.state is MessageState.FAILED]
    return failed.reason


def test_a_check_that_raises_parks_its_message_and_the_others_go(
    cast: Cast, waiting: int, deliver: Deliver, database: Database, mailing: Settings,
    now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    cast.task(TODAY, "教育局")
    planning.run(database, mailing, on=TODAY, at=now)

    def raising(_settings: Settings) -> delivery.Recheck:
        def check(_session: object, message: Message, _at: datetime) -> None:
            if message.id == 1:
                raise KeyError("broken")

        return check

    monkeypatch.setattr("tracker.timetable.rechecking", raising)
    run = deliver()
    assert (run.sent, run.retried) == (2, 1)


@pytest.mark.parametrize("state", [AssignmentState.COMPLETED, AssignmentState.SUBMITTED])
def test_work_finished_in_the_minute_of_sending_is_not_urged(
    cast: Cast, waiting: int, deliver: Deliver, smtp: Scripted, state: AssignmentState
) -> None:
    cast.complete(waiting, state)
    assert deliver().cancelled == 1
    assert smtp.taken == [] and only(cast).reason
    assert cast.ledger()[0].cancelled_at


def test_a_digest_is_written_anew_when_part_of_it_was_finished(
    cast: Cast, waiting: int, deliver: Deliver, smtp: Scripted, database: Database,
    settings: Settings, now: datetime,
) -> None:  # fmt: skip
    cast.task(TODAY, "城管局", text="另一项")
    planning.run(database, settings, on=TODAY, at=now)
    cast.complete(waiting)
    deliver()
    (mail,) = smtp.taken
    assert "临期 1 项" in mail["Subject"] and "占道经营" not in mail.as_string()
    assert cast.mail()[-1].subject == mail["Subject"]


def test_a_digest_that_waited_overnight_speaks_of_the_day_it_is_sent(
    cast: Cast, waiting: int, deliver: Deliver, smtp: Scripted, now: datetime
) -> None:
    deliver(at=now + timedelta(days=2))
    assert smtp.taken[0]["Subject"].startswith("责任事项提醒：逾期 1 项")


@pytest.mark.parametrize("gone", ["disabled", "moved", "readdressed"])
def test_a_person_who_is_gone_gets_nothing_and_the_successor_is_told(
    cast: Cast, waiting: int, deliver: Deliver, smtp: Scripted, database: Database,
    settings: Settings, now: datetime, gone: str,
) -> None:  # fmt: skip
    clerk = cast.users["城管经办"]
    match gone:
        case "disabled":
            cast.change(User, clerk, disabled_at=now)
        case "moved":
            cast.change(Holding, 4, until_on=TODAY)
        case "readdressed":
            cast.change(User, clerk, email="new@qinghe.test")
    assert deliver().cancelled == 1
    cast.person("城管新人", "城管局", Role.CLERK)
    planning.run(database, settings, on=TODAY, at=now)
    deliver()
    assert only_sent(cast) == (
        ["new@qinghe.test", "u6@qinghe.test"] if gone == "readdressed" else ["u6@qinghe.test"]
    )


def only_sent(cast: Cast) -> list[str]:
    return [mail.address for mail in cast.mail() if mail.state is MessageState.SENT]


def test_a_notice_to_somebody_who_left_meanwhile_is_cancelled(
    cast: Cast, deliver: Deliver, database: Database, settings: Settings, now: datetime,
    smtp: Scripted,
) -> None:  # fmt: skip
    with database.writing() as session:
        said = notices.returned(
            session, review_id=1, assignment_id=1, task_id=1, number="1", text="整治", department="城管局",
            department_id=cast.departments["城管局"], demand="补照片", again_by=None, on=TODAY,
            at=now, settings=settings,
        )  # fmt: skip
    assert said == ""
    cast.change(User, cast.users["城管经办"], disabled_at=now)
    assert (deliver().cancelled, smtp.taken) == (1, [])


@pytest.mark.parametrize("days", [-400, -2, 400])
def test_a_clock_that_was_wrong_when_a_mail_was_posted_does_not_hold_it_back(
    cast: Cast, waiting: int, deliver: Deliver, now: datetime, days: int
) -> None:
    cast.change(Message, 1, next_try_at=now + timedelta(days=days))
    assert deliver().sent == 1


def test_a_claim_made_by_a_clock_since_put_back_is_swept(
    cast: Cast, waiting: int, deliver: Deliver, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        assert queue.claim(session, worker="x", at=now + timedelta(days=30))
    assert deliver().sent == 1


def test_pauses_grow_and_are_spread(now: datetime) -> None:
    first = [pause(1, f"<{n}@x>") for n in range(50)]
    assert len(set(first)) > 40
    assert all(PAUSES[0] * 0.8 <= length <= PAUSES[0] * 1.2 for length in first)
    assert pause(99, "<x@y>") > timedelta(hours=3)
