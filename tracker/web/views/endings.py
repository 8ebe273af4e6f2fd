"""How a task ends otherwise, or again not: 撤销 and 恢复, 销号 and 重新打开; 归档 of a plan."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col, select

from tracker.events import Event, keep
from tracker.plans import archive
from tracker.plans.assignment import Assignment
from tracker.plans.holding import held
from tracker.plans.task import Task
from tracker.web import loading
from tracker.web.asked import chosen_part
from tracker.web.context import actor, at, today, writing
from tracker.web.gate import policy
from tracker.web.workdays import working_calendar
from tracker.work import closing, withdrawal
from tracker.work.completion import Completion
from tracker.work.lapsing import end_requests
from tracker.work.reporting import begin

blueprint = Blueprint("endings", __name__)
MOST_AT_ONCE = 1000


def _reason() -> str:
    return request.form.get("reason", "")


def _at_task(task_id: int, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(url_for("tasks.page", task_id=task_id))


@blueprint.post("/tasks/<int:task_id>/withdrawal")
@policy("work.assign")
def withdraw(task_id: int) -> ResponseReturnValue:
    """End the task without a result."""
    with writing() as session:
        task, parts = loading.held_task(session, actor(), task_id)
        event = withdrawal.withdraw(task, parts, by=actor(), at=at(), on=today(), reason=_reason())
        keep(session, task, *parts, event)
    return _at_task(task_id, _("任务已撤销。"))


@blueprint.post("/tasks/<int:task_id>/restoration")
@policy("work.assign")
def restore(task_id: int) -> ResponseReturnValue:
    """Take the withdrawal of a task back."""
    with writing() as session:
        task, parts = loading.held_task(session, actor(), task_id)
        ended = _ended_by_withdrawal(session, task, parts)
        event = withdrawal.restore(
            task, ended, _waiting(session, ended), by=actor(), at=at(), reason=_reason()
        )
        begin(session, ended, on=today(), calendar=working_calendar(session))
        keep(session, task, *parts, event)
    return _at_task(task_id, _("任务已恢复，接着办理。"))


def _ended_by_withdrawal(session: Session, task: Task, parts: list[Assignment]) -> list[Assignment]:
    """The parts that the task's last withdrawal ended."""
    wanted = select(Event).where(Event.task_id == task.id, Event.verb == withdrawal.WITHDRAWN)
    event = session.exec(wanted.order_by(col(Event.id).desc()).limit(1)).first()
    named = set(event.data.get("parts", [])) if event else set()
    return [part for part in parts if part.id in named]


def _waiting(session: Session, parts: list[Assignment]) -> set[int]:
    """Parts whose completion request nobody has answered."""
    wanted = select(Completion.assignment_id).where(
        col(Completion.assignment_id).in_([part.id for part in parts]),
        col(Completion.reviewed_at).is_(None),
    )
    return set(session.exec(wanted))


@blueprint.post("/withdrawals")
@policy("work.assign")
def withdraw_part() -> ResponseReturnValue:
    """End one department's part."""
    with writing() as session:
        part, (task, parts) = loading.held_part(session, actor(), chosen_part())
        events = withdrawal.withdraw_part(
            task, part, parts, by=actor(), at=at(), on=today(), reason=_reason()
        )
        keep(session, task, *parts, *events)
        end_requests(session, [part], at=at())
    return _at_task(part.task_id, _("已撤销这个单位的任务。"))


@blueprint.post("/tasks/<int:task_id>/closing")
@policy("work.close")
def close(task_id: int) -> ResponseReturnValue:
    """销号."""
    with writing() as session:
        task, parts = loading.held_task(session, actor(), task_id)
        keep(session, task, *parts, closing.close(task, parts, by=actor(), at=at(), on=today()))
    return _at_task(task_id, _("任务已销号。"))


@blueprint.post("/tasks/<int:task_id>/reopening")
@policy("work.close")
def reopen(task_id: int) -> ResponseReturnValue:
    """Take a complete task back into work."""
    with writing() as session:
        task, parts = loading.held_task(session, actor(), task_id)
        event = closing.reopen(task, parts, by=actor(), at=at(), reason=_reason())
        begin(session, parts, on=today(), calendar=working_calendar(session))
        keep(session, task, *parts, event)
    return _at_task(task_id, _("任务已重新打开，接着办理。"))


@blueprint.post("/plans/<int:plan_id>/closings")
@policy("work.close")
def close_all(plan_id: int) -> ResponseReturnValue:
    """销号 for every complete task of the plan."""
    with writing() as session:
        loading.plan(session, actor(), plan_id)
        complete = select(Task.id).where(
            Task.plan_id == plan_id, col(Task.is_complete), col(Task.closed_on).is_(None)
        )
        idents = [i for i in session.exec(complete.order_by(col(Task.id)).limit(MOST_AT_ONCE)) if i]
        found = held(session, idents).values()
        archive.refuse_archived(session, plan_id)
        rows: list[Any] = []
        for task, parts in found:
            if task.is_complete and task.closed_on is None:
                event = closing.close(task, parts, by=actor(), at=at(), on=today())
                rows += [task, *parts, event]
        keep(session, *rows)
    count = sum(isinstance(row, Event) for row in rows)
    flash(_("已销号 %(count)s 项。", count=count), "success")
    return redirect(url_for("plans.page", plan_id=plan_id))


@blueprint.post("/plans/<int:plan_id>/archive")
@policy("plan.archive")
def archive_plan(plan_id: int) -> ResponseReturnValue:
    """归档: from then on the plan is only read."""
    with writing() as session:
        plan = loading.plan(session, actor(), plan_id, lock=True)
        left = archive.open_tasks(session, plan_id)
        keep(session, plan, archive.archive(plan, left, by=actor(), at=at(), on=today()))
    flash(_("计划已归档，只能查看。"), "success")
    return redirect(url_for("plans.page", plan_id=plan_id))


@blueprint.post("/plans/<int:plan_id>/reopening")
@policy("plan.archive")
def take_out(plan_id: int) -> ResponseReturnValue:
    """Open an archived plan again."""
    with writing() as session:
        plan = loading.plan(session, actor(), plan_id, lock=True)
        keep(session, plan, archive.take_out(plan, by=actor(), at=at(), reason=_reason()))
    flash(_("已取消归档。"), "success")
    return redirect(url_for("plans.page", plan_id=plan_id))
