"""Archiving a plan and working on it at the same moment: one of them is refused."""

from functools import partial

import pytest

from tests.conftest import Office
from tests.together import at_once, meeting
from tests.work.acting import post
from tests.work.test_endings import DONE, finished
from tracker.plans import archive
from tracker.plans.plan import Plan, PlanState
from tracker.web import loading

pytestmark = pytest.mark.only_on("postgres")  # SQLite lets one writer in at a time


def both(office: Office) -> list[int]:
    """Somebody opens the plan's last task again while another archives the plan."""
    task = office.task(DONE)
    browsers = office.client_as("office"), office.client_as("admin")
    return at_once(
        partial(post, browsers[0], f"/tasks/{task.id}/reopening", reason="复查"),
        partial(post, browsers[1], f"/plans/{task.plan_id}/archive"),
    )


def is_archived(office: Office) -> bool:
    with office.database.reading() as session:
        return session.get_one(Plan, office.task(DONE).plan_id).state == PlanState.ARCHIVED


def test_a_plan_is_never_archived_over_work_that_is_opened_meanwhile(office: Office) -> None:
    finished(office, office.task(DONE).plan_id)
    assert sorted(both(office)) == [302, 409]
    assert is_archived(office) == office.task(DONE).is_complete


def test_without_the_plans_lock_both_would_go_through(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both have looked before either goes on, and nothing keeps them apart."""
    finished(office, office.task(DONE).plan_id)
    look = meeting(lambda: None, 2)
    count = archive.open_tasks
    monkeypatch.setattr(loading, "refuse_archived", lambda *_: look())

    def counted(*given):  # type: ignore[no-untyped-def]
        left = count(*given)
        look()
        return left

    monkeypatch.setattr(archive, "open_tasks", counted)
    assert both(office) == [302, 302]
    assert is_archived(office)
    assert not office.task(DONE).is_complete
