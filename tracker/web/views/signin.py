"""Signing in and out. The cookie holds a token; the session itself is a row that can be ended."""

import sqlalchemy as sa
from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import col

from tracker.actor import PUBLIC, Actor
from tracker.directory import people, signin
from tracker.directory.actors import actor_for
from tracker.directory.user import password_fits
from tracker.events import deed, keep
from tracker.web import language, navigation
from tracker.web.asked import own_path
from tracker.web.context import at, reading, today, tracker, writing
from tracker.web.gate import policy

blueprint = Blueprint("signin", __name__)


@blueprint.get("/sign-in")
@policy(PUBLIC)
def form() -> ResponseReturnValue:
    """The form; whoever is signed in goes on to work."""
    if g.actor:
        return redirect(navigation.first_page(g.actor))
    return _page()


def _page(error: str | None = None, login: str = "", status: int = 200) -> ResponseReturnValue:
    here = request.values.get("next", "")
    page = render_template("pages/signin/form.html", error=error, login=login, next=here)
    return page, status


@blueprint.post("/sign-in")
@policy(PUBLIC)
def create() -> ResponseReturnValue:
    """Sign in, or say that it did not work without saying why."""
    login, password = request.form.get("login", "").strip()[:200], request.form.get("password", "")
    address = request.remote_addr or ""
    with reading() as database:
        if signin.is_throttled(database, login=login, address=address, at=at()):
            return _page(_("错误次数太多，请 15 分钟后再试。"), login, 429)
        user = people.with_login(database, login)
    fits = password_fits(user, password)  # slow on purpose: outside any transaction
    with writing() as database:
        person = actor_for(database, user.id, on=today()) if fits and user and user.id else None
        if person is None or person.user_id is None:
            signin.count_failure(database, login=login, address=address, at=at())
            return _page(_("登录名或密码不对，请核对后再试。"), login, 401)
        hours = tracker().settings.session_hours
        row, token = signin.begin(person.user_id, at=at(), hours=hours)
        keep(database, row, deed(person, "user.signed_in", "user", person.user_id, at=at()))
    return _enter(person, token)


def _enter(person: Actor, token: str) -> ResponseReturnValue:
    """Nothing of the time before survives signing in but the language."""
    language.forget_all_else()
    session["signin"] = token
    return redirect(own_path(request.form.get("next", "")) or navigation.first_page(person))


@blueprint.post("/sign-out")
@policy(PUBLIC)
def sign_out() -> ResponseReturnValue:
    """End the session on the server; a copied cookie is worth nothing afterwards."""
    token = session.get("signin")
    language.forget_all_else()
    if isinstance(token, str):
        with writing() as database:
            database.execute(
                sa.update(signin.SignIn)
                .where(col(signin.SignIn.token_hash) == signin.hashed(token))
                .values(ended_at=at())
            )
    return redirect(url_for("signin.form"))
