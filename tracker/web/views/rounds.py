"""测评: rounds of a plan, what is scored in one, its end and its publication."""

from datetime import date

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col, select

from tracker import access
from tracker.errors import AlreadyDone, InputError
from tracker.events import keep
from tracker.paging import Page
from tracker.plans.archive import refuse_archived
from tracker.plans.listing import parts_of
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.scoring import publishing, queue
from tracker.scoring.item import Item, lay_out
from tracker.scoring.rectification import found_wanting
from tracker.scoring.round import Round, RoundKind, RoundState, Shows, close, open_round, reopen
from tracker.text import clean_line
from tracker.web import loading
from tracker.web.asked import day_of_words, number_asked
from tracker.web.context import actor, at, reading, today, writing
from tracker.web.gate import policy

blueprint = Blueprint("rounds", __name__)
MOST = 100


@blueprint.get("/scoring")
@policy("scoring.read")
def index() -> ResponseReturnValue:
    """The rounds the person may see, newest first, with what still waits in each."""
    with reading() as session:
        found = access.rounds_for(actor()).order_by(col(Round.id).desc()).limit(MOST)
        rounds = session.exec(found).all()
        scored = select(Task.plan_id).where(col(Task.points).is_not(None))
        plans = access.plans_for(actor()).where(col(Plan.id).in_(scored))
        plans = plans.order_by(col(Plan.id).desc()).limit(MOST)
        return render_template(
            "pages/scoring/index.html", rounds=rounds, plans=session.exec(plans).all(),
            names=_names(session, [row.plan_id for row in rounds]),
            counts={row.id: queue.counts(session, _items(row)) for row in rounds},
        )  # fmt: skip


def _names(session: Session, plan_ids: list[int]) -> dict[int, str]:
    rows = session.execute(
        sa.select(col(Plan.id), col(Plan.name)).where(col(Plan.id).in_(plan_ids))
    )
    return {one.id: one.name for one in rows}


def _items(row: Round, **asked: str) -> queue.Asked:
    """The round's items as far as the person sees them."""
    assert row.id is not None
    only = access.items_for(actor()).with_only_columns(col(Item.id))
    return queue.Asked(row.id, only, **asked)


@blueprint.get("/plans/<int:plan_id>/rounds")
@policy("scoring.read")
def of_plan(plan_id: int) -> ResponseReturnValue:
    """A plan's rounds; the office opens another one here."""
    with reading() as session:
        plan = loading.plan(session, actor(), plan_id)
        rounds = session.exec(
            access.rounds_for(actor())
            .where(Round.plan_id == plan_id)
            .order_by(col(Round.id).desc())
        ).all()
        counts = {row.id: queue.counts(session, _items(row)) for row in rounds}
    return render_template(
        "pages/scoring/rounds.html", plan=plan, rounds=rounds, counts=counts, Kind=RoundKind
    )


@blueprint.post("/plans/<int:plan_id>/rounds")
@policy("round.change")
def create(plan_id: int) -> ResponseReturnValue:
    """Open a round over the plan's tasks with points."""
    kind, shows = request.form.get("kind", ""), request.form.get("shows", Shows.OWN_PLACE.value)
    if kind not in set(RoundKind) or shows not in set(Shows):
        raise InputError("请选择轮次种类：自评、市级模拟或正式测评。", "kind")
    with writing() as session:
        plan = loading.plan(session, actor(), plan_id, lock=True)
        refuse_archived(session, plan_id)
        row, event = open_round(
            plan, by=actor(), at=at(), on=today(), kind=RoundKind(kind), shows=Shows(shows),
            name=request.form.get("name", ""),
        )  # fmt: skip
        _refuse_same_name(session, row)
        keep(session, row)
        event.subject_id = row.id
        count = lay_out(session, row)
        if not count:
            raise InputError("这个计划的任务都没有分值，不能开展测评。请先导入带分值的表。")
        keep(session, event)
    flash(_("已开启“%(name)s”，共 %(count)s 个测评项。", name=row.name, count=count), "success")
    return redirect(url_for("rounds.page", round_id=row.id))


def _refuse_same_name(session: Session, row: Round) -> None:
    same = select(Round.id).where(Round.plan_id == row.plan_id, Round.name == row.name)
    if session.exec(same).first() is not None:
        raise AlreadyDone(f"这个计划已有名为“{row.name}”的轮次。请换个名称。")


@blueprint.get("/rounds/<int:round_id>")
@policy("scoring.read")
def page(round_id: int) -> ResponseReturnValue:
    """A round: its figures, its next step, and its items as a queue."""
    number = number_asked()
    with reading() as session:
        row = loading.scoring_round(session, actor(), round_id)
        asked = _items(row, **_asked())
        items = queue.page(session, asked, number=number)
        ids = [item.id or 0 for item, _task, _award in items]
        is_next = row.state == RoundState.CLOSED and actor().may("round.publish")
        wanting = found_wanting(session, row) if is_next else []
        return render_template(
            "pages/scoring/round.html", row=row, plan=session.get_one(Plan, row.plan_id),
            items=items, counts=queue.counts(session, asked), asked=asked, wanting=wanting, State=RoundState,
            parts=parts_of(session, [task.id or 0 for _item, task, _award in items]),
            modes=_modes(session, row), visits=queue.planned(session, ids),
            off=queue.off_so_far(session, ids) if actor().is_office else {},
            page=Page(number, queue.length(session, asked), queue.PAGE),
            rectification=_rectification(session, row),
        )  # fmt: skip


def _asked() -> dict[str, str]:
    state = request.args.get("state", "")
    return {
        "state": state if state in queue.STATES else "",
        "mode": clean_line(request.args.get("mode", "")[:100]),
    }


def _modes(session: Session, row: Round) -> list[tuple[str, int]]:
    rows = session.execute(
        access.items_for(actor())
        .where(Item.round_id == row.id)
        .with_only_columns(col(Item.mode), sa.func.count())
        .group_by(col(Item.mode))
        .order_by(sa.func.count().desc())
    )
    return [(mode, number) for mode, number in rows]


def _rectification(session: Session, row: Round) -> Plan | None:
    """The plan of rectification, for whoever sees it."""
    if row.rectification_plan_id is None:
        return None
    wanted = access.plans_for(actor()).where(Plan.id == row.rectification_plan_id)
    return session.exec(wanted).first()


@blueprint.post("/rounds/<int:round_id>/items")
@policy("round.change")
def complete(round_id: int) -> ResponseReturnValue:
    """Take in tasks that came to the plan after the round was opened."""
    with writing() as session:
        row = loading.scoring_round(session, actor(), round_id, lock=True)
        row.refuse_unless_open()
        count = lay_out(session, row)
    if count:
        flash(_("已补入 %(count)s 个测评项。", count=count), "success")
    else:
        flash(_("计划里没有新增的带分值的任务。"), "info")
    return redirect(url_for("rounds.page", round_id=round_id))


@blueprint.post("/rounds/<int:round_id>/closing")
@policy("round.change")
def end(round_id: int) -> ResponseReturnValue:
    """End the scoring."""
    with writing() as session:
        row = loading.scoring_round(session, actor(), round_id, lock=True)
        keep(session, close(row, by=actor(), at=at()), row)
    flash(_("已结束评分。核对后即可公布。"), "success")
    return redirect(url_for("rounds.page", round_id=round_id))


@blueprint.post("/rounds/<int:round_id>/reopening")
@policy("round.change")
def open_again(round_id: int) -> ResponseReturnValue:
    """Score on in a closed round."""
    with writing() as session:
        row = loading.scoring_round(session, actor(), round_id, lock=True)
        keep(session, reopen(row, by=actor(), at=at()), row)
    flash(_("已重新开放评分。"), "success")
    return redirect(url_for("rounds.page", round_id=round_id))


@blueprint.post("/rounds/<int:round_id>/publication")
@policy("round.publish")
def publish(round_id: int) -> ResponseReturnValue:
    """Publish: covert points, tasks of rectification, and everybody may see. Each finding may have a
    deadline of its own."""
    with writing() as session:
        row = loading.scoring_round(session, actor(), round_id, lock=True)
        plan = session.get_one(Plan, row.plan_id)
        done = publishing.publish(
            session, row, plan, by=actor(), at=at(), on=today(), rectify_by=_day("rectify_by"),
            own={
                finding.id or 0: day
                for finding, _task in found_wanting(session, row)
                if (day := _day(f"rectify_by-{finding.id}"))
            },
        )  # fmt: skip
    flash(
        _(
            "已公布“%(name)s”：%(awards)s 项得分，%(tasks)s 项整改任务已交办。",
            name=row.name, awards=done.awards, tasks=done.tasks,
        ), "success",
    )  # fmt: skip
    return redirect(url_for("rounds.page", round_id=round_id))


def _day(field: str) -> date | None:
    return day_of_words(request.form.get(field, ""), "整改时限", field)
