"""A part says why it is in work again and whether its refusal waits"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from tracker.db import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TODO = (
    "department_id", "done", "due_on", "id", "state", "sent_back", "role", "next_report_on",
    "refusal_waits",
)  # fmt: skip
TELLING = ("completion.returned", "completion.refused_by_head", "completion.accepted",
           "task.reopened")  # fmt: skip
part = sa.table(
    "assignment", sa.column("id", sa.Integer), sa.column("task_id", sa.Integer),
    sa.column("state", sa.String), sa.column("received_at", UtcDateTime),
    sa.column("issued_at", UtcDateTime), sa.column("sent_back", sa.String),
    sa.column("wanted", sa.Text), sa.column("again_by", sa.Date),
    sa.column("refusal_waits", sa.Boolean),
)  # fmt: skip
event = sa.table(
    "event", sa.column("id", sa.Integer), sa.column("at", UtcDateTime),
    sa.column("verb", sa.String), sa.column("subject_id", sa.Integer),
    sa.column("task_id", sa.Integer), sa.column("data", sa.JSON),
)  # fmt: skip


def upgrade() -> None:
    none, no = sa.text("''"), sa.false()
    for column in (
        sa.Column("sent_back", sa.String(length=20), nullable=True),
        sa.Column("wanted", sa.Text(), nullable=False, server_default=none),
        sa.Column("again_by", sa.Date(), nullable=True),
        sa.Column("refusal_waits", sa.Boolean(), nullable=False, server_default=no),
    ):
        op.add_column("assignment", column)
    op.drop_index("ix_assignment_todo", "assignment")
    op.create_index("ix_assignment_todo", "assignment", TODO)
    _say_whose_refusal_waits()
    _say_what_is_wanted()


def _say_whose_refusal_waits() -> None:
    handover = sa.table(
        "handover", sa.column("assignment_id", sa.Integer), sa.column("kind", sa.String),
        sa.column("decided_at", sa.DateTime),
    )  # fmt: skip
    waiting = sa.select(handover.c.assignment_id).where(
        handover.c.kind == "refusal", handover.c.decided_at.is_(None)
    )
    op.execute(
        part.update().where(part.c.id.in_(waiting), part.c.state == "issued").values(
            refusal_waits=sa.true()
        )
    )  # fmt: skip


def _say_what_is_wanted() -> None:
    """From the history: the newest reason of each part that is worked on, or asks to be done."""
    connection = op.get_bind()
    working = sa.select(part.c.id, part.c.task_id, part.c.issued_at).where(
        part.c.state.in_(("in_progress", "submitted")), part.c.received_at.is_not(None)
    )
    by_part = {row.id: row for row in connection.execute(working)}
    of_task: dict[int, list[int]] = {}
    for row in by_part.values():
        of_task.setdefault(row.task_id, []).append(row.id)
    found: dict[int, dict[str, Any]] = {}
    for told in connection.execute(
        sa.select(event).where(event.c.verb.in_(TELLING)).order_by(event.c.id)
    ):
        meant = of_task.get(told.task_id, []) if told.verb == "task.reopened" else [told.subject_id]
        for ident in meant:
            if ident in by_part and told.at >= by_part[ident].issued_at:
                found[ident] = _told(told, found.get(ident, {}))
    for ident, values in found.items():
        if values:
            connection.execute(part.update().where(part.c.id == ident).values(values))


def _told(told: Any, before: dict[str, Any]) -> dict[str, Any]:
    """What one event leaves standing; the day that the office named outlives a head's word."""
    data = told.data or {}
    day = data.get("again_by")
    if told.verb == "completion.returned":
        return {
            "sent_back": "returned", "wanted": data.get("demand") or "",
            "again_by": date.fromisoformat(day) if day else None,
        }  # fmt: skip
    if told.verb == "completion.refused_by_head":
        return {
            "sent_back": "kept_back", "wanted": data.get("text") or "",
            "again_by": before.get("again_by"),
        }  # fmt: skip
    if told.verb == "task.reopened":
        return {"sent_back": "reopened", "wanted": data.get("text") or "", "again_by": None}
    return {}
