"""Assignments made by the database are those that each row's departments ask for, in their order."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from tests.conftest import NOON
from tracker.db import Database
from tracker.directory.department import Department
from tracker.intake.assigning import assign
from tracker.intake.decide import Part
from tracker.plans.assignment import Assignment
from tracker.plans.plan import Plan
from tracker.plans.task import Task


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as found:
        found.add_all(Department.named(name, at=NOON, position=1) for name in ("甲局", "乙局"))
        found.add(Plan(id=901, name="计划", created_at=NOON))
        found.flush()
        for ident, is_complete in ((31, False), (32, True), (33, False)):
            found.add(
                Task(id=ident, plan_id=901, position=ident, text="整理", is_complete=is_complete)
            )
        found.flush()
        yield found


def made(session: Session) -> list[tuple[object, ...]]:
    found = session.exec(select(Assignment).order_by(col(Assignment.id)))
    return [
        (p.task_id, p.department_id, p.role, p.state, p.done, p.percent, p.as_written)
        for p in found
    ]


def test_each_department_of_a_row_has_its_part(session: Session) -> None:
    first, second = departments(session)
    crew = (Part(first, "lead", "甲局"), Part(second, "support", "乙局"))
    assign(session, [31, 32, 33], [crew, crew[:1], ()], at=NOON)
    assert made(session) == [
        (31, first, "lead", "issued", False, 0, "甲局"),
        (31, second, "support", "issued", False, 0, "乙局"),
        (32, first, "lead", "completed", True, 100, "甲局"),
    ]
    assert {p.issued_at for p in session.exec(select(Assignment))} == {NOON}


def test_it_leaves_nothing_behind_and_can_be_done_again(session: Session) -> None:
    first, second = departments(session)
    assign(session, [31], [(Part(first, "lead", "甲局"),)], at=NOON)
    assign(session, [33], [(Part(second, "lead", "乙局"),)], at=NOON)
    assert [one[:2] for one in made(session)] == [(31, first), (33, second)]
    assert not set(sa.inspect(session.connection()).get_temp_table_names()) & {
        "crew",
        "crew_of_task",
    }


def departments(session: Session) -> list[int]:
    found = session.execute(sa.text("SELECT id FROM department ORDER BY id LIMIT 2")).scalars()
    return [int(ident) for ident in found]
