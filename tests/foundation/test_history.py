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


def test_the_demo_worlds_history_is_whole(office: Office) -> None:
    with office.database.reading() as session:
        assert verify(session) == []
