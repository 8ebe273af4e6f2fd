"""The database's schema: made and moved on by Alembic, from our own command line.

Alembic takes long to import and most commands only compare two revisions, so it is imported where
the schema is moved.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tracker.db import WRITES, Database
from tracker.errors import SchemaError

if TYPE_CHECKING:
    from alembic.config import Config

NEWEST = "0012"
"""The revision this version works with: the head of `migrations`, which a test holds to it."""

MIGRATIONS = Path(__file__).parent / "migrations"


def config() -> "Config":
    """Alembic's configuration, without a file."""
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", str(MIGRATIONS))
    return found


def migrate(database: Database) -> None:
    """Bring the schema to this version; one migrator at a time, all or nothing."""
    from alembic import command

    with database.engine.execution_options(**{WRITES: True}).begin() as connection:
        if not database.is_sqlite:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('migrate'))"))
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")


def revision(database: Database) -> str | None:
    """The schema's revision; None for an empty database."""
    with database.engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
        return None if found is None else str(found)


def require_current(database: Database) -> None:
    """Raises SchemaError unless the schema is this version's."""
    present = revision(database)
    if present is None:
        raise SchemaError("数据库是空的。请先运行 tracker init。")
    if present != NEWEST:
        raise SchemaError(
            f"数据库结构是 {present} 版，本程序需要 {NEWEST} 版。请先备份，再运行 tracker migrate。"
        )
