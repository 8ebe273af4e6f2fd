"""Hostile files and hostile names at the upload: an answer in words, nothing written, the page alive."""

import html
import re
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlmodel import col, select

from tests.conftest import Office
from tests.hostile.doors import (
    FEW_MUTANTS,
    MANY_MUTANTS,
    MORE,
    SOME,
    Sent,
    files,
    hostile,
    more,
    rows,
)
from tests.intake.sheets import DUTIES, workbook
from tracker.intake import uploading
from tracker.storage import StoredFile
from tracker.text import clean_file_name

pytestmark = [pytest.mark.process, pytest.mark.only_on("sqlite")]

WRITTEN = {"batch", "stored_file", "question", "event"}
"""What a preview may write: itself, its file, its questions and that it came."""
LONGEST = 400


@pytest.fixture
def browser(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The office's clerk; what is temporary goes to a folder that must stay empty."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    return office.client_as("office")


def post(browser: FlaskClient, filename: bytes, data: bytes) -> tuple[int, str, str]:
    """Status, address to go to and page of an upload, sent as a browser sends it."""
    head = b'--b1b\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n' % filename
    body = head + b"Content-Type: application/octet-stream\r\n\r\n" + data + b"\r\n--b1b--\r\n"
    answer = browser.post(
        "/imports", input_stream=BytesIO(body), content_type="multipart/form-data; boundary=b1b",
        content_length=len(body),
    )  # fmt: skip
    return answer.status_code, answer.headers.get("Location", ""), answer.get_data(as_text=True)


def told(page: str) -> str:
    """The sentence of an error page."""
    (sentence,) = re.findall(r'<p class="error-message">(.*?)</p>', page, re.DOTALL) or [""]
    return html.unescape(sentence)


def not_told(sentence: str, filename: str) -> str:
    """What is wrong about a sentence, '' if it is one printable line that names the file."""
    long = len(sentence) - len(filename) > LONGEST
    named = clean_file_name(filename)[:20] in sentence
    return "" if named and sentence.isprintable() and not long else f"told {sentence[:200]!r}"


def fault(office: Office, browser: FlaskClient, sent: Sent) -> str:
    """What is wrong about the answer to one file, '' if nothing is."""
    before, kept = rows(office.database), files(office.settings.instance)
    status, address, page = post(browser, sent.filename.encode(), sent.data)
    written, left = more(before, rows(office.database)), files(office.settings.instance) - kept
    if status == 302:
        new = written.get("batch"), written.get("stored_file"), len(left)
        shown = browser.get(address).status_code
        return "" if new == (1, 1, 1) and set(written) <= WRITTEN and shown == 200 else (
            f"shown {shown}, wrote {written} {left}"
        )  # fmt: skip
    if (status, written, left) != (422, {}, set()):
        return f"answered {status}, wrote {written} {left}"
    return not_told(told(page), sent.filename)


def assert_answered(
    office: Office, browser: FlaskClient, names: Iterable[str], numbers: Iterable[int]
) -> None:
    """Every file is answered as it should be, some of them are let in, and the door still opens."""
    sent, before = hostile(names, numbers), rows(office.database)["batch"]
    wrong = {one.label: said for one in sent if (said := fault(office, browser, one))}
    assert wrong == {}
    assert 0 < rows(office.database)["batch"] - before < len(sent)
    assert browser.get("/imports").status_code == 200
    assert fault(office, browser, Sent("good", "好.xlsx", workbook(DUTIES))) == ""
    assert list((office.settings.instance.parent / "temporary").iterdir()) == []


def test_hostile_files_are_answered_in_words(office: Office, browser: FlaskClient) -> None:
    assert_answered(office, browser, SOME, FEW_MUTANTS)


@pytest.mark.long
def test_more_hostile_files_are_answered_in_words(office: Office, browser: FlaskClient) -> None:
    assert_answered(office, browser, MORE, MANY_MUTANTS)


def test_a_good_file_is_let_in_and_written(office: Office, browser: FlaskClient) -> None:
    """The control: what counts rows and files sees them."""
    before, kept = rows(office.database), files(office.settings.instance)
    status, _, _ = post(browser, "好.xlsx".encode(), workbook(DUTIES))
    written = more(before, rows(office.database))
    assert (status, written["batch"], written["stored_file"]) == (302, 1, 1)
    assert len(files(office.settings.instance) - kept) == 1


def test_a_server_error_would_be_seen(
    office: Office, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a door that breaks, and leaves its file behind, is a fault."""

    def breaks(*_: object, **__: object) -> None:
        raise KeyError("列")

    monkeypatch.setattr(uploading, "read", breaks)
    said = fault(office, browser, Sent("good", "好.xlsx", workbook(DUTIES)))
    assert said.startswith("answered 500, wrote {} {'uploads/")


NAMES = (
    "../../../../etc/cron.d/x.xlsx", "..\\..\\x.xlsx", "C:\\Windows\\x.xlsx", "a\0.xlsx", "a\x1b[31m\x07b.xlsx",
    "a%0D%0AX-Evil: 1.xlsx", "a;b=c.xlsx", "计划\u202exslx.exe", "\u2066x\u2069.xlsx", "长" * 300 + ".xlsx", "x" * 5000,
    "CON.xlsx", ".htaccess", "x.xlsx::$DATA", "...", "<svg onload=alert(1)>.xlsx", "{{7*7}}.xlsx", "\ufeff.xlsx", "a\u2028b.xlsx",
)  # fmt: skip


def test_a_hostile_name_is_a_name_to_show_and_no_more(office: Office, browser: FlaskClient) -> None:
    kept = files(office.settings.instance)
    for name in NAMES:
        status, _, page = post(browser, name.encode(), b"x" * 10)
        assert (name, status, files(office.settings.instance)) == (name, 422, kept)
        assert not_told(told(page), name) == ""
        assert "<svg onload" not in page and "49" not in told(page)
    assert browser.get("/imports").status_code == 200


def test_good_files_with_hostile_names_lie_under_names_of_ours(
    office: Office, browser: FlaskClient
) -> None:
    kept = files(office.settings.instance)
    for name in NAMES[:12:3] + ("长" * 300 + ".xlsx", "<svg onload=alert(1)>.xlsx"):
        status, address, _ = post(browser, name.encode(), workbook(DUTIES))
        assert (status, browser.get(address).status_code) == (302, 200)
    with office.database.reading() as session:
        new = session.exec(select(StoredFile).order_by(col(StoredFile.id).desc()).limit(6)).all()
    assert files(office.settings.instance) - kept == {f"uploads/{file.key}" for file in new}
    for file in new:
        assert re.fullmatch(r"[0-9a-f-]+", file.key)
        assert file.name.isprintable() and 0 < len(file.name) <= 200
        assert not set('/\\<>:"|?*') & set(file.name)
    assert "<svg onload" not in browser.get("/imports").get_data(as_text=True)


def test_a_name_in_no_encoding_is_answered(browser: FlaskClient) -> None:
    for name in (b"\xff\xfe.xlsx", b"\xed\xa0\x80.xlsx", b"", b'"', b"\\", b"%"):
        status, _, page = post(browser, name, b"x" * 10)
        assert (name, status) == (name, 422)
        assert told(page).isprintable() and told(page)
