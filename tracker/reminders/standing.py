"""The work that may call for a reminder on a day, and what was already said about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.directory.department import Department
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState, SentBack
from tracker.plans.plan import Plan, PlanState
from tracker.plans.task import Task
from tracker.reminders.reminder import Reminder

WORDS = 120
NUMBER = 20


@dataclass(frozen=True, slots=True)
class Standing:
    """One department's open part in one task, as the planner needs it."""

    assignment_id: int
    task_id: int
    department_id: int
    department: str
    role: AssignmentRole
    state: AssignmentState
    sent_back: SentBack | None
    due_on: date
    deadline_version: int
    number: str
    text: str

    @property
    def wanted(self) -> str:
        """What the department has to do next: a key of mail.words.WANTED."""
        if self.state is AssignmentState.ISSUED:
            return "receive"
        if self.sent_back and self.role is AssignmentRole.LEAD:
            return "correct"
        return "complete" if self.role is AssignmentRole.LEAD else "feed_back"


def is_open() -> sa.ColumnElement[bool]:
    """The department can still do something: not ended, and not waiting for the office's review or
    its answer to a refusal."""
    return sa.and_(
        col(Assignment.done) == sa.false(),
        col(Assignment.state) != AssignmentState.SUBMITTED,
        col(Assignment.refusal_waits).is_(sa.false()),
    )


def find(session: Session, *, until: date, department_id: int | None = None) -> Iterator[Standing]:
    """Open parts due at or before `until` in active plans, earliest deadline first.

    One query over ix_assignment_due; `department_id` narrows it to one department.
    """
    query = (
        sa.select(
            col(Assignment.id), col(Assignment.task_id), col(Assignment.department_id),
            sa.func.coalesce(sa.func.nullif(Department.short_name, ""), Department.name),
            col(Assignment.role), col(Assignment.state), col(Assignment.sent_back),
            col(Assignment.due_on), col(Task.deadline_version),
            sa.func.substr(col(Task.number), 1, NUMBER), sa.func.substr(col(Task.text), 1, WORDS),
        )
        .join(Task, col(Assignment.task_id) == col(Task.id))
        .join(Plan, col(Assignment.plan_id) == col(Plan.id))
        .join(Department, col(Assignment.department_id) == col(Department.id))
        .where(
            is_open(),
            col(Assignment.due_on) <= until,
            col(Plan.state) == PlanState.ACTIVE,
            col(Department.ended_on).is_(None),
        )
        .order_by(col(Assignment.due_on), col(Assignment.id))
    )  # fmt: skip
    if department_id is not None:
        query = query.where(col(Assignment.department_id) == department_id)
    for row in session.execute(query):
        yield Standing(*row)


Told = tuple[int, int, int, date]
"""Assignment, person, deadline version and deadline: what a step was said of, and to whom."""


def last_said(session: Session, *, since: date) -> dict[Told, date]:
    """The last step each person was told of each deadline, among nominal days from `since` on.

    Nothing that was cancelled counts. One range of ix_reminder_day, no join: an older deadline is
    another key.
    """
    rows = session.execute(
        sa.select(
            col(Reminder.assignment_id), col(Reminder.user_id), col(Reminder.deadline_version),
            col(Reminder.due_on), col(Reminder.day),
        )
        .where(col(Reminder.day) >= since, col(Reminder.cancelled_at).is_(None))
        .order_by(col(Reminder.day))
    )  # fmt: skip
    return {(assignment, user, version, due): day for assignment, user, version, due, day in rows}
