"""加减分规则: the versions, and what other numbers would do to a ranking before they are saved."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col

from tracker import access
from tracker.directory.user import User
from tracker.errors import InputError
from tracker.events import keep
from tracker.plans.plan import Plan
from tracker.scoring import rules
from tracker.scoring.ranking import Ranking, ranking
from tracker.scoring.round import Round
from tracker.scoring.rules import RuleKind, RuleSet, Terms
from tracker.scoring.scope import of_round
from tracker.web import loading
from tracker.web.asked import day_of_words, id_asked, id_sent
from tracker.web.context import actor, at, reading, today, tracker, writing
from tracker.web.gate import policy

blueprint = Blueprint("rules", __name__)
MOST = 50


@blueprint.get("/rules")
@policy("rule.read")
def page() -> ResponseReturnValue:
    """The versions, newest first, and which one is in force."""
    with reading() as session:
        rows = session.execute(
            sa.select(RuleSet, col(User.name))
            .join(User, col(User.id) == RuleSet.by, isouter=True)
            .order_by(col(RuleSet.version).desc())
            .limit(MOST)
        ).all()
        versions = [(row, rules.terms_of(session, row), name) for row, name in rows]
        return render_template(
            "pages/scoring/rules.html", versions=versions, RuleKind=RuleKind,
            present=rules.in_force(session, today()),
        )  # fmt: skip


@blueprint.get("/rules/trial")
@policy("rule.read")
def trial() -> ResponseReturnValue:
    """What if: a ranking under the numbers of the address beside the present one; writes nothing."""
    with reading() as session:
        rounds = _rounds(session)
        asked = id_asked("round")
        row = loading.scoring_round(session, actor(), asked) if asked else None
        row = row or (rounds[0][0] if rounds else None)
        present = rules.in_force(session, today())
        tried = rules.terms_of_words(request.args) if "late" in request.args else present
        choices = [(one.id, f"{plan} · {one.name}") for one, plan in rounds]
        return render_template(
            "pages/scoring/trial.html", rounds=rounds, choices=choices, row=row, present=present, tried=tried,
            beside=_beside(session, row, present, tried) if row else [], RuleKind=RuleKind,
            version=rules.newest_version(session), is_tried="late" in request.args,
        )  # fmt: skip


def _rounds(session: Session) -> list[Any]:
    """Published rounds with their plans' names, newest first."""
    wanted = access.rounds_for(actor()).where(col(Round.published_at).is_not(None))
    rows = wanted.join(Plan, col(Plan.id) == Round.plan_id).add_columns(col(Plan.name))
    return list(session.execute(rows.order_by(col(Round.published_at).desc()).limit(MOST)))


def _beside(session: Session, row: Round, present: Terms, tried: Terms) -> list[dict[str, Any]]:
    """Each department as it stands now and as it would, in the order it would stand."""
    scope = of_round(row, tracker().settings.timezone)
    now, then = ranking(session, scope, present), ranking(session, scope, tried)
    return [_change(now, then, one.key) for one in (*then.lines, *then.apart)]


def _change(now: Ranking, then: Ranking, key: int | str) -> dict[str, Any]:
    was, becomes = now.place_of(key), then.place_of(key)
    rises = was.rank - becomes.rank if was and becomes and was.rank and becomes.rank else 0
    return {"was": was, "becomes": becomes, "rises": rises}


@blueprint.post("/rules")
@policy("rule.change")
def save() -> ResponseReturnValue:
    """Save the numbers as a new version."""
    terms = rules.terms_of_words(request.form)
    valid_from = day_of_words(request.form.get("valid_from", ""), "生效日期", "valid_from")
    with writing() as session:
        row, each, event = rules.save(
            session, terms, by=actor(), at=at(), on=today(), valid_from=valid_from or today(),
            note=request.form.get("note", ""), seen=_seen(),
        )  # fmt: skip
        keep(session, row)
        for rule in each:
            rule.rule_set_id = row.id or 0
        keep(session, *each, event)
    flash(_("已保存为第 %(version)s 版规则。", version=row.version), "success")
    return redirect(url_for("rules.page"))


def _seen() -> int:
    """The version that the person had before her."""
    found = id_sent("seen")
    if found is None:
        raise InputError("请从试算页保存规则，没有写入。", "seen")
    return found
