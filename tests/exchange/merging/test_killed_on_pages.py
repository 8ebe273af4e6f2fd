"""A server that dies while a page's confirmation, a new task or an undoing is written: all or nothing."""

import pytest
from sqlmodel import col, func, select

from tests.conftest import Office
from tests.doomed import ended
from tests.exchange.merging.hands import EDU, SERVICE, opened, take_out
from tests.exchange.merging.test_pairing import add_row
from tests.exchange.merging.test_returns import form_of, rows, send
from tests.exchange.merging.test_together import MARKET, address, said_by, seen
from tests.exchange.merging.test_undoing import everything, written
from tests.work.test_killed import post_as_office
from tracker.events import Event, verify


def standing(office: Office) -> object:
    with office.database.reading() as session:
        events = session.exec(
            select(func.count(col(Event.id))).where(col(Event.verb) != "user.signed_in")
        ).one()
        history = verify(session)
    states = [(row.state, row.trace, row.counts) for row in rows(office)]
    return everything(office.database), states, events, history


def all_or_nothing(office: Office, point: str, path: str, form: dict[str, object]) -> None:
    facts = (str(office.settings.instance), office.settings.database, path, form)
    before = standing(office)
    assert ended(post_as_office, *facts, TRACKER_FAILPOINT=point) == -9
    assert standing(office) == before
    assert ended(post_as_office, *facts, TRACKER_FAILPOINT="") == 0  # the control: it can succeed
    assert standing(office) != before


@pytest.mark.parametrize("point", ["merge-row", "merge-before-commit", "keep-after-event"])
def test_two_departments_in_one_confirmation(office: Office, point: str) -> None:
    send(office, said_by(office, EDU, "edu", "教育的进展", "edu"), login="edu")
    send(office, said_by(office, MARKET, "market", "市场的进展", "market"), login="market")
    all_or_nothing(office, point, f"{address(office)}/application", dict(seen(office)))


@pytest.mark.parametrize("point", ["merge-row", "keep-after-event"])
def test_a_new_task(office: Office, point: str) -> None:
    book = opened(take_out(office, plan=SERVICE))
    add_row(book, EDU)
    place = send(office, book.saved(), login="office").headers["Location"]
    _page, form = form_of(office, place, "office")
    ticked: dict[str, object] = {**form, f"new-{rows(office)[-1].id}-0": "on"}
    all_or_nothing(office, point, f"{place}/application", ticked)


@pytest.mark.parametrize("point", ["undo-return", "keep-before-event", "keep-after-event"])
def test_an_undoing(office: Office, point: str) -> None:
    send(office, said_by(office, EDU, "edu", "教育的进展", "edu"), login="edu")
    all_or_nothing(office, point, f"{written(office, 'office')}/undoing", {})
