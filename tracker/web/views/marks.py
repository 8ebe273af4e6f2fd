"""What others write on a task: 批示 of leaders, 催办 of the office, 配合不力 of a lead."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col, select

from tracker import access
from tracker.errors import Forbidden, InputError
from tracker.events import keep
from tracker.mail import notices
from tracker.mail.catalogue import Named
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.task import Task
from tracker.web import loading
from tracker.web.asked import ids_sent, own_path
from tracker.web.context import actor, at, today, tracker, writing
from tracker.web.gate import policy
from tracker.work import cooperation, instruction
from tracker.work.completion import waiting_for_head
from tracker.work.cooperation import PoorCooperation
from tracker.work.urge import Urge, urge

blueprint = Blueprint("marks", __name__)
MOST_AT_ONCE = 200


@blueprint.post("/tasks/<int:task_id>/instructions")
@policy("work.instruct")
def instruct(task_id: int) -> ResponseReturnValue:
    """A leader writes what is to be done; the departments of the task are told by mail."""
    with writing() as session:
        task, parts = loading.held_task(session, actor(), task_id)
        row, event = instruction.instruct(
            task, by=actor(), at=at(), text=request.form.get("text", "")
        )
        keep(session, row, event)
        notices.instructed(
            session, row.id or 0, _named(task),
            {part.department_id: part.id or 0 for part in parts if part.is_standing},
            signed=row.signed, said=row.text, on=today(), at=at(), settings=tracker().settings,
        )  # fmt: skip
    flash(_("批示已写入，并发邮件给责任单位。"), "success")
    return redirect(url_for("tasks.page", task_id=task_id))


@blueprint.post("/urges")
@policy("work.urge")
def urge_many() -> ResponseReturnValue:
    """Urge one department or many, one mail for each; those that need none are passed over."""
    tasks, chosen = ids_sent("task")[:MOST_AT_ONCE], ids_sent("assignment")[:MOST_AT_ONCE]
    if not tasks and not chosen:
        raise InputError("请先选择要催办的任务。", "assignment")
    text = request.form.get("text", "")
    with writing() as session:
        idents = sorted({*chosen, *_open_parts(session, tasks)})
        parts = loading.assignments(session, actor(), idents, lock=True)
        urged_today = _urged_today(session, idents)
        at_heads = waiting_for_head(session, idents)
        wanted = [p for p in parts if _needs_it(p, at_heads) and p.id not in urged_today]
        made = [
            urge(
                part, by=actor(), at=at(), on=today(), text=text,
                waits_for_head=part.id in at_heads,
            )
            for part in wanted
        ]  # fmt: skip
        keep(session, *[one for pair in made for one in pair])
        untold = _tell(session, wanted, [row for row, _event in made])
    taken = {part.id for part in wanted}
    spared = [part for part in parts if part.id not in taken]
    flash(*_said(wanted, spared, untold))
    return redirect(own_path(request.form.get("next", "")) or url_for("plans.index"))


def _open_parts(session: Session, task_ids: list[int]) -> list[int]:
    """The open parts of tasks the person sees."""
    wanted = access.assignments_for(actor()).where(
        col(Assignment.task_id).in_(task_ids), col(Assignment.done).is_(False)
    )
    return [part.id for part in session.exec(wanted) if part.id]


def _needs_it(part: Assignment, at_heads: set[int]) -> bool:
    return not part.done and (part.state != AssignmentState.SUBMITTED or part.id in at_heads)


def _urged_today(session: Session, idents: list[int]) -> set[int]:
    wanted = select(Urge.assignment_id).where(
        col(Urge.assignment_id).in_(idents), Urge.on == today()
    )
    return set(session.exec(wanted))


def _tell(session: Session, parts: list[Assignment], rows: list[Urge]) -> int:
    """One mail for each department; says how many departments have nobody to read it."""
    tasks = {
        task.id: _named(task)
        for task in session.exec(select(Task).where(col(Task.id).in_({p.task_id for p in parts})))
    }
    urgings: dict[int, notices.Urging] = {}
    for part, row in zip(parts, rows, strict=True):
        new = notices.Urging(str(row.id), part.department_id, row.text, {})
        one = urgings.setdefault(part.department_id, new)
        one.tasks[row.assignment_id] = replace(tasks[part.task_id], due_on=part.due_on)
    return notices.urged(
        session, list(urgings.values()), on=today(), at=at(), settings=tracker().settings
    )


def _named(task: Task) -> Named:
    return Named(task.id or 0, task.number, task.text, task.due_on)


def _numbers(parts: list[Assignment]) -> dict[str, int]:
    """How many tasks and how many departments these parts are of."""
    return {
        "tasks": len({part.task_id for part in parts}),
        "departments": len({part.department_id for part in parts}),
    }


def _said(urged: list[Assignment], spared: list[Assignment], untold: int) -> tuple[str, str]:
    """What urging came to, and how it is shown."""
    said = ""
    if urged:
        said += _(
            "已催办 %(tasks)s 项任务的 %(departments)s 个单位，并发邮件给责任单位。",
            **_numbers(urged),
        )
    if spared:
        said += _(
            "%(tasks)s 项任务的 %(departments)s 个单位不需要催办（今天催过、已办结或等待审核），没有重复催。",
            **_numbers(spared),
        )
    if untold:
        said += _("%(count)s 个单位没有可收邮件的人，只在系统里能看到。", count=untold)
    return said, "success" if urged and not untold else "warning"


@blueprint.post("/assignments/<int:assignment_id>/poor-cooperation")
@policy("work.mark")
def mark(assignment_id: int) -> ResponseReturnValue:
    """The lead marks a helper of its task."""
    with writing() as session:
        helper, lead = _of_one_task(session, assignment_id)
        row, event = cooperation.mark(
            helper, lead, by=actor(), at=at(), reason=request.form.get("reason", ""),
            is_marked=_is_marked(session, helper, lead),
        )  # fmt: skip
        keep(session, row, event)
    flash(_("已标记配合不力，牵头办公室和这个单位都能看到。"), "success")
    return redirect(url_for("tasks.page", task_id=helper.task_id))


def _of_one_task(session: Session, assignment_id: int) -> tuple[Assignment, Assignment]:
    """The helper's part, which the lead sees in its task's list, and the person's own part."""
    found = loading.sibling(session, actor(), assignment_id)
    _task, parts = loading.held_task(session, actor(), found.task_id)
    helper = next(part for part in parts if part.id == assignment_id)
    own = [
        part for part in parts if part.department_id in actor().department_ids and part.is_standing
    ]
    if not own:
        raise Forbidden()
    return helper, min(own, key=lambda part: part.role)


def _is_marked(session: Session, helper: Assignment, lead: Assignment) -> bool:
    wanted = select(PoorCooperation.id).where(
        PoorCooperation.assignment_id == helper.id, PoorCooperation.lead_id == lead.id,
        col(PoorCooperation.lifted_at).is_(None),
    )  # fmt: skip
    return session.exec(wanted).first() is not None


@blueprint.post("/poor-cooperation/<int:mark_id>/lifting")
@policy("work.mark")
def lift(mark_id: int) -> ResponseReturnValue:
    """The lead takes its mark back."""
    with writing() as session:
        row = loading.mark(session, actor(), mark_id, lock=True)
        lead = session.get_one(Assignment, row.lead_id)
        helper = session.get_one(Assignment, row.assignment_id)
        if lead.department_id not in actor().department_ids:
            raise Forbidden("只有标记的单位可以取消。")
        loading.own_part(session, actor(), row.lead_id, lock=True)
        keep(session, row, cooperation.lift(row, helper, by=actor(), at=at()))
    flash(_("已取消标记。"), "success")
    return redirect(url_for("tasks.page", task_id=helper.task_id))
