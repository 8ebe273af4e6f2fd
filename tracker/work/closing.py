"""When the last lead's work is accepted the task is complete, and its supports' parts end too; the
office then strikes it off the list (销号)."""

from collections.abc import Sequence
from datetime import date, datetime

from tracker.actor import Actor
from tracker.errors import AlreadyDone, InputError, StepRefused
from tracker.events import Event, deed
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState, SentBack
from tracker.plans.task import Task
from tracker.text import clean_text


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


def close(task: Task, parts: Sequence[Assignment], *, by: Actor, at: datetime, on: date) -> Event:
    """Strike a complete task off the list (销号); the days of completion stay.

    Raises AlreadyDone when it is closed, StepRefused while it is not complete.
    """
    by.require("work.close")
    if task.closed_on is not None:
        raise AlreadyDone("这项任务已经销号。")
    if not task.is_complete:
        raise StepRefused("这项任务还没有办结，不能销号。")
    task.closed_on = on
    for part in parts:
        if part.state == AssignmentState.COMPLETED:
            part.move(AssignmentState.CLOSED, on=part.completed_on)
    return deed(by, "task.closed", "task", task.id, at=at, plan_id=task.plan_id, task_id=task.id)


def reopen(
    task: Task, parts: Sequence[Assignment], *, by: Actor, at: datetime, reason: str
) -> Event:
    """Take a task that was complete or closed back into work: its leads go on, a support too.

    Raises StepRefused while it is open, InputError without a reason.
    """
    by.require("work.close")
    if not task.is_complete:
        raise StepRefused("这项任务还在办理，不需要重新打开。")
    reason = clean_text(reason, field="理由")
    if not reason:
        raise InputError("请写明重新打开的理由。", "reason")
    task.is_complete, task.completed_on, task.closed_on = False, None, None
    for part in parts:
        if part.is_standing:
            _take_up(part, reason)
    return deed(
        by, "task.reopened", "task", task.id, at=at, plan_id=task.plan_id, task_id=task.id,
        text=reason,
    )  # fmt: skip


def _take_up(part: Assignment, reason: str) -> None:
    """Work that had been signed for comes back with the reason, the rest to be signed for."""
    if part.received_at is None:
        part.move(AssignmentState.ISSUED)
    else:
        part.send_back(SentBack.REOPENED, reason)


def all_led(standing: Sequence[Assignment]) -> bool:
    """Whether there are leads among the parts and all of them are done."""
    leads = [part for part in standing if part.role == AssignmentRole.LEAD]
    return bool(leads) and all(part.done for part in leads)
