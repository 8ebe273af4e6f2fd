"""A user: a person who signs in. Passwords are argon2; the person's powers lie in the posts."""

from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import Field, SQLModel

from tracker.db import UtcDateTime
from tracker.errors import InputError

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
_hasher = PasswordHasher()


class User(SQLModel, table=True):
    """`password_hash` is empty until a password is set; `disabled_at` ends every right at once."""

    __tablename__ = "user"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(unique=True)
    name: str
    email: str = ""
    password_hash: str = ""
    locale: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    def disable(self, *, at: datetime) -> None:
        """Take every right away; safe to repeat."""
        self.disabled_at = self.disabled_at or at


def hash_of(password: str, *, login: str) -> str:
    """What is kept of a new password; slow on purpose, so made before a writing session is opened.
    Raises InputError for one that is too short, too long or the login itself."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise InputError(f"密码要有 {SHORTEST_PASSWORD} 到 {LONGEST_PASSWORD} 个字符。", "password")
    if password.casefold() == login.strip().casefold():
        raise InputError("密码不能与登录名相同。", "password")
    return _hasher.hash(password)


@cache
def _nobody() -> str:
    """A hash to compare with where there is none; made at the first wrong login, since it is slow."""
    return _hasher.hash("nobody signs in with this")


def password_fits(user: User | None, password: str) -> bool:
    """Whether this is the user's password; takes as long for a login nobody has."""
    stored = user.password_hash if user and user.password_hash else _nobody()
    try:
        fits = _hasher.verify(stored, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return fits and user is not None and bool(user.password_hash)
