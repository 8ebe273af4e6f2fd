"""Assignments of very many new tasks: the database itself gives each department its row.

Plans name the same few departments over and over. Who is named together goes in once, each task with
the number of those it names, and one statement makes the rows of both.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker import bulk
from tracker.db import UtcDateTime
from tracker.intake.decide import Part
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.task import Task

Crew = tuple[Part, ...]
"""The departments of a row"""
_COLUMNS = (
    "plan_id", "task_id", "department_id", "role", "state", "done", "due_on", "issued_at", "percent",
    "returned", "as_written", "group_id",
)  # fmt: skip
_STAGE = sa.MetaData()
_CREW = bulk.temporary(
    "crew", _STAGE,
    sa.Column("number", sa.Integer, primary_key=True), sa.Column("nth", sa.Integer, primary_key=True),
    sa.Column("department_id", sa.Integer), sa.Column("role", sa.Text),
    sa.Column("as_written", sa.Text), sa.Column("group_id", sa.Integer),
)  # fmt: skip
_GIVEN = bulk.temporary(
    "crew_of_task", _STAGE,
    sa.Column("task_id", sa.Integer, primary_key=True), sa.Column("number", sa.Integer),
)  # fmt: skip


def assign(
    session: Session, task_ids: Sequence[int], crews: Sequence[Crew], *, at: datetime
) -> None:
    """Issue tasks that are written already to their departments, at `at`; those of a complete task
    have nothing left to do. Equal crews should be the same object: each goes in once."""
    numbers, different = _numbered(crews)
    with bulk.standing(session, _CREW, _GIVEN):
        bulk.insert(
            session, _CREW, _CREW.columns.keys(),
            (
                (number, nth, part.department_id, part.role, part.name, part.group_id)
                for number, crew in different.items()
                for nth, part in enumerate(crew)
            ),
        )  # fmt: skip
        bulk.insert(session, _GIVEN, _GIVEN.columns.keys(), zip(task_ids, numbers, strict=True))
        session.execute(_issue(at))


def _numbered(crews: Sequence[Crew]) -> tuple[list[int], Mapping[int, Crew]]:
    """Each row's crew as a number, and the crews by number."""
    known: dict[int, int] = {}
    numbers = [known.setdefault(id(crew), len(known)) for crew in crews]
    return numbers, dict(zip(numbers, crews, strict=True))


def _issue(at: datetime) -> sa.Insert:
    """One row for each task and department of its crew, in the order of both."""
    is_complete = col(Task.is_complete)
    ended, begun = AssignmentState.COMPLETED.value, AssignmentState.ISSUED.value
    made = (
        sa.select(
            col(Task.plan_id), _GIVEN.c.task_id, _CREW.c.department_id, _CREW.c.role,
            sa.case((is_complete, ended), else_=begun), is_complete, col(Task.due_on),
            sa.literal(at, UtcDateTime), sa.case((is_complete, 100), else_=0), sa.literal(0),
            _CREW.c.as_written, _CREW.c.group_id,
        )
        .select_from(_GIVEN)
        .join(_CREW, _CREW.c.number == _GIVEN.c.number)
        .join(Task, col(Task.id) == _GIVEN.c.task_id)
        .order_by(_GIVEN.c.task_id, _CREW.c.nth)
    )  # fmt: skip
    return sa.insert(Assignment).from_select(_COLUMNS, made, include_defaults=False)
