"""The history is append-only, in the code and in the database, and shows any change."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tests.conftest import NOON, Office
from tracker.actor import COMMAND_LINE
from tracker.db import Database
from tracker.events import deed, keep, verify


def write_three(database: Database) -> None:
    with database.writing() as session:
        keep(session, *(deed(COMMAND_LINE, f"test.{n}", "test", n, at=NOON) for n in range(3)))


@pytest.mark.parametrize(
    "change", ["UPDATE event SET verb = 'other' WHERE id = 2", "DELETE FROM event WHERE id = 2"]
)
def test_the_database_refuses_changes(database: Database, change: str) -> None:
    write_three(database)
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.execute(sa.text(change))
    with database.reading() as session:
        assert verify(session) == []


def test_a_change_behind_the_triggers_back_is_found(database: Database) -> None:
    write_three(database)
    with database.writing() as session:
        if database.is_sqlite:
            session.execute(sa.text("DROP TRIGGER event_refuses_update"))
        else:
            session.execute(sa.text("ALTER TABLE event DISABLE TRIGGER USER"))
        session.execute(sa.text("UPDATE event SET verb = 'other' WHERE id = 2"))
    with database.reading() as session:
        assert len(verify(session)) == 1


def remove(database: Database, condition: str) -> None:
    """Take events away behind the triggers' back."""
    with database.writing() as session:
        if database.is_sqlite:
            session.execute(sa.text("DROP TRIGGER event_refuses_delete"))
        else:
            session.execute(sa.text("ALTER TABLE event DISABLE TRIGGER USER"))
        session.execute(sa.text(f"DELETE FROM event WHERE {condition}"))


@pytest.mark.parametrize("condition", ["id = 1", "id = 2"])
def test_a_removal_of_what_others_follow_is_found(database: Database, condition: str) -> None:
    write_three(database)
    remove(database, condition)
    with database.reading() as session:
        assert len(verify(session)) == 1


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("condition", ["id = 3", "id > 0"])
def test_a_removal_of_the_last_is_found_where_numbers_are_never_lost(
    database: Database, condition: str
) -> None:
    write_three(database)
    remove(database, condition)
    with database.reading() as session:
        assert len(verify(session)) == 1


def test_a_deed_that_was_rolled_back_is_no_gap(database: Database) -> None:
    write_three(database)
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        keep(session, deed(COMMAND_LINE, "test.4", "test", 4, at=NOON))
        raise ZeroDivisionError
    with database.reading() as session:
        assert verify(session) == []


def test_the_demo_worlds_history_is_whole(office: Office) -> None:
    with office.database.reading() as session:
        assert verify(session) == []
