"""A returned workbook that was written can be taken back; files that came along with it"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("returned_file", sa.Column("told", sa.LargeBinary(), nullable=True))
    op.add_column("returned_file", sa.Column("trace", sa.LargeBinary(), nullable=True))
    op.create_table(
        "returned_piece",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("returned_file_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("small_id", sa.Integer(), nullable=True),
        sa.Column("large_id", sa.Integer(), nullable=True),
        _to("returned_file", "returned_file_id", ondelete="CASCADE"),
        _to("stored_file", "file_id"),
        _to("stored_file", "small_id"),
        _to("stored_file", "large_id"),
        sa.PrimaryKeyConstraint("id", name="pk_returned_piece"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_returned_piece_returned_file_id", "returned_piece", ["returned_file_id"])


def _to(table: str, column: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{table}.id"], name=f"fk_returned_piece_{column}_{table}", ondelete=ondelete
    )
