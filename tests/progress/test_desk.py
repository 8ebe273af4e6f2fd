"""What is due or late, on the clerk's desk and on the office's lists."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import select

from tests.conftest import Office
from tests.progress.test_rhythm import REAL
from tracker.db import Database
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.listing import concerned
from tracker.reminders import calendar
from tracker.work import rhythm, todo
from tracker.work.rhythm import ReportDue
from tracker.work.todo import Desk

TODAY = date(2026, 3, 10)
LATE = "大厅延时服务"
"""The service centre's: signed on the 4th, no report by Friday the 6th."""
DUE = "推行“一件事”联办"
TOLD = "梳理高频事项"
UNSIGNED = "乡镇便民点配齐帮办人员"


def get(office: Office, login: str, path: str) -> str:
    answer = office.client_as(login).get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def row(page: str, words: str) -> str:
    """The row of the desk with these words."""
    return next(part for part in page.split("<tr>") if words in part)


def test_the_desk_says_whose_report_is_due_and_late(office: Office) -> None:
    desk = get(office, "service", "/my-work")
    assert "迟报 4 天" in row(desk, LATE)
    assert "03-13 前报进展" in row(desk, DUE)
    assert "报进展</span>" not in row(desk, TOLD)
    assert "1 项迟报进展" in desk
    assert "1 项待报进展" in desk


@pytest.mark.parametrize(("which", "words"), [("late", LATE), ("due", DUE)])
def test_the_desk_shows_only_those_when_asked(office: Office, which: str, words: str) -> None:
    desk = get(office, "service", f"/my-work?report={which}")
    assert desk.count("data-clamp") == 1
    assert words in desk


def test_a_report_that_is_none_is_not_asked_for(office: Office) -> None:
    assert office.client_as("service").get("/my-work?report=later").status_code == 302
    assert office.client_as("service").get("/my-work?report=x").status_code == 302


def test_an_unsigned_part_shows_its_own_light(office: Office) -> None:
    """Issued on Monday the 2nd: to be signed on the 3rd, whatever the deadline says."""
    assert "签收超时 7 天" in row(get(office, "service", "/my-work"), UNSIGNED)
    part = office.part(UNSIGNED, "service")
    page = get(office, "office", f"/tasks/{part.task_id}")
    assert "签收超时 7 天" in page
    office.client_as("service").post(f"/assignments/{part.id}/receipt")
    assert "签收超时" not in row(get(office, "service", "/my-work"), UNSIGNED)


def window(office: Office) -> rhythm.Window:
    with office.database.reading() as session:
        return rhythm.window(TODAY, calendar.load(session, TODAY))


@pytest.mark.parametrize("login", ["service", "edu", "health", "city", "chengguan"])
def test_the_counts_are_those_of_the_rows(office: Office, login: str) -> None:
    mine, at = office.actor(login).department_ids, window(office)
    with office.database.reading() as session:
        counted = todo.counts(session, mine, today=TODAY, at=at)
        rows = todo.page(session, mine, today=TODAY, at=at)
        assert counted.total == len(rows)
        for desk in Desk:
            assert counted.groups.get(desk, 0) == sum(one.desk == desk for one in rows)
        for due in ReportDue:
            found = todo.page(session, mine, today=TODAY, at=at, report=due)
            assert counted.reports.get(due, 0) == len(found)
            assert {one.report for one in found} <= {due}


@pytest.mark.only_on("sqlite")
def test_the_counts_of_a_desk_are_one_scan_of_one_index(database: Database) -> None:
    asked: list[str] = []
    sa.event.listen(
        database.engine, "before_cursor_execute", lambda *said: asked.append(str(said[2]))
    )
    with database.reading() as session:
        todo.counts(session, {1}, today=TODAY, at=rhythm.window(TODAY, REAL))
        statement = asked[-1]
        plan = session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}", tuple([None] * statement.count("?"))
        )
        steps = [one[3] for one in plan]
    looked_at = [step for step in steps if "assignment" in step]
    assert len(looked_at) == 1
    assert "USING COVERING INDEX ix_assignment_todo" in looked_at[0]


def test_the_office_finds_the_unsigned_past_their_day(office: Office) -> None:
    plan = office.task(UNSIGNED).plan_id
    page = get(office, "office", f"/plans/{plan}?receipt=late")
    assert UNSIGNED in page
    assert LATE not in page  # its only department has signed
    with office.database.reading() as session:
        unsigned = session.exec(
            select(Assignment).where(
                Assignment.plan_id == plan, Assignment.state == AssignmentState.ISSUED
            )
        ).all()
    assert f"筛选出 {len({one.task_id for one in unsigned})} 项" in page
    for one in office.client_as("office"), office.client_as("admin"), office.client_as("leader"):
        assert one.get(f"/plans/{plan}?receipt=late").status_code == 200


def test_the_list_names_the_departments_meant(office: Office) -> None:
    page = get(office, "office", f"/plans/{office.task(LATE).plan_id}?report=late")
    named = page.split('class="concerned"')[1].split("</p>")[0]
    assert "清河县政务服务中心" in named
    assert page.count('class="concerned"') == page.count('class="cell-main"')


def test_a_department_cannot_ask_for_others_parts(office: Office) -> None:
    plan = office.task(LATE).plan_id
    plain, asked = (
        get(office, "service", f"/plans/{plan}{more}") for more in ("", "?receipt=late")
    )
    assert "签收超时" not in asked
    assert asked.count("data-clamp") == plain.count("data-clamp")


def test_without_a_filter_no_department_is_looked_up(office: Office) -> None:
    with office.database.reading() as session:
        assert concerned(session, [office.task(LATE).id or 0], None) == {}


def test_difficulties_stay_on_the_list_until_the_next_report_is_without(office: Office) -> None:
    words = "两项要用的省级接口还没有开放"
    assert words in get(office, "office", "/difficulties")
    assert words in get(office, "leader", "/difficulties")
    part, clerk = office.part(DUE, "service"), office.client_as("service")
    said = {"text": "接口已开放", "percent": "90", "difficulties": ""}
    assert clerk.post(f"/assignments/{part.id}/reports", data=said).status_code == 302
    assert words not in get(office, "office", "/difficulties")


def test_difficulties_of_one_plan(office: Office) -> None:
    service, civil = office.task(DUE).plan_id, office.task("1) 公厕全天开放").plan_id
    assert "三个单位的事项口径不一致" in get(office, "office", f"/difficulties?plan={service}")
    assert "没有待解决的困难" in get(office, "office", f"/difficulties?plan={civil}")
    assert office.client_as("office").get("/difficulties?plan=987654").status_code == 404
    listed = get(office, "office", f"/plans/{service}?difficulties=open")
    assert DUE in listed
    assert LATE not in listed


def test_difficulties_of_finished_work_are_off_the_list(office: Office) -> None:
    with office.database.writing() as session:
        part = session.get_one(Assignment, office.part(DUE, "service").id)
        part.move(AssignmentState.COMPLETED, on=TODAY)
        session.add(part)
    assert "省级接口" not in get(office, "office", "/difficulties")


@pytest.mark.parametrize("login", ["service", "inspector"])
def test_difficulties_are_for_the_office_and_leaders(office: Office, login: str) -> None:
    assert office.client_as(login).get("/difficulties").status_code == 403
