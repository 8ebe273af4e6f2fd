"""Answers that change how a file is read: which column, whose role, which year; remembered by header."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from tests.conftest import Office
from tests.intake.sheets import workbook
from tracker.directory.department import Department
from tracker.intake import answering, kept, rereading
from tracker.intake.batch import Batch
from tracker.intake.question import Question
from tracker.plans.assignment import Assignment
from tracker.plans.task import Task

TWO_LEADS = ("序号", "工作任务", "责任单位", "责任部门", "完成时限")
ROWS = (
    (1, "清点操场器材", "教育体育局", "财政局", "2026年6月底"),
    (2, "公布收费目录", "财政局", "教育体育局", "2026年7月底"),
)
NO_YEAR = ((1, "清点操场器材", "教育体育局", "3月底"), (2, "公布收费目录", "财政局", "6月底"))


def upload(client: FlaskClient, content: bytes, name: str = "计划.xlsx") -> int:
    data = {"file": (BytesIO(content), name)}
    answer = client.post("/imports", data=data, headers={"X-Upload-Progress": "1"})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return int(answer.headers["Location"].rsplit("/", 1)[-1])


def asked(office: Office, ident: int) -> dict[str, Question]:
    with office.database.reading() as session:
        batch = session.get_one(Batch, ident)
        return {q.code: q for q in answering.questions_of(session, batch)}


def reply(client: FlaskClient, ident: int, question: Question, **given: Any) -> int:
    url = f"/imports/{ident}/questions/{question.id}/answer"
    return client.post(url, data=given).status_code


def leads(office: Office, ident: int) -> list[str]:
    with office.database.reading() as session:
        reading = kept.unpack(session.get_one(Batch, ident).reading)
    return [a.name for task in reading.tasks for a in task.assignments if a.role == "lead"]


def two_leads(title: str = "2026年器材清点计划") -> bytes:
    return workbook(ROWS, TWO_LEADS, title)


def test_choosing_another_column_reads_the_file_again(office: Office) -> None:
    client = office.client_as("office")
    ident = upload(client, two_leads())
    assert leads(office, ident) == ["教育体育局", "财政局"]
    question = asked(office, ident)["ambiguous_header"]
    assert reply(client, ident, question, take="choice", option="责任部门") == 302
    assert leads(office, ident) == ["财政局", "教育体育局"]
    now = asked(office, ident)["answered_before"]
    assert (now.id, now.answer and now.answer["option"]) == (question.id, "责任部门")


def test_the_proposed_column_needs_no_second_reading(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = office.client_as("office")
    ident = upload(client, two_leads())
    monkeypatch.setattr(rereading, "read", lambda *_: pytest.fail("read again"))
    assert (
        reply(
            client,
            ident,
            asked(office, ident)["ambiguous_header"],
            take="choice",
            option="责任单位",
        )
        == 302
    )
    assert asked(office, ident)["ambiguous_header"].answer is not None


def test_an_answer_can_be_taken_back(office: Office) -> None:
    client = office.client_as("office")
    ident = upload(client, two_leads())
    for option in ("责任部门", "责任单位"):
        (question,) = asked(office, ident).values()
        reply(client, ident, question, take="choice", option=option)
    assert leads(office, ident) == ["教育体育局", "财政局"]


def test_other_answers_stay_when_the_file_is_read_again(office: Office) -> None:
    client = office.client_as("office")
    rows = (*ROWS, (3, "修缮看台", "看台专班", "财政局", "2026年8月底"))
    ident = upload(client, workbook(rows, TWO_LEADS))
    reply(client, ident, asked(office, ident)["unknown_name"], take="open")
    reply(client, ident, asked(office, ident)["ambiguous_header"], take="choice", option="责任部门")
    assert asked(office, ident)["unknown_name"].answer == {"take": "open"}


def test_an_option_that_was_not_offered_is_refused(office: Office) -> None:
    client = office.client_as("office")
    ident = upload(client, two_leads())
    question = asked(office, ident)["ambiguous_header"]
    assert reply(client, ident, question, take="choice", option="备注") == 422
    assert reply(client, ident, question, take="noted") == 422
    assert asked(office, ident)["ambiguous_header"].answer is None


def test_what_was_chosen_serves_the_next_file_with_these_headers(office: Office) -> None:
    client = office.client_as("office")
    first = upload(client, two_leads())
    reply(client, first, asked(office, first)["ambiguous_header"], take="choice", option="责任部门")
    client.post(f"/imports/{first}/proposals")
    assert client.post(f"/imports/{first}/application").status_code == 302
    second = upload(client, workbook(ROWS[:1], TWO_LEADS, "2027年器材清点计划"))
    assert leads(office, second) == ["财政局"]
    found = asked(office, second)["answered_before"]
    assert found.answer is not None
    assert reply(client, second, found, take="choice", option="责任单位") == 302
    assert leads(office, second) == ["教育体育局"]


def test_what_was_confirmed_is_not_asked_again_and_undoing_forgets_it(office: Office) -> None:
    client = office.client_as("office")
    first = upload(client, two_leads())
    client.post(f"/imports/{first}/proposals")
    client.post(f"/imports/{first}/application")
    again = upload(client, workbook(ROWS[:1], TWO_LEADS, "2027年器材清点计划"))
    assert asked(office, again)["answered_before"].answer is not None
    assert client.post(f"/imports/{first}/reversal").status_code == 302
    forgotten = upload(client, workbook(ROWS[:1], TWO_LEADS, "2028年器材清点计划"))
    assert asked(office, forgotten)["ambiguous_header"].answer is None


def test_other_headers_are_asked_about_anew(office: Office) -> None:
    client = office.client_as("office")
    first = upload(client, two_leads())
    client.post(f"/imports/{first}/proposals")
    client.post(f"/imports/{first}/application")
    other = upload(client, workbook(ROWS[:1], ("编号", *TWO_LEADS[1:]), "2027年器材清点计划"))
    assert asked(office, other)["ambiguous_header"].answer is None


def test_the_year_is_asked_once_for_all_deadlines_and_read_into_them(office: Office) -> None:
    client = office.client_as("office")
    ident = upload(client, workbook(NO_YEAR, title="重点任务"))
    questions = asked(office, ident)
    assert list(questions) == ["no_year"]
    assert questions["no_year"].proposed == {"take": "year", "year": office.now.year}
    assert reply(client, ident, questions["no_year"], take="year", year="2025") == 302
    with office.database.reading() as session:
        reading = kept.unpack(session.get_one(Batch, ident).reading)
    assert [str(t.deadline.due_on) for t in reading.tasks] == ["2025-03-31", "2025-06-30"]
    assert asked(office, ident)["no_year"].answer == {"take": "year", "year": 2025}
    reply(client, ident, asked(office, ident)["no_year"], take="year", year="2026")
    with office.database.reading() as session:
        reading = kept.unpack(session.get_one(Batch, ident).reading)
    assert [str(t.deadline.due_on) for t in reading.tasks] == ["2026-03-31", "2026-06-30"]


@pytest.mark.parametrize("year", ["", "20266", "1200", "今年"])
def test_a_year_that_is_none_is_refused(office: Office, year: str) -> None:
    client = office.client_as("office")
    ident = upload(client, workbook(NO_YEAR, title="重点任务"))
    assert reply(client, ident, asked(office, ident)["no_year"], take="year", year=year) == 422


def test_accepting_all_proposals_reads_with_the_proposed_year(office: Office) -> None:
    client = office.client_as("office")
    ident = upload(client, workbook(NO_YEAR, title="重点任务"))
    client.post(f"/imports/{ident}/proposals")
    assert client.post(f"/imports/{ident}/application").status_code == 302
    with office.database.reading() as session:
        due = session.exec(
            select(Task.due_on).join(Batch, Batch.plan_id == Task.plan_id).where(Batch.id == ident)
        ).all()  # type: ignore[arg-type]
    assert {day.year for day in due if day} == {office.now.year}


def test_two_who_choose_at_once_both_have_their_answer(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the first one's file is being read, another answers; neither answer is lost."""
    rows = tuple((n, *row[1:4], row[4].removeprefix("2026年")) for n, row in enumerate(ROWS, 1))
    client = office.client_as("office")
    ident = upload(client, workbook(rows, TWO_LEADS, "器材清点计划"))
    questions = asked(office, ident)
    interrupted: list[Callable[[], int]] = [
        lambda: reply(
            office.client_as("admin"), ident, questions["no_year"], take="year", year="2025"
        )
    ]
    original = rereading.read

    def read(*arguments: Any) -> Any:
        while interrupted:
            assert interrupted.pop()() == 302
        return original(*arguments)

    monkeypatch.setattr(rereading, "read", read)
    assert (
        reply(client, ident, questions["ambiguous_header"], take="choice", option="责任部门") == 302
    )
    assert leads(office, ident) == ["财政局", "教育体育局"]
    with office.database.reading() as session:
        batch = session.get_one(Batch, ident)
        years = {
            t.deadline.due_on and t.deadline.due_on.year for t in kept.unpack(batch.reading).tasks
        }
        assert (years, batch.choices["year"]) == ({2025}, 2025)


def test_an_applied_batch_is_not_read_again(office: Office) -> None:
    client = office.client_as("office")
    ident = upload(client, two_leads())
    question = asked(office, ident)["ambiguous_header"]
    client.post(f"/imports/{ident}/proposals")
    client.post(f"/imports/{ident}/application")
    assert reply(client, ident, question, take="choice", option="责任部门") == 409
    with office.database.reading() as session:
        led = session.exec(
            select(Department.name).join(Assignment).join(Task).where(
                Task.text == "清点操场器材", Assignment.role == "lead"
            )
        ).all()  # fmt: skip
    assert [name[-5:] for name in led] == ["教育体育局"]


def test_a_question_of_another_batch_is_not_found_and_not_answered(office: Office) -> None:
    client = office.client_as("office")
    mine, other = upload(client, two_leads()), upload(client, two_leads("2027年器材清点计划"))
    question = asked(office, other)["ambiguous_header"]
    assert reply(client, mine, question, take="choice", option="责任部门") == 404
    assert asked(office, other)["ambiguous_header"].answer is None
    assert reply(client, other, question, take="choice", option="责任部门") == 302
