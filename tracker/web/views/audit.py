"""审计: what happened, newest first. Whether the history is whole is `tracker check`'s part: it
reads all of it."""

import sqlalchemy as sa
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import col, select

from tracker.events import Event
from tracker.paging import Page
from tracker.web.asked import number_asked
from tracker.web.context import reading
from tracker.web.gate import policy

blueprint = Blueprint("audit", __name__)
PAGE = 50


@blueprint.get("/audit")
@policy("audit.read")
def page() -> ResponseReturnValue:
    """One page of events."""
    number = number_asked()
    with reading() as session:
        total = session.execute(sa.select(sa.func.count()).select_from(Event)).scalar_one()
        wanted = (
            select(Event).order_by(col(Event.id).desc()).offset((number - 1) * PAGE).limit(PAGE)
        )
        events = session.exec(wanted).all()
    return render_template("pages/audit/page.html", events=events, page=Page(number, total, PAGE))
