"""The light of a day: one rule in Python and in the database, counted for many plans at once."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from sqlmodel import col

from tests.conftest import Office
from tests.reminders.cast import LONG_AGO, TODAY, Cast, county
from tracker.db import Database
from tracker.monitor.matrix import Mark, matrix
from tracker.plans import listing
from tracker.plans.assignment import AssignmentState
from tracker.plans.light import Light, light_of
from tracker.plans.listing import Filters
from tracker.plans.plan import Plan
from tracker.plans.task import Task


@pytest.fixture
def cast(database: Database) -> Cast:
    return county(database)


def test_the_database_sees_the_same_light_on_every_day(cast: Cast, database: Database) -> None:
    days = [None, *(TODAY + timedelta(days=n) for n in range(-9, 10))]
    for done in (False, True):
        for day in days:
            cast.change(Task, cast.task(day, "教育局"), is_complete=done)
    with database.reading() as session:
        seen = session.execute(
            sa.select(listing.task_light(TODAY), col(Task.is_complete), col(Task.due_on))
        ).all()
    assert len(seen) == 2 * len(days)
    assert all(Light(s) == light_of(done=done, due_on=due, today=TODAY) for s, done, due in seen)


def test_many_plans_are_counted_as_each_by_itself(cast: Cast, database: Database) -> None:
    first = cast.plan_id
    cast.task(TODAY, "教育局")
    cast.task(TODAY - timedelta(days=1), "教育局")
    cast.plan_id = second = cast.keep(Plan(name="另一计划", created_at=LONG_AGO))[0]
    cast.task(None, "教育局")
    third = cast.keep(Plan(name="空计划", created_at=LONG_AGO))[0]
    only = sa.select(col(Task.id)).where(col(Task.due_on) == TODAY)
    with database.reading() as session:
        for narrowed in (None, only):
            together = listing.lights_by_plan(
                session, [first, second, third], narrowed, today=TODAY
            )
            assert together == {
                plan: listing.lights(session, plan, Filters(only=narrowed), today=TODAY)
                for plan in (first, second, third)
            }


def test_the_list_of_plans_asks_no_more_for_more_plans(office: Office) -> None:
    client, asked = office.client_as("office"), []
    sa.event.listen(
        office.database.engine, "before_cursor_execute", lambda *said: asked.append(said[2])
    )

    def questions() -> int:
        asked.clear()
        assert client.get("/plans").status_code == 200
        return len(asked)

    few = questions()
    with office.database.writing() as session:
        session.add_all(Plan(name=f"计划{n}", created_at=office.now) for n in range(20))
    assert questions() == few


def test_the_matrix_has_the_directorys_order_and_the_light_of_each_part() -> None:
    def part(task: int, department: int, position: int, role: str) -> SimpleNamespace:
        return SimpleNamespace(
            task_id=task, department_id=department, position=position, role=role, done=False,
            due_on=TODAY, name=f"单位{department}", short_name="简" if department == 1 else "",
        )  # fmt: skip

    seen = matrix(
        {7: [part(7, 2, 5, "lead"), part(7, 1, 9, "support")], 8: [part(8, 3, 5, "lead")]},
        today=TODAY,
    )
    assert seen.departments == [(2, "单位2"), (3, "单位3"), (1, "简")]
    assert set(seen.cells) == {(7, 2), (7, 1), (8, 3)}
    assert seen.cells[7, 1] == Mark("support", Light.DUE_SOON.value)


def test_a_withdrawn_part_has_no_place_in_the_matrix(cast: Cast, database: Database) -> None:
    gone = cast.task(TODAY, "城管局", state=AssignmentState.WITHDRAWN)
    stays = cast.task(TODAY, "水务局")
    with database.reading() as session:
        seen = matrix(listing.parts_of(session, [gone, stays]), today=TODAY)
    assert list(seen.cells) == [(stays, cast.departments["水务局"])]
