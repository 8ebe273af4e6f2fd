"""The demo world's rounds: what a stranger sees on the first evening."""

from sqlmodel import select

from tests.conftest import NOON
from tracker.db import Database
from tracker.demo import world
from tracker.events import verify
from tracker.scoring.ranking import ranking
from tracker.scoring.rectification import Rectification
from tracker.scoring.round import Round, RoundState
from tracker.scoring.rules import in_force
from tracker.scoring.scope import of_round
from tracker.settings import Settings


def test_the_demo_world_has_a_published_round_and_one_under_way(
    database: Database, settings: Settings
) -> None:
    settings.uploads.mkdir(parents=True)
    world.load(database, settings, at=NOON)
    with database.reading() as session:
        rehearsal, formal = session.exec(select(Round).order_by(Round.id)).all()  # type: ignore[arg-type]
        assert (rehearsal.state, formal.state) == (RoundState.PUBLISHED, RoundState.OPEN)
        found = ranking(
            session, of_round(rehearsal, settings.timezone), in_force(session, NOON.date())
        )
        assert len(found.lines) > 3 and any(line.bonus for line in found.lines)
        assert len(session.exec(select(Rectification)).all()) == 3
        assert verify(session) == []
