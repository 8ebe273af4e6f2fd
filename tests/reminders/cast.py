"""The cast: 清河县, three departments with their people, and one plan whose tasks a test names."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlmodel import Session, SQLModel, col, select

from tracker.actor import Role
from tracker.db import Database
from tracker.directory.department import Department
from tracker.directory.post import Holding, Post
from tracker.directory.user import User
from tracker.mail.message import Message
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.reminders.reminder import Reminder

TODAY = date(2026, 3, 10)
"""A Tuesday; no holiday is near."""
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
STARTED = date(2025, 1, 1)


@dataclass
class Cast:
    """Ids by name, and the verbs a test needs to set its scene."""

    database: Database
    departments: dict[str, int] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    plan_id: int = 0

    def keep(self, *rows: SQLModel) -> list[int]:
        """Write rows; their ids."""
        with self.database.writing() as session:
            session.add_all(rows)
            session.flush()
            return [row.id for row in rows if getattr(row, "id", None)]  # type: ignore[attr-defined]

    def department(self, name: str) -> int:
        self.departments[name] = self.keep(Department.named(name, at=LONG_AGO))[0]
        return self.departments[name]

    def person(
        self, name: str, department: str, role: Role = Role.CLERK, *, email: str | None = None,
        locale: str = "", from_on: date = STARTED,
    ) -> int:  # fmt: skip
        """Somebody who holds a post; the address is made from the login unless given."""
        login = f"u{len(self.users) + 1}"
        if email is None:
            email = f"{login}@qinghe.test"
        user = User(login=login, name=name, email=email, locale=locale, created_at=LONG_AGO)
        post = Post(title=role.value, role=role, department_id=self.departments[department])
        user_id, post_id = self.keep(user, post)
        self.keep(Holding(post_id=post_id, user_id=user_id, from_on=from_on))
        self.users[name] = user_id
        return user_id

    def task(
        self, due_on: date | None, *departments: str, number: str = "", text: str = "整治校园周边",
        state: AssignmentState = AssignmentState.IN_PROGRESS,
    ) -> int:  # fmt: skip
        """A task; the first department leads, the others support."""
        task = Task(
            plan_id=self.plan_id, position=1, number=number, text=text, due_on=due_on,
            original_due_on=due_on,
        )  # fmt: skip
        task_id = self.keep(task)[0]
        self.keep(*(
            Assignment(
                plan_id=self.plan_id, task_id=task_id, department_id=self.departments[name],
                role=AssignmentRole.SUPPORT if place else AssignmentRole.LEAD, state=state,
                due_on=due_on, issued_at=LONG_AGO,
            )
            for place, name in enumerate(departments)
        ))  # fmt: skip
        return task_id

    def complete(self, task_id: int, state: AssignmentState = AssignmentState.COMPLETED) -> None:
        """Every part of a task enters a state."""
        with self.database.writing() as session:
            for part in session.exec(select(Assignment).where(Assignment.task_id == task_id)):
                part.move(state, on=TODAY)

    def extend(self, task_id: int, due_on: date) -> None:
        """A task gets another deadline."""
        with self.database.writing() as session:
            task = session.get_one(Task, task_id)
            task.due_on, task.deadline_version = due_on, task.deadline_version + 1
            for part in session.exec(select(Assignment).where(Assignment.task_id == task_id)):
                part.due_on = due_on

    def change(self, kind: type[SQLModel], row_id: int, **values: object) -> None:
        """Set a row's columns."""
        with self.database.writing() as session:
            for name, value in values.items():
                setattr(session.get_one(kind, row_id), name, value)

    def mail(self) -> list[Message]:
        """Every message, oldest first."""
        with self.database.reading() as session:
            return list(session.exec(select(Message).order_by(col(Message.id))))

    def ledger(self) -> list[Reminder]:
        """Every reminder, oldest first."""
        with self.database.reading() as session:
            return list(session.exec(select(Reminder).order_by(col(Reminder.id))))


def county(database: Database) -> Cast:
    """清河县: 教育局 with two clerks, 城管局 with one, 水务局 with only a head."""
    cast = Cast(database)
    for name in ("教育局", "城管局", "水务局"):
        cast.department(name)
    cast.person("教育经办甲", "教育局")
    cast.person("教育经办乙", "教育局")
    cast.person("教育负责人", "教育局", Role.HEAD)
    cast.person("城管经办", "城管局")
    cast.person("水务负责人", "水务局", Role.HEAD)
    cast.plan_id = cast.keep(Plan(name="清河县整治方案", created_at=LONG_AGO))[0]
    return cast


def addresses(messages: Iterable[Message]) -> list[str]:
    """Who they go to."""
    return [message.address for message in messages]


def count(session: Session, kind: type[SQLModel]) -> int:
    """How many rows of a table there are."""
    return len(session.exec(select(kind)).all())
