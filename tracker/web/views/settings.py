"""A person's own settings: language, password."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.actor import PUBLIC, SIGNED_IN
from tracker.directory import signin
from tracker.directory.user import User, password_fits
from tracker.errors import InputError
from tracker.web.asked import own_path
from tracker.web.context import actor, at, reading, writing
from tracker.web.gate import policy
from tracker.web.language import LOCALES

blueprint = Blueprint("settings", __name__)


@blueprint.post("/language")
@policy(PUBLIC)
def language() -> ResponseReturnValue:
    """Switch this browser's language."""
    if request.form.get("locale") in LOCALES:
        session["locale"] = request.form["locale"]
    return redirect(own_path(request.form.get("next", "")) or url_for("home.front"))


@blueprint.get("/settings")
@policy(SIGNED_IN)
def page() -> ResponseReturnValue:
    """The person's account."""
    with reading() as database:
        user = database.get_one(User, actor().user_id)
    return render_template("pages/settings/page.html", user=user, error=None)


@blueprint.post("/settings/password")
@policy(SIGNED_IN)
def password() -> ResponseReturnValue:
    """Change one's own password; other browsers are signed out."""
    with writing() as database:
        user = database.get_one(User, actor().user_id)
        if not password_fits(user, request.form.get("current", "")):
            raise InputError("原密码不对，密码没有修改。", "current")
        if request.form.get("new", "") != request.form.get("again", ""):
            raise InputError("两次输入的新密码不同，密码没有修改。", "again")
        user.set_password(request.form.get("new", ""))
        database.add(user)
        assert user.id is not None
        signin.end_all(database, user.id, at=at())
    session.clear()
    flash(_("密码已修改，请用新密码登录。"), "success")
    return redirect(url_for("signin.form"))
