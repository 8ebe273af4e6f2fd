"""A person's own settings: language, password."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.actor import PUBLIC, SIGNED_IN
from tracker.directory import people, signin
from tracker.directory.user import User, hash_of, password_fits
from tracker.errors import InputError, StepRefused
from tracker.web.asked import own_path
from tracker.web.context import actor, at, reading, writing
from tracker.web.gate import policy
from tracker.web.language import LOCALES, forget_all_else

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
    form, address = request.form, request.remote_addr or ""
    with reading() as database:
        user = database.get_one(User, actor().user_id)
        if signin.is_throttled(database, login=user.login, address=address, at=at()):
            raise StepRefused("错误次数太多，密码没有修改。请 15 分钟后再试。")
    if not password_fits(user, form.get("current", "")):  # slow on purpose: in no transaction
        with writing() as database:
            signin.count_failure(database, login=user.login, address=address, at=at())
        raise InputError("原密码不对，密码没有修改。", "current")
    if form.get("new", "") != form.get("again", ""):
        raise InputError("两次输入的新密码不同，密码没有修改。", "again")
    password_hash = hash_of(form.get("new", ""), login=user.login)
    with writing() as database:
        user = database.get_one(User, actor().user_id)
        people.set_password(database, user, password_hash, by=actor(), at=at())
    forget_all_else()
    flash(_("密码已修改，请用新密码登录。"), "success")
    return redirect(url_for("signin.form"))
