"""A process that dies in the middle of a step leaves neither half a change nor a change without its
event: every verb of the loop keeps its rows and its events in one place, `events.keep`."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel, col, func, select

from tests.conftest import Office
from tests.doomed import ended, ended_anew
from tests.work.acting import MINE, SOLE, act, newest, parts, signed
from tracker.db import Database
from tracker.demo.cast import PASSWORD
from tracker.events import Event, verify
from tracker.plans.assignment import Assignment
from tracker.settings import Settings
from tracker.web.app import create_app
from tracker.work.completion import Completion, Review
from tracker.work.extension import Extension
from tracker.work.handover import Handover

Step = Callable[[Office], tuple[str, dict[str, str]]]
POINTS = ("keep-before-event", "keep-after-event")


def submitted(office: Office) -> tuple[str, dict[str, str]]:
    part = signed(office, MINE, "edu")
    assert act(office.client_as("edu"), part, "completions", statement="请审核") == 302
    return f"/completions/{newest(office, Completion).id}/review", {"verdict": "accepted"}


def transferred(office: Office) -> tuple[str, dict[str, str]]:
    part = signed(office, SOLE, "edu")
    data = {"kind": "transfer", "reason": "划转", "to": "清河县卫生健康委员会"}
    assert act(office.client_as("edu"), part, "handovers", **data) == 302
    return f"/handovers/{newest(office, Handover).id}/decision", {"verdict": "granted"}


def withdrawn(office: Office) -> tuple[str, dict[str, str]]:
    return f"/tasks/{office.task(MINE).id}/withdrawal", {"reason": "文件已废止"}


def standing(office: Office) -> list[Any]:
    """Everything that the steps change, and the history."""
    found: list[Any] = []
    models: tuple[type[SQLModel], ...] = (Review, Handover, Extension, Assignment)
    with office.database.reading() as session:
        found += [session.exec(select(func.count()).select_from(m)).one() for m in models]
        found += session.exec(select(Event.verb).where(col(Event.task_id).is_not(None))).all()
        found.append(verify(session))
    for task in (office.task(MINE), office.task(SOLE)):
        found.append(task.model_dump())
        found += [part.model_dump() for part in parts(office, task)]
    return found


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("step", [submitted, transferred, withdrawn])
def test_killed_in_the_middle_nothing_has_happened(office: Office, step: Step, point: str) -> None:
    killed_and_done_again(office, step, point, ended)


@pytest.mark.only_on("sqlite")
def test_killed_in_an_interpreter_of_its_own(office: Office) -> None:
    killed_and_done_again(office, submitted, "keep-after-event", ended_anew)


def killed_and_done_again(
    office: Office, step: Step, point: str, within: Callable[..., int]
) -> None:
    """Post the form in a process that dies at the failpoint, then in one that does not."""
    address, data = step(office)
    facts = (str(office.settings.instance), office.settings.database, address, data)
    before = standing(office)
    assert within(post_as_office, *facts, TRACKER_FAILPOINT=point) == -9
    assert standing(office) == before
    assert ended(post_as_office, *facts, TRACKER_FAILPOINT="") == 0  # the control: it can succeed
    assert standing(office) != before


def post_as_office(instance: str, url: str, address: str, data: dict[str, str]) -> None:
    """In the other process: sign in, which is an event too, then send the form."""
    settings = Settings(
        instance=Path(instance), database_url=url, secret_key="a key for tests only",
        base_url="http://tracker.test",
    )  # fmt: skip
    app = create_app(settings, Database(settings.database))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    client = app.test_client()
    client.environ_base["HTTP_HOST"] = "tracker.test"
    point = os.environ.pop("TRACKER_FAILPOINT")
    assert (
        client.post("/sign-in", data={"login": "office", "password": PASSWORD}).status_code == 302
    )
    os.environ["TRACKER_FAILPOINT"] = point
    assert client.post(address, data=data).status_code == 302
