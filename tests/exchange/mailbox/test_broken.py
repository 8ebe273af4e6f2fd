"""A mailbox that does not answer is one sentence; a crash loses no mail and takes none twice."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from pydantic import SecretStr
from sqlmodel import col, select

from tests.conftest import NOON
from tests.doomed import ended
from tests.exchange.mailbox import dovecot
from tests.exchange.mailbox.conftest import AFTER, Box
from tests.exchange.mailbox.replies import filled, reply
from tests.mail.server import free_port
from tracker import timetable
from tracker.db import Database
from tracker.errors import NotKept
from tracker.exchange.mailbox import fetching, taking
from tracker.exchange.mailbox.imap import Mailbox, facts_in, folder_name
from tracker.exchange.mailbox.received import MailboxLook, MailOutcome
from tracker.exchange.mailbox.sender import people
from tracker.settings import Settings
from tracker.storage import StoredFile
from tracker.timetable import Ticking


def look(box: Box) -> MailboxLook:
    with box.office.database.reading() as session:
        return session.get_one(MailboxLook, fetching.NAME)


@contextmanager
def silent() -> Iterator[int]:
    """A port where somebody listens and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@contextmanager
def talking(*lines: bytes) -> Iterator[int]:
    """A server that says these lines and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _who = server.accept()
            with line:
                for said in lines:
                    line.sendall(said)
                    line.recv(1000)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(5)


@pytest.mark.parametrize("changed, said", [
    ({"imap_password": SecretStr("wrong")}, "不认用户名或密码"),
    ({"imap_password": SecretStr("密码")}, "不认用户名或密码"),
    ({"imap_folder": "没有的"}, "没有文件夹“没有的”"),
    ({"imap_host": "no-such-host.invalid"}, "连不上收件邮箱服务器 no-such-host.invalid"),
])  # fmt: skip
def test_what_is_wrong_with_a_setting_is_said(box: Box, changed: dict[str, Any], said: str) -> None:
    box.put(reply(filled(box.office)).as_bytes())
    assert said in box.fetch(**changed).problem and box.mails() == []
    assert said in look(box).problem
    assert box.fetch().taken == 1, "the control: the right setting"
    assert look(box).problem == "" and look(box).since is None


def test_a_server_that_is_down_is_said_once_in_the_log(
    box: Box, capsys: pytest.CaptureFixture[str]
) -> None:
    down = free_port()
    assert "连不上" in box.fetch(imap_port=down).problem
    assert "连不上" in box.fetch(imap_port=down).problem
    assert capsys.readouterr().out.count("mailbox-broken") == 1
    assert look(box).since == AFTER


def test_a_server_that_says_nothing_is_given_up(box: Box) -> None:
    with silent() as port:
        assert "连不上" in box.fetch(imap_port=port, imap_timeout=0.3).problem


@pytest.mark.parametrize("lines", [
    (b"* BYE no\r\n",), (b"HTTP/1.1 400 Bad Request\r\n\r\n",), (b"* OK hello\r\n", b"garbage\r\n"),
    (b"\x16\x03\x01\x00\x00\r\n",),
])  # fmt: skip
def test_a_server_that_is_no_mailbox_is_said(box: Box, lines: tuple[bytes, ...]) -> None:
    with talking(*lines) as port:
        assert "收件邮箱" in box.fetch(imap_port=port, imap_timeout=1.0).problem


@pytest.mark.parametrize("way", ["starttls", "tls"])
def test_over_tls_with_a_certificate_of_ones_own(box: Box, way: str) -> None:
    box.put(reply(filled(box.office)).as_bytes())
    port = box.server.tls if way == "tls" else box.server.plain
    known = {"imap_tls": way, "imap_port": port}
    assert "证书不可信" in box.fetch(**known).problem
    assert box.fetch(**known, imap_ca=str(box.server.certificate)).taken == 1


def test_tls_at_a_port_without_it_is_said(box: Box) -> None:
    assert "TRACKER_IMAP_TLS" in box.fetch(imap_tls="tls", imap_port=box.server.plain).problem


def test_a_mail_that_is_too_large_is_listed_and_not_fetched(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = reply(filled(box.office))
    large = reply(filled(box.office) + bytes(300_000))
    box.put(large.as_bytes(), small.as_bytes())
    monkeypatch.setattr(Mailbox, "whole", _refusing(Mailbox.whole, 300_000))
    run = box.fetch(imap_limit=300_000)
    assert (run.refused, run.taken) == (1, 1)
    told = box.mails()[0]
    assert "没有收下" in told.reason and told.from_address == "edu@qinghe.test"
    assert told.message_id == large["Message-ID"]


def _refusing(real, limit):  # noqa: ANN001, ANN202
    def whole(self, uid):  # noqa: ANN001, ANN202
        raw = real(self, uid)
        assert len(raw) <= limit, "it was fetched"
        return raw

    return whole


@pytest.mark.parametrize("done", ["已处理", "Done/2026"])
def test_what_was_looked_at_is_moved_where_the_settings_say(box: Box, done: str) -> None:
    server = box.server.signed_in(box.user)
    assert server.create(folder_name(done))[0] == "OK"
    server.logout()
    box.put(reply(filled(box.office)).as_bytes())
    assert box.fetch(imap_done=done).problem == ""
    assert box.flags == [] and len(box.server.flags(box.user, folder_name(done))) == 1


@pytest.mark.parametrize("able, left", [
    ({"MOVE"}, 0), ({"UIDPLUS"}, 0), (set(), 1),
])  # fmt: skip
def test_a_server_that_cannot_move_copies_and_takes_nobody_elses_away(
    box: Box, monkeypatch: pytest.MonkeyPatch, able: set[str], left: int
) -> None:
    box.put(reply(filled(box.office)).as_bytes())
    real = Mailbox.__enter__

    def less_able(self):  # noqa: ANN001, ANN202
        found = real(self)
        self._able = frozenset(able)
        return found

    monkeypatch.setattr(Mailbox, "__enter__", less_able)
    run = box.fetch(imap_done="done")
    assert (run.problem, run.taken, len(box.server.flags(box.user, "done"))) == ("", 1, 1)
    assert len(box.flags) == left and all("Deleted" in flag for flag in box.flags)
    assert box.fetch(imap_done="done").taken == 0


@pytest.mark.parametrize("line, size, hour", [
    (b'1 (UID 7 RFC822.SIZE 42 INTERNALDATE " 7-Mar-2026 09:08:07 +0800")', 42, 9),
    (b'1 (INTERNALDATE "17-Mar-2026 09:08:07 +0000" RFC822.SIZE 42 UID 7 FLAGS (\\Recent))', 42, 9),
    (b'1 (UID 7 RFC822.SIZE 42 INTERNALDATE "long ago")', 42, None),
    (b"1 (UID 7 FLAGS ())", 0, None),
])  # fmt: skip
def test_a_mail_is_not_passed_over_for_how_its_server_writes(
    line: bytes, size: int, hour: int | None
) -> None:
    (found,) = facts_in([line, None])
    assert (found.uid, found.size) == ("7", size)
    assert (found.arrived_at.hour if found.arrived_at else None) == hour


def test_a_folder_for_what_is_done_is_made_where_it_can_be(box: Box) -> None:
    box.put(reply(filled(box.office)).as_bytes())
    assert "TRACKER_IMAP_DONE" in box.fetch(imap_done="a//b").problem
    assert box.files() == [] and "Seen" not in box.flags[0], "nothing is lost"
    assert box.fetch(imap_done="没有的").taken == 1
    assert len(box.server.flags(box.user, folder_name("没有的"))) == 1


def test_a_mail_fetched_twice_is_taken_once(box: Box) -> None:
    mail = reply(filled(box.office)).as_bytes()
    box.put(mail, b"Received: by another way\r\n" + mail)
    run = box.fetch()
    assert (run.taken, run.again, len(box.files())) == (1, 1, 1)
    kept = len(list(box.settings.uploads.iterdir()))
    box.put(mail)
    assert (box.fetch().again, len(list(box.settings.uploads.iterdir()))) == (1, kept)


def test_a_second_mail_under_the_same_message_id_is_not_hidden_by_the_first(box: Box) -> None:
    first, second = reply(), reply(filled(box.office))
    second.replace_header("Message-ID", first["Message-ID"])
    box.put(first.as_bytes(), second.as_bytes())
    run = box.fetch()
    assert (run.refused, run.taken) == (1, 1)


def look_in_another_process(values: dict[str, Any]) -> None:
    settings = Settings(**values)
    fetching.fetch(Database(settings.database), settings, at=AFTER)


def told(box: Box) -> dict[str, Any]:
    """The settings for another process."""
    values = box.settings.model_dump(exclude_unset=True, exclude_defaults=True)
    return {**values, "imap_password": dovecot.PASSWORD, "instance": str(values["instance"])}


@pytest.mark.parametrize("point, kept", [
    ("file-stored", 0), ("mail-before-commit", 0), ("mail-kept", 1),
])  # fmt: skip
def test_killed_on_the_way_a_mail_is_taken_once(box: Box, point: str, kept: int) -> None:
    box.put(reply(filled(box.office)).as_bytes())
    assert ended(look_in_another_process, told(box), TRACKER_FAILPOINT=point) == -9
    assert len(box.files()) == len(box.mails()) == kept
    assert "Seen" not in box.flags[0], "the control: the mail is still unseen and fetched again"
    assert ended(look_in_another_process, told(box), TRACKER_FAILPOINT="") == 0
    assert len(box.files()) == len(box.mails()) == 1 and "Seen" in box.flags[0]


def test_without_the_key_a_mail_fetched_again_would_be_taken_twice(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the one above."""
    box.put(reply(filled(box.office)).as_bytes())
    assert ended(look_in_another_process, told(box), TRACKER_FAILPOINT="mail-kept") == -9
    monkeypatch.setattr(fetching, "key_of", lambda *_mail: "another key")
    assert box.fetch().taken == 1 and len(box.files()) == 2


def test_a_mail_that_two_take_at_once_is_taken_once(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.put(reply(filled(box.office)).as_bytes())
    real, other = taking._written, []

    def meanwhile(*facts):  # noqa: ANN202
        if not other:
            other.append(True)
            assert box.fetch().taken == 1
        return real(*facts)

    monkeypatch.setattr(taking, "_written", meanwhile)
    run = box.fetch()
    assert (run.taken, run.again, len(box.files())) == (0, 1, 1)
    with box.office.database.reading() as session:
        kept = len(session.exec(select(StoredFile.id)).all())
    assert len(list(box.settings.uploads.iterdir())) == kept


def test_a_full_disk_leaves_the_mail_for_later(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    box.put(reply(filled(box.office)).as_bytes())
    with monkeypatch.context() as patched:

        def full(*_given, **_known):  # noqa: ANN202
            raise NotKept("服务器的磁盘没有存下。")

        patched.setattr(taking, "sheets_of", full)
        assert "磁盘" in box.fetch().problem
    assert box.mails() == [] and "Seen" not in box.flags[0]
    assert box.fetch().taken == 1


def test_a_mail_that_breaks_us_is_listed_and_stops_no_other(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.put(
        reply(filled(box.office), subject="坏").as_bytes(), reply(filled(box.office)).as_bytes()
    )
    real = people

    def broken(session, address, **known):  # noqa: ANN001, ANN202
        if not box.mails():
            raise KeyError("broken")
        return real(session, address, **known)

    monkeypatch.setattr(taking, "people", broken)
    run = box.fetch()
    assert (run.refused, run.taken) == (1, 1)
    assert box.mails()[0].outcome is MailOutcome.REFUSED and "KeyError" in box.mails()[0].reason


def test_the_timetable_looks_once_in_so_many_minutes_whoever_ticks(box: Box) -> None:
    ticking = [Ticking(box.office.database, box.settings) for _two in range(2)]
    assert [timetable.fetch_mail(one, NOON) for one in ticking] == [True, False]
    minute = timedelta(minutes=1)
    assert not timetable.fetch_mail(ticking[1], NOON + 4 * minute)
    assert timetable.fetch_mail(ticking[1], NOON + 5 * minute)
    assert timetable.fetch_mail(ticking[0], NOON - timedelta(days=2)), "a clock put back"


def test_without_a_mailbox_nobody_looks(box: Box) -> None:
    ticking = Ticking(box.office.database, box.office.settings)
    assert not timetable.fetch_mail(ticking, NOON)
    with box.office.database.reading() as session:
        assert session.exec(select(MailboxLook).order_by(col(MailboxLook.name))).all() == []


def test_somebody_elses_unseen_mail_beside_ours_is_counted_out(box: Box) -> None:
    box.put(*(_chatter(n).as_bytes() for n in range(5)), reply(filled(box.office)).as_bytes())
    run = box.fetch()
    assert (run.taken, run.refused) == (1, 5)


def _chatter(number: int) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = f"u{number}@elsewhere.test", "广告"
    mail.set_content("您好")
    return mail
