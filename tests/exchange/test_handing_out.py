"""分发: every department's copy by mail or in one zip, each remembered, nobody written to twice."""

import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from sqlmodel import col, select

from importers.book import read_book
from tests.conftest import NOON, Office
from tests.doomed import ended
from tests.exchange.merging.hands import CIVIL, EDU, SERVICE
from tests.mail import server
from tests.mail.server import Scripted
from tests.work.acting import SOLE
from tracker import timetable
from tracker.actor import COMMAND_LINE
from tracker.db import Database
from tracker.directory.department import Department
from tracker.directory.user import User
from tracker.exchange.export import Export, Layout
from tracker.exchange.exporting import export_plan
from tracker.exchange.handing_out import making, zipped
from tracker.exchange.handing_out.audience import NOBODY
from tracker.exchange.handing_out.hand_out import HandOut, HandOutCopy, Means
from tracker.exchange.merging.comparing import export_of
from tracker.exchange.merging.found import Found
from tracker.mail.message import Message, MessageState
from tracker.mail.standing import NOTHING_TO_FILL_IN, OUT_OF_DATE
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.settings import Settings
from tracker.storage import StoredFile, write
from tracker.timetable import Ticking

KEY = "a" * 32
MARKET = "清河县市场监督管理局"


@pytest.fixture
def smtp(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    server.guard(monkeypatch)
    with server.running() as script:
        yield script


@pytest.fixture(autouse=True)
def no_other_mail_waits(office: Office) -> None:
    with office.database.writing() as session:
        session.execute(sa.update(Message).values(state=MessageState.CANCELLED))


def mailing(office: Office, smtp: Scripted) -> Settings:
    return office.settings.model_copy(
        update={
            "smtp_host": "127.0.0.1", "smtp_port": smtp.port, "mail_from": "office@qinghe.test",
            "imap_host": "127.0.0.1", "mail_reply_to": "box@qinghe.test",
        }
    )  # fmt: skip


def plan_of(office: Office, name: str = SERVICE) -> Plan:
    with office.database.reading() as session:
        return session.exec(select(Plan).where(Plan.name == name)).one()


def idents(office: Office, *names: str) -> list[str]:
    with office.database.reading() as session:
        wanted = select(Department.id).where(col(Department.name).in_(names))
        return [str(ident) for ident in session.exec(wanted)]


def ask(office: Office, *departments: str, key: str = KEY, plan: str = SERVICE, **more: str) -> int:
    """The form, sent by the office."""
    form = {"key": key, "layout": "ledger", "department": idents(office, *departments), **more}
    address = f"/plans/{plan_of(office, plan).id}/hand-outs"
    return office.client_as("office").post(address, data=form).status_code


def make(office: Office) -> int:
    return timetable.make_copies(Ticking(office.database, office.settings), NOON)


def kept(office: Office, kind: Any) -> list[Any]:
    with office.database.reading() as session:
        return list(session.exec(select(kind).order_by(kind.id)))


def parts_in(found: Found) -> set[int]:
    """The parts whose rows a workbook holds."""
    return {row.mark.part for table in found.tables[found.export] for row in table.rows}


def letters(office: Office) -> list[Message]:
    return [one for one in kept(office, Message) if one.kind == "handed_out"]


def test_a_copy_goes_by_mail_and_is_an_export_as_any_other(office: Office, smtp: Scripted) -> None:
    assert ask(office, EDU, back_by="2026-03-20") == 302
    assert letters(office) == []
    assert make(office) == 1
    (letter,), (copy,) = letters(office), [one for one in kept(office, HandOutCopy) if one.mails]
    assert (copy.mails, copy.reason, letter.attachment_id) == (1, "", copy.file_id)
    run = timetable.deliver(office.database, mailing(office, smtp), at=NOON, worker="one")
    assert (run.sent, run.note) == (1, "")
    (mail,) = smtp.taken
    assert "03-20" in mail["Subject"] and mail["Reply-To"] == "box@qinghe.test"
    (attached,) = mail.iter_attachments()
    assert attached.get_filename().endswith(".xlsx") and EDU in attached.get_filename()
    with office.database.reading() as session:
        export, found = export_of(session, read_book(attached.get_content(), filename="x.xlsx"))
        assert export.id == copy.export_id
        own = select(Assignment.id).where(Assignment.department_id == copy.department_id)
        assert parts_in(found) <= set(session.exec(own))


def test_a_form_sent_twice_hands_out_once(office: Office) -> None:
    assert ask(office, EDU) == ask(office, EDU) == 302
    assert len(kept(office, HandOut)) == 1 and make(office) == 1
    assert make(office) == 0 and len(letters(office)) == 1
    assert ask(office, EDU, key="b" * 32) == 302, "the control: another form is another hand-out"
    assert make(office) == 1 and len(letters(office)) == 2


def test_the_page_says_whom_nobody_reads_mail_for_before_and_after(office: Office) -> None:
    with office.database.writing() as session:
        for user in session.exec(select(User).where(col(User.login).in_(["edu", "edu.head"]))):
            user.email = ""
    address = f"/plans/{plan_of(office).id}/hand-outs"
    before = office.client_as("office").get(address).get_data(as_text=True)
    assert "没有人可收" in before and "个单位没有可收邮件的经办人或负责人：" in before
    assert ask(office, EDU) == 422, "nobody at all to write to"
    assert ask(office, EDU, MARKET) == 302
    make(office)
    after = office.client_as("office").get(address).get_data(as_text=True)
    silent = [copy for copy in kept(office, HandOutCopy) if copy.reason]
    assert f"{len(silent)} 个单位没有发到" in after and NOBODY in after
    assert int(idents(office, EDU)[0]) in {copy.department_id for copy in silent}


@pytest.mark.parametrize("form", [
    {"layout": "template"}, {"key": "short"}, {"back_by": "2026-03-09"}, {"back_by": "someday"},
    {"department": []},
])  # fmt: skip
def test_what_makes_no_sense_hands_nothing_out(office: Office, form: dict[str, Any]) -> None:
    plan = plan_of(office).id
    sent = {"key": KEY, "layout": "ledger", "department": idents(office, EDU), **form}
    assert office.client_as("office").post(f"/plans/{plan}/hand-outs", data=sent).status_code == 422
    assert kept(office, HandOut) == []


@pytest.mark.parametrize("login", ["edu", "leader", "inspector"])
def test_only_the_office_hands_out(office: Office, login: str) -> None:
    plan = plan_of(office).id
    browser = office.client_as(login)
    for way in ("hand-outs", "slices"):
        assert browser.post(f"/plans/{plan}/{way}").status_code in (403, 404)
    assert kept(office, HandOut) == []


def test_a_copy_is_looked_at_again_before_it_leaves(office: Office, smtp: Scripted) -> None:
    ask(office, EDU)
    make(office)
    part = office.part(SOLE, "edu")
    with office.database.writing() as session:
        session.get_one(Assignment, part.id).state = AssignmentState.WITHDRAWN
    run = timetable.deliver(office.database, mailing(office, smtp), at=NOON, worker="one")
    assert (run.cancelled, smtp.taken) == (1, []) and letters(office)[0].reason == OUT_OF_DATE


def test_what_is_all_done_meanwhile_is_not_asked_for(office: Office, smtp: Scripted) -> None:
    ask(office, EDU)
    make(office)
    with office.database.writing() as session:
        for part in session.exec(select(Assignment)):
            part.done = True
    timetable.deliver(office.database, mailing(office, smtp), at=NOON, worker="one")
    assert smtp.taken == [] and letters(office)[0].reason == NOTHING_TO_FILL_IN


def test_a_lost_attachment_fails_its_own_mail_and_no_other(office: Office, smtp: Scripted) -> None:
    ask(office, EDU, MARKET)
    make(office)
    first, second = letters(office)[:2]
    with office.database.reading() as session:
        file = session.get_one(StoredFile, first.attachment_id)
    (office.settings.uploads / file.key).unlink()
    run = timetable.deliver(office.database, mailing(office, smtp), at=NOON, worker="one")
    assert run.failed == 1 and run.sent >= 1
    states = {one.id: one.state for one in letters(office)}
    assert (states[first.id], states[second.id]) == (MessageState.FAILED, MessageState.SENT)


def test_two_workers_make_a_copy_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(office, EDU)
    real, other = write, []

    def meanwhile(*given, **known):
        if not other:
            other.append(True)
            assert making.make_next(office.database, office.settings, at=NOON)
        return real(*given, **known)

    monkeypatch.setattr("tracker.exchange.handing_out.making.write", meanwhile)
    making.make_next(office.database, office.settings, at=NOON)
    assert len(letters(office)) == len([e for e in kept(office, Export) if e.department_id]) == 1
    assert len(list(office.settings.uploads.iterdir())) == len(kept(office, StoredFile))


def test_a_copy_that_breaks_us_is_told_and_stops_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(office, EDU, MARKET)

    def broken(
        session: Any, plan: Plan, layout: Layout, *, department: Department, **more: Any
    ) -> Any:
        if department.name == EDU:
            raise KeyError("broken")
        return export_plan(session, plan, layout, department=department, **more)

    monkeypatch.setattr("tracker.exchange.handing_out.making.export_plan", broken)
    assert make(office) == 2 and len(letters(office)) == 1
    assert [copy.mails for copy in kept(office, HandOutCopy) if "KeyError" in copy.reason] == [0]


def make_in_another_process(instance: str, url: str) -> None:
    settings = Settings(instance=instance, database_url=url)
    database = Database(url)
    while making.make_next(database, settings, at=NOON + timedelta(minutes=1)):
        pass


@pytest.mark.parametrize("point", ["copy-before-commit", "file-stored", "copy-posted:1"])
def test_killed_while_copies_are_made_everybody_gets_one_mail(office: Office, point: str) -> None:
    ask(office, EDU, MARKET)
    facts = (str(office.settings.instance), office.settings.database)
    assert ended(make_in_another_process, *facts, TRACKER_FAILPOINT=point) == -9
    killed = len(letters(office))
    assert ended(make_in_another_process, *facts, TRACKER_FAILPOINT="") == 0
    assert killed < len(letters(office)) == len({one.address for one in letters(office)}) == 2
    assert all(copy.made_at and (copy.mails or copy.reason) for copy in kept(office, HandOutCopy))


def zip_of(office: Office, layout: str = "ledger") -> zipfile.ZipFile:
    plan = plan_of(office, CIVIL).id
    answer = office.client_as("office").post(f"/plans/{plan}/slices", data={"layout": layout})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert re.search(r"filename\*=UTF-8''.+\.zip", answer.headers["Content-Disposition"])
    return zipfile.ZipFile(BytesIO(answer.get_data()))


@pytest.mark.parametrize("layout", ["ledger", "original"])
def test_the_zip_holds_one_workbook_for_each_department_and_a_list(
    office: Office, layout: str
) -> None:
    archive = zip_of(office, layout)
    assert archive.testzip() is None
    *books, last = archive.namelist()
    (found,) = kept(office, HandOut)
    copies = kept(office, HandOutCopy)
    assert (found.means, found.layout, last) == (Means.ZIP, layout, zipped.LIST)
    assert len(books) == len(copies) > 3 and f"{EDU}.xlsx" in books
    with office.database.reading() as session:
        for name in books:
            export, marks = export_of(session, read_book(archive.read(name), filename=name))
            department = session.get_one(Department, export.department_id).name
            assert (name, export.layout) == (f"{department}.xlsx", layout)
            own = select(Assignment.id).where(Assignment.department_id == export.department_id)
            assert parts_in(marks) <= set(session.exec(own))
    sheet = load_workbook(BytesIO(archive.read(last))).active
    listed = [row[4] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert listed == books and timetable.make_copies(
        Ticking(office.database, office.settings), NOON
    ) == 0  # fmt: skip


def test_names_in_the_zip_suit_windows(office: Office) -> None:
    with office.database.writing() as session:
        found = session.exec(select(Department).where(Department.name == EDU)).one()
        found.name = 'CON<局>:"体育|教育?" . ' + "长" * 90
    names = zip_of(office).namelist()
    assert all(len(name) <= zipped.LONGEST and not set(name) & set('<>:"|?*\\') for name in names)
    assert len({name.casefold() for name in names}) == len(names)


def test_a_plan_that_came_from_no_workbook_is_refused_before_anything_is_sent(
    office: Office,
) -> None:
    with office.database.writing() as session:
        bare = Plan(name="手工计划", created_at=NOON)
        session.add(bare)
        session.flush()
        task = Task(plan_id=bare.id or 0, position=1, text="核对台账")
        session.add(task)
        session.flush()
        part = Assignment(
            plan_id=bare.id or 0, task_id=task.id or 0, role=AssignmentRole.LEAD, issued_at=NOON,
            department_id=int(idents(office, EDU)[0]),
        )  # fmt: skip
        session.add(part)
    answer = office.client_as("office").post(
        f"/plans/{plan_of(office, '手工计划').id}/slices", data={"layout": "original"}
    )
    assert answer.status_code == 422 and kept(office, HandOut) == []


def test_memory_holds_one_workbook_of_the_zip_at_a_time(office: Office) -> None:
    of = zipped.zipping(
        office.database, office.settings, plan_of(office, CIVIL), layout=Layout.LEDGER,
        by=COMMAND_LINE, at=NOON, today=NOON.date(),
    )  # fmt: skip
    pieces = zipped.streamed(of)
    next(pieces)
    assert len(kept(office, HandOutCopy)) == 1, "the others are made when they are asked for"
    rest = list(pieces)
    assert len(kept(office, HandOutCopy)) == len(of.reached) and len(rest) > len(of.reached) - 1
