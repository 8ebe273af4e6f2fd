"""The outbox: a message is a row until a server has taken it."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import UtcDateTime, word


class MessageState(StrEnum):
    """due → sending → sent, or failed or cancelled with the reason."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Message(SQLModel, table=True):
    """One mail to one address. `business_key` makes planning it twice harmless; `header_id` is
    its Message-ID, the same on every try; `next_try_at` when it may be tried (again). `day` is
    the office's day that the words speak of. `attempts` counts claims and fences them; `tries` counts
    those of them that count against the message. `parts` are the ids of the assignments that a
    notice speaks of; empty for a digest, whose reminders say it, and for a test. `attachment_id` is a
    stored file that goes along; its bytes are fetched when the mail is sent."""

    __tablename__ = "message"
    __table_args__ = (
        sa.Index("ix_message_queue", "state", "next_try_at", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    business_key: str = Field(unique=True)
    kind: str
    user_id: int | None = Field(default=None, foreign_key="user.id", index=True)
    department_id: int | None = Field(default=None, foreign_key="department.id")
    day: date
    address: str
    header_id: str = Field(unique=True)
    subject: str
    text: str = Field(sa_type=sa.Text)
    html: str = Field(default="", sa_type=sa.Text)
    state: MessageState = Field(default=MessageState.DUE, sa_type=word(MessageState))
    created_at: datetime = Field(sa_type=UtcDateTime)
    next_try_at: datetime = Field(sa_type=UtcDateTime)
    attempts: int = 0
    tries: int = 0
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    claimed_by: str = ""
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(default="", sa_type=sa.Text)
    attachment_id: int | None = Field(default=None, foreign_key="stored_file.id")
    parts: list[int] = Field(default_factory=list, sa_type=sa.JSON)
