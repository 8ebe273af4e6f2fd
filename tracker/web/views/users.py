"""用户: people, their posts, their passwords."""

import secrets
from collections import defaultdict

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col, select

from tracker.actor import Role
from tracker.directory import people, upkeep
from tracker.directory.department import Department, standing
from tracker.directory.post import Charge, Holding, Post
from tracker.directory.user import User, hash_of
from tracker.errors import InputError, NotFound
from tracker.web.asked import ids_sent
from tracker.web.context import actor, at, reading, today, writing
from tracker.web.gate import policy

blueprint = Blueprint("users", __name__)


@blueprint.get("/users")
@policy("user.manage")
def index() -> ResponseReturnValue:
    """Everybody, with posts; and the form for one more."""
    with reading() as session:
        return _page(session)


def _page(
    session: Session, error: InputError | None = None, status: int = 200
) -> ResponseReturnValue:
    rows = session.exec(
        select(User, Post, Department)
        .join(Holding, col(Holding.user_id) == User.id, isouter=True)
        .join(Post, col(Post.id) == Holding.post_id, isouter=True)
        .join(Department, col(Department.id) == Post.department_id, isouter=True)
        .order_by(col(User.id))
    ).all()
    page = render_template(
        "pages/users/index.html", rows=rows, departments=session.exec(standing()).all(),
        roles=people.TITLES, error=error, values=request.form, charges=_charges(session),
    )  # fmt: skip
    return page, status


def _charges(session: Session) -> dict[int, list[int]]:
    """The departments each leader's post is in charge of."""
    found: dict[int, list[int]] = defaultdict(list)
    for one in session.exec(select(Charge)):
        found[one.post_id].append(one.department_id)
    return found


@blueprint.post("/users")
@policy("user.manage")
def create() -> ResponseReturnValue:
    """Add a person; the first password is shown once."""
    password = secrets.token_urlsafe(12)
    form = request.form
    try:
        password_hash = hash_of(password, login=form.get("login", ""))
        with writing() as session:
            people.add_user(
                session, login=form.get("login", ""), name=form.get("name", ""),
                email=form.get("email", ""), password_hash=password_hash, role=_role(form.get("role", "")),
                department=form.get("department") or None, by=actor(), at=at(), on=today(),
            )  # fmt: skip
    except InputError as error:
        with reading() as session:
            return _page(session, error, 422)
    flash(_("已添加。初始密码（只显示这一次）：%(password)s", password=password), "info")
    return redirect(url_for("users.index"))


def _role(written: str) -> Role:
    if written not in set(Role):
        raise InputError("请选择岗位。", "role")
    return Role(written)


@blueprint.post("/users/<int:user_id>/details")
@policy("user.manage")
def change(user_id: int) -> ResponseReturnValue:
    """Put a person's name and mail address right."""
    form = request.form
    with writing() as session:
        people.change(
            session, _user(session, user_id), name=form.get("name", ""),
            email=form.get("email", ""), by=actor(), at=at(),
        )  # fmt: skip
    flash(_("已保存。"), "success")
    return redirect(url_for("users.index"))


@blueprint.post("/posts/<int:post_id>/charges")
@policy("user.manage")
def charge(post_id: int) -> ResponseReturnValue:
    """The departments a leader is in charge of."""
    with writing() as session:
        upkeep.set_charges(session, post_id, ids_sent("department"), by=actor(), at=at())
    flash(_("已保存，立即生效。"), "success")
    return redirect(url_for("users.index"))


@blueprint.post("/users/<int:user_id>/password")
@policy("user.manage")
def new_password(user_id: int) -> ResponseReturnValue:
    """Set a new random password, shown once."""
    password = secrets.token_urlsafe(12)
    with reading() as session:
        login = _user(session, user_id).login
    password_hash = hash_of(password, login=login)
    with writing() as session:
        people.set_password(session, _user(session, user_id), password_hash, by=actor(), at=at())
    flash(_("新密码（只显示这一次）：%(password)s", password=password), "info")
    return redirect(url_for("users.index"))


@blueprint.post("/users/<int:user_id>/disabling")
@policy("user.manage")
def disable(user_id: int) -> ResponseReturnValue:
    """End every right of a person at once."""
    if user_id == actor().user_id:
        raise InputError("不能停用自己的账号。")
    with writing() as session:
        people.disable(session, _user(session, user_id), by=actor(), at=at())
    flash(_("已停用，立即生效。"), "success")
    return redirect(url_for("users.index"))


def _user(session: Session, ident: int) -> User:
    user = session.get(User, ident)
    if user is None:
        raise NotFound()
    return user
