"""The first administrator, by the token printed at the first start."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from tracker.actor import PUBLIC
from tracker.directory import people, setup
from tracker.directory.user import hash_of
from tracker.errors import InputError, NotFound
from tracker.web.context import at, reading, today, writing
from tracker.web.gate import policy
from tracker.web.language import forget_all_else

blueprint = Blueprint("setup", __name__)


@blueprint.get("/setup/<token>")
@policy(PUBLIC)
def form(token: str) -> ResponseReturnValue:
    """The form, while the token may be used."""
    with reading() as database:
        _token(database, token)
    return render_template("pages/setup/form.html", token=token, error=None, values={})


@blueprint.post("/setup/<token>")
@policy(PUBLIC)
def create(token: str) -> ResponseReturnValue:
    """Make the first administrator and spend the token."""
    values = {name: request.form.get(name, "") for name in ("login", "name", "email")}
    with reading() as database:
        _token(database, token)  # before the slow part: anybody can send a form
    try:
        password_hash = hash_of(request.form.get("password", ""), login=values["login"])
        with writing() as database:
            _token(database, token).used_at = at()
            people.add_first_administrator(
                database, **values, password_hash=password_hash, at=at(), on=today()
            )
    except InputError as error:
        page = render_template("pages/setup/form.html", token=token, error=error, values=values)
        return page, 422
    forget_all_else()
    return redirect(url_for("signin.form"))


def _token(database: Session, token: str) -> setup.SetupToken:
    found = setup.find(database, token, at=at())
    if found is None:
        raise NotFound(
            "这个初始化链接已经用过或已经过期。请在服务器上运行 tracker init 取得新的链接。"
        )
    return found
