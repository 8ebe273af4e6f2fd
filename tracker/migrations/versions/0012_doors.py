"""Slices are handed out to every department; replies come back through a mailbox"""

import sqlalchemy as sa
from alembic import op

from tracker.db import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = UtcDateTime(timezone=True)


def upgrade() -> None:
    _hand_outs()
    _mailbox()
    # A column with its reference in one statement, which both databases take.
    for table, column, other in (
        ("message", "attachment_id", "stored_file"),
        ("returned_file", "mail_id", "received_mail"),
    ):
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT "
            f"fk_{table}_{column}_{other} REFERENCES {other} (id)"
        )


def _hand_outs() -> None:
    op.create_table(
        "hand_out",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("means", sa.String(length=20), nullable=False),
        sa.Column("layout", sa.String(length=20), nullable=False),
        sa.Column("back_by", sa.Date(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        _to("hand_out", "plan_id", "plan", "CASCADE"),
        _to("hand_out", "by", "user"),
        sa.PrimaryKeyConstraint("id", name="pk_hand_out"),
        sa.UniqueConstraint("key", name="uq_hand_out_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_hand_out_plan_id", "hand_out", ["plan_id"])
    op.create_table(
        "hand_out_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hand_out_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("export_id", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        _to("hand_out_copy", "hand_out_id", "hand_out", "CASCADE"),
        _to("hand_out_copy", "department_id", "department"),
        _to("hand_out_copy", "export_id", "export", "CASCADE"),
        _to("hand_out_copy", "file_id", "stored_file"),
        sa.PrimaryKeyConstraint("id", name="pk_hand_out_copy"),
        sa.UniqueConstraint(
            "hand_out_id", "department_id", name="uq_hand_out_copy_hand_out_id_department_id"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_hand_out_copy_made_at", "hand_out_copy", ["made_at"])


def _mailbox() -> None:
    op.create_table(
        "received_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("from_address", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _to("received_mail", "user_id", "user"),
        sa.PrimaryKeyConstraint("id", name="pk_received_mail"),
        sa.UniqueConstraint("key", name="uq_received_mail_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "mailbox_look",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_mailbox_look"),
    )


def _to(
    table: str, column: str, other: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)
