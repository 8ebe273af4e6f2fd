"""Signed-in sessions, kept on the server so that signing out really ends them; and throttling."""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, func, select

from tracker.db import UtcDateTime

WINDOW = timedelta(minutes=15)
TRIES_PER_LOGIN = 10
TRIES_PER_ADDRESS = 50


class SignIn(SQLModel, table=True):
    """One browser signed in. The cookie holds the token, the row only its hash."""

    __tablename__ = "sign_in"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    user_id: int = Field(foreign_key="user.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class FailedTry(SQLModel, table=True):
    """A wrong password, counted by login and by address (both hashed)."""

    __tablename__ = "failed_try"
    __table_args__ = (
        sa.Index("ix_failed_try_counted", "kind", "key", "at"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    key: str
    at: datetime = Field(sa_type=UtcDateTime)


def begin(user_id: int, *, at: datetime, hours: float) -> tuple[SignIn, str]:
    """A new session and the token for its cookie."""
    token = secrets.token_urlsafe(32)
    row = SignIn(
        token_hash=hashed(token), user_id=user_id, created_at=at,
        expires_at=at + timedelta(hours=hours),
    )  # fmt: skip
    return row, token


def hashed(token: str) -> str:
    """What is stored of a secret that somebody else keeps."""
    return hashlib.sha256(token.encode()).hexdigest()


def end_all(session: Session, user_id: int, *, at: datetime) -> None:
    """Sign the user out everywhere: new password, disabled."""
    session.execute(
        sa.update(SignIn)
        .where(col(SignIn.user_id) == user_id, col(SignIn.ended_at).is_(None))
        .values(ended_at=at)
    )


def count_failure(session: Session, *, login: str, address: str, at: datetime) -> None:
    """Remember a wrong password; forget those outside the window."""
    session.execute(sa.delete(FailedTry).where(col(FailedTry.at) < at - WINDOW))
    session.add(FailedTry(kind="login", key=hashed(login.casefold()), at=at))
    session.add(FailedTry(kind="address", key=hashed(address), at=at))


def is_throttled(session: Session, *, login: str, address: str, at: datetime) -> bool:
    """Whether this login or this address has had its wrong tries for now."""
    tries = (("login", login.casefold(), TRIES_PER_LOGIN), ("address", address, TRIES_PER_ADDRESS))
    return any(_failures(session, kind, key, at) >= most for kind, key, most in tries)


def _failures(session: Session, kind: str, key: str, at: datetime) -> int:
    return session.exec(
        select(func.count()).where(
            FailedTry.kind == kind, FailedTry.key == hashed(key), FailedTry.at > at - WINDOW
        )
    ).one()
