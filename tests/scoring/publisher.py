"""Publishes a round in a process of its own, so that it can be killed in the middle."""

from datetime import date, datetime

from tracker import models  # noqa: F401  every table, which foreign keys need
from tracker.db import Database
from tracker.directory.actors import actor_for
from tracker.plans.plan import Plan
from tracker.scoring.publishing import publish
from tracker.scoring.round import Round


def main(url: str, round_id: str, user_id: str, moment: str, day: str) -> None:
    """One transaction, as the page does it."""
    at = datetime.fromisoformat(moment)
    with Database(url).writing() as session:
        actor = actor_for(session, int(user_id), on=at.date())
        assert actor is not None
        row = session.get_one(Round, int(round_id), with_for_update=True)
        publish(
            session, row, session.get_one(Plan, row.plan_id), by=actor, at=at, on=at.date(),
            rectify_by=date.fromisoformat(day),
        )  # fmt: skip
