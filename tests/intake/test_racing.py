"""A later version meets a review, and one batch another, at the same moment; on PostgreSQL, where
both really are at work at once. Each race has a control that loses it."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from tests.conftest import NOON, Office
from tests.intake.sheets import workbook
from tests.intake.test_applying import apply, lay_out
from tracker.db import Database, serialise
from tracker.events import keep
from tracker.intake import applying
from tracker.intake.batch import APPLYING
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.holding import Held, held
from tracker.plans.task import Task
from tracker.web.views import imports
from tracker.work.closing import close_if_done
from tracker.work.completion import Completion, Verdict, request, review
from tracker.work.receipt import receive

pytestmark = pytest.mark.only_on("postgres")
TEXT = "核对校车线路并公示"
FIRST = ((1, TEXT, "教体局", "2026年6月底前"),)
SECOND = ((1, TEXT, "教体局、财政局", "2026年6月底前"),)


def without_the_task(session: Session, task_ids: Sequence[int]) -> dict[int, Held]:
    """What `held` once was: the parts are locked and read afresh, their task is neither."""
    wanted = select(Assignment).where(col(Assignment.task_id).in_(task_ids)).with_for_update()
    parts = session.exec(wanted.execution_options(populate_existing=True)).all()
    return {
        ident: Held(session.get_one(Task, ident), [one for one in parts if one.task_id == ident])
        for ident in task_ids
    }


def until_waiting(database: Database, count: int) -> None:
    """Come back when so many sessions of the database wait for a lock."""
    waiting = sa.text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(500):
        with database.engine.connect() as connection:
            if connection.execute(waiting).scalar_one() >= count:
                return
        time.sleep(0.02)
    raise AssertionError(f"never {count} waiting")


@dataclass
class Running:
    """Clicks at work, each in a thread of its own; the codes of their answers, in the clicks' order."""

    office: Office

    def __post_init__(self) -> None:
        self.answers: dict[str, int | None] = {}
        self.threads: list[threading.Thread] = []

    def click(self, browser: FlaskClient, address: str, **data: str) -> None:
        """Send a form and come back when it waits for somebody."""

        def send() -> None:
            self.answers[address] = browser.post(address, data=data).status_code

        self.answers[address] = None  # its place, whoever is answered first
        self.threads.append(threading.Thread(target=send))
        self.threads[-1].start()
        until_waiting(self.office.database, len(self.threads))

    def end(self) -> list[int]:
        for thread in self.threads:
            thread.join()
        return [code for code in self.answers.values() if code]


@pytest.fixture
def running(office: Office) -> Iterator[Running]:
    found = Running(office)
    yield found
    found.end()


@dataclass
class Case:
    """A plan with one lead that waits for its review, and the preview of a version with two."""

    part: int
    completion: int
    second: int


@pytest.fixture
def case(office: Office) -> Case:
    apply(office.database, lay_out(office.database, office.settings, workbook(FIRST), "校车"))
    part, clerk = office.part(TEXT, "edu"), office.actor("edu")
    with office.database.writing() as session:
        keep(session, part, *receive(part, by=clerk, at=NOON))
        completion, event = request(part, by=clerk, at=NOON, statement="请审核", required=())
        keep(session, part, completion, event)
    second = lay_out(office.database, office.settings, workbook(SECOND), "校车")
    assert part.id and completion.id
    return Case(part.id, completion.id, second)


def accepted_while_applying(office: Office, running: Running, case: Case) -> tuple[bool, set[str]]:
    """Whether the task is complete, and its parts' states, when the only lead was accepted after
    the batch had compared and before it held the task."""
    with office.database.writing() as session:
        accept(session, office, session.get_one(Completion, case.completion))
        running.click(office.client_as("office"), f"/imports/{case.second}/application")
    assert running.end() == [302]
    with office.database.reading() as session:
        task = session.exec(select(Task).where(Task.text == TEXT)).one()
        parts = session.exec(select(Assignment).where(Assignment.task_id == task.id))
        return task.is_complete, {part.state for part in parts}


def accept(session: Session, office: Office, completion: Completion) -> None:
    """What the review's view does; without its events, since the chain would let nobody sign in."""
    by, on = office.actor("office"), NOON.date()
    part = session.get_one(Assignment, completion.assignment_id)
    task, parts = held(session, [part.task_id])[part.task_id]
    row, _event = review(completion, part, by=by, at=NOON, on=on, verdict=Verdict.ACCEPTED)
    close_if_done(task, parts, by=by, at=NOON, on=on)
    session.add_all([completion, task, *parts, row])
    session.flush()


def test_a_lead_accepted_while_a_new_one_comes_in_leaves_the_task_open(
    office: Office, running: Running, case: Case
) -> None:
    stands = accepted_while_applying(office, running, case)
    assert stands == (False, {AssignmentState.COMPLETED, AssignmentState.ISSUED})


def test_control_a_task_not_read_again_is_complete_with_an_open_lead(
    office: Office, running: Running, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "held", without_the_task)
    stands = accepted_while_applying(office, running, case)
    assert stands == (True, {AssignmentState.COMPLETED, AssignmentState.ISSUED})


def review_meets_applying(office: Office, running: Running, case: Case) -> list[int]:
    """Both want the task that somebody else holds; the review was there first."""
    browsers = [office.client_as("office"), office.client_as("admin")]
    with office.database.writing() as session:
        task_id = session.get_one(Assignment, case.part).task_id
        session.exec(select(Task).where(Task.id == task_id).with_for_update()).one()
        running.click(browsers[0], f"/completions/{case.completion}/review", verdict="accepted")
        running.click(browsers[1], f"/imports/{case.second}/application")
    return running.end()


def test_a_review_and_a_later_version_never_wait_for_each_other(
    office: Office, running: Running, case: Case
) -> None:
    assert review_meets_applying(office, running, case) == [302, 302]


def test_control_parts_held_before_their_task_wait_in_a_circle(
    office: Office, running: Running, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "held", without_the_task)
    assert 503 in review_meets_applying(office, running, case)


def undo_meets_applying(office: Office, running: Running) -> list[int]:
    """A batch of a plan is undone while the next one is confirmed: both come while somebody
    else has the turn."""
    first = lay_out(office.database, office.settings, workbook(FIRST), "校车")
    apply(office.database, first)
    second = lay_out(office.database, office.settings, workbook(SECOND), "校车")
    browsers = [office.client_as("office"), office.client_as("admin")]
    with office.database.writing() as session:
        serialise(session, APPLYING)
        running.click(browsers[0], f"/imports/{first}/reversal")
        running.click(browsers[1], f"/imports/{second}/application")
    return running.end()


def test_undoing_one_batch_and_applying_the_next_never_wait_for_each_other(
    office: Office, running: Running
) -> None:
    assert undo_meets_applying(office, running) == [302, 409]


def test_control_a_batch_held_before_the_turn_waits_in_a_circle(
    office: Office, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "take_turn", lambda _session: None)
    assert 503 in undo_meets_applying(office, running)
