"""What tests of evidence do again and again: a clerk's desk, and what lies in the store."""

from io import BytesIO

from flask.testing import FlaskClient
from sqlmodel import col, select
from werkzeug.test import TestResponse

from tests.conftest import Office
from tracker.demo.files import page
from tracker.plans.assignment import Assignment
from tracker.storage import StoredFile
from tracker.work.evidence import Evidence

TASK = "校服、教辅收费公示"
"""The education bureau leads and has signed, the market bureau helps and has not."""
SHARED = "2) 校园周边二百米"
"""The education bureau and the market bureau both lead."""


def part_of(office: Office, login: str = "edu", task: str = TASK) -> Assignment:
    return office.part(task, login)


def send(
    office: Office, *files: tuple[str, bytes], login: str = "edu", part: Assignment | None = None,
    script: bool = True, **more: object,
) -> TestResponse:  # fmt: skip
    """The answer to files sent without a report, as the page's script does or as a plain form."""
    part = part or part_of(office, login)
    data = {"evidence": [(BytesIO(content), name) for name, content in files], **more}
    headers = {"X-Upload-Progress": "1"} if script else {}
    browser = office.client_as(login)
    return browser.post(f"/assignments/{part.id}/evidence", data=data, headers=headers)


def pdf(words: str = "x") -> tuple[str, bytes]:
    return f"{words}.pdf", page(words.encode("ascii", "replace").decode())


def pieces(office: Office, part: Assignment | None = None) -> list[Evidence]:
    """The part's pieces, oldest first."""
    part = part or part_of(office)
    with office.database.reading() as session:
        wanted = select(Evidence).where(Evidence.assignment_id == part.id)
        return list(session.exec(wanted.order_by(col(Evidence.id))))


def file_of(office: Office, piece: Evidence) -> StoredFile:
    with office.database.reading() as session:
        return session.get_one(StoredFile, piece.file_id)


def stored(office: Office) -> set[str]:
    return {path.name for path in office.settings.uploads.iterdir()}


def known(office: Office) -> set[str]:
    with office.database.reading() as session:
        return set(session.exec(select(StoredFile.key)))


def text(browser: FlaskClient, path: str) -> str:
    return browser.get(path).get_data(as_text=True)
