"""A department comes by hand, by a list or by a plan: one way in, at the directory's end, told of."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from tests.conftest import NOON
from tests.intake.sheets import workbook
from tests.intake.test_applying import apply, lay_out
from tracker.actor import COMMAND_LINE
from tracker.db import Database
from tracker.directory import upkeep
from tracker.directory.department import LONGEST_NAME, Department, standing
from tracker.directory.importing import import_names
from tracker.directory.resolve import Names
from tracker.errors import InputError
from tracker.events import Event, verify
from tracker.settings import Settings

TODAY = NOON.date()
ALIKE = ["清河县财政局", "清河县 财政局", "", "清河县教育局"]


def names_in_order(database: Database) -> list[str]:
    with database.reading() as session:
        return [department.name for department in session.exec(standing())]


def added(database: Database) -> list[str]:
    """The names that the history says were added, in its order."""
    with database.reading() as session:
        wanted = select(Event).where(Event.verb == "department.added").order_by(col(Event.id))
        assert verify(session) == []
        return [event.data["name"] for event in session.exec(wanted)]


def by_hand(database: Database, name: str) -> None:
    with database.writing() as session:
        upkeep.add_department(session, name, by=COMMAND_LINE, at=NOON)


def by_list(database: Database, names: list[str]) -> None:
    with database.writing() as session:
        import_names(session, names, by=COMMAND_LINE, at=NOON, on=TODAY)


def test_however_it_comes_it_stands_last_and_is_in_the_history(
    database: Database, settings: Settings
) -> None:
    by_hand(database, "清河县统计局")
    row = (1, "巡查库区", "库区管理站", "年底前")
    apply(database, lay_out(database, settings, workbook([row])))  # lists two departments first
    by_list(database, ["清河县水利局"])
    come = ["清河县统计局", "清河县教育体育局", "清河县财政局", "库区管理站", "清河县水利局"]
    assert names_in_order(database) == come
    assert added(database) == come
    with database.reading() as session:
        positions = session.exec(select(Department.position).order_by(col(Department.id))).all()
    assert positions == [1, 2, 3, 4, 5]


def test_a_list_that_names_one_twice_adds_it_once(database: Database) -> None:
    by_list(database, ALIKE)
    by_list(database, ALIKE)
    assert names_in_order(database) == ["清河县财政局", "清河县教育局"]
    assert added(database) == ["清河县财政局", "清河县教育局"]


def test_a_name_is_as_long_by_hand_as_by_a_list(database: Database) -> None:
    fits, too_long = "长" * LONGEST_NAME, "长" * (LONGEST_NAME + 1)
    with pytest.raises(InputError, match=str(LONGEST_NAME)):
        by_hand(database, too_long)
    with pytest.raises(InputError, match=str(LONGEST_NAME)):
        by_list(database, [too_long])
    by_list(database, [fits])
    assert names_in_order(database) == [fits]


@pytest.mark.parametrize(("days", "is_known"), [(1, True), (0, False), (-1, False)])
def test_a_name_means_a_department_until_the_day_it_ends(
    database: Database, days: int, is_known: bool
) -> None:
    by_list(database, ["清河县财政局"])
    with database.writing() as session:
        department = session.exec(select(Department)).one()
        department.ended_on = TODAY + timedelta(days=days)
        session.add(department)
    with database.reading() as session:
        found = Names.load(session, on=TODAY).resolve("财政局")
    assert (found.department_id is not None) == is_known
