"""A report's files: kept as they were, refused when they are not what they say, harmless by name."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from sqlmodel import Session, col, select
from werkzeug.http import parse_options_header

from tests.conftest import Office
from tracker import events
from tracker.demo.files import page, picture
from tracker.events import Event
from tracker.work.evidence import Evidence


def report_with(office: Office, name: str, content: bytes) -> int:
    part = office.part("校服、教辅收费公示", "edu")
    data = {"text": "见佐证", "percent": "80", "evidence": (BytesIO(content), name)}
    browser = office.client_as("edu")
    return browser.post(f"/assignments/{part.id}/reports", data=data).status_code


def evidence_count(office: Office) -> int:
    with office.database.reading() as session:
        return len(session.exec(select(Evidence.id)).all())


def newest(office: Office) -> int:
    with office.database.reading() as session:
        return session.exec(select(Evidence.id).order_by(col(Evidence.id).desc())).first() or 0


def stored(office: Office) -> set[str]:
    return {path.name for path in office.settings.uploads.iterdir()}


def files_about(office: Office) -> set[Path]:
    """Every file in the instance's folder and beside it, but for the database's own."""
    around = office.settings.instance.parent.rglob("*")
    return {path for path in around if path.is_file() and "tracker.db" not in path.name}


def test_evidence_comes_with_the_report_and_back_as_it_was(office: Office) -> None:
    content = picture(10, 20, 30, 8, 8)
    assert report_with(office, "证据 材料.png", content) == 302
    answer = office.client_as("edu").get(f"/evidence/{newest(office)}/file")
    assert answer.data == content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "%E8%AF%81%E6%8D%AE%20%E6%9D%90%E6%96%99.png" in answer.headers["Content-Disposition"]


def test_a_report_with_several_files_takes_the_chain_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    part, browser, taken = office.part("校服、教辅收费公示", "edu"), office.client_as("edu"), []
    last_hash = events._last_hash

    def counted(session: Session) -> str:
        taken.append(session)
        return last_hash(session)

    monkeypatch.setattr(events, "_last_hash", counted)
    sent = [(BytesIO(page(str(number))), f"{number}.pdf") for number in range(3)]
    data = {"text": "见佐证", "percent": "80", "evidence": sent}
    assert browser.post(f"/assignments/{part.id}/reports", data=data).status_code == 302
    assert len(taken) == 1
    with office.database.reading() as session:
        verbs = session.exec(select(Event.verb).order_by(col(Event.id).desc()).limit(4)).all()
        assert events.verify(session) == []
    assert verbs == ["evidence.attached"] * 3 + ["assignment.reported"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("photo.png", b"<svg onload=alert(1)>"),
        ("photo.png", b""),
        ("tool.exe", b"MZ"),
        ("scan.pdf", picture(1, 2, 3, 4, 4)),
        ("noending", page("x")),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_whole(
    office: Office, name: str, content: bytes
) -> None:
    before, files = evidence_count(office), stored(office)
    assert report_with(office, name, content) == 422
    assert (evidence_count(office), stored(office)) == (before, files)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\x.pdf", "C_x.pdf"),
        ("财政局\u202efdp.pdf", "财政局fdp.pdf"),
        ("a%0D%0AX-Evil: 1.pdf", "a%0D%0AX-Evil_ 1.pdf"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_hostile_names_neither_escape_nor_break_the_download(
    office: Office, name: str, kept: str
) -> None:
    before, everything = stored(office), files_about(office)
    assert report_with(office, name, page("x")) == 302
    (key,) = stored(office) - before
    assert files_about(office) - everything == {office.settings.uploads / key}
    assert re.fullmatch("[0-9a-f]{32}", key)
    answer = office.client_as("edu").get(f"/evidence/{newest(office)}/file")
    assert answer.status_code == 200
    assert "X-Evil" not in answer.headers
    assert answer.headers["Content-Disposition"].startswith("attachment")
    _, options = parse_options_header(answer.headers["Content-Disposition"])
    assert options["filename"] == kept
