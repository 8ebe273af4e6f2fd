"""A county of any size: 200 departments, plans of 2,000 tasks, parts in every state.

Made by the tracker's own bulk insert, the same rows for the same size every time.
"""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel

from importers.collection import no_collection
from tracker import bulk, schema
from tracker.actor import Role
from tracker.db import Database
from tracker.directory import signin
from tracker.directory.department import Department
from tracker.directory.post import Holding, Post
from tracker.directory.user import User
from tracker.plans.assignment import AssignmentRole, AssignmentState
from tracker.plans.plan import Plan
from tracker.settings import Settings

DEPARTMENTS = 200
TASKS_IN_A_PLAN = 2000
SECTIONS_IN_A_PLAN = 40
BUSY = 1
"""The department whose page is measured: at every size it has more than one page of open work."""
BUSY_AT_LEAST = 200

STATES = (
    (AssignmentState.ISSUED, 25), (AssignmentState.IN_PROGRESS, 30), (AssignmentState.SUBMITTED, 5),
    (AssignmentState.COMPLETED, 35), (AssignmentState.CLOSED, 4), (AssignmentState.WITHDRAWN, 1),
)  # fmt: skip
ENDED = {AssignmentState.COMPLETED, AssignmentState.CLOSED, AssignmentState.WITHDRAWN}

TASK = (
    "id", "plan_id", "section_id", "position", "number", "text", "standard", "modes", "points",
    "deadline_text", "deadline_kind", "deadline_version", "due_on", "original_due_on", "match_key",
    "source", "fields", "is_complete",
)  # fmt: skip
PART = (
    "plan_id", "task_id", "department_id", "role", "state", "done", "due_on", "issued_at",
    "percent", "returned", "as_written",
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """A filled database, and a session of one clerk and of one administrator (cookie tokens)."""

    settings: Settings
    today: date
    clerk: str
    administrator: str


def table_of(model: type[SQLModel]) -> Any:
    return model.__table__  # type: ignore[attr-defined]


def make(folder: Path, assignments: int, *, today: date, url: str = "") -> World:
    """A world with about so many assignments in a database of its own."""
    url = url or f"sqlite:///{folder}/tracker.db"
    settings = Settings(
        instance=folder, database_url=url, secret_key="a key for the bench only",
        base_url="http://127.0.0.1", smtp_host="", mail_from="tracker@county.test",
    )  # fmt: skip
    database = Database(url)
    schema.migrate(database)
    at = datetime(today.year, today.month, today.day, tzinfo=UTC) - timedelta(days=1)
    with database.writing() as session:
        tokens = _people(session, at)
    _fill(database, assignments, today=today, at=at)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    database.close()
    return World(settings, today, *tokens)


def _people(session: Any, at: datetime) -> list[str]:
    departments = [
        Department.named(f"清河县第{n}工作局", at=at, position=n) for n in range(1, DEPARTMENTS + 1)
    ]
    session.add_all(departments)
    session.flush()
    tokens = []
    for n, department in enumerate(departments, 1):
        token = _person(session, f"clerk{n}", Role.CLERK, department.id, at)
        tokens += [token] if department.id == BUSY else []
    return [*tokens, _person(session, "office", Role.ADMINISTRATOR, None, at)]


def _person(session: Any, login: str, role: Role, department: int | None, at: datetime) -> str:
    user = User(login=login, name=login, email=f"{login}@county.test", created_at=at)
    post = Post(title="经办人" if department else "管理员", role=role, department_id=department)
    session.add_all([user, post])
    session.flush()
    session.add(Holding(user_id=user.id, post_id=post.id, from_on=date(2020, 1, 1)))
    row, token = signin.begin(user.id, at=at, hours=24 * 365)
    session.add(row)
    session.flush()
    return token


def _fill(database: Database, assignments: int, *, today: date, at: datetime) -> None:
    """One plan after the other, each in its own transaction, until there is enough."""
    made, plan_id, chance = 0, 0, random.Random(7)
    while made < assignments:
        plan_id += 1
        left = assignments - made
        made += _plan(database, plan_id, left, chance, today=today, at=at, busy=made == 0)


def _plan(
    database: Database, plan_id: int, most: int, chance: random.Random, *, today: date,
    at: datetime, busy: bool,
) -> int:  # fmt: skip
    first = (plan_id - 1) * TASKS_IN_A_PLAN + 1
    tasks: list[tuple[Any, ...]] = []
    parts: list[tuple[Any, ...]] = []
    for ident in range(first, first + TASKS_IN_A_PLAN):
        if len(parts) >= most:
            break
        due_on = (
            None if chance.random() < 0.05 else today + timedelta(days=chance.randint(-60, 300))
        )
        own = _parts(plan_id, ident, due_on, chance, at, busy and ident <= BUSY_AT_LEAST)
        tasks.append(_task(plan_id, ident, due_on, all(part[5] for part in own), chance))
        parts += own
    with database.writing() as session, no_collection():
        session.add(Plan(id=plan_id, name=f"第{plan_id}号计划", created_at=at))
        session.flush()
        _sections(session, plan_id)
        bulk.insert(session, _tables()["task"], TASK, tasks)
        bulk.insert(session, _tables()["assignment"], PART, parts)
    return len(parts)


def _tables() -> Any:
    return SQLModel.metadata.tables


def _sections(session: Any, plan_id: int) -> None:
    first = (plan_id - 1) * SECTIONS_IN_A_PLAN + 1
    bulk.insert(
        session, _tables()["section"], ("id", "plan_id", "parent_id", "title", "depth", "position"),
        [
            (first + n, plan_id, None if n % 8 == 0 else first + n // 8 * 8,
             f"（{n + 1}）重点工作", int(n % 8 != 0), n + 1)
            for n in range(SECTIONS_IN_A_PLAN)
        ],
    )  # fmt: skip


def _task(
    plan_id: int, ident: int, due_on: date | None, complete: bool, chance: random.Random
) -> tuple[Any, ...]:
    number = (ident - 1) % TASKS_IN_A_PLAN + 1
    section = (
        (plan_id - 1) * SECTIONS_IN_A_PLAN
        + number * SECTIONS_IN_A_PLAN // (TASKS_IN_A_PLAN + 1)
        + 1
    )
    return (
        ident, plan_id, section, number, str(number),
        f"完成第{ident}号事项的整理、核对与上报工作，建立台账并按月报送进展情况", "",
        chance.choice(("明查", "暗访", "明查、暗访")), chance.randint(1, 9),
        due_on.isoformat() if due_on else "长期坚持", "date" if due_on else "ongoing", 1, due_on,
        due_on, f"{ident:032x}", f"任务表!E{number}", {}, complete,
    )  # fmt: skip


def _parts(
    plan_id: int, task_id: int, due_on: date | None, chance: random.Random, at: datetime, busy: bool
) -> list[tuple[Any, ...]]:
    chosen = chance.sample(range(2, DEPARTMENTS + 1), chance.choice((1, 2, 2, 3, 4)))
    if busy or chance.random() < 2.4 / DEPARTMENTS:
        chosen[0] = BUSY
    parts = []
    for place, department in enumerate(chosen):
        state = chance.choices([s for s, _ in STATES], [w for _, w in STATES])[0]
        role = AssignmentRole.SUPPORT if place else AssignmentRole.LEAD
        percent = 40 if state == AssignmentState.IN_PROGRESS else 0
        parts.append(
            (plan_id, task_id, department, role, state, state in ENDED, due_on, at, percent, 0, "")
        )
    return parts
