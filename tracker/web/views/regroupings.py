"""单位组成员核对: what today's members of the groups would change in a plan, as a proposal."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.errors import InputError
from tracker.events import keep
from tracker.plans.archive import refuse_archived
from tracker.plans.holding import held
from tracker.plans.regrouping import proposals, settle_all
from tracker.web import loading
from tracker.web.context import actor, at, reading, today, writing
from tracker.web.gate import policy
from tracker.work.lapsing import end_requests

blueprint = Blueprint("regroupings", __name__)


@blueprint.get("/plans/<int:plan_id>/groups")
@policy("work.assign")
def page(plan_id: int) -> ResponseReturnValue:
    """The proposals, each with a tick."""
    with reading() as session:
        plan = loading.plan(session, actor(), plan_id)
        found = proposals(session, plan_id, on=today())
    return render_template("pages/plans/groups.html", plan=plan, proposals=found)


@blueprint.post("/plans/<int:plan_id>/regroupings")
@policy("work.assign")
def settle(plan_id: int) -> ResponseReturnValue:
    """Write the proposals that were ticked, as they stand now."""
    chosen = set(request.form.getlist("proposal"))
    if not chosen:
        raise InputError("请先勾选要调整的单位。", "proposal")
    with writing() as session:
        loading.plan(session, actor(), plan_id)
        wanted = [one for one in proposals(session, plan_id, on=today()) if one.key in chosen]
        present = held(session, [ident for one in wanted for ident in one.task_ids])
        refuse_archived(session, plan_id)
        keep(session, *settle_all(wanted, present, by=actor(), at=at()))
        gone = [part for one in present.values() for part in one.parts if not part.is_standing]
        end_requests(session, gone, at=at())
    flash(_("已调整 %(count)s 个单位。", count=len(wanted)), "success")
    return redirect(url_for("regroupings.page", plan_id=plan_id))
