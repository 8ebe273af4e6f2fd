"""A withdrawal (撤销): the office ends a task, or one department's part of it, without a result."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from tracker.actor import Actor
from tracker.errors import AlreadyDone, InputError, StepRefused
from tracker.events import Event, deed
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.task import Task
from tracker.text import clean_text
from tracker.work.closing import close_if_done

WITHDRAWN = "task.withdrawn"


def withdraw(
    task: Task, parts: Sequence[Assignment], *, by: Actor, at: datetime, on: date, reason: str
) -> Event:
    """End the task with all its open parts; those that were completed keep their result.

    Raises AlreadyDone when it was withdrawn, StepRefused when it is complete, InputError without a
    reason.
    """
    by.require("work.assign")
    _refuse_ended(task)
    reason = _reason(reason)
    task.withdrawn_on = on
    ending = [part for part in parts if not part.done]
    for part in ending:
        part.move(AssignmentState.WITHDRAWN)
    return deed(
        by, WITHDRAWN, "task", task.id, at=at, plan_id=task.plan_id, task_id=task.id,
        text=reason, parts=[part.id for part in ending],
    )  # fmt: skip


def withdraw_part(
    task: Task, part: Assignment, parts: Sequence[Assignment], *, by: Actor, at: datetime,
    on: date, reason: str,
) -> list[Event]:  # fmt: skip
    """End one department's part. The task is complete when the leads that are left are done.

    Raises StepRefused for work that has ended, for what waits for review, and for the only lead,
    whose part is reassigned or the whole task withdrawn.
    """
    by.require("work.assign")
    _refuse_ended(task)
    if part.done:
        raise StepRefused("这个单位的任务已经办结或撤销。")
    if part.state == AssignmentState.SUBMITTED:
        raise StepRefused("这个单位已经申请办结。请先同意或退回，再撤销。")
    leads = [one for one in parts if one.role == AssignmentRole.LEAD and one.is_standing]
    if leads == [part]:
        raise StepRefused("这是唯一的牵头单位。请改派给别的单位，或撤销整项任务。")
    reason = _reason(reason)
    part.move(AssignmentState.WITHDRAWN)
    gone = deed(
        by, "assignment.withdrawn", "assignment", part.id, at=at, plan_id=part.plan_id,
        task_id=part.task_id, department_id=part.department_id, text=reason,
    )  # fmt: skip
    return [gone, *close_if_done(task, parts, by=by, at=at, on=on)]


def restore(
    task: Task, ended: Sequence[Assignment], waiting: Collection[int], *, by: Actor, at: datetime,
    reason: str,
) -> Event:  # fmt: skip
    """Take the withdrawal of a task back. `ended` are the parts that it ended (its event names
    them): each goes on where it stood; `waiting` are the ids of parts with an open completion
    request. Raises StepRefused for a task that is not withdrawn."""
    by.require("work.assign")
    if task.withdrawn_on is None:
        raise StepRefused("这项任务没有撤销，不需要恢复。")
    reason = _reason(reason)
    task.withdrawn_on = None
    for part in ended:
        if not part.is_standing:
            part.move(where_it_stood(part, is_waiting=part.id in waiting))
    return deed(
        by, "task.restored", "task", task.id, at=at, plan_id=task.plan_id, task_id=task.id,
        text=reason,
    )  # fmt: skip


def where_it_stood(part: Assignment, *, is_waiting: bool) -> AssignmentState:
    """The state of open work by what the department did: a request that waits, a receipt."""
    if is_waiting and part.role == AssignmentRole.LEAD:
        return AssignmentState.SUBMITTED
    return AssignmentState.IN_PROGRESS if part.received_at else AssignmentState.ISSUED


def _refuse_ended(task: Task) -> None:
    if task.withdrawn_on is not None:
        raise AlreadyDone("这项任务已经撤销。")
    if task.is_complete:
        raise StepRefused("这项任务已经办结，不能撤销。")


def _reason(written: str) -> str:
    reason = clean_text(written, field="理由")
    if not reason:
        raise InputError("请写明理由。", "reason")
    return reason
