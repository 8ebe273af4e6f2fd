"""The first administrator: a one-time token, printed to whoever runs the tracker."""

import secrets
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, func, select

from tracker.db import UtcDateTime
from tracker.directory.signin import hashed
from tracker.directory.user import User

LASTS = timedelta(hours=24)


class SetupToken(SQLModel, table=True):
    """Lets one person make the first administrator, once, within a day."""

    __tablename__ = "setup_token"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def issue(*, at: datetime) -> tuple[SetupToken, str]:
    """A new token: the row to keep and the words to print."""
    token = secrets.token_urlsafe(24)
    return SetupToken(token_hash=hashed(token), created_at=at), token


def find(session: Session, token: str, *, at: datetime) -> SetupToken | None:
    """The token if it may still be used: unspent, young, and nobody has been made yet."""
    if not is_needed(session):
        return None
    return session.exec(
        select(SetupToken)
        .where(
            SetupToken.token_hash == hashed(token),
            col(SetupToken.used_at).is_(None),
            SetupToken.created_at > at - LASTS,
        )
        .with_for_update()
    ).first()


def is_needed(session: Session) -> bool:
    """Whether there is no user at all."""
    return session.exec(select(func.count()).select_from(User)).one() == 0
