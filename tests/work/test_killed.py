"""A process that dies in the middle of a step leaves neither half a change nor a change without its
event: every verb of the loop keeps its rows and its events in one place, `events.keep`."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import SQLModel, col, func, select

from tests.conftest import Office
from tests.work.acting import MINE, SOLE, act, newest, parts, signed
from tracker.events import Event, verify
from tracker.plans.assignment import Assignment
from tracker.settings import Settings
from tracker.web.app import create_app
from tracker.work.completion import Completion, Review
from tracker.work.extension import Extension
from tracker.work.handover import Handover

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
def test_killed_in_the_middle_nothing_has_happened(
    office: Office, step: Callable[[Office], tuple[str, dict[str, str]]], point: str
) -> None:
    address, data = step(office)
    before = standing(office)
    assert posted(office, address, data, point) == -9
    assert standing(office) == before
    assert posted(office, address, data, "") == 0  # the control: it can succeed
    assert standing(office) != before


def posted(office: Office, address: str, data: dict[str, str], point: str) -> int:
    """Post the form in a process of its own that dies at the failpoint; its exit code."""
    settings = office.settings
    facts = (str(settings.instance), settings.database, address, data)
    code = f"from tests.work import test_killed as t; t.post_as_office(*{facts!r})"
    environment = {**os.environ, "TRACKER_FAILPOINT": point}
    return subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode


def post_as_office(instance: str, url: str, address: str, data: dict[str, str]) -> None:
    """In the other process: sign in, which is an event too, then send the form."""
    from pathlib import Path

    from tracker.db import Database
    from tracker.demo.cast import PASSWORD

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
