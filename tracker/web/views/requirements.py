"""What evidence a task must have: set by the office on the task's page."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.errors import InputError
from tracker.events import keep
from tracker.files.kinds import Group
from tracker.plans.task import Task
from tracker.web import loading
from tracker.web.context import actor, at, writing
from tracker.web.gate import policy
from tracker.work.requirement import Wanted, in_force, proposed, remove, require

blueprint = Blueprint("requirements", __name__)


def _back(task: Task) -> ResponseReturnValue:
    return redirect(url_for("tasks.page", task_id=task.id, _anchor="evidence"))


@blueprint.post("/tasks/<int:task_id>/requirements")
@policy("requirement.change")
def add(task_id: int) -> ResponseReturnValue:
    """Ask for evidence: as the form says, or all that the imported table asked for."""
    with writing() as session:
        task = loading.task_in_use(session, actor(), task_id)
        present = in_force(session, task_id)
        names = {one.name for one in present}
        if request.form.get("proposed"):
            asked = [one for one in proposed(task) if one.name not in names]
        else:
            asked = [_wanted()]
        for one in asked:
            row, event = require(task, one, present, by=actor(), at=at())
            keep(session, row, event)
            present.append(row)
    flash(_("已设定 %(count)s 条佐证要求。", count=len(asked)), "success")
    return _back(task)


def _wanted() -> Wanted:
    least = request.form.get("least", "1")
    if not (least.isascii() and least.isdecimal() and len(least) < 4):
        raise InputError("请把份数写成 1 到 99 的整数。", "least")
    kinds = tuple(Group(word) for word in request.form.getlist("kinds") if word in set(Group))
    return Wanted(request.form.get("name", ""), kinds, int(least))


@blueprint.post("/requirements/<int:requirement_id>/removal")
@policy("requirement.change")
def take_off(requirement_id: int) -> ResponseReturnValue:
    """No longer ask for it."""
    with writing() as session:
        requirement = loading.requirement(session, actor(), requirement_id, lock=True)
        task = loading.task_in_use(session, actor(), requirement.task_id)
        keep(session, requirement, remove(requirement, task, by=actor(), at=at()))
    flash(_("已取消佐证要求“%(name)s”。", name=requirement.name), "success")
    return _back(task)
