"""The evidence of a task or a plan, taken out as one zip; only what the person may see."""

from urllib.parse import quote

import sqlalchemy as sa
from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col

from tracker import access
from tracker.errors import StepRefused
from tracker.exchange.evidence_list import Line, lines
from tracker.exchange.evidence_zip import streamed
from tracker.exchange.windows_names import safe
from tracker.plans.assignment import Assignment
from tracker.stores.chosen import store_of
from tracker.web import loading
from tracker.web.context import actor, reading, today, tracker
from tracker.web.gate import policy
from tracker.work.evidence import Evidence

blueprint = Blueprint("evidence_zips", __name__)


@blueprint.get("/tasks/<int:task_id>/evidence.zip")
@policy("evidence.read")
def of_task(task_id: int) -> ResponseReturnValue:
    """The evidence of one task."""
    with reading() as session:
        task = loading.task(session, actor(), task_id)
        found = _lines(session, col(Assignment.task_id) == task_id)
    return _sent(found, f"{task.number} {task.text[:30]}")


@blueprint.get("/plans/<int:plan_id>/evidence.zip")
@policy("evidence.read")
def of_plan(plan_id: int) -> ResponseReturnValue:
    """The evidence of a whole plan, in folders by its numbering."""
    with reading() as session:
        plan = loading.plan(session, actor(), plan_id)
        found = _lines(session, col(Assignment.plan_id) == plan_id)
    return _sent(found, plan.name)


def _lines(session: Session, at: sa.ColumnElement[bool]) -> list[Line]:
    """The pieces a person may have, of the parts at this task or plan."""
    seen = access.evidence_files_for(actor()).with_only_columns(col(Evidence.id))
    wanted = sa.select(Evidence, Assignment).join(
        Assignment, col(Evidence.assignment_id) == Assignment.id
    )
    wanted = wanted.where(col(Evidence.id).in_(seen), at)
    rows = session.execute(wanted.order_by(col(Evidence.id)))
    return lines(session, [(piece, part) for piece, part in rows])


def _sent(found: list[Line], name: str) -> ResponseReturnValue:
    if not found:
        raise StepRefused("这里还没有您能下载的佐证材料。")
    settings = tracker().settings
    body = streamed(found, store_of(settings), zone=settings.timezone)
    answer = Response(body, mimetype="application/zip")
    file_name = safe(f"{name}-佐证材料-{today():%Y%m%d}.zip", 120)
    named = f"filename=evidence.zip; filename*=UTF-8''{quote(file_name, safe='')}"
    answer.headers["Content-Disposition"] = f"attachment; {named}"
    return answer
