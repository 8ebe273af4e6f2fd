"""Which days are worked, from the table, from the shipped list, and from plain weekends."""

from datetime import date

import pytest

from tracker.db import Database
from tracker.reminders import calendar
from tracker.reminders.calendar import CalendarDay, CalendarYear

WORKED_SATURDAY = date(2026, 10, 10)
NATIONAL_DAY = date(2026, 10, 1)


def works(database: Database, day: date) -> bool:
    with database.reading() as session:
        return calendar.is_workday(session, day)


@pytest.mark.parametrize("seeded", [True, False])
def test_holidays_rest_and_make_up_saturdays_are_worked(database: Database, seeded: bool) -> None:
    if seeded:
        with database.writing() as session:
            calendar.seed(session)
    assert not works(database, NATIONAL_DAY)
    assert works(database, WORKED_SATURDAY)
    assert works(database, date(2026, 3, 10)) and not works(database, date(2026, 3, 14))


def test_seeding_twice_adds_nothing_and_keeps_what_the_office_changed(database: Database) -> None:
    with database.writing() as session:
        assert calendar.seed(session)[-1] == 2026
        session.get_one(CalendarDay, NATIONAL_DAY).works = True
    with database.writing() as session:
        assert calendar.seed(session) == []
    assert works(database, NATIONAL_DAY)


def test_a_year_the_office_entered_is_known(database: Database) -> None:
    new_year = date(2027, 1, 1)
    with database.writing() as session:
        assert len(calendar.load(session, new_year).warnings(NATIONAL_DAY, new_year)) == 1
        session.add(CalendarYear(year=2027, source="office"))
        session.add(CalendarDay(day=new_year, works=False, name="元旦"))
    with database.reading() as session:
        assert calendar.load(session, new_year).warnings(NATIONAL_DAY, new_year) == []
    assert not works(database, new_year)


def test_an_unknown_year_has_plain_weekends_and_a_warning(database: Database) -> None:
    with database.reading() as session:
        known = calendar.load(session, date(2027, 5, 3))
    assert known.works(date(2027, 5, 3)) and not known.works(date(2027, 5, 2))
    assert known.warnings(date(2027, 5, 3)) == [
        "工作日历缺少 2027 年的放假安排，暂按周一至周五上班计算。请在“提醒 → 工作日历”中补录。"
    ]


def test_working_days_are_counted_over_a_long_holiday(database: Database) -> None:
    with database.reading() as session:
        known = calendar.load(session, NATIONAL_DAY)
    assert known.workdays_left(date(2026, 9, 30), date(2026, 10, 8)) == 1
    assert known.after_workdays(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert known.workdays_left(date(2026, 10, 8), date(2026, 9, 30)) == 0


def test_loading_makes_no_rows(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a row was made")

    monkeypatch.setattr(CalendarDay, "__init__", refuse)
    assert not works(database, NATIONAL_DAY)
