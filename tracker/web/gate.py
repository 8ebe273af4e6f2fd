"""Before every request: who is it, and may this person come here at all?

Every view declares its policy; `create_app` refuses to start with a view that has none. Which rows
the person sees is loading.py's part.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from flask import Flask, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import col, select
from structlog.contextvars import bind_contextvars, clear_contextvars

from tracker import clock
from tracker.actor import POWERS, PUBLIC, SIGNED_IN, Actor
from tracker.directory.actors import actor_for
from tracker.directory.signin import SignIn, hashed
from tracker.errors import Forbidden
from tracker.web.asked import page_of_form
from tracker.web.context import tracker

View = TypeVar("View", bound=Callable[..., Any])


def policy(power: str) -> Callable[[View], View]:
    """Declare who may come to a view: PUBLIC, SIGNED_IN or a power of actor.POWERS."""
    if power not in {PUBLIC, SIGNED_IN, *POWERS}:
        raise ValueError(f"{power!r} is no power")

    def declare(view: View) -> View:
        view.__policy__ = power  # type: ignore[attr-defined]
        return view

    return declare


def policy_of(app: Flask, endpoint: str) -> str | None:
    """The declared policy of an endpoint; None where none is declared."""
    if endpoint == "static":
        return PUBLIC
    return getattr(app.view_functions[endpoint], "__policy__", None)


def require_policies(app: Flask) -> None:
    """Raises RuntimeError naming the views without a policy."""
    bare = [name for name in app.view_functions if policy_of(app, name) is None]
    if bare:
        raise RuntimeError(f"views without a policy: {', '.join(sorted(bare))}")


def stand_at(app: Flask) -> None:
    """Put the gate before every view of the app."""

    @app.before_request
    def gate() -> ResponseReturnValue | None:
        clear_contextvars()
        g.at = clock.now()
        g.actor = None
        power = policy_of(app, request.endpoint) if request.endpoint else PUBLIC
        if request.endpoint != "static":
            g.actor = signed_in(g.at)
            bind_contextvars(user=g.actor and g.actor.user_id, route=request.endpoint)
        return None if power == PUBLIC else _admit(g.actor, str(power))


def _admit(actor: Actor | None, power: str) -> ResponseReturnValue | None:
    if actor is None:
        return to_sign_in()
    if not actor.may(power):
        raise Forbidden()
    return None


def to_sign_in() -> ResponseReturnValue:
    """On to signing in, and from there back; whoever sent a form is told that it was not taken."""
    if request.method == "POST" and (form := page_of_form()):
        return redirect(url_for("signin.form", next=form, ended=1))
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("signin.form", next=here))


def signed_in(at: datetime) -> Actor | None:
    """Whoever the request's cookie stands for, while the session is not ended."""
    token = session.get("signin")
    if not isinstance(token, str):
        return None
    office = tracker()
    with office.database.reading() as database:
        found = database.exec(
            select(SignIn.user_id).where(
                SignIn.token_hash == hashed(token),
                col(SignIn.ended_at).is_(None),
                SignIn.expires_at > at,
            )
        ).first()
        if found is None:
            return None
        return actor_for(database, found, on=clock.day_of(at, office.settings.timezone))
