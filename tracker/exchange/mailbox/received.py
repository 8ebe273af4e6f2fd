"""Mail that came into the mailbox (邮箱收到的), and how the last look into the mailbox ended."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import UtcDateTime, word


class MailOutcome(StrEnum):
    """Its workbooks wait; nothing of it was taken; or it was sent by a machine and passed over."""

    TAKEN = "taken"
    REFUSED = "refused"
    IGNORED = "ignored"


class ReceivedMail(SQLModel, table=True):
    """One mail that was looked at. `key` tells it from every other, so that it is taken once however
    often it is fetched; `arrived_at` is when the mail server got it, `at` when we looked; `user_id` the
    person whose address it bears, which proves nothing by itself; `reason` one sentence a line."""

    __tablename__ = "received_mail"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    message_id: str = ""
    from_address: str = ""
    user_id: int | None = Field(default=None, foreign_key="user.id")
    subject: str = ""
    arrived_at: datetime = Field(sa_type=UtcDateTime)
    at: datetime = Field(sa_type=UtcDateTime)
    outcome: MailOutcome = Field(sa_type=word(MailOutcome))
    taken: int = 0
    reason: str = Field(default="", sa_type=sa.Text)


class MailboxLook(SQLModel, table=True):
    """The last look into the mailbox: one row. `problem` is the sentence why it failed, "" when it did
    not; `since` when that began."""

    __tablename__ = "mailbox_look"

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    problem: str = Field(default="", sa_type=sa.Text)
    since: datetime | None = Field(default=None, sa_type=UtcDateTime)
