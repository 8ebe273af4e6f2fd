"""(c) Storing assignments and tasks: the tracker's bulk insert against SQLModel's add_all and, on
PostgreSQL, a bare COPY."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from importers.collection import no_collection
from tests import postgres
from tests.bench.measure import Line, in_turn, say, seconds, show
from tests.bench.world import PART, TASK
from tracker import bulk, schema
from tracker.db import Database
from tracker.directory.department import Department
from tracker.plans.assignment import Assignment
from tracker.plans.plan import Plan
from tracker.plans.task import Task

AT = datetime(2026, 3, 10, tzinfo=UTC)
DUE = date(2026, 6, 30)
Rows = list[tuple[Any, ...]]


def run(folder: Path, tasks: int) -> None:
    """Print the lines of (c)."""
    _against_models(folder, tasks)
    _against_copy(tasks)


def _against_models(folder: Path, tasks: int) -> None:
    say("Storing tasks with 2.5 assignments each, SQLite, committed")
    number = iter(range(1000))

    def fresh() -> Database:
        database = Database(f"sqlite:///{folder}/storing-{next(number)}.db")
        _prepare(database)
        return database

    took = in_turn(
        3,
        bulk=lambda: _timed(fresh(), _bulk, tasks),
        models=lambda: _timed(fresh(), _models, tasks),
    )
    show(Line(f"store {tasks:,} tasks, times faster", took["models"] / took["bulk"],
              "SQLModel add_all", 10, at_least=True))  # fmt: skip


def _prepare(database: Database) -> None:
    schema.migrate(database)
    with database.writing() as session:
        session.add(Plan(id=1, name="计划", created_at=AT))
        session.flush()
        session.add_all(Department.named(f"第{n}局", at=AT, position=n) for n in range(1, 5))


def _against_copy(tasks: int) -> None:
    say("The same on PostgreSQL, against COPY of rows that are plain already; the same indexes")
    if not postgres.is_available():
        say("SKIPPED: there is no PostgreSQL here")
        return
    with postgres.server() as address, _made(address) as url:
        database = Database(url)
        _prepare(database)
        took = in_turn(
            5,
            bulk=lambda: _timed_again(database, _bulk, _tasks(tasks), _parts(tasks)),
            copy=lambda: _timed_again(database, _copy, _plain(_tasks(tasks)), _parts(tasks)),
        )
        database.close()
    show(Line(f"store {tasks:,} tasks", took["bulk"] / took["copy"], "a bare COPY", 1.5))


@contextmanager
def _made(address: str) -> Iterator[str]:
    """A database of our own on a server that may be somebody else's; it goes with the block."""
    address = address.replace("postgresql:", "postgresql+psycopg:")
    name = f"bench_{secrets.token_hex(4)}"
    server = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        try:
            yield f"{address.rsplit('/', 1)[0]}/{name}"
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


def _timed_again(database: Database, store: Any, tasks: Rows, parts: Rows) -> float:
    """As `_timed`, in the same database, emptied before."""
    with database.writing() as session:
        session.execute(sa.text("TRUNCATE task, assignment CASCADE"))
    return seconds(lambda: store(database, tasks, parts))


def _plain(tasks: Rows) -> Rows:
    """The tasks as the table keeps them: points in hundredths, JSON as text."""
    at, fields = TASK.index("points"), TASK.index("fields")
    return [
        (*row[:at], row[at] * 100, *row[at + 1 : fields], "{}", *row[fields + 1 :]) for row in tasks
    ]


def _copy(database: Database, tasks: Rows, parts: Rows) -> None:
    with database.writing() as session, no_collection():
        driver = session.connection().connection.driver_connection
        for table, columns, rows in (("task", TASK, tasks), ("assignment", PART, parts)):
            sql = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
            with driver.cursor() as cursor, cursor.copy(sql) as copy:
                for row in rows:
                    copy.write_row(row)


def _timed(database: Database, store: Any, tasks: int) -> float:
    took = seconds(lambda: store(database, _tasks(tasks), _parts(tasks)))
    database.close()
    return took


def _tasks(count: int) -> Rows:
    return [
        (n, 1, None, n, str(n), f"完成第{n}号事项的整理与上报", "", "明查", 2, "6月底前", "date", 1, DUE,
         DUE, f"{n:032x}", f"任务表!E{n}", {}, False)
        for n in range(1, count + 1)
    ]  # fmt: skip


def _parts(count: int) -> Rows:
    return [
        (1, n, department, "lead" if department == 1 else "support", "issued", False, DUE, AT, 0, 0, "")
        for n in range(1, count + 1)
        for department in range(1, 3 + n % 2)
    ]  # fmt: skip


def _bulk(database: Database, tasks: Rows, parts: Rows) -> None:
    tables = SQLModel.metadata.tables
    with database.writing() as session, no_collection():
        bulk.insert(session, tables["task"], TASK, tasks)
        bulk.insert(session, tables["assignment"], PART, parts)


def _models(database: Database, tasks: Rows, parts: Rows) -> None:
    with database.writing() as session:
        session.add_all(Task(**dict(zip(TASK, row, strict=True))) for row in tasks)
        session.flush()
        session.add_all(Assignment(**dict(zip(PART, row, strict=True))) for row in parts)
