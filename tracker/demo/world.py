"""Loading the demo world: through the same doors as real work, in one transaction."""

import ipaddress
from datetime import datetime, timedelta
from io import BytesIO
from urllib.parse import urlsplit

from sqlmodel import Session, col, func, select

from tracker import clock
from tracker.actor import Actor, Role
from tracker.db import Database
from tracker.demo import asking, history, tables
from tracker.demo.cast import DEPARTMENTS, PASSWORD, PEOPLE, SHOWN_LOGINS
from tracker.directory import people
from tracker.directory.importing import import_names
from tracker.directory.user import User, hash_of, password_fits
from tracker.errors import InputError, SettingsError
from tracker.events import deed, keep
from tracker.intake import answering, applying, uploading
from tracker.reminders import calendar, planning
from tracker.settings import Settings

OFFICE = Actor(None, "演示数据", frozenset({Role.ADMINISTRATOR, Role.COORDINATOR}))
BEGAN = timedelta(days=8)


def is_empty(database: Database) -> bool:
    """Whether nobody can sign in yet."""
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(User)).one() == 0


def is_loaded(database: Database) -> bool:
    """Whether somebody can sign in as one of the cast with the public password; slow, since it
    tries."""
    logins = [person.login for person in PEOPLE]
    with database.reading() as session:
        cast = session.exec(
            select(User).where(col(User.login).in_(logins), col(User.disabled_at).is_(None))
        ).all()
    by_hash = {user.password_hash: user for user in cast}
    return any(password_fits(user, PASSWORD) for user in by_hash.values())


def keep_at_home(settings: Settings, database: Database) -> None:
    """Raises SettingsError for the demo world where others can reach it: its passwords are public."""
    places = {
        "TRACKER_HOST": [settings.host],
        "TRACKER_BASE_URL": [urlsplit(settings.base_url).hostname or "localhost"],
        "TRACKER_TRUSTED_HOSTS": settings.trusted_hosts,
    }
    away = [(name, host) for name, hosts in places.items() for host in hosts if not _is_here(host)]
    if away and is_loaded(database):
        name, host = away[0]
        raise SettingsError(
            f"演示数据的密码是公开的，只能在本机使用。请把 {name} 改回本机地址（现在是 {host}），"
            "或给演示账号换密码、停用。"
        )


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def address(login: str) -> str:
    """A person's mail address, in a domain that is nobody's."""
    return f"{login}@qinghe.example"


def logins() -> str:
    """What `make run` prints."""
    titles = {person.login: f"{person.department}{person.title}" for person in PEOPLE}
    lines = [f"  {login:<10} {titles[login]}" for login in SHOWN_LOGINS]
    return "演示账号（密码都是 " + PASSWORD + "）：\n" + "\n".join(lines)


def load(database: Database, settings: Settings, *, at: datetime) -> None:
    """Fill an empty database. Raises InputError when somebody is there already."""
    if not is_empty(database):
        raise InputError("数据库里已有用户，没有载入演示数据。")
    began = at - BEGAN
    uploads = [
        _upload(name, content, settings, at=began)
        for name, content in (
            (tables.CIVIL, tables.civil(clock.day_of(at, settings.timezone))),
            (tables.SERVICE, tables.service(clock.day_of(at, settings.timezone))),
            (tables.TOWNS, tables.towns()),
        )
    ]
    password_hash = hash_of(PASSWORD, login="")  # one for all: each takes its time
    with database.writing() as session:
        calendar.seed(session)
        _directory(session, settings, password_hash=password_hash, at=began)
        for upload in uploads:
            _import(session, upload, settings, at=began)
        asking.ask(session, by=OFFICE, at=began)
        history.play(session, settings, at=at)
        planning.plan_day(session, on=clock.day_of(at, settings.timezone), at=at, settings=settings)


def _upload(name: str, content: bytes, settings: Settings, *, at: datetime) -> uploading.Upload:
    return uploading.receive(
        BytesIO(content), name=f"{name}.xlsx", settings=settings, at=at, by=OFFICE,
        issued_on=clock.day_of(at, settings.timezone) - timedelta(days=22),
    )  # fmt: skip


def _directory(session: Session, settings: Settings, *, password_hash: str, at: datetime) -> None:
    on = clock.day_of(at, settings.timezone)
    import_names(session, list(DEPARTMENTS), by=OFFICE, at=at, on=on)
    for person in PEOPLE:
        people.add_user(
            session, login=person.login, name=person.title, email=address(person.login),
            password_hash=password_hash, role=person.role, department=person.department or None,
            by=OFFICE, at=at, on=on, title=person.title,
        )  # fmt: skip


def _import(
    session: Session, upload: uploading.Upload, settings: Settings, *, at: datetime
) -> None:
    on = clock.day_of(at, settings.timezone)
    batch = uploading.lay_out(
        session, upload, plan_name="", issued_on=on - timedelta(days=22), by=OFFICE, at=at, on=on
    )
    answering.accept_proposals(session, batch, by=OFFICE, at=at)
    applying.apply(session, batch, by=OFFICE, at=at, on=on)
    keep(session, deed(OFFICE, "demo.loaded", "batch", batch.id, at=at, plan_id=batch.plan_id))
