"""撤销写入: what a returned workbook wrote is taken back whole, or not at all."""

from sqlmodel import col, select

from tests.conftest import Office
from tests.exchange.merging.hands import CIVIL, EDU, SERVICE, opened, take_out
from tests.exchange.merging.test_returns import form_of, rows, send
from tests.exchange.merging.test_together import MARKET, address, confirm, said_by
from tests.work.acting import SOLE, act, now, post, said, signed
from tracker.db import Database
from tracker.events import verify
from tracker.exchange.merging.returned import ReturnState
from tracker.exchange.merging.traces import (
    OF_PART,
    OF_TASK,
    Picture,
    between,
    packed,
    picture,
    table_of,
    unpacked,
)
from tracker.plans.task import Task

FRESH = "2) 全县干部"


def everything(database: Database) -> Picture:
    """All rows that hang on any task, but for the number of the deadline's version."""
    with database.reading() as session:
        found = picture(session, [ident for ident in session.exec(select(Task.id)) if ident])
    for row in found.values():
        row.pop("deadline_version", None)
    return found


def full_hand_in(office: Office) -> None:
    """The department signs, reports and asks for completion in one copy."""
    part = office.part(FRESH, "edu")
    book = opened(take_out(office, "edu", plan=CIVIL, department=EDU))
    row = book.row_of(part.id)
    book.write(row, "progress", "全部讲完")
    book.write(row, "percent", 1)
    book.write(row, "state", "办结待审")
    send(office, book.saved())


def written(office: Office, login: str = "edu") -> str:
    """Confirm the newest workbook; its address."""
    place = f"/returns/{rows(office)[-1].id}"
    _page, form = form_of(office, place, login)
    assert post(office.client_as(login), f"{place}/application", **form) == 302
    return place


def test_everything_is_as_it_was(office: Office) -> None:
    before = everything(office.database)
    full_hand_in(office)
    place = written(office)
    after = everything(office.database)
    made = {name for name, _ident in after.keys() - before.keys()}
    assert made == {"receipt", "report", "completion"}, "the control: it did write"
    page, _form = form_of(office, place)
    assert "撤销写入" in page
    assert post(office.client_as("edu"), f"{place}/undoing") == 302
    assert everything(office.database) == before
    assert rows(office)[-1].state == ReturnState.UNDONE
    with office.database.reading() as session:
        assert verify(session) == []
    task = office.part(FRESH, "edu").task_id
    assert "撤销交回的表写入的改动" in office.client_as("edu").get(f"/tasks/{task}").text


def test_the_offices_changes_go_back_too(office: Office) -> None:
    part = office.part("1) 中小学开足健康教育课", "edu")
    before = everything(office.database)
    book = opened(take_out(office))
    row = book.row_of(part.id)
    for field, value in {
        "text": "改过的任务", "points": 7, "due_on": "2026-05-20", "department": "清河县财政局",
    }.items():  # fmt: skip
        book.write(row, field, value)
    send(office, book.saved(), login="office")
    place = written(office, "office")
    with office.database.reading() as session:
        version = session.get_one(Task, part.task_id).deadline_version
    assert everything(office.database) != before
    assert post(office.client_as("office"), f"{place}/undoing") == 302
    assert everything(office.database) == before
    with office.database.reading() as session:
        again = session.get_one(Task, part.task_id).deadline_version
    assert again > version, "reminders of the version in between must not count for this one"


def test_twice_is_told(office: Office) -> None:
    full_hand_in(office)
    place = written(office)
    browser = office.client_as("edu")
    assert post(browser, f"{place}/undoing") == 302
    before = everything(office.database)
    assert said(browser, f"{place}/undoing")[0] == 409
    assert everything(office.database) == before


def test_what_was_never_written_is_not_undone(office: Office) -> None:
    full_hand_in(office)
    place = f"/returns/{rows(office)[-1].id}"
    status, page = said(office.client_as("edu"), f"{place}/undoing")
    assert status == 409 and "没有写入过" in page


def test_nothing_is_undone_that_somebody_stands_on(office: Office) -> None:
    send(office, said_by(office, EDU, "edu", "表里写的", "edu"), login="edu")
    place = written(office)
    part = office.part(SOLE, "edu")
    more = {"text": "后来写的", "percent": str(part.percent)}
    assert act(office.client_as("edu"), part, "reports", **more) == 302
    refused(office, place)


def test_a_row_changed_without_a_deed_of_its_own_is_told(office: Office) -> None:
    """A later version of the plan changes rows, and only the plan's history says so."""
    part = signed(office, SOLE, "edu")
    book = opened(take_out(office, "edu", plan=SERVICE, department=EDU))
    book.write(book.row_of(part.id), "percent", 0.9)
    send(office, book.saved())
    place = written(office)
    with office.database.writing() as session:
        session.get_one(type(part), part.id).percent = 40
    refused(office, place)


def refused(office: Office, place: str) -> None:
    before = everything(office.database)
    status, page = said(office.client_as("edu"), f"{place}/undoing")
    assert (status, "后来又有人办理过" in page) == (409, True)
    assert everything(office.database) == before
    assert rows(office)[-1].state == ReturnState.APPLIED


def test_another_departments_own_report_is_in_nobodys_way(office: Office) -> None:
    send(office, said_by(office, EDU, "edu", "表里写的", "edu"), login="edu")
    place = written(office)
    part = signed(office, SOLE, "market")
    more = {"text": "市场的进展", "percent": str(part.percent)}
    assert act(office.client_as("market"), part, "reports", **more) == 302
    assert post(office.client_as("edu"), f"{place}/undoing") == 302
    assert now(office, part).state == part.state


def test_of_two_written_together_one_is_undone(office: Office) -> None:
    before = said_by(office, EDU, "edu", "教育的进展", "edu")
    send(office, before, login="edu")
    send(office, said_by(office, MARKET, "market", "市场的进展", "market"), login="market")
    standing = everything(office.database)
    assert confirm(office) == 302
    edu, market = rows(office)
    assert address(office)
    assert post(office.client_as("office"), f"/returns/{edu.id}/undoing") == 302
    assert post(office.client_as("office"), f"/returns/{market.id}/undoing") == 302
    assert everything(office.database) == standing


def test_a_picture_knows_every_table_that_the_verbs_write() -> None:
    """Whatever hangs on a task or part is either in the picture or named here with its reason."""
    left = {
        "reminder": "planned anew each day, by the deadline's version",
        "urge": "the office's own deed", "instruction": "the leader's own deed",
        "poor_cooperation": "a mark of its own", "target": "set by hand",
        "requirement": "set by hand", "rectification": "of a finding", "praise": "of the office",
        "batch_change": "of an import", "score_item": "of a round", "frozen_point": "frozen",
    }  # fmt: skip
    known = {str(model.__tablename__) for model in (*OF_TASK, *OF_PART)}
    hanging = {
        table.name
        for table in table_of("task").metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in ("task", "assignment")
    }
    assert hanging - known == set(left)


def test_a_trace_of_every_kind_of_value_comes_back(office: Office) -> None:
    with office.database.reading() as session:
        tasks = [ident for ident in session.exec(select(Task.id).order_by(col(Task.id))) if ident]
        after = picture(session, tasks)
    before = {key: dict.fromkeys(row, None) for key, row in after.items()}
    trace = between(before, after)
    again = unpacked(packed(trace))
    assert again.made == trace.made and again.changed.keys() == trace.changed.keys()
    for key, columns in trace.changed.items():
        assert columns == again.changed[key], key
