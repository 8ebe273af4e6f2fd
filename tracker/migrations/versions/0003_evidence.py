"""Evidence is replaced and taken back, has previews, and counts for what the office requires"""

import sqlalchemy as sa
from alembic import op

from tracker.db import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Columns with their reference in one statement, which both databases take: SQLite would otherwise
# have to write the table anew.
COLUMNS = (
    ("replaces_id", "evidence"),
    ("requirement_id", "requirement"),
    ("small_id", "stored_file"),
    ("large_id", "stored_file"),
    ("withdrawn_by", "user"),
)


def upgrade() -> None:
    op.create_table(
        "requirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kinds", sa.String(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("removed_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_requirement_task_id_task"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by"], ["user.id"], name=op.f("fk_requirement_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_requirement_task_id"), "requirement", ["task_id"])
    for name, table in COLUMNS:
        op.execute(
            f"ALTER TABLE evidence ADD COLUMN {name} INTEGER CONSTRAINT "
            f'fk_evidence_{name}_{table} REFERENCES "{table}" (id)'
        )
    op.add_column("evidence", sa.Column("withdrawn_at", UtcDateTime(timezone=True), nullable=True))
