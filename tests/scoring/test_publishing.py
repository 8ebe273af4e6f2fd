"""Publication: covert points, rectification, all or nothing, once."""

import signal
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import col, func, select

from tests.conftest import Office
from tests.doomed import ended, ended_anew
from tests.scoring import publisher
from tests.scoring.play import (
    CANTEEN,
    CLINIC,
    COVERT,
    LATER,
    OPEN,
    award,
    award_of,
    close,
    finding,
    item,
    open_round,
    plan_visit,
    publish,
    published,
    seen,
)  # fmt: skip
from tests.together import at_once
from tracker.directory.signin import SignIn
from tracker.events import Event, verify
from tracker.models import TABLES
from tracker.plans.assignment import Assignment
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.scoring.finding import Finding
from tracker.scoring.rectification import Rectification
from tracker.scoring.round import RoundState

PLACES = ("publish-rectification", "publish-awards", "publish-before-commit")


@pytest.fixture
def scored(office: Office) -> int:
    """Two visits to one item, one clear, one never visited; an award beside them; closed."""
    ident = open_round(office)
    browser = office.client_as("inspector")
    for points in ("1.5", "2.25"):
        visit = plan_visit(office, ident, (COVERT, CLINIC))
        said = finding(item(office, ident, COVERT).id, points_off=points)
        browser.post(f"/visits/{visit.id}/findings", data=said)
    browser.post(
        f"/visits/{visit.id}/findings", data=finding(item(office, ident, CLINIC).id, "clear")
    )
    award(office.client_as("office"), item(office, ident, OPEN).id, "3")
    close(office, ident)
    return ident


def counts(office: Office) -> dict[str, int]:
    with office.database.reading() as session:
        every = (t for t in TABLES if t not in (SignIn, Event))  # whoever acts signs in
        found = {t.__name__: session.exec(select(func.count()).select_from(t)).one() for t in every}
        deeds = select(func.count()).select_from(Event).where(Event.verb != "user.signed_in")
        return {**found, "Event": session.exec(deeds).one()}


def test_deductions_of_all_visits_add_up(office: Office, scored: int) -> None:
    assert publish(office, scored).status_code == 302
    found = {one: award_of(office, item(office, scored, one).id) for one in (COVERT, CLINIC, OPEN)}
    points = {one: given and given.points for one, given in found.items()}
    assert points == {COVERT: Decimal("2.25"), CLINIC: Decimal(4), OPEN: Decimal(3)}
    assert award_of(office, item(office, scored, CANTEEN).id) is None, "nobody visited it"


def test_more_points_off_than_there_are_leave_nothing(office: Office) -> None:
    ident = open_round(office)
    visit, one = plan_visit(office, ident, (COVERT,)), item(office, ident, COVERT)
    for _time in range(2):
        said = finding(one.id, points_off="5")
        office.client_as("inspector").post(f"/visits/{visit.id}/findings", data=said)
    close(office, ident)
    publish(office, ident)
    given = award_of(office, one.id)
    assert given is not None and given.points == 0


def test_each_award_cites_its_event(office: Office, scored: int) -> None:
    publish(office, scored)
    with office.database.reading() as session:
        for beginning, verb in ((COVERT, "award.published"), (OPEN, "award.given")):
            one = item(office, scored, beginning)
            given = award_of(office, one.id)
            assert given is not None
            event = session.get_one(Event, given.event_id)
            assert (event.verb, event.subject_id) == (verb, one.id)
        assert verify(session) == []


def test_findings_become_tasks_of_the_leads_with_a_deadline(office: Office, scored: int) -> None:
    publish(office, scored)
    row, source = published(office, scored), office.task(COVERT)
    with office.database.reading() as session:
        plan = session.get_one(Plan, row.rectification_plan_id)
        assert plan.name == f"{session.get_one(Plan, row.plan_id).name} 暗访整改 正式测评"
        tasks = session.exec(select(Task).where(Task.plan_id == plan.id)).all()
        assert [task.due_on for task in tasks] == [LATER, LATER]
        links = session.exec(select(Rectification)).all()
        assert {link.task_id for link in links} == {task.id for task in tasks}
        wanting = session.exec(select(Finding.id).where(col(Finding.is_clear).is_(False))).all()
        assert {link.finding_id for link in links} == set(wanting)
        leads = leads_of(office, source.id)
        assert all(leads_of(office, task.id) == leads for task in tasks) and leads
    page = office.client_as("edu").get("/my-work").get_data(as_text=True)
    assert "门口有流动摊点" in page


def test_a_finding_may_have_a_deadline_of_its_own(office: Office, scored: int) -> None:
    with office.database.reading() as session:
        first = session.exec(
            select(Finding.id).where(col(Finding.is_clear).is_(False)).order_by(col(Finding.id))
        ).first()
    browser, soon = office.client_as("office"), LATER - timedelta(days=7)
    assert f'name="rectify_by-{first}"' in browser.get(f"/rounds/{scored}").get_data(as_text=True)
    past = {"rectify_by": LATER.isoformat(), f"rectify_by-{first}": "2026-01-01"}
    assert browser.post(f"/rounds/{scored}/publication", data=past).status_code == 422
    said = past | {f"rectify_by-{first}": soon.isoformat()}
    assert browser.post(f"/rounds/{scored}/publication", data=said).status_code == 302
    with office.database.reading() as session:
        days = session.execute(
            select(col(Rectification.finding_id), col(Task.due_on)).join(
                Task, col(Task.id) == Rectification.task_id
            )
        ).all()
    assert {ident: day for ident, day in days if ident != first} != {}
    assert all(day == (soon if ident == first else LATER) for ident, day in days)


def leads_of(office: Office, task_id: int | None) -> set[int]:
    with office.database.reading() as session:
        wanted = select(Assignment).where(Assignment.task_id == task_id, Assignment.role == "lead")
        return {part.department_id for part in session.exec(wanted)}


def test_an_open_round_is_not_published(office: Office) -> None:
    ident = open_round(office)
    assert publish(office, ident).status_code == 409
    assert published(office, ident).state == RoundState.OPEN


@pytest.mark.parametrize("day", ["", "2026-03-09", "soon"])
def test_findings_want_a_day_for_the_rectification(office: Office, scored: int, day: str) -> None:
    before = counts(office)
    assert publish(office, scored, day).status_code == 422
    assert counts(office) == before


def test_publishing_twice_changes_nothing(office: Office, scored: int) -> None:
    publish(office, scored)
    before = counts(office)
    assert publish(office, scored).status_code == 409
    assert counts(office) == before


def test_of_two_at_once_one_publishes(office: Office, scored: int) -> None:
    answers = at_once(lambda: publish(office, scored), lambda: publish(office, scored))
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    assert counts(office)["Rectification"] == 2
    with office.database.reading() as session:
        wanted = select(func.count()).select_from(Event).where(Event.verb == "round.published")
        assert session.exec(wanted).one() == 1
        assert verify(session) == []


@pytest.mark.parametrize("place", [*PLACES, ""])
def test_killed_in_the_middle_nothing_is_half_done(office: Office, scored: int, place: str) -> None:
    """The control is the run without a failpoint, which publishes."""
    is_whole_or_nothing(office, scored, place, ended)


@pytest.mark.only_on("sqlite")
def test_killed_in_an_interpreter_of_its_own(office: Office, scored: int) -> None:
    is_whole_or_nothing(office, scored, PLACES[-1], ended_anew)


def is_whole_or_nothing(
    office: Office, scored: int, place: str, within: Callable[..., int]
) -> None:
    before = counts(office)
    url = office.database.engine.url.render_as_string(hide_password=False)
    told = [
        url,
        str(scored),
        str(office.actor("office").user_id),
        office.now.isoformat(),
        str(LATER),
    ]
    code = within(publisher.main, *told, TRACKER_FAILPOINT=place)
    assert code == (-signal.SIGKILL if place else 0)
    state = published(office, scored).state
    assert state == (RoundState.CLOSED if place else RoundState.PUBLISHED)
    assert (counts(office) == before) == bool(place)
    if place:
        assert publish(office, scored).status_code == 302
    assert counts(office)["Rectification"] == 2


def test_a_later_version_of_the_plan_leaves_rectification_alone(
    office: Office, scored: int
) -> None:
    publish(office, scored)
    row = published(office, scored)
    with office.database.reading() as session:
        tasks = session.exec(select(Task).where(Task.plan_id == row.rectification_plan_id)).all()
    assert {task.batch_id for task in tasks} == {None}
    assert row.rectification_plan_id != row.plan_id
    page = f"/plans/{row.rectification_plan_id}"
    assert office.client_as("edu").get(page).status_code == 200
    assert office.client_as("office").get(f"{page}?view=matrix").status_code == 200


def test_published_points_stay_as_they_are(office: Office, scored: int) -> None:
    publish(office, scored)
    one = item(office, scored, OPEN)
    given = award_of(office, one.id)
    assert given is not None
    answer = award(office.client_as("office"), one.id, "0", seen=seen(office, given))
    assert answer.status_code == 409
    assert office.client_as("office").post(f"/rounds/{scored}/reopening").status_code == 409
