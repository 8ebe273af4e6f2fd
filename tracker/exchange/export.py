"""An export (导出): who took which rows out, when, and what every cell said then."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import UtcDateTime, word


class Layout(StrEnum):
    """The workbook the plan came in, one row per assignment, the same as text, or a blank form."""

    ORIGINAL = "original"
    LEDGER = "ledger"
    CSV = "csv"
    TEMPLATE = "template"


class Export(SQLModel, table=True):
    """`base` is what the workbook said, packed rows by task id, for the merge when it returns;
    `key` stands in the workbook (see exchange.marking), so that the base can be found again."""

    __tablename__ = "export"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    plan_id: int = Field(foreign_key="plan.id", index=True, ondelete="CASCADE")
    department_id: int | None = Field(default=None, foreign_key="department.id")
    layout: Layout = Field(sa_type=word(Layout))
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")
    base: bytes = Field(default=b"", sa_type=sa.LargeBinary)
