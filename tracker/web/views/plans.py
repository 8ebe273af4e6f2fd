"""计划: the list, one plan as list or matrix, and the search over all of them."""

from collections import Counter
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col

from tracker import access
from tracker.actor import Actor
from tracker.directory.department import standing
from tracker.intake.batch import Batch, newest_applied
from tracker.monitor.matrix import matrix
from tracker.paging import Page
from tracker.plans import listing
from tracker.plans.light import Light
from tracker.plans.plan import Plan
from tracker.plans.task import Task, UnresolvedName
from tracker.text import clean_line
from tracker.web import loading
from tracker.web.asked import id_asked, number_asked
from tracker.web.context import actor, reading, today
from tracker.web.gate import policy
from tracker.web.workdays import report_window, unsigned_before, working_calendar
from tracker.work import receiptclock, rhythm
from tracker.work.progress import has_difficulties

blueprint = Blueprint("plans", __name__)
MOST_FOUND = 50
MOST_MODES = 8
PART_FILTERS = {"receipt": "late", "report": "late", "difficulties": "open"}


@blueprint.get("/plans")
@policy("plan.read")
def index() -> ResponseReturnValue:
    """The plans the person may see, newest first, with their lights."""
    with reading() as session:
        plans = session.exec(
            access.plans_for(actor()).order_by(col(Plan.id).desc()).limit(100)
        ).all()
        idents = [plan.id for plan in plans if plan.id]
        figures = listing.lights_by_plan(session, idents, _only(actor()).only, today=today())
    return render_template(
        "pages/plans/index.html", plans=plans, figures=figures, LIGHTS=list(Light)
    )


def _only(person: Actor, **filters: Any) -> listing.Filters:
    only = (
        None
        if access.sees_all(person)
        else access.tasks_for(person).with_only_columns(col(Task.id))
    )
    return listing.Filters(only=only, **filters)


def _asked() -> dict[str, Any]:
    light = request.args.get("light", "")
    return {
        "light": Light(light) if light in set(Light) else None,
        "mode": clean_line(request.args.get("mode", "")[:50]),
        "section_id": id_asked("section"),
        "department_id": id_asked("department"),
        "words": clean_line(request.args.get("q", "")[:100]),
        "unresolved": request.args.get("unresolved") == "1",
        "withdrawn": request.args.get("withdrawn") == "1",
    }


def _parts_asked() -> dict[str, str]:
    """What the tasks' parts are asked about, by who sees every part: receipt=late, report=late,
    difficulties=open."""
    if not access.sees_all(actor()):
        return {}
    said = {name: request.args.get(name, "") for name in PART_FILTERS}
    return {name: word for name, word in said.items() if word == PART_FILTERS[name]}


def _having(session: Session, parts: dict[str, str]) -> sa.ColumnElement[bool] | None:
    """The condition on a part that they make together."""
    if not parts:
        return None
    days = working_calendar(session)
    conditions = {
        "receipt": lambda: receiptclock.is_late(unsigned_before(days)),
        "report": lambda: rhythm.is_late(report_window(days)),
        "difficulties": has_difficulties,
    }
    return sa.and_(*(conditions[name]() for name in parts))


@blueprint.get("/plans/<int:plan_id>")
@policy("plan.read")
def page(plan_id: int) -> ResponseReturnValue:
    """One plan: outline at the left; list or matrix at the right; filters are the address."""
    view = "matrix" if request.args.get("view") == "matrix" else "list"
    asked, number = _asked(), number_asked()
    with reading() as session:
        plan = loading.plan(session, actor(), plan_id)
        parts_asked = _parts_asked()
        having = _having(session, parts_asked)
        shown = _shown(session, plan_id, {**asked, "having": having}, number)
        concerned = listing.concerned(session, shown["ids"], having)
        if view == "matrix":
            shown["matrix"] = matrix(shown["parts"], today=today())
        else:
            shown["unresolved"] = listing.unresolved_of(session, shown["ids"])
        newest = newest_applied(plan_id).with_only_columns(col(Batch.id))
        batch_id = session.execute(newest).scalar()
        departments = session.exec(standing()).all() if access.sees_all(actor()) else []
    return render_template(
        "pages/plans/page.html", plan=plan, view=view, asked=asked, batch_id=batch_id,
        concerned=concerned, parts_asked=parts_asked, PART_FILTERS=PART_FILTERS if access.sees_all(actor()) else {},
        departments=departments, LIGHTS=list(Light), has_layout=batch_id is not None, **shown,
    )  # fmt: skip


def _shown(session: Session, plan_id: int, asked: dict[str, Any], number: int) -> dict[str, Any]:
    filters = _only(actor(), **asked)
    rows = listing.page(session, plan_id, filters, today=today(), number=number)
    ids = [row.id for row in rows]
    lights = listing.lights(
        session, plan_id, _only(actor(), **{**asked, "light": None}), today=today()
    )
    total = lights.get(asked["light"], 0) if asked["light"] else sum(lights.values())
    return {
        "rows": rows,
        "ids": ids,
        "lights": lights,
        "total": total,
        "parts": listing.parts_of(session, ids),
        "modes": _modes(session, plan_id),
        "has_unresolved": _has_unresolved(session, plan_id),
        "withdrawn": _withdrawn(session, plan_id),
        "outline": listing.outline(session, plan_id, _only(actor()), today=today()),
        "page": Page(number, total, listing.PAGE),
    }


def _modes(session: Session, plan_id: int) -> list[tuple[str, int]]:
    """The scoring modes of the plan's tasks that the person may see, most frequent first."""
    rows = session.execute(
        access.tasks_for(actor())
        .where(col(Task.plan_id) == plan_id, col(Task.modes) != "")
        .with_only_columns(col(Task.modes), sa.func.count())
        .group_by(col(Task.modes))
    )
    found: Counter[str] = Counter()
    for modes, number in rows:
        for mode in modes.split("、"):
            found[mode] += number
    return found.most_common(MOST_MODES)


def _has_unresolved(session: Session, plan_id: int) -> bool:
    """Whether the person sees a task with a name that stands for nobody yet."""
    mine = access.tasks_for(actor()).with_only_columns(col(Task.id))
    wanted = sa.select(col(UnresolvedName.id)).where(
        col(UnresolvedName.plan_id) == plan_id, col(UnresolvedName.task_id).in_(mine)
    )
    return session.execute(wanted.limit(1)).first() is not None


def _withdrawn(session: Session, plan_id: int) -> int:
    """How many withdrawn tasks of the plan the person sees; a department sees none of its own."""
    found = listing.lights(session, plan_id, _only(actor(), withdrawn=True), today=today())
    return sum(found.values())


@blueprint.get("/search")
@policy("plan.read")
def search() -> ResponseReturnValue:
    """Tasks and plans whose text has the words; only what the person may see."""
    words = clean_line(request.args.get("q", "")[:100])
    if not words:
        return redirect(url_for("plans.index"))
    pattern, escape = listing.like(words), listing.LIKE_ESCAPE
    with reading() as session:
        tasks = session.exec(
            access.tasks_for(actor())
            .where(col(Task.text).like(pattern, escape=escape))
            .order_by(col(Task.id).desc())
            .limit(MOST_FOUND)
        ).all()
        plans = session.exec(
            access.plans_for(actor())
            .where(
                sa.or_(
                    col(Plan.name).like(pattern, escape=escape),
                    col(Plan.document).like(pattern, escape=escape),
                )
            )
            .limit(MOST_FOUND)
        ).all()
    return render_template(
        "pages/plans/search.html", words=words, tasks=tasks, plans=plans, most=MOST_FOUND
    )
