"""The schema in the code and the schema in the database are one."""

from alembic import command
from alembic.script import ScriptDirectory

from tracker import schema
from tracker.db import Database


def test_the_migrations_make_exactly_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        settings = schema.config()
        settings.attributes["connection"] = connection
        command.check(settings)


def test_migrating_twice_changes_nothing(database: Database) -> None:
    schema.migrate(database)
    assert schema.revision(database) == schema.NEWEST


def test_the_revision_it_works_with_is_the_last_one_there_is() -> None:
    assert ScriptDirectory.from_config(schema.config()).get_current_head() == schema.NEWEST
