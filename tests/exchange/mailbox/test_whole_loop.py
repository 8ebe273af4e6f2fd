"""Once around: handed out by mail through a real server, filled in, answered, fetched, confirmed."""

from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP

import pytest
import sqlalchemy as sa

from tests.conftest import NOON
from tests.exchange.mailbox.conftest import Box
from tests.exchange.merging.hands import EDU, opened
from tests.exchange.merging.test_returns import form_of, reports
from tests.exchange.test_handing_out import ask, kept, letters, make
from tests.mail import server as smtp_server
from tests.mail.server import Scripted
from tests.work.acting import SOLE, post, signed
from tracker import timetable
from tracker.exchange.handing_out.hand_out import HandOutCopy
from tracker.exchange.merging.returned import ReturnState
from tracker.mail.message import Message, MessageState

SAID = "十所学校的整改已验收"


@pytest.fixture
def smtp(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    smtp_server.guard(monkeypatch)
    with smtp_server.running() as script:
        yield script


def answer_to(mail: EmailMessage, workbook: bytes) -> EmailMessage:
    """What a clerk's program makes of 回复 with the saved workbook."""
    (attached,) = mail.iter_attachments()
    found = EmailMessage(policy=SMTP)
    found["From"], found["To"] = mail["To"], mail["Reply-To"]
    found["Subject"] = f"回复: {mail['Subject']}"
    found["Message-ID"] = "<answer@qinghe.test>"
    found["In-Reply-To"] = found["References"] = mail["Message-ID"]
    found.set_content("已填好。")
    found.add_attachment(
        workbook, maintype="application", subtype="octet-stream", filename=attached.get_filename()
    )
    return found


@pytest.mark.process
def test_a_plan_goes_round_by_mail(box: Box, smtp: Scripted) -> None:
    office = box.office
    part = signed(office, SOLE, "edu")
    with office.database.writing() as session:
        session.execute(sa.update(Message).values(state=MessageState.CANCELLED))
    assert ask(office, EDU, back_by="2026-03-20") == 302 and make(office) == 1
    mailing = box.settings.model_copy(
        update={"smtp_host": "127.0.0.1", "smtp_port": smtp.port, "mail_from": "office@qinghe.test"}
    )
    assert timetable.deliver(office.database, mailing, at=NOON, worker="one").sent == 1
    (mail,) = smtp.taken
    assert mail["Reply-To"] == box.user and mail["Message-ID"] == letters(office)[0].header_id
    (attached,) = mail.iter_attachments()
    book = opened(attached.get_content())
    book.write(book.row_of(part.id), "progress", SAID)
    box.put(answer_to(mail, book.saved()).as_bytes())
    assert box.fetch().taken == 1
    (file,) = box.files()
    assert file.state is ReturnState.WAITING and SAID not in reports(office)
    assert file.export_id in {copy.export_id for copy in kept(office, HandOutCopy) if copy.mails}
    page, form = form_of(office, f"/returns/{file.id}", "office")
    assert SAID in page
    assert post(office.client_as("office"), f"/returns/{file.id}/application", **form) == 302
    assert reports(office)[-1] == SAID
