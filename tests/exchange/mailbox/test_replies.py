"""Replies to a handed-out workbook are fetched and wait in the queue; what is not taken is listed with its
reason, and nothing is ever written by a mail alone."""

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from tests.exchange.mailbox.conftest import AFTER, Box
from tests.exchange.mailbox.replies import MARKET, SAID, filled, forwarded, reply, zipped
from tests.exchange.merging.hands import EDU, SERVICE, take_out
from tests.exchange.merging.test_returns import form_of
from tests.work.acting import post
from tracker.directory.department import Department
from tracker.directory.user import User
from tracker.events import Event
from tracker.exchange.mailbox.received import MailOutcome, ReceivedMail
from tracker.exchange.merging.returned import ReturnState
from tracker.work.report import Report

TAKEN, REFUSED, IGNORED = MailOutcome.TAKEN, MailOutcome.REFUSED, MailOutcome.IGNORED


def only(box: Box) -> ReceivedMail:
    (mail,) = box.mails()
    return mail


def reports(box: Box) -> list[str]:
    with box.office.database.reading() as session:
        return [one.text for one in session.exec(select(Report))]


def test_a_reply_waits_in_the_queue_as_its_senders(box: Box) -> None:
    mail = reply(filled(box.office))
    box.put(mail.as_bytes())
    assert (found := box.fetch()).taken == 1 and found.problem == ""
    (file,) = box.files()
    edu = box.office.actor("edu").user_id
    assert (file.state, file.by, file.mail_id) == (ReturnState.WAITING, edu, only(box).id)
    assert (only(box).outcome, only(box).from_address) == (TAKEN, "edu@qinghe.test")
    assert only(box).message_id == mail["Message-ID"] and only(box).subject == "回复：请填报"
    assert SAID not in reports(box), "nothing is written before the confirmation"
    assert all("Seen" in flag for flag in box.flags)
    with box.office.database.reading() as session:
        event = session.exec(select(Event).where(Event.verb == "workbook.returned")).one()
    assert (event.actor_id, event.data["mail"]) == (edu, "edu@qinghe.test")


def test_the_office_confirms_what_came_by_mail(box: Box) -> None:
    box.put(reply(filled(box.office)).as_bytes())
    box.fetch()
    address = f"/returns/{box.files()[0].id}"
    page, form = form_of(box.office, address, "office")
    assert SAID in page
    assert post(box.office.client_as("office"), f"{address}/application", **form) == 302
    assert SAID in reports(box)


@pytest.mark.parametrize("address", ["EDU@Qinghe.Test", "edu@QINGHE.test"])
def test_capitals_of_an_address_make_no_difference(box: Box, address: str) -> None:
    box.put(reply(filled(box.office), sender=address).as_bytes())
    assert box.fetch().taken == 1


@pytest.mark.parametrize("sender", [
    "stranger@qinghe.test", "edu@qinghe.test.evil.test", "xedu@qinghe.test", "leader@qinghe.test",
])  # fmt: skip
def test_a_stranger_is_not_taken_but_listed(box: Box, sender: str) -> None:
    box.put(reply(filled(box.office), sender=sender).as_bytes())
    assert box.fetch().refused == 1
    assert box.files() == [] and sender in only(box).reason


def test_a_disabled_person_is_a_stranger(box: Box) -> None:
    mail = reply(filled(box.office))
    with box.office.database.writing() as session:
        gone = sa.update(User).where(col(User.login) == "edu").values(disabled_at=AFTER)
        session.execute(gone)
    box.put(mail.as_bytes())
    assert (box.fetch().refused, box.files()) == (1, [])


def test_another_departments_copy_is_not_taken(box: Box) -> None:
    box.put(reply(filled(box.office), sender="market@qinghe.test").as_bytes())
    assert (box.fetch().refused, box.files()) == (1, [])
    assert f"是{EDU}的表，发件人不在这个单位" in only(box).reason


def test_a_whole_plan_comes_from_the_office_only(box: Box) -> None:
    whole = take_out(box.office, plan=SERVICE)
    box.put(reply(whole).as_bytes(), reply(whole, sender="office@qinghe.test").as_bytes())
    run = box.fetch()
    assert (run.refused, run.taken, len(box.files())) == (1, 1, 1)


def test_a_mail_without_a_workbook_says_so(box: Box) -> None:
    bare = reply()
    bare.add_attachment(
        b"\x89PNG\r\n\x1a\n" + bytes(99), maintype="image", subtype="png", filename="签名.png"
    )
    box.put(bare.as_bytes())
    assert box.fetch().refused == 1 and only(box).reason == "没有附上填好的表。请附上表格文件再发。"


def test_two_attachments_are_both_taken_each_for_its_department(box: Box) -> None:
    with box.office.database.writing() as session:  # one address reads both departments' mail
        session.execute(
            sa.update(User).where(col(User.login) == "market").values(email="edu@qinghe.test")
        )
    box.put(reply(filled(box.office), filled(box.office, department=MARKET)).as_bytes())
    assert box.fetch().taken == 1
    with box.office.database.reading() as session:
        names = [session.get_one(Department, file.department_id).name for file in box.files()]
    assert names == [EDU, MARKET] and only(box).taken == 2
    assert [file.by for file in box.files()] == [
        box.office.actor(login).user_id for login in ("edu", "market")
    ]


def test_of_two_copies_of_a_department_the_later_counts(box: Box) -> None:
    box.put(reply(filled(box.office, "早的"), filled(box.office, "晚的")).as_bytes())
    box.put(reply(filled(box.office, "再晚的")).as_bytes())
    assert box.fetch().taken == 2
    states = [file.state for file in box.files()]
    assert states == [ReturnState.SUPERSEDED, ReturnState.SUPERSEDED, ReturnState.WAITING]


def test_a_mail_that_arrived_before_a_later_upload_does_not_put_it_aside(box: Box) -> None:
    box.put(reply(filled(box.office, "早的")).as_bytes())
    box.fetch()
    with box.office.database.writing() as session:
        late = session.merge(box.files()[0])
        late.at = AFTER  # as if it had been uploaded while the mailbox was down
    box.put(reply(filled(box.office, "先发后到的")).as_bytes())
    box.fetch()
    assert [file.state for file in box.files()] == [ReturnState.WAITING, ReturnState.SUPERSEDED]


def test_a_good_one_is_taken_though_another_beside_it_is_not(box: Box) -> None:
    box.put(
        reply(
            filled(box.office), b"PK\x03\x04 no workbook", names=("好.xlsx", "坏.xlsx")
        ).as_bytes()
    )
    assert box.fetch().taken == 1
    assert (only(box).taken, len(box.files())) == (1, 1) and "坏.xlsx" in only(box).reason


def test_a_zip_of_workbooks_is_opened(box: Box) -> None:
    inside = zipped(一__xlsx=filled(box.office), 说明__txt=b"hello")
    box.put(reply(inside, names=("交回.zip",)).as_bytes())
    assert box.fetch().taken == 1 and len(box.files()) == 1


@pytest.mark.parametrize("name, inside, said", [
    ("里面.zip", lambda book: zipped(里__zip=zipped(一__xlsx=book)), "里还有压缩包"),
    ("坏.zip", lambda book: zipped(一__xlsx=book)[:-30], "坏.zip"),
    ("多.zip", lambda book: zipped(**{f"f{n}__txt": b"x" for n in range(2001)}), "2001 个文件"),
    ("空.zip", lambda book: zipped(说明__txt=b"x"), "没有附上填好的表"),
])  # fmt: skip
def test_a_zip_that_holds_none_says_why(box: Box, name: str, inside, said: str) -> None:
    box.put(reply(inside(filled(box.office)), names=(name,)).as_bytes())
    assert box.fetch().refused == 1 and said in only(box).reason


def test_a_forwarded_mail_is_looked_into(box: Box) -> None:
    inner = reply(filled(box.office), sender="colleague@elsewhere.test")
    box.put(forwarded(forwarded(inner, sender="x@elsewhere.test")).as_bytes())
    assert box.fetch().taken == 1 and len(box.files()) == 1


def test_a_forward_counts_as_its_senders_not_as_the_first_authors(box: Box) -> None:
    box.put(forwarded(reply(filled(box.office)), sender="market@qinghe.test").as_bytes())
    assert (box.fetch().refused, box.files()) == (1, [])


@pytest.mark.parametrize("header, value", [
    ("Auto-Submitted", "auto-replied"), ("Precedence", "bulk"), ("X-Autoreply", "yes"),
    ("Return-Path", "<>"),
])  # fmt: skip
def test_what_a_machine_sent_is_passed_over(box: Box, header: str, value: str) -> None:
    box.put(reply(filled(box.office), **{header: value}).as_bytes())
    assert (box.fetch().ignored, box.files(), only(box).outcome) == (1, [], IGNORED)


def test_an_automatic_answer_without_a_mark_is_known_by_its_subject(box: Box) -> None:
    box.put(reply(subject="自动回复：我正在休假").as_bytes())
    assert box.fetch().ignored == 1


def test_the_workbook_as_it_went_out_is_not_filled_in(box: Box) -> None:
    from tests.exchange.test_handing_out import ask, letters, make
    from tracker.storage import StoredFile, opened
    from tracker.stores.chosen import store_of

    ask(box.office, EDU)
    make(box.office)
    with box.office.database.reading() as session:
        file = session.get_one(StoredFile, letters(box.office)[0].attachment_id)
    with opened(file, store_of(box.office.settings)) as stream:
        content = stream.read()
    box.put(reply(content).as_bytes())
    assert box.fetch().refused == 1 and "还没有填" in only(box).reason


def checked(verdict: str, *, server: str = "mx.qinghe.test") -> dict[str, str]:
    return {"Authentication-Results": f"{server}; {verdict}"}


@pytest.mark.parametrize("headers, taken", [
    (checked("dmarc=pass header.from=qinghe.test"), 1),
    (checked("dkim=pass header.d=qinghe.test; spf=fail smtp.mailfrom=x@evil.test"), 1),
    (checked("spf=pass smtp.mailfrom=edu@qinghe.test"), 1),
    (checked("dmarc=fail header.from=qinghe.test"), 0),
    (checked("dkim=pass header.d=evil.test"), 0),
    (checked("dkim=pass header.d=test"), 0),
    (checked("dmarc=pass header.from=qinghe.test", server="mx.evil.test"), 0),
    (checked("none (dmarc=pass header.from=qinghe.test)"), 0),
    ({}, 0),
])  # fmt: skip
def test_a_server_that_vouches_is_believed_and_no_other(
    box: Box, headers: dict[str, str], taken: int
) -> None:
    box.put(reply(filled(box.office), **headers).as_bytes())
    run = box.fetch(imap_trusted="mx.qinghe.test")
    assert (run.taken, run.refused, len(box.files())) == (taken, 1 - taken, taken)
    assert taken or "冒名" in only(box).reason


def test_a_verdict_written_below_the_servers_own_is_not_believed(box: Box) -> None:
    mail = reply(filled(box.office), **checked("dmarc=fail header.from=qinghe.test")).as_bytes()
    forged = b"Authentication-Results: mx.qinghe.test; dmarc=pass header.from=qinghe.test\r\n"
    place = mail.index(b"Authentication-Results:")
    end = mail.index(b"\r\n", place) + 2
    box.put(mail[:end] + forged + mail[end:])
    assert box.fetch(imap_trusted="mx.qinghe.test").refused == 1
