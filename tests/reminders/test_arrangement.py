"""The office writes a year's holidays down; reminders follow at once."""

from datetime import date

import pytest

from tests.conftest import NOON, Office
from tracker.actor import COMMAND_LINE, Actor, Role
from tracker.db import Database
from tracker.errors import Forbidden, InputError
from tracker.reminders import arrangement, calendar
from tracker.reminders.arrangement import read, written

NEW_YEAR = date(2027, 1, 1)
RESTING = "01-01 至 01-03 元旦\n\n10月1日 to 8日 国庆节\n６月9日 端午\n"
WORKED = "01-09 元旦\n10月10日"


def test_lines_become_the_days_that_differ_from_their_weekday() -> None:
    days = read(2027, RESTING, WORKED)
    assert days[:2] == [(NEW_YEAR, False, "元旦"), (date(2027, 1, 9), True, "元旦")]
    october = [day.day for day, works, _name in days if day.month == 10 and not works]
    assert october == [1, 4, 5, 6, 7, 8]
    assert days[-1] == (date(2027, 10, 10), True, "")


@pytest.mark.parametrize("year", sorted(calendar.shipped()))
def test_every_year_is_read_again_from_the_lines_it_is_written_in(year: int) -> None:
    days = sorted(calendar.shipped()[year])
    assert read(year, *written(days)) == days


def test_a_holiday_is_one_line_over_its_weekend() -> None:
    resting, worked = written(calendar.shipped()[2026])
    assert "10-01 至 10-07 国庆节" in resting.splitlines()
    assert "10-10 国庆节" in worked.splitlines()


@pytest.mark.parametrize(
    ("resting", "worked", "field", "said"),
    [
        ("元旦", "", "resting", "看不懂"),
        ("02-30 春节", "", "resting", "看不懂"),
        ("10-01 3 国庆节", "", "resting", "看不懂"),
        ("10-01 至", "", "resting", "看不懂"),
        ("10-01-08", "", "resting", "看不懂"),
        ("10月1日3日", "", "resting", "看不懂"),
        ("10-01 国庆节 10-02", "", "resting", "看不懂"),
        ("12-31 至 01-03 元旦", "", "resting", "早于"),
        ("", "10-10", "resting", "至少"),
        ("10-01 至 10-10", "10-10", "worked", "既写了放假"),
        ("10-01", "10-11", "worked", "不是周末"),
        ("10-01\0", "", "resting", "不能保存"),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_field(
    resting: str, worked: str, field: str, said: str
) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read(2027, resting, worked)
    assert caught.value.field == field


def rule(database: Database, resting: str, worked: str = "", by: Actor = COMMAND_LINE) -> None:
    with database.writing() as session:
        arrangement.rule(session, 2027, read(2027, resting, worked), by=by, at=NOON)


def test_an_unknown_year_is_known_once_it_is_written(database: Database) -> None:
    with database.reading() as session:
        assert arrangement.of_year(session, 2027).source == ""
    rule(database, RESTING, WORKED)
    with database.reading() as session:
        known = calendar.load(session, NEW_YEAR)
        assert arrangement.of_year(session, 2027).source == arrangement.OFFICE
    assert known.warnings(NEW_YEAR) == []
    assert not known.works(NEW_YEAR) and known.works(date(2027, 1, 9))


def test_writing_a_year_again_replaces_all_of_it_and_no_other(database: Database) -> None:
    with database.writing() as session:
        calendar.seed(session)
    rule(database, RESTING, WORKED)
    rule(database, "05-03 劳动节")
    with database.reading() as session:
        assert arrangement.of_year(session, 2027).days == ((date(2027, 5, 3), False, "劳动节"),)
        assert len(arrangement.of_year(session, 2026).days) == len(calendar.shipped()[2026])


def test_only_the_office_writes(database: Database) -> None:
    with pytest.raises(Forbidden):
        rule(database, RESTING, by=Actor(None, "经办人", frozenset({Role.CLERK})))


def test_the_page_shows_the_year_keeps_what_was_typed_and_saves(office: Office) -> None:
    browser = office.client_as("office")
    assert "10-01 至 10-07 国庆节" in browser.get("/calendar/2026").get_data(as_text=True)
    wrong = browser.post(
        "/calendar/2027/arrangement", data={"resting": "十月一日", "worked": "10-10"}
    )
    assert wrong.status_code == 422
    said = wrong.get_data(as_text=True)
    assert all(words in said for words in ("看不懂", ">十月一日<", ">10-10<"))
    done = browser.post("/calendar/2027/arrangement", data={"resting": RESTING, "worked": WORKED})
    assert (done.status_code, done.location) == (302, "/calendar/2027")
    assert "01-01 元旦" in browser.get("/calendar/2027").get_data(as_text=True)
    assert "工作日历缺少" not in browser.get("/reminders?on=2027-01-04").get_data(as_text=True)
    assert browser.get("/calendar/1999").status_code == 404
