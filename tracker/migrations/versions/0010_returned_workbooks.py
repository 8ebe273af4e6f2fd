"""Returned workbooks wait for their confirmation"""

import sqlalchemy as sa
from alembic import op

from tracker.db import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "returned_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("export_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("cells", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("settled_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        _to("export", "export_id", ondelete="CASCADE"),
        _to("plan", "plan_id", ondelete="CASCADE"),
        _to("department", "department_id"),
        _to("stored_file", "file_id"),
        _to("user", "by"),
        _to("user", "settled_by"),
        sa.PrimaryKeyConstraint("id", name="pk_returned_file"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_returned_file_export_id", "returned_file", ["export_id"])
    op.create_index("ix_returned_file_plan_id", "returned_file", ["plan_id"])


def _to(table: str, column: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{table}.id"], name=f"fk_returned_file_{column}_{table}", ondelete=ondelete
    )
