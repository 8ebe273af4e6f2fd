"""A post is held from a day on, until but not including another."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from tests.reminders.cast import TODAY, county
from tracker.db import Database
from tracker.directory.post import Holding, in_force

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("on", "held"),
    [(TODAY - DAY, False), (TODAY, True), (TODAY + DAY, True), (TODAY + 2 * DAY, False)],
)
def test_a_holding_is_in_force_from_its_first_day_until_before_its_last(
    database: Database, on: date, held: bool
) -> None:
    cast = county(database)
    cast.change(Holding, 1, from_on=TODAY, until_on=TODAY + 2 * DAY)
    with database.reading() as session:
        found = session.exec(select(Holding.id).where(in_force(on), Holding.id == 1)).first()
        assert (found == 1) == held
        assert len(session.exec(select(Holding.id).where(in_force(on))).all()) == 4 + held
