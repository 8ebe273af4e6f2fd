"""What was chosen for a batch stands when its corrected copy comes in, and an answer that is no
longer how the file is read is asked again rather than shown as given."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.conftest import Office
from tests.intake.sheets import HEAD, workbook
from tests.intake.test_choices import (
    NO_YEAR,
    ROWS,
    TWO_LEADS,
    asked,
    leads,
    reply,
    two_leads,
    upload,
)  # fmt: skip
from tracker.intake import kept, uploading
from tracker.intake.batch import Batch

UNKNOWN = (*NO_YEAR, (3, "修缮看台", "看台专班", "9月底"))


def copy_of(office: Office, ident: int) -> bytes:
    """The copy with the open questions, as the page hands it out."""
    answer = office.client_as("office").get(f"/imports/{ident}/copy")
    assert answer.status_code == 200
    return answer.get_data()


def days(office: Office, ident: int) -> list[str]:
    with office.database.reading() as session:
        reading = kept.unpack(session.get_one(Batch, ident).reading)
    return [str(task.deadline.due_on) for task in reading.tasks]


def test_a_corrected_copy_is_read_with_the_year_that_was_answered(office: Office) -> None:
    client = office.client_as("office")
    ident = upload(client, workbook(UNKNOWN, title="重点任务"))
    reply(client, ident, asked(office, ident)["no_year"], take="year", year="2025")
    assert upload(client, copy_of(office, ident)) == ident
    assert days(office, ident) == ["2025-03-31", "2025-06-30", "2025-09-30"]
    assert asked(office, ident)["no_year"].answer == {"take": "year", "year": 2025}


def test_a_corrected_copy_is_read_with_the_column_that_was_chosen(office: Office) -> None:
    client = office.client_as("office")
    rows = (*ROWS, (3, "修缮看台", "财政局", "看台专班", "2026年8月底"))
    ident = upload(client, workbook(rows, TWO_LEADS))
    question = asked(office, ident)["ambiguous_header"]
    reply(client, ident, question, take="choice", option="责任部门")
    assert upload(client, copy_of(office, ident)) == ident
    assert leads(office, ident) == ["财政局", "教育体育局", "看台专班"]
    found = asked(office, ident)["answered_before"].answer
    assert found is not None
    assert found["option"] == "责任部门"


def test_what_was_confirmed_for_a_batch_counts_before_what_another_taught(office: Office) -> None:
    client = office.client_as("office")
    rows = (*ROWS, (3, "修缮看台", "看台专班", "财政局", "2026年8月底"))
    ident = upload(client, workbook(rows, TWO_LEADS))
    reply(client, ident, asked(office, ident)["ambiguous_header"], take="choice", option="责任单位")
    other = upload(client, workbook(ROWS, TWO_LEADS, "2026年器材清点计划"))
    question = asked(office, other)["ambiguous_header"]
    reply(client, other, question, take="choice", option="责任部门")
    assert client.post(f"/imports/{other}/application").status_code == 302
    assert upload(client, copy_of(office, ident)) == ident
    assert leads(office, ident) == ["教育体育局", "财政局", "看台专班"]


def test_the_copy_marks_the_cells_of_the_column_that_was_chosen(office: Office) -> None:
    client = office.client_as("office")
    head = (*HEAD, "完成时间")
    rows = ((1, "修缮看台", "财政局", "2026年44月底", "2026年44月底"),
            (2, "粉刷围栏", "财政局", "2026年44月底", "2026年9月底"))  # fmt: skip
    ident = upload(client, workbook(rows, head))
    question = asked(office, ident)["ambiguous_header"]
    reply(client, ident, question, take="choice", option="完成时间")
    sheet = load_workbook(BytesIO(copy_of(office, ident))).worksheets[0]
    noted = {c.coordinate for row in sheet.iter_rows() for c in row if c.comment is not None}
    assert noted == {"E3"}


def test_a_year_can_be_taken_back_to_none(office: Office) -> None:
    client = office.client_as("office")
    ident = upload(client, workbook(NO_YEAR, title="重点任务"))
    reply(client, ident, asked(office, ident)["no_year"], take="year", year="2025")
    assert days(office, ident) == ["2025-03-31", "2025-06-30"]
    assert reply(client, ident, asked(office, ident)["no_year"], take="none") == 302
    assert asked(office, ident)["no_year"].answer == {"take": "none"}
    assert days(office, ident) == ["None", "None"]


@pytest.mark.parametrize("meanwhile", [True, False])
def test_an_answer_given_while_the_copy_was_read_is_asked_again(
    office: Office, monkeypatch: pytest.MonkeyPatch, meanwhile: bool
) -> None:
    """The copy was read without it: shown as given, it would stand for a reading that is not so.
    Without anybody in between the answer stands."""
    client, other = office.client_as("office"), office.client_as("admin")
    ident = upload(client, workbook(UNKNOWN, title="重点任务"))
    copy, receive = copy_of(office, ident), uploading.receive

    def answered() -> None:
        reply(other, ident, asked(office, ident)["no_year"], take="year", year="2025")

    def received(*given: Any, **more: Any) -> uploading.Upload:
        found = receive(*given, **more)
        answered()
        return found

    if meanwhile:
        monkeypatch.setattr(uploading, "receive", received)
    else:
        answered()
    assert upload(client, copy) == ident
    assert days(office, ident)[0] == ("None" if meanwhile else "2025-03-31")
    assert (asked(office, ident)["no_year"].answer is None) == meanwhile


def test_undoing_the_batch_that_taught_forgets_it_although_others_were_read_by_it(
    office: Office,
) -> None:
    client = office.client_as("office")
    first = upload(client, two_leads())
    question = asked(office, first)["ambiguous_header"]
    reply(client, first, question, take="choice", option="责任部门")
    assert client.post(f"/imports/{first}/application").status_code == 302
    second = upload(client, two_leads("2027年器材清点计划"))
    assert leads(office, second) == ["财政局", "教育体育局"]
    assert client.post(f"/imports/{second}/application").status_code == 302
    assert client.post(f"/imports/{first}/reversal").status_code == 302
    third = upload(client, two_leads("2028年器材清点计划"))
    assert asked(office, third)["ambiguous_header"].answer is None
