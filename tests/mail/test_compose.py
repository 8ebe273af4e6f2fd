"""From row to mail: nothing that people wrote becomes a header or a second recipient."""

import smtplib
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from tests.reminders.cast import TODAY
from tracker.addresses import domain_of, is_address, require_address
from tracker.directory.people import clean_address
from tracker.errors import InputError
from tracker.mail.compose import Unsendable, compose
from tracker.mail.message import Message

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def row(**values: str) -> Message:
    given = {"address": "clerk@qinghe.test", "subject": "提醒", "text": "正文", "html": ""}
    return Message(
        business_key="k", kind="digest", day=TODAY, header_id="<a@b>", created_at=NOW,
        next_try_at=NOW, **(given | values),
    )  # fmt: skip


def sent(message: Message) -> dict[str, list[str]]:
    """The headers as a receiver reads them."""
    mail = compose(message, sender="任务跟踪 <tracker@qinghe.test>", at=NOW)
    read = message_from_bytes(mail.as_bytes(), policy=default)
    return {name.lower(): [str(v) for v in read.get_all(name, [])] for name in read}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x85", "\n\n"])
def test_a_line_break_in_a_subject_becomes_a_space(end: str) -> None:
    headers = sent(row(subject=f"财政局{end}Bcc: x@y.test"))
    assert headers["subject"] == ["财政局 Bcc: x@y.test"]
    assert "bcc" not in headers


@pytest.mark.parametrize("text", ["a\0b", "a\x0bb", "\ud800", "\uffff"])
@pytest.mark.parametrize("field", ["subject", "text", "html"])
def test_what_no_office_types_is_refused(field: str, text: str) -> None:
    with pytest.raises(Unsendable):
        compose(row(**{field: text}), sender="t@x.test", at=NOW)


@pytest.mark.parametrize(
    "address",
    ["x@y.cn\r\nRCPT TO:<z@e>", "x@y.cn>,<z@e", "财政局 <x@y.cn>, z@evil.cn", '"a\nb" <x@y.cn>',
     "x@y.cn\0", "a" * 300 + "@y.cn", "x@财政.cn", "root", "x@[127.0.0.1]", "", " x@y.cn",
     "x@y.cn,", "a@b@c", "x@y..cn", ".x@y.cn", "x@-y.cn", "x@y-.cn", "a..b@y.cn"],
)  # fmt: skip
def test_anything_but_one_plain_address_is_refused(address: str) -> None:
    assert not is_address(address)
    with pytest.raises(InputError):
        require_address(address)
    if address.strip() == address != "":
        with pytest.raises(InputError):
            clean_address(address)
    with pytest.raises(Unsendable):
        compose(row(address=address), sender="t@x.test", at=NOW)


@pytest.mark.parametrize("address", ["a.b+c@mail.qinghe.test", "o'neil@x-1.cn", "clerk@oa"])
def test_plain_addresses_pass(address: str) -> None:
    assert clean_address(f" {address}") == address
    assert sent(row(address=address))["to"] == [address]


def test_every_mail_says_it_is_automatic_and_keeps_its_id() -> None:
    headers = sent(row())
    assert headers["auto-submitted"] == ["auto-generated"]
    assert headers["message-id"] == ["<a@b>"]
    assert headers["date"] == ["Tue, 10 Mar 2026 04:00:00 +0000"]


def test_a_sender_without_an_address_is_refused() -> None:
    with pytest.raises(Unsendable, match="TRACKER_MAIL_FROM"):
        compose(row(), sender="任务跟踪", at=NOW)
    assert domain_of("任务跟踪 <t@x.test>") == "x.test"
    assert domain_of("nobody") == "localhost"


def test_the_guard_keeps_the_tests_from_mailing() -> None:
    with pytest.raises(AssertionError, match="wanted to mail"):
        smtplib.SMTP("127.0.0.1", 25)
