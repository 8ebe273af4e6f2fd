"""A receipt (签收): a department signs for its part."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from tracker.db import UtcDateTime


class Receipt(SQLModel, table=True):
    """Who signed, when."""

    __tablename__ = "receipt"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", unique=True, ondelete="CASCADE")
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")
