"""审核: completion requests that wait for the office, and its answers."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col

from tracker.directory.department import Department
from tracker.errors import InputError
from tracker.events import keep
from tracker.mail import notices
from tracker.paging import Page
from tracker.plans.assignment import Assignment
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.web import loading
from tracker.web.asked import day_of_words, number_asked
from tracker.web.context import actor, at, reading, today, tracker, writing
from tracker.web.gate import policy
from tracker.web.workdays import working_calendar
from tracker.work.closing import close_if_done
from tracker.work.completion import Completion, Review, Verdict, review, waits
from tracker.work.extension import Extension
from tracker.work.extension import waits as extension_waits
from tracker.work.handover import Handover
from tracker.work.handover import waits as handover_waits
from tracker.work.lapsing import end_requests
from tracker.work.reporting import begin

blueprint = Blueprint("reviews", __name__)
PAGE = 50
MOST_ASKED = 100


@blueprint.get("/reviews")
@policy("work.review")
def queue() -> ResponseReturnValue:
    """The requests that wait, oldest first."""
    number = number_asked()
    with reading() as session:
        rows, total = _waiting(session, number)
        asked = [
            *_asked(session, Extension, extension_waits()),
            *_asked(session, Handover, handover_waits()),
        ]
    return render_template(
        "pages/reviews/queue.html", rows=rows, page=Page(number, total, PAGE),
        asked=sorted(asked, key=lambda row: (row.at, row.id)),
    )  # fmt: skip


def _asked(session: Session, model: Any, waits: sa.ColumnElement[bool]) -> Any:
    """Requests for more time, refusals and transfers that wait for the office."""
    kind = sa.literal("extension") if model is Extension else model.kind
    return session.execute(
        sa.select(
            model.id, model.at, model.reason, kind.label("kind"), col(Assignment.due_on),
            col(Task.id).label("task_id"), col(Task.number), col(Task.text),
            col(Plan.name).label("plan_name"), col(Department.name).label("department"),
        )
        .join(Assignment, col(Assignment.id) == model.assignment_id)
        .join(Task, col(Task.id) == Assignment.task_id)
        .join(Plan, col(Plan.id) == Assignment.plan_id)
        .join(Department, col(Department.id) == Assignment.department_id)
        .where(waits)
        .order_by(model.at, model.id)
        .limit(MOST_ASKED)
    ).all()  # fmt: skip


def _waiting(session: Session, number: int) -> tuple[Any, int]:
    total = session.execute(
        sa.select(sa.func.count())
        .select_from(Completion)
        .join(Assignment, col(Assignment.id) == Completion.assignment_id)
        .where(waits())
    ).scalar_one()
    rows = session.execute(
        sa.select(
            col(Completion.id), col(Completion.at), col(Completion.statement), col(Assignment.due_on),
            col(Assignment.returned), col(Task.id).label("task_id"), col(Task.number), col(Task.text),
            col(Plan.name).label("plan_name"), col(Department.name).label("department"),
        )
        .join(Assignment, col(Assignment.id) == Completion.assignment_id)
        .join(Task, col(Task.id) == Assignment.task_id)
        .join(Plan, col(Plan.id) == Assignment.plan_id)
        .join(Department, col(Department.id) == Assignment.department_id)
        .where(waits())
        .order_by(col(Completion.at), col(Completion.id))
        .offset((number - 1) * PAGE)
        .limit(PAGE)
    ).all()  # fmt: skip
    return rows, total


def to_answered(part: Assignment, kind: str, ident: int) -> ResponseReturnValue:
    """To the task whose request was answered; its page leads on to the next that waits."""
    return redirect(url_for("tasks.page", task_id=part.task_id, answered=ident, kind=kind))


@blueprint.post("/completions/<int:completion_id>/review")
@policy("work.review")
def decide(completion_id: int) -> ResponseReturnValue:
    """Accept the work, or return it with what is still wanted."""
    verdict = _verdict(request.form.get("verdict", ""))
    again_by = day_of_words(request.form.get("again_by", ""), "再次提交的日期", "again_by")
    with writing() as session:
        completion = loading.completion(session, actor(), completion_id, lock=True)
        part, (task, parts) = loading.held_part(session, actor(), completion.assignment_id)
        row, event = review(
            completion, part, by=actor(), at=at(), on=today(), verdict=verdict,
            demand=request.form.get("demand", ""), again_by=again_by,
        )  # fmt: skip
        closing = close_if_done(task, parts, by=actor(), at=at(), on=today())
        if verdict == Verdict.RETURNED:
            begin(session, [part], on=today(), calendar=working_calendar(session))
        keep(session, completion, task, *parts, row, event, *closing)
        end_requests(session, [one for one in parts if one.is_standing], at=at())
        untold = _tell(session, part, task, row) if verdict == Verdict.RETURNED else ""
    if untold:
        flash(_("已退回。") + untold, "warning")
    else:
        flash(_decided(verdict, is_complete=task.is_complete), "success")
    return to_answered(part, "completion", completion_id)


def _tell(session: Session, part: Assignment, task: Task, row: Review) -> str:
    """Mail the demand to the department's clerks; the reason when nobody could be told."""
    assert row.id is not None and task.id is not None and part.id is not None
    return notices.returned(
        session, review_id=row.id, assignment_id=part.id, task_id=task.id, number=task.number, text=task.text,
        department_id=part.department_id,
        department=session.get_one(Department, part.department_id).name, demand=row.demand,
        again_by=row.again_by, on=today(), at=at(), settings=tracker().settings,
    )  # fmt: skip


def _decided(verdict: Verdict, *, is_complete: bool) -> str:
    if verdict == Verdict.RETURNED:
        return str(_("已退回，并通知责任单位。"))
    if is_complete:
        return str(_("已同意，任务办结。"))
    return str(_("已同意这个单位办结；任务还等其他牵头单位。"))


def _verdict(written: str) -> Verdict:
    if written not in set(Verdict):
        raise InputError("请选择同意办结或退回。", "verdict")
    return Verdict(written)
