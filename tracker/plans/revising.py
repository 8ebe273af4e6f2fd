"""Revising (改任务): the office changes what a task says, its points, or a part's deadline, by hand."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from tracker.actor import Actor
from tracker.errors import InputError, StepRefused
from tracker.events import Event, deed
from tracker.plans.assignment import Assignment, AssignmentRole
from tracker.plans.task import Task
from tracker.text import clean_text


def revise(
    task: Task, *, by: Actor, at: datetime, text: str | None = None,
    points: Decimal | None | str = "as it is",
) -> Event:  # fmt: skip
    """Give a task another text or other points (None for none).

    Raises StepRefused for a withdrawn task, InputError for an empty text.
    """
    by.require("work.assign")
    if task.withdrawn_on is not None:
        raise StepRefused("这项任务已经撤销，不能再改。")
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    if text is not None:
        text = clean_text(text, field="工作任务")
        if not text:
            raise InputError("工作任务不能是空的。", "text")
        before["text"], after["text"] = task.text, text
        task.text = text
    if not isinstance(points, str):
        before["points"], after["points"] = _said(task.points), _said(points)
        task.points, task.points_by_mode = points, None
    return deed(
        by, "task.revised", "task", task.id, at=at, plan_id=task.plan_id, task_id=task.id,
        before=before, after=after,
    )  # fmt: skip


def _said(points: Decimal | None) -> str:
    return "" if points is None else f"{points.normalize():f}"


def redate(
    part: Assignment, task: Task, parts: Sequence[Assignment], due_on: date | None, *, by: Actor,
    at: datetime,
) -> Event:  # fmt: skip
    """Give a part another day, or none; the task has the latest of its leads', its supports follow it.

    `parts` are all of the task's. Raises StepRefused for work that has ended.
    """
    by.require("work.assign")
    if part.done:
        raise StepRefused("这项任务已经办结或撤销，不能再改时限。")
    was, part.due_on = part.due_on, due_on
    if part.role == AssignmentRole.LEAD:
        leads = [one for one in parts if one.role == AssignmentRole.LEAD and one.is_standing]
        days = [lead.due_on for lead in leads if lead.due_on is not None]
        task.due_on = max(days, default=None)
        task.deadline_version += 1
        for other in parts:
            if other.role == AssignmentRole.SUPPORT and not other.done and other.due_on == was:
                other.due_on = due_on
    return deed(
        by, "assignment.redated", "assignment", part.id, at=at, plan_id=part.plan_id,
        task_id=part.task_id, department_id=part.department_id,
        was=was.isoformat() if was else None, until=due_on.isoformat() if due_on else None,
    )  # fmt: skip
