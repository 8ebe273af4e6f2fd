"""What the office asks of reports, target and rhythm, and the difficulties that they name."""

from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col

from importers.rhythm_rule import of_code
from tracker import access
from tracker.errors import InputError
from tracker.events import keep
from tracker.paging import Page
from tracker.plans.archive import refuse_archived
from tracker.plans.assignment import Assignment
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.web import loading
from tracker.web.asked import id_asked, number_asked
from tracker.web.context import actor, at, reading, today, tracker, writing
from tracker.web.gate import policy
from tracker.web.workdays import working_calendar
from tracker.work import progress, reporting
from tracker.work.rhythm import present
from tracker.work.target import Relation, amount, in_force, remove_target, set_target, unit_of

blueprint = Blueprint("progress", __name__)
NO_TARGET = "none"


@blueprint.post("/tasks/<int:task_id>/targets")
@policy("target.set")
def set_one(task_id: int) -> ResponseReturnValue:
    """Say what number is wanted of a task, or that none is."""
    relation = request.form.get("relation", "")
    with writing() as session:
        task, _parts = loading.held_task(session, actor(), task_id)
        if relation == NO_TARGET:
            _remove(session, task)
        else:
            _set(session, task, _relation(relation))
    flash(_("目标已保存。") if relation != NO_TARGET else _("已取消目标。"), "success")
    return redirect(url_for("tasks.page", task_id=task_id))


def _set(session: Session, task: Task, relation: Relation) -> None:
    unit = unit_of(request.form.get("unit", ""))
    former = in_force(session, task.id or 0)
    row, event = set_target(
        task, former, by=actor(), at=at(), relation=relation, value=_value(unit), unit=unit,
        measured=request.form.get("measured", ""),
    )  # fmt: skip
    if former is not None:
        keep(session, former)  # ended before its follower is there: only one is in force
    keep(session, row, event)


def _remove(session: Session, task: Task) -> None:
    former = in_force(session, task.id or 0)
    if former is not None:
        keep(session, former, remove_target(task, former, by=actor(), at=at()))


def _relation(written: str) -> Relation:
    if written not in set(Relation):
        raise InputError("请选择目标的关系：不少于、不超过或等于。", "relation")
    return Relation(written)


def _value(unit: str) -> Decimal:
    written = request.form.get("value", "").strip()
    if not written:
        raise InputError("请填写目标值。", "value")
    return amount(written, unit)


@blueprint.post("/tasks/<int:task_id>/rhythms")
@policy("rhythm.set")
def set_of_task(task_id: int) -> ResponseReturnValue:
    """How often a task's departments report; empty goes back to its deadline's or plan's."""
    code = reporting.code_written(request.form.get("rhythm", ""))
    with writing() as session:
        task, _parts = loading.held_task(session, actor(), task_id)
        event = reporting.set_task_rhythm(task, code, by=actor(), at=at())
        rule = reporting.rule_of(session.get_one(Plan, task.plan_id), task)
        keep(session, task)
        reporting.follow_task(
            session, task, rule, on=today(), calendar=working_calendar(session), zone=_zone()
        )
        keep(session, event)
    flash(_("报送周期已保存。"), "success")
    return redirect(url_for("tasks.page", task_id=task_id))


@blueprint.get("/plans/<int:plan_id>/rhythm")
@policy("rhythm.set")
def of_plan(plan_id: int) -> ResponseReturnValue:
    """How often the plan's departments report, to be read and set."""
    with reading() as session:
        plan = loading.plan(session, actor(), plan_id)
        rule, days = of_code(plan.rhythm), working_calendar(session)
        now = present(rule, today(), days) if rule else None
    return render_template("pages/plans/rhythm.html", plan=plan, rule=rule, now=now)


@blueprint.post("/plans/<int:plan_id>/rhythms")
@policy("rhythm.set")
def set_of_plan(plan_id: int) -> ResponseReturnValue:
    """The plan's rhythm, for all its tasks without one of their own."""
    code = reporting.code_written(request.form.get("rhythm", ""))
    with writing() as session:
        plan = loading.plan(session, actor(), plan_id, lock=True)
        refuse_archived(session, plan_id)
        event = reporting.set_plan_rhythm(plan, code, by=actor(), at=at())
        keep(session, plan)
        reporting.follow_plan(
            session, plan, on=today(), calendar=working_calendar(session), zone=_zone()
        )
        keep(session, event)
    flash(_("报送周期已保存。"), "success")
    return redirect(url_for("plans.page", plan_id=plan_id))


def _zone() -> str:
    return tracker().settings.timezone


@blueprint.get("/difficulties")
@policy("difficulty.read")
def difficulties() -> ResponseReturnValue:
    """What is in the way, of every open part whose latest report names it; newest first."""
    plan_id, number = id_asked("plan"), number_asked()
    with reading() as session:
        plan = loading.plan(session, actor(), plan_id) if plan_id is not None else None
        seen = access.assignments_for(actor()).with_only_columns(col(Assignment.id))
        total = progress.count_difficulties(session, seen, plan_id)
        rows = progress.difficulties(session, seen, plan_id, number=number)
    return render_template(
        "pages/difficulties/page.html",
        rows=rows,
        plan=plan,
        page=Page(number, total, progress.PAGE),
    )
