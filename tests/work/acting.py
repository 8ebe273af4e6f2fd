"""How sentences about the loop act: through a browser's forms, and look at the rows afterwards."""

from datetime import timedelta
from typing import TypeVar

from flask.testing import FlaskClient
from sqlmodel import SQLModel, col, select

from tests.conftest import Office
from tracker.events import Event
from tracker.plans.assignment import Assignment
from tracker.plans.task import Task

FRESH = "2) 全县干部"
"""Issued to nineteen departments, signed by nobody."""
MINE = "3) 学校食堂公示"
"""Led by edu and market."""
SOLE = "校服、教辅收费公示"
"""Led by edu, helped by market; edu works on it."""

Row = TypeVar("Row", bound=SQLModel)


def post(browser: FlaskClient, address: str, **data: object) -> int:
    return browser.post(address, data=data).status_code


def said(browser: FlaskClient, address: str, **data: object) -> tuple[int, str]:
    answer = browser.post(address, data=data)
    return answer.status_code, answer.get_data(as_text=True)


def act(browser: FlaskClient, part: Assignment, noun: str, **data: object) -> int:
    return post(browser, f"/assignments/{part.id}/{noun}", **data)


def signed(office: Office, beginning: str, login: str) -> Assignment:
    """The department's part, signed for."""
    part = office.part(beginning, login)
    if part.received_at is None:
        assert act(office.client_as(login), part, "receipt") == 302
    return now(office, part)


def now(office: Office, row: Row) -> Row:
    """The row as it stands."""
    with office.database.reading() as session:
        return session.get_one(type(row), row.id)  # type: ignore[attr-defined]


def newest(office: Office, model: type[Row]) -> Row:
    """The row written last."""
    with office.database.reading() as session:
        key = col(model.id)  # type: ignore[attr-defined]
        return session.exec(select(model).order_by(key.desc()).limit(1)).one()


def due_in(office: Office, part: Assignment, days: int) -> Assignment:
    """The part's deadline so many days from now."""
    with office.database.writing() as session:
        row = session.get_one(Assignment, part.id)
        row.due_on = office.now.date() + timedelta(days=days)
        session.add(row)
    return now(office, part)


def parts(office: Office, task: Task) -> list[Assignment]:
    with office.database.reading() as session:
        wanted = select(Assignment).where(Assignment.task_id == task.id)
        return list(session.exec(wanted.order_by(col(Assignment.id))))


def verbs(office: Office, task_id: int | None) -> list[str]:
    """What happened to the task, oldest first."""
    with office.database.reading() as session:
        wanted = select(Event.verb).where(Event.task_id == task_id).order_by(col(Event.id))
        return list(session.exec(wanted))
