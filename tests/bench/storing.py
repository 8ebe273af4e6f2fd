"""(c) Storing assignments and tasks: the tracker's bulk insert against SQLModel's add_all."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel

from importers.collection import no_collection
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


def run(folder: Path, tasks: int) -> None:
    """Print the line of (c)."""
    say("Storing tasks with 2.5 assignments each, SQLite, committed")
    number = iter(range(1000))

    def fresh() -> Database:
        database = Database(f"sqlite:///{folder}/storing-{next(number)}.db")
        schema.migrate(database)
        with database.writing() as session:
            session.add(Plan(id=1, name="计划", created_at=AT))
            session.add_all(Department.named(f"第{n}局", at=AT, position=n) for n in range(1, 5))
        return database

    took = in_turn(
        3,
        bulk=lambda: _timed(fresh(), _bulk, tasks),
        models=lambda: _timed(fresh(), _models, tasks),
    )
    show(Line(f"store {tasks:,} tasks, times faster", took["models"] / took["bulk"],
              "SQLModel add_all", 10, at_least=True))  # fmt: skip


def _timed(database: Database, store: Any, tasks: int) -> float:
    took = seconds(lambda: store(database, _tasks(tasks), _parts(tasks)))
    database.close()
    return took


def _tasks(count: int) -> list[tuple[Any, ...]]:
    return [
        (n, 1, None, n, str(n), f"完成第{n}号事项的整理与上报", "", "明查", 2, "6月底前", "date", 1, DUE,
         DUE, f"{n:032x}", f"任务表!E{n}", {}, False)
        for n in range(1, count + 1)
    ]  # fmt: skip


def _parts(count: int) -> list[tuple[Any, ...]]:
    return [
        (1, n, department, "lead" if department == 1 else "support", "issued", False, DUE, AT, 0, 0, "")
        for n in range(1, count + 1)
        for department in range(1, 3 + n % 2)
    ]  # fmt: skip


def _bulk(database: Database, tasks: list[tuple[Any, ...]], parts: list[tuple[Any, ...]]) -> None:
    tables = SQLModel.metadata.tables
    with database.writing() as session, no_collection():
        bulk.insert(session, tables["task"], TASK, tasks)
        bulk.insert(session, tables["assignment"], PART, parts)


def _models(database: Database, tasks: list[tuple[Any, ...]], parts: list[tuple[Any, ...]]) -> None:
    with database.writing() as session:
        session.add_all(Task(**dict(zip(TASK, row, strict=True))) for row in tasks)
        session.flush()
        session.add_all(Assignment(**dict(zip(PART, row, strict=True))) for row in parts)
