"""The database's schema: made and moved on by Alembic, from our own command line."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from tracker.db import WRITES, Database
from tracker.errors import SchemaError

MIGRATIONS = Path(__file__).parent / "migrations"


def config() -> Config:
    """Alembic's configuration, without a file."""
    found = Config()
    found.set_main_option("script_location", str(MIGRATIONS))
    return found


def migrate(database: Database) -> None:
    """Bring the schema to this version; one migrator at a time, all or nothing."""
    with database.engine.execution_options(**{WRITES: True}).begin() as connection:
        if not database.is_sqlite:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('migrate'))"))
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")


def revision(database: Database) -> str | None:
    """The schema's revision; None for an empty database."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The revision this version of the tracker works with."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    assert head is not None
    return head


def require_current(database: Database) -> None:
    """Raises SchemaError unless the schema is this version's."""
    present = revision(database)
    if present is None:
        raise SchemaError("数据库是空的。请先运行 tracker init。")
    if present != newest():
        raise SchemaError(
            f"数据库结构是 {present} 版，本程序需要 {newest()} 版。请先备份，再运行 tracker migrate。"
        )
