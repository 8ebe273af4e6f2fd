"""监控: four figures, then departments by light and rate. A figure leads to its rows."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import col

from tracker.access import plans_for, read_by, sees_all, tasks_for
from tracker.monitor import tallies
from tracker.plans.light import Light
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.web.asked import id_asked
from tracker.web.context import actor, reading, today
from tracker.web.gate import policy

blueprint = Blueprint("monitor", __name__)


@blueprint.get("/monitor")
@policy("monitor.read")
def page() -> ResponseReturnValue:
    """All active plans, or one of them."""
    wanted = id_asked("plan")
    with reading() as session:
        plans = session.exec(plans_for(actor()).order_by(col(Plan.id).desc()).limit(100)).all()
        seen = plans_for(actor()).where(Plan.id == wanted)
        plan = session.exec(seen).first() if wanted else None
        ident = plan.id if plan else None
        everything = sees_all(actor())
        only = None if everything else tasks_for(actor()).with_only_columns(col(Task.id))
        lights = tallies.task_lights(session, today=today(), plan_id=ident, only=only)
        departments = tallies.by_department(
            session, today=today(), plan_id=ident,
            departments=None if everything else read_by(actor()),
        )  # fmt: skip
    return render_template(
        "pages/monitor/page.html", plans=plans, plan=plan, lights=lights, departments=departments,
        total=sum(lights.values()), LIGHTS=list(Light),
    )  # fmt: skip
