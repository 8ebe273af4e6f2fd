"""Mails nobody should have sent: none raises, hangs, is taken in somebody else's name or stops another."""

import threading
import time
from email.parser import BytesParser
from email.policy import default

import pytest

from tests.exchange.mailbox.conftest import Box
from tests.exchange.mailbox.hostile import CASES, TAKEN, control
from tests.exchange.mailbox.replies import filled
from tracker.exchange.mailbox.letter import LOCKED, TNEF, Letter, read_letter
from tracker.exchange.mailbox.received import MailOutcome

pytestmark = pytest.mark.only_on("sqlite")
"""What is in a file is the same whatever the database."""

PATIENCE = 30.0
"""Seconds; a hang has no end, and a slow machine is no hang."""
SPOOFS = (
    "two_froms", "two_addresses_in_from", "an_address_in_the_name_only", "an_address_in_a_comment",
    "a_from_with_a_line_in_it", "an_encoded_address", "a_letter_that_looks_alike", "no_from",
    "a_from_of_brackets",
)  # fmt: skip
"""Cases in which it stands that edu sent it, and it cannot be said that edu did."""


@pytest.fixture(scope="module")
def book() -> bytes:
    """Something that begins as a workbook does."""
    return b"PK\x03\x04" + bytes(range(256)) * 40


@pytest.mark.parametrize("name", CASES)
def test_any_bytes_are_read_without_a_word(name: str, book: bytes) -> None:
    found: list[Letter] = []
    reading = threading.Thread(
        target=lambda: found.append(read_letter(CASES[name](book))), daemon=True
    )
    reading.start()
    reading.join(PATIENCE)
    assert found, "it raised, or never came to an end"


def test_there_are_many_of_them() -> None:
    assert len(CASES) >= 40 and len(TAKEN) >= 10


@pytest.mark.parametrize("name", SPOOFS)
def test_an_address_that_is_not_plainly_the_senders_is_nobodys(name: str, book: bytes) -> None:
    assert read_letter(CASES[name](book)).sender != "edu@qinghe.test"


def test_one_that_is_plainly_the_senders_is(book: bytes) -> None:
    """The control of the one above."""
    assert read_letter(CASES["twenty_levels"](book)).sender == "edu@qinghe.test"


def test_what_is_cut_off_would_take_its_time(book: bytes) -> None:
    """The control of long headers: the library's own parser on a small one of them."""
    mail = b"Content-Type: text/plain" + b";a=b" * 6_000 + b"\r\n\r\nx"
    began = time.perf_counter()
    read_letter(mail)
    cut = time.perf_counter()
    BytesParser(policy=default).parsebytes(mail)
    assert time.perf_counter() - cut > 5 * (cut - began)


@pytest.mark.parametrize(
    "name", [n for n in sorted(TAKEN) if "name" in n and "charset" not in n and "climbs" not in n]
)
def test_chinese_names_of_files_are_read_however_they_are_written(name: str, book: bytes) -> None:
    assert "填好的台账.xlsx" in [piece.name for piece in read_letter(CASES[name](book)).pieces]


def test_a_name_loses_its_folders(book: bytes) -> None:
    (piece,) = read_letter(CASES["a_name_that_climbs"](book)).pieces
    assert piece.name == "passwd.xlsx"


@pytest.mark.parametrize("name, said", [("an_encrypted_mail", LOCKED), ("winmail", TNEF)])
def test_what_hides_its_files_says_why(name: str, said: str, book: bytes) -> None:
    assert read_letter(CASES[name](book)).trouble == said


def test_a_mailbox_full_of_them_is_emptied_and_the_good_ones_are_taken(box: Box) -> None:
    book = filled(box.office)
    mails = {name: make(book) for name, make in CASES.items()}
    large = {name for name, mail in mails.items() if len(mail) > 3_000_000}
    box.put(*(mail for name, mail in mails.items() if name not in large and mail.strip()))
    box.put(control(book))
    run = box.fetch()
    assert run.problem == "" and all("Seen" in flag for flag in box.flags)
    told = {one.outcome for one in box.mails()}
    assert told == {MailOutcome.TAKEN, MailOutcome.REFUSED, MailOutcome.IGNORED}
    assert all(one.reason for one in box.mails() if one.outcome is not MailOutcome.TAKEN)
    assert run.taken + run.again >= len(TAKEN) and "出错" not in "".join(
        m.reason for m in box.mails()
    )
    edu = box.office.actor("edu").user_id
    assert {file.by for file in box.files()} == {edu}
