"""The database: one engine, plain sessions, and what SQLite must be told at each connection.

Reading sessions open a deferred transaction, writing sessions take SQLite's write lock at once
(BEGIN IMMEDIATE): a read that turns into a write later fails even with a busy timeout.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_SECONDS = 10
CACHE = "cache_size=-16000"
"""KiB of pages a SQLite connection may keep: an import's indexes fit, and 2 MiB, the default, do not."""
WRITES = "tracker_writes"
LARGEST_ID = 2**31 - 1


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware moment, kept in UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Points(sa.types.TypeDecorator[Decimal]):
    """Points with two decimals, kept as whole hundredths so that sums are exact everywhere."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int(Decimal(value).scaleb(2).to_integral_value())

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-2)


class Amount(sa.types.TypeDecorator[Decimal]):
    """A measured value with four decimals, kept as whole ten-thousandths: exact everywhere."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int(Decimal(value).scaleb(4).to_integral_value())

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-4)


def word(kind: type[StrEnum]) -> sa.Enum:
    """A column for one of an enumeration's words, kept as the word itself."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )


def connect(url: str) -> Engine:
    """The engine for a SQLAlchemy address; SQLite or PostgreSQL."""
    if url.startswith("sqlite"):
        engine = sa.create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _tell_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return sa.create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=10)


def _tell_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", CACHE):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Database:
    """Where sessions come from; web, workers and command line share this one factory."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = connect(url)
        self._writer = self.engine.execution_options(**{WRITES: True})

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that is rolled back at the end."""
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session committed at the end, rolled back when anything is raised."""
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def is_sqlite(session: Session) -> bool:
    """Whether the session speaks to the embedded database."""
    return session.get_bind().dialect.name == "sqlite"


def reserve_ids(session: Session, table: sa.Table, count: int) -> list[int]:
    """`count` unused ids of `table`, ascending, for rows that are inserted in bulk.

    Must be called in a writing session. SQLite tables carry AUTOINCREMENT, so ids of deleted rows
    never return; PostgreSQL draws them from the table's own sequence.
    """
    if not is_sqlite(session):
        drawn = session.execute(
            sa.text(
                "SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)"
            ),
            {"name": f'"{table.name}"', "count": count},
        )
        return sorted(drawn.scalars())
    highest = session.execute(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0))).scalar_one()
    used = session.execute(
        sa.text("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = :name"),
        {"name": table.name},
    ).scalar_one()
    first = int(max(highest, used)) + 1
    return list(range(first, first + count))


def serialise(session: Session, name: str) -> None:
    """Let one transaction at a time past this point, until it ends.

    SQLite's writing sessions are alone already; PostgreSQL takes an advisory lock.
    """
    if not is_sqlite(session):
        session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})


def upsert(session: Session, table: type[SQLModel]) -> Any:
    """An INSERT of the session's own database, which knows ON CONFLICT."""
    known: sa.Table = table.__table__  # type: ignore[attr-defined]
    return sqlite.insert(known) if is_sqlite(session) else postgresql.insert(known)
