"""A question (待核对): what the reader or the directory will not guess; answered once for all."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import UtcDateTime


class Question(SQLModel, table=True):
    """`sources` are the cells it stands at, `value` what is written there.

    `proposed` and `answer` have the same shape: {"take": WHAT, …}; see intake.answers.
    """

    __tablename__ = "question"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id", index=True, ondelete="CASCADE")
    code: str
    value: str = Field(sa_type=sa.Text)
    message: str = Field(default="", sa_type=sa.Text)
    sources: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    proposed: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    options: list[dict[str, Any]] = Field(default_factory=list, sa_type=sa.JSON)
    answer: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    answered_by: int | None = Field(default=None, foreign_key="user.id")
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
