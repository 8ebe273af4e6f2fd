"""Posting is writing a row, once for a key."""

from datetime import datetime

import pytest

from tests.conftest import Office
from tests.reminders.cast import TODAY, Cast
from tracker.db import Database
from tracker.errors import InputError
from tracker.mail import notices, outbox
from tracker.mail.message import Message, MessageState
from tracker.mail.outbox import Contents, Letter
from tracker.settings import Settings

SENDER = "tracker@qinghe.test"


def letter(key: str) -> Letter:
    return Letter(key, "test", "a@b.test", Contents("主题", "正文", ""), TODAY)


def test_a_key_is_posted_once(cast: Cast, database: Database, now: datetime) -> None:
    with database.writing() as session:
        first = outbox.post(session, [letter("a"), letter("b")], sender=SENDER, at=now)
        again = outbox.post(session, [letter("b"), letter("c")], sender=SENDER, at=now)
    assert (set(first), set(again)) == ({"a", "b"}, {"c"})
    assert {mail.id: mail.business_key for mail in cast.mail()} == {
        number: key for key, number in (first | again).items()
    }


def test_a_transaction_that_fails_posts_nothing(
    cast: Cast, database: Database, now: datetime
) -> None:
    with pytest.raises(RuntimeError), database.writing() as session:
        outbox.post(session, [letter("a")], sender=SENDER, at=now)
        raise RuntimeError
    assert cast.mail() == []


def test_the_log_is_newest_first_and_counted(cast: Cast, database: Database, now: datetime) -> None:
    with database.writing() as session:
        outbox.post(session, [letter("a"), letter("b")], sender=SENDER, at=now)
    with database.reading() as session:
        log = session.exec(outbox.newest_first())
        assert [mail.business_key for mail in log] == ["b", "a"]
        assert outbox.counts(session) == {MessageState.DUE: 2}


def test_a_return_is_told_to_the_departments_clerks_once(
    cast: Cast, database: Database, settings: Settings, now: datetime
) -> None:
    def tell(department: str) -> str:
        with database.writing() as session:
            return notices.returned(
                session, review_id=5, assignment_id=9, task_id=7, number="12", text="整治", demand="请补照片",
                department=department, department_id=cast.departments[department],
                again_by=None, on=TODAY, at=now, settings=settings,
            )  # fmt: skip

    assert tell("教育局") == tell("教育局") == ""
    assert [mail.address for mail in cast.mail()] == ["u1@qinghe.test", "u2@qinghe.test"]
    cast.department("文旅局")
    assert tell("文旅局") == notices.NOBODY


def test_a_test_mail_needs_an_address(
    cast: Cast, database: Database, settings: Settings, now: datetime
) -> None:
    with database.writing() as session:
        notices.test(session, to="a@b.test", on=TODAY, at=now, settings=settings)
        with pytest.raises(InputError):
            notices.test(session, to="root", on=TODAY, at=now, settings=settings)
    assert [mail.kind for mail in cast.mail()] == ["test"]


def test_a_failed_mail_is_sent_again_with_all_its_tries(office: Office, now: datetime) -> None:
    failed = Message(
        business_key="failed", kind="test", day=TODAY, address="a@b.test", header_id="<f@x>",
        subject="主题", text="正文", created_at=now, next_try_at=now, attempts=15, tries=12,
        state=MessageState.FAILED, reason="不再重试",
    )  # fmt: skip
    with office.database.writing() as session:
        session.add(failed)
        session.flush()
        ident = failed.id
    assert office.client_as("office").post(f"/outbox/{ident}/retry").status_code == 302
    with office.database.reading() as session:
        again = session.get_one(Message, ident)
        assert (again.state, again.tries, again.reason) == (MessageState.DUE, 0, "")
        assert again.attempts == 15
