"""When the last lead's work is accepted the task is complete, and its supports' parts end too."""

from collections.abc import Sequence
from datetime import date, datetime

from tracker.actor import Actor
from tracker.events import Event, deed
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.task import Task


def close_if_done(
    task: Task, parts: Sequence[Assignment], *, by: Actor, at: datetime, on: date
) -> list[Event]:
    """Complete the task once every lead is done; `parts` are all of the task's."""
    standing = [part for part in parts if part.state != AssignmentState.WITHDRAWN]
    if task.is_complete or not all_led(standing):
        return []
    task.is_complete, task.completed_on = True, on
    for part in standing:
        if not part.done:
            part.move(AssignmentState.COMPLETED, on=on)
    return [
        deed(by, "task.completed", "task", task.id, at=at, plan_id=task.plan_id, task_id=task.id)
    ]


def all_led(standing: Sequence[Assignment]) -> bool:
    """Whether there are leads among the parts and all of them are done."""
    leads = [part for part in standing if part.role == AssignmentRole.LEAD]
    return bool(leads) and all(part.done for part in leads)
