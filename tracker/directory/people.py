"""People and their posts: who is added, moved, disabled, and where mail reaches them."""

import re
from datetime import date, datetime

from sqlmodel import Session, col, or_, select

from tracker import addresses
from tracker.actor import DEPARTMENTAL, Actor, Role
from tracker.directory import signin
from tracker.directory.department import Department
from tracker.directory.post import Holding, Post
from tracker.directory.user import User
from tracker.errors import InputError
from tracker.events import deed, keep
from tracker.text import clean_line, match_key

TITLES = {
    Role.ADMINISTRATOR: "系统管理员",
    Role.COORDINATOR: "督查专员",
    Role.HEAD: "负责人",
    Role.CLERK: "经办人",
    Role.LEADER: "分管领导",
    Role.INSPECTOR: "暗访员",
}
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,49}")


def clean_login(written: str) -> str:
    """A login as it is kept. Raises InputError."""
    login = clean_line(written, field="登录名").casefold()
    if not _LOGIN.fullmatch(login):
        raise InputError("登录名用 2 到 50 个小写字母、数字、点、横线。", "login")
    return login


def clean_address(written: str) -> str:
    """One mail address or none. Raises InputError for anything that is not exactly one."""
    address = clean_line(written, field="邮箱", longest=addresses.LONGEST)
    return addresses.require_address(address) if address else ""


def add_user(
    session: Session, *, login: str, name: str, email: str, password_hash: str, role: Role,
    department: str | None, by: Actor, at: datetime, on: date, title: str = "",
) -> User:  # fmt: skip
    """A person with one post; `password_hash` is user.hash_of the first password, made beforehand.
    Raises InputError naming the field that is wrong."""
    login = clean_login(login)
    if session.exec(select(User).where(User.login == login)).first():
        raise InputError(f"登录名“{login}”已经有人使用。", "login")
    name = _clean_name(name)
    post = post_for(session, role, department, title=title)
    user = User(
        login=login, name=name, email=clean_address(email), password_hash=password_hash,
        created_at=at,
    )  # fmt: skip
    keep(session, user, post)
    assert user.id is not None and post.id is not None
    keep(
        session,
        Holding(post_id=post.id, user_id=user.id, from_on=on),
        deed(
            by,
            "user.added",
            "user",
            user.id,
            at=at,
            department_id=post.department_id,
            role=role.value,
        ),
    )
    return user


def _clean_name(written: str) -> str:
    name = clean_line(written, field="姓名", longest=100)
    if not name:
        raise InputError("请写明姓名。", "name")
    return name


def change(session: Session, user: User, *, name: str, email: str, by: Actor, at: datetime) -> None:
    """Put a person's name and mail address right; what stays the same is no change. The history
    says which of them changed, not the address. Raises InputError naming the field."""
    wanted = {"name": _clean_name(name), "email": clean_address(email)}
    changed = [field for field, value in wanted.items() if getattr(user, field) != value]
    if not changed:
        return
    user.name, user.email = wanted["name"], wanted["email"]
    keep(session, user, deed(by, "user.changed", "user", user.id, at=at, changed=changed))


def post_for(session: Session, role: Role, department: str | None, *, title: str = "") -> Post:
    """The post of a role, in a department where the role is a department's; made when missing. Every
    leader has a post of his own: what he is in charge of differs."""
    department_id = _department_id(session, role, department)
    title = clean_line(title, field="岗位", longest=100) or TITLES[role]
    if role == Role.LEADER:
        return Post(title=title, role=role, department_id=None)
    found = session.exec(
        select(Post).where(
            Post.role == role,
            Post.title == title,
            col(Post.department_id).is_not_distinct_from(department_id),
        )
    ).first()
    return found or Post(title=title, role=role, department_id=department_id)


def _department_id(session: Session, role: Role, department: str | None) -> int | None:
    if role not in DEPARTMENTAL:
        return None
    if not department:
        raise InputError("这个岗位属于单位，请选择单位。", "department")
    department = clean_line(department, field="单位")
    key = match_key(department)
    found = session.exec(
        select(Department.id).where(or_(Department.key == key, Department.short_name == department))
    ).first()
    if found is None:
        raise InputError(f"名录里没有“{department}”。", "department")
    return found


def add_first_administrator(
    session: Session, *, login: str, name: str, email: str, password_hash: str, at: datetime,
    on: date,
) -> User:  # fmt: skip
    """The person who sets the tracker up: administers it and coordinates."""
    by = Actor(None, "初始化", frozenset({Role.ADMINISTRATOR}))
    user = add_user(
        session, login=login, name=name, email=email, password_hash=password_hash,
        role=Role.ADMINISTRATOR, department=None, by=by, at=at, on=on,
    )  # fmt: skip
    post = post_for(session, Role.COORDINATOR, None)
    keep(session, post)
    assert user.id is not None and post.id is not None
    keep(session, Holding(post_id=post.id, user_id=user.id, from_on=on))
    return user


def with_login(session: Session, written: str) -> User | None:
    """The user of a login, or none; words that no login can be (PostgreSQL refuses some of them)
    are nobody's."""
    login = written.casefold()
    if not _LOGIN.fullmatch(login):
        return None
    return session.exec(select(User).where(User.login == login)).first()


def find(session: Session, login: str) -> User:
    """The user of a login. Raises InputError naming it."""
    user = with_login(session, login)
    if user is None:
        raise InputError(f"没有登录名为“{login}”的用户。", "login")
    return user


def set_password(
    session: Session, user: User, password_hash: str, *, by: Actor, at: datetime
) -> None:
    """A new password, as user.hash_of keeps it; every browser of the user is signed out."""
    assert user.id is not None
    user.password_hash = password_hash
    signin.end_all(session, user.id, at=at)
    keep(session, user, deed(by, "user.password_set", "user", user.id, at=at))


def disable(session: Session, user: User, *, by: Actor, at: datetime) -> None:
    """End every right of a user at once; safe to repeat."""
    assert user.id is not None
    if user.disabled_at is not None:
        return
    user.disable(at=at)
    signin.end_all(session, user.id, at=at)
    keep(session, user, deed(by, "user.disabled", "user", user.id, at=at))
