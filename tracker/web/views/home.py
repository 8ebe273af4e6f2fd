"""The front door: leads to what the person must see first."""

from flask import Blueprint, g, redirect, url_for
from flask.typing import ResponseReturnValue

from tracker.actor import PUBLIC
from tracker.web import navigation
from tracker.web.gate import policy

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@policy(PUBLIC)
def front() -> ResponseReturnValue:
    """To the first page, or to sign in."""
    return redirect(navigation.first_page(g.actor) if g.actor else url_for("signin.form"))
