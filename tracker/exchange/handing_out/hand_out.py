"""A hand-out (分发): a plan's slices given to its departments at one go, and each department's copy."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from tracker.db import UtcDateTime, word
from tracker.exchange.export import Layout


class Means(StrEnum):
    """How the copies leave: each by mail to its department, or all in one zip."""

    MAIL = "mail"
    ZIP = "zip"


class HandOut(SQLModel, table=True):
    """`key` is the form's own, so that a form sent twice hands out once; `back_by` the day by which
    the office wants the copies back."""

    __tablename__ = "hand_out"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    plan_id: int = Field(foreign_key="plan.id", index=True, ondelete="CASCADE")
    means: Means = Field(sa_type=word(Means))
    layout: Layout = Field(sa_type=word(Layout))
    back_by: date | None = None
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")


class HandOutCopy(SQLModel, table=True):
    """One department's copy. `made_at` is empty while it waits to be made; `mails` are the people it
    was posted to; `reason` says why it was not made or reaches nobody."""

    __tablename__ = "hand_out_copy"
    __table_args__ = (
        sa.UniqueConstraint("hand_out_id", "department_id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    hand_out_id: int = Field(foreign_key="hand_out.id", ondelete="CASCADE")
    department_id: int = Field(foreign_key="department.id")
    export_id: int | None = Field(default=None, foreign_key="export.id", ondelete="CASCADE")
    file_id: int | None = Field(default=None, foreign_key="stored_file.id")
    mails: int = 0
    made_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    reason: str = Field(default="", sa_type=sa.Text)


def handed_out_at(session: Session, plan_id: int) -> dict[int, datetime]:
    """When each department's copy went out last, by the department's id."""
    wanted = (
        select(HandOutCopy.department_id, HandOut.at)
        .join(HandOut, col(HandOut.id) == HandOutCopy.hand_out_id)
        .where(HandOut.plan_id == plan_id)
        .order_by(col(HandOut.id))
    )
    return dict(session.exec(wanted).all())
