"""A database of an earlier version comes up to this one with everything that is in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.engine import Connection

from tests.conftest import NOON
from tracker import clock, schema
from tracker.db import WRITES, Database
from tracker.events import verify

BATCHES = 3


def upgraded(database: Database, revision: str) -> None:
    with database.engine.execution_options(**{WRITES: True}).begin() as connection:
        settings = schema.config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)


@pytest.fixture
def first(database: Database, tmp_path: Path) -> Iterator[Database]:
    """A database of revision 0001 with three previews, each with a question."""
    if database.is_sqlite:
        old = Database(f"sqlite:///{tmp_path / 'old.db'}")
    else:
        old = database
        with old.engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    upgraded(old, "0001")
    with old.engine.execution_options(**{WRITES: True}).begin() as connection:
        fill(connection)
    yield old
    old.close()


def fill(connection: Connection) -> None:
    tables = sa.MetaData()
    tables.reflect(connection)
    moment = NOON.replace(tzinfo=None) if connection.dialect.name == "sqlite" else NOON
    for number in range(1, BATCHES + 1):
        connection.execute(
            tables.tables["stored_file"].insert().values(
                id=number, key=f"file{number}", name="计划.xlsx", sha256="0" * 64, size=9,
                media_type="application/octet-stream", kept_at=moment,
            )
        )  # fmt: skip
        connection.execute(
            tables.tables["batch"].insert().values(
                id=number, file_id=number, plan_name="计划", state="preview", reading=b"packed",
                counts={}, created_at=moment,
            )
        )  # fmt: skip
        connection.execute(
            tables.tables["question"].insert().values(
                batch_id=number, code="unknown_name", value="库区站", message="", sources=[],
                proposed={"take": "open"}, options=[],
            )
        )  # fmt: skip


def rows(database: Database, sql: str) -> list[tuple[Any, ...]]:
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(sql))]


def test_every_batch_keeps_its_questions_and_gets_a_key_of_its_own(first: Database) -> None:
    before = rows(first, "SELECT * FROM question ORDER BY id")
    schema.migrate(first)
    assert schema.revision(first) == schema.NEWEST
    assert rows(first, "SELECT * FROM question ORDER BY id") == before
    assert len(before) == BATCHES
    found = rows(first, "SELECT key, pairs, reading FROM batch")
    assert {len(str(key)) for key, _pairs, _reading in found} == {32}
    assert len({key for key, _pairs, _reading in found}) == BATCHES
    assert {(bytes(p), bytes(r)) for _key, p, r in found} == {(b"", b"packed")}


def test_numbers_of_batches_that_are_gone_do_not_return(first: Database) -> None:
    with first.engine.execution_options(**{WRITES: True}).begin() as connection:
        connection.execute(sa.text("DELETE FROM batch WHERE id = 3"))
    schema.migrate(first)
    if first.is_sqlite:
        assert rows(first, "SELECT seq FROM sqlite_sequence WHERE name = 'batch'") == [(BATCHES,)]
    with first.reading() as session:
        assert verify(session) == []


def test_open_work_says_why_it_is_open_again_and_whose_refusal_waits(first: Database) -> None:
    """From the history: the newest reason, nothing where the work was accepted since."""
    upgraded(first, "0008")
    with first.engine.execution_options(**{WRITES: True}).begin() as connection:
        work(connection)
        again(connection)
    schema.migrate(first)
    found = rows(
        first, "SELECT sent_back, wanted, again_by, refusal_waits FROM assignment ORDER BY id"
    )
    assert [(why, said, str(day), bool(waits)) for why, said, day, waits in found] == [
        ("kept_back", "缺台账", "2026-04-01", False), (None, "", "None", True),
        (None, "", "None", False), ("reopened", "抽查有误", "None", False),
        (None, "", "None", False),
    ]  # fmt: skip


def again(connection: Connection) -> None:
    """Of five parts: returned, then kept back; refused; ended; accepted and reopened; accepted."""
    tables = sa.MetaData()
    tables.reflect(connection)
    moment = NOON.replace(tzinfo=None) if connection.dialect.name == "sqlite" else NOON
    add = tables.tables
    part = add["assignment"]
    for ident, state in ((2, "issued"), (3, "completed")):
        connection.execute(part.update().where(part.c.id == ident).values(state=state))
    connection.execute(
        add["handover"].insert().values(
            assignment_id=2, kind="refusal", reason="不归本站", at=moment, answer="",
        )
    )  # fmt: skip
    demand = {"demand": "补照片", "again_by": "2026-04-01"}
    told = (
        ("completion.returned", 1, demand), ("completion.refused_by_head", 1, {"text": "缺台账"}),
        ("completion.returned", 3, demand), ("completion.returned", 4, demand),
        ("completion.accepted", 4, {}), ("task.reopened", 4, {"text": "抽查有误"}),
        ("completion.returned", 5, demand), ("completion.accepted", 5, {}),
    )  # fmt: skip
    for number, (verb, ident, data) in enumerate(told, 1):
        subject = verb.split(".")[0].replace("completion", "assignment")
        connection.execute(
            add["event"].insert().values(
                id=number, at=moment, actor="某人", role="clerk", verb=verb, subject=subject,
                subject_id=ident, task_id=ident, data=data, previous="", hash=str(number),
            )
        )  # fmt: skip


def test_an_old_database_is_not_worked_with_until_it_is_migrated(first: Database) -> None:
    from tracker.errors import SchemaError

    with pytest.raises(SchemaError, match="migrate"):
        schema.require_current(first)
    schema.migrate(first)
    schema.require_current(first)


def test_signed_work_under_a_recurring_deadline_is_asked_for_reports(
    first: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """每月28日前 in the plan's table was kept in words only; what is unsigned or ended is let be."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    with first.engine.execution_options(**{WRITES: True}).begin() as connection:
        work(connection)
    schema.migrate(first)
    found = rows(first, "SELECT task_id, next_report_on FROM assignment ORDER BY task_id")
    assert [str(day) for _task, day in found] == ["2026-03-28", "None", "None", "None", "None"]


def work(connection: Connection) -> None:
    """Five tasks: recurring and signed, unsigned, ended; with a date; recurring without a rule."""
    tables = sa.MetaData()
    tables.reflect(connection)
    moment = NOON.replace(tzinfo=None) if connection.dialect.name == "sqlite" else NOON
    add = tables.tables
    connection.execute(
        add["department"].insert().values(
            id=1, name="库区站", key="库区站", short_name="", created_at=moment, position=1,
        )
    )  # fmt: skip
    connection.execute(
        add["plan"].insert().values(
            id=1, name="计划", title="", document="", state="active", version=1, created_at=moment,
        )
    )  # fmt: skip
    kinds = (
        ("recurring", "每月28日前", moment, False), ("recurring", "每月28日前", None, False),
        ("recurring", "每月28日前", moment, True), ("date", "6月底前", moment, False),
        ("recurring", "每月第二个周五", moment, False),
    )  # fmt: skip
    for number, (kind, text, received_at, done) in enumerate(kinds, 1):
        connection.execute(
            add["task"].insert().values(
                id=number, plan_id=1, position=number, number="", text="巡查", standard="", modes="",
                deadline_text=text, deadline_kind=kind, deadline_version=1, match_key="", source="",
                fields={}, is_complete=done,
            )
        )  # fmt: skip
        connection.execute(
            add["assignment"].insert().values(
                id=number, plan_id=1, task_id=number, department_id=1, role="lead",
                state="in_progress", done=done, issued_at=moment, received_at=received_at, percent=0,
                returned=0, as_written="",
            )
        )  # fmt: skip
