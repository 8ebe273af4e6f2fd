"""Progress: numeric targets, values in reports, reporting rhythms and the next report's day"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from importers.rhythm_rule import read_rhythm
from tracker import clock
from tracker.db import Amount, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

IN_FORCE = sa.text("ended_at IS NULL")
DIFFICULT = sa.text("difficulties <> ''")
TODO = ("department_id", "done", "due_on", "id", "state", "returned", "role")


def upgrade() -> None:
    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("value", Amount(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("measured", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["user.id"], name=op.f("fk_target_by_user")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_target_task_id_task"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_target_task_id"), "target", ["task_id"])
    op.create_index(
        "uq_target_in_force", "target", ["task_id"], unique=True, sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )  # fmt: skip
    # Columns are added where the tables stand: see 0002 for why none is written anew.
    empty = sa.text("''")
    for table in ("plan", "task"):
        op.add_column(table, sa.Column("rhythm", sa.String(), nullable=False, server_default=empty))
    op.add_column("report", sa.Column("value", Amount(), nullable=True))
    op.add_column("report", sa.Column("unit", sa.String(), nullable=False, server_default=empty))
    op.add_column("report", sa.Column("form_key", sa.String(), nullable=True))
    op.create_index("uq_report_form", "report", ["assignment_id", "form_key"], unique=True)
    op.create_index(
        "ix_report_difficulties", "report", ["id"], sqlite_where=DIFFICULT,
        postgresql_where=DIFFICULT,
    )  # fmt: skip
    op.add_column("assignment", sa.Column("next_report_on", sa.Date(), nullable=True))
    op.drop_index("ix_assignment_todo", "assignment")
    op.create_index("ix_assignment_todo", "assignment", [*TODO, "next_report_on"])
    asked = sa.text("next_report_on IS NOT NULL")
    op.create_index(
        "ix_assignment_report", "assignment", ["next_report_on"], sqlite_where=asked,
        postgresql_where=asked,
    )  # fmt: skip
    _ask_for_reports()


def _ask_for_reports() -> None:
    """Parts signed for already, whose deadline comes again, report from the present period on."""
    columns: tuple[tuple[str, Any], ...] = (
        ("id", sa.Integer), ("deadline_kind", sa.String), ("deadline_text", sa.String),
        ("due_on", sa.Date), ("original_due_on", sa.Date),
    )  # fmt: skip
    task = sa.table("task", *(sa.column(name, kind) for name, kind in columns))
    kinds: tuple[tuple[str, Any], ...] = (
        ("task_id", sa.Integer), ("next_report_on", sa.Date), ("done", sa.Boolean),
        ("due_on", sa.Date), ("extended", sa.Integer),
    )  # fmt: skip
    more = sa.column("received_at", sa.DateTime)
    part = sa.table("assignment", *(sa.column(name, kind) for name, kind in kinds), more)
    connection = op.get_bind()
    recurring = task.c.deadline_kind == "recurring"
    today = clock.now().date()
    for text in connection.scalars(
        sa.select(task.c.deadline_text).where(recurring).distinct()
    ).all():
        rule = read_rhythm(text)
        if rule is None:
            continue
        these = sa.select(task.c.id).where(recurring, task.c.deadline_text == text)
        # a rhythm has no single day that is late for good
        connection.execute(
            part.update().where(part.c.task_id.in_(these), part.c.extended == 0).values(due_on=None)
        )
        connection.execute(
            task.update()
            .where(task.c.id.in_(these), task.c.due_on.is_not_distinct_from(task.c.original_due_on))
            .values(due_on=None, original_due_on=None)
        )
        signed = sa.and_(part.c.received_at.is_not(None), sa.not_(part.c.done))
        connection.execute(
            part.update()
            .where(part.c.task_id.in_(these), signed)
            .values(next_report_on=rule.on_or_after(today))
        )
