"""排名: earned over possible, the points behind each figure, and rankings frozen as they were."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col, select

from tracker import access
from tracker.actor import LEADERS_AND_OFFICE, Actor
from tracker.directory.department import Department
from tracker.errors import NotFound
from tracker.events import Event
from tracker.paging import Page
from tracker.plans.plan import Plan
from tracker.scoring import facts, points, rules
from tracker.scoring.freezing import FrozenLine, FrozenPoint, FrozenRanking, freeze, lines_of
from tracker.scoring.item import Item
from tracker.scoring.ranking import GROUPS, Line, Ranking, ranking
from tracker.scoring.round import Round, Shows
from tracker.scoring.rules import RuleKind, Terms
from tracker.scoring.scope import Scope, of_round, of_time
from tracker.scoring.sections import tops
from tracker.text import clean_line
from tracker.web import loading
from tracker.web.asked import day_of_words, id_asked, number_asked
from tracker.web.context import actor, at, reading, today, tracker, writing
from tracker.web.gate import policy

blueprint = Blueprint("rankings", __name__)
LINES = 100


@dataclass(frozen=True)
class View:
    """What the address asks for, as far as the person may see it. `only` are the departments whose
    lines she sees; None for all."""

    plan: Plan
    row: Round | None
    scope: Scope
    terms: Terms
    by: str
    since: date | None
    until: date | None
    only: frozenset[int] | None


def _reads_all(person: Actor) -> bool:
    """Whether the person reads whole rankings, whatever the rounds show departments."""
    return bool(person.roles & LEADERS_AND_OFFICE)


def _opens_all(person: Actor) -> bool:
    """Whether the person opens every figure; a leader with a charge those of his departments."""
    return _reads_all(person) and access.sees_all(person)


def _view(session: Session, plan_id: int, rounds: list[Round]) -> View | None:
    """None when there is nothing the person may see."""
    plan = loading.plan(session, actor(), plan_id)
    asked, zone = id_asked("round"), tracker().settings.timezone
    row = next((one for one in rounds if one.id == asked), None)
    if asked and row is None:
        raise NotFound()
    if not _reads_all(actor()):
        return _own_view(plan, row or (rounds[0] if rounds else None), session, zone)
    since, until = _day("from"), _day("until")
    scope = of_round(row, zone) if row else of_time(plan_id, since, until, zone)
    mode, section = request.args.get("mode"), id_asked("section")
    scope = _narrowed(scope, clean_line(mode[:100]) if mode else None, section)
    by = request.args.get("by", "")
    return View(
        plan, row, scope, _terms(session, row), by if by in GROUPS else "department",
        since, until, None,
    )  # fmt: skip


def _own_view(plan: Plan, row: Round | None, session: Session, zone: str) -> View | None:
    """A department sees a round's ranking, or its own line of it, or nothing: the round says so."""
    if row is None or row.shows == Shows.NOTHING:
        return None
    only = None if row.shows == Shows.RANKING else actor().department_ids
    terms = _terms(session, row)
    return View(plan, row, of_round(row, zone), terms, "department", None, None, only)


def _narrowed(scope: Scope, mode: str | None, section_id: int | None) -> Scope:
    return Scope(scope.plan_id, scope.round_id, scope.since, scope.until, mode, section_id)


def _terms(session: Session, row: Round | None) -> Terms:
    """The rules of the day the round was published; without a round today's."""
    day = row.published_on if row and row.published_on else today()
    return rules.in_force(session, day)


def _day(name: str) -> date | None:
    return day_of_words(request.args.get(name, ""), "日期", name)


def _published(session: Session, plan_id: int) -> list[Round]:
    """The plan's published rounds that the person sees, newest first."""
    wanted = access.rounds_for(actor()).where(
        Round.plan_id == plan_id, col(Round.published_at).is_not(None)
    )
    return list(session.exec(wanted.order_by(col(Round.published_at).desc(), col(Round.id).desc())))


@blueprint.get("/plans/<int:plan_id>/rankings")
@policy("scoring.read")
def page(plan_id: int) -> ResponseReturnValue:
    """The ranking of a round, or of all rounds of a time."""
    number = number_asked()
    with reading() as session:
        rounds = _published(session, plan_id)
        view = _view(session, plan_id, rounds)
        if view is None:
            return render_template(
                "pages/scoring/no_ranking.html", plan=loading.plan(session, actor(), plan_id)
            )
        found = ranking(session, view.scope, view.terms, by=view.by)
        return render_template(
            "pages/scoring/ranking.html", view=view, rounds=rounds, modes=_modes(session, view.scope),
            sections=sorted(set(tops(session, plan_id).values())), total=len(found.lines),
            found=_shown(found, view, number), GROUPS=GROUPS, RuleKind=RuleKind, number=number,
            page=Page(number, len(found.lines), LINES), frozen=_frozen(session, plan_id),
            opens=_opens_all(actor()), mine=access.read_by(actor()),
        )  # fmt: skip


def _shown(found: Ranking, view: View, number: int) -> Ranking:
    """One page of the lines, of the departments the person may see."""

    def mine(lines: list[Line]) -> list[Line]:
        return [one for one in lines if view.only is None or one.key in view.only]

    first = (number - 1) * LINES
    return Ranking(mine(found.lines)[first : first + LINES], mine(found.apart), found.terms)


def _modes(session: Session, scope: Scope) -> list[str]:
    wanted = (
        sa.select(col(Item.mode))
        .join(Round, col(Round.id) == Item.round_id)
        .where(*_narrowed(scope, None, None).conditions())
        .distinct()
        .order_by(col(Item.mode))
    )
    return [one.mode for one in session.execute(wanted)]


def _frozen(session: Session, plan_id: int) -> list[FrozenRanking]:
    wanted = access.frozen_for(actor()).where(FrozenRanking.plan_id == plan_id)
    return list(session.exec(wanted.order_by(col(FrozenRanking.id).desc()).limit(LINES)))


@blueprint.get("/plans/<int:plan_id>/points")
@policy("scoring.read")
def behind(plan_id: int) -> ResponseReturnValue:
    """The points behind a figure: awards, and for a department the facts under the rules."""
    number, department = number_asked(), id_asked("department")
    with reading() as session:
        view = _view(session, plan_id, _published(session, plan_id))
        if view is None or not _may_open(actor(), department):
            raise NotFound()
        rows, total = points.page(session, view.scope, department, number=number)
        counts = bool(department) and view.scope.is_whole
        listed = facts.listed(session, view.scope, department) if department and counts else []
        return render_template(
            "pages/scoring/points.html", view=view, rows=rows, facts=listed, RuleKind=RuleKind,
            page=Page(number, total, points.PAGE), department=department,
            name=_name(session, department),
        )  # fmt: skip


def _may_open(person: Actor, department: int | None) -> bool:
    """A department opens its own points only."""
    return _opens_all(person) or department in access.read_by(person)


def _name(session: Session, department: int | None) -> str:
    found = session.get(Department, department) if department else None
    return (found.short_name or found.name) if found else ""


@blueprint.post("/plans/<int:plan_id>/frozen-rankings")
@policy("ranking.freeze")
def create(plan_id: int) -> ResponseReturnValue:
    """Freeze the ranking that the address describes."""
    with writing() as session:
        loading.plan(session, actor(), plan_id, lock=True)
        view = _view(session, plan_id, _published(session, plan_id))
        assert view is not None  # the office sees everything
        scope = _narrowed(view.scope, None, None)
        row = freeze(
            session, scope, ranking(session, scope, view.terms), by=actor(), at=at(),
            name=request.form.get("name", ""),
        )  # fmt: skip
    flash(_("已定格“%(name)s”。以后的变化不会影响这份排名。", name=row.name), "success")
    return redirect(url_for("rankings.frozen", ranking_id=row.id))


@blueprint.get("/frozen-rankings/<int:ranking_id>")
@policy("scoring.read")
def frozen(ranking_id: int) -> ResponseReturnValue:
    """A ranking as it was frozen."""
    with reading() as session:
        row = loading.frozen_ranking(session, actor(), ranking_id)
        lines = lines_of(session, row)
        only = _only(session, row)
        return render_template(
            "pages/scoring/frozen.html", row=row, plan=session.get_one(Plan, row.plan_id),
            lines=[one for one in lines if only is None or one.department_id in only],
            ranked=sum(one.rank is not None for one in lines), opens=_opens_all(actor()),
            mine=access.read_by(actor()),
        )  # fmt: skip


def _only(session: Session, row: FrozenRanking) -> frozenset[int] | None:
    """The departments whose frozen lines the person sees; None for all."""
    if _reads_all(actor()):
        return None
    shown = session.exec(select(Round.shows).where(Round.id == row.round_id)).first()
    return None if shown == Shows.RANKING else actor().department_ids


@blueprint.get("/frozen-rankings/<int:ranking_id>/lines/<int:line_id>")
@policy("scoring.read")
def frozen_line(ranking_id: int, line_id: int) -> ResponseReturnValue:
    """The points behind a frozen line, each with its event."""
    number = number_asked()
    with reading() as session:
        row = loading.frozen_ranking(session, actor(), ranking_id)
        line = session.get(FrozenLine, line_id)
        if (
            line is None
            or line.ranking_id != ranking_id
            or not _may_open(actor(), line.department_id)
        ):
            raise NotFound()
        rows, total = _frozen_points(session, line_id, number)
        return render_template(
            "pages/scoring/frozen_line.html", row=row, line=line, rows=rows,
            plan=session.get_one(Plan, row.plan_id), page=Page(number, total, points.PAGE),
        )  # fmt: skip


def _frozen_points(session: Session, line_id: int, number: int) -> tuple[list[Any], int]:
    wanted = sa.select(FrozenPoint, Event).join(Event, col(Event.id) == FrozenPoint.event_id)
    wanted = wanted.where(col(FrozenPoint.line_id) == line_id).order_by(col(FrozenPoint.id))
    counted = sa.select(sa.func.count()).where(col(FrozenPoint.line_id) == line_id)
    first = (number - 1) * points.PAGE
    rows = session.execute(wanted.offset(first).limit(points.PAGE)).all()
    return list(rows), session.execute(counted).scalar_one()
