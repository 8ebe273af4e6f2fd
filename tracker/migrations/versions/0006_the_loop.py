"""The closed loop: approval by heads, extension, handover, withdrawal, closing, urging, instructions,
poor cooperation, leaders' charges, archived plans"""

import sqlalchemy as sa
from alembic import op

from tracker.db import UtcDateTime

revision = "0006"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add_columns()
    _extension()
    _urge()
    _receipt()
    _handover()
    _instruction()
    _poor_cooperation()
    op.create_table(
        "charge",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_charge_post_id_post"),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name="fk_charge_department_id_department"
        ),
        sa.PrimaryKeyConstraint("post_id", "department_id", name="pk_charge"),
    )
    op.create_index("ix_charge_department_id", "charge", ["department_id"])


def _add_columns() -> None:
    """New columns go in place: a table others point to is never written anew (see 0002)."""
    add = op.add_column
    add("assignment", sa.Column("extended", sa.Integer(), server_default="0", nullable=False))
    add("assignment", sa.Column("in_plan", sa.Boolean(), server_default=sa.true(), nullable=False))
    # until now only a later version of the plan withdrew a part: one that no longer named it
    op.execute("UPDATE assignment SET in_plan = NOT (state = 'withdrawn')")
    add("task", sa.Column("closed_on", sa.Date(), nullable=True))
    add("task", sa.Column("withdrawn_on", sa.Date(), nullable=True))
    add("plan", sa.Column("archived_on", sa.Date(), nullable=True))
    add(
        "department",
        sa.Column("needs_approval", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    _approval("completion")


def _approval(table: str) -> None:
    kind = sa.String(length=20)
    op.add_column(table, sa.Column("approval", kind, server_default="not_needed", nullable=False))
    op.add_column(table, sa.Column("approved_at", UtcDateTime(timezone=True), nullable=True))
    # Alembic writes no REFERENCES into SQLite's ADD COLUMN; both databases read this.
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN approved_by INTEGER "
        f'CONSTRAINT fk_{table}_approved_by_user REFERENCES "user" (id)'
    )


def _extension() -> None:
    _approval("extension")
    op.add_column("extension", sa.Column("granted_on", sa.Date(), nullable=True))
    _unique_while("uq_extension_open", "extension", ["assignment_id"], "decided_at IS NULL")


def _unique_while(name: str, table: str, columns: list[str], condition: str) -> None:
    op.create_index(
        name, table, columns, unique=True, sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )  # fmt: skip


def _urge() -> None:
    """Nobody could urge before: the table is empty and is made anew."""
    op.drop_table("urge")
    op.create_table(
        "urge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        _to("assignment", "urge", "assignment_id", ondelete="CASCADE"),
        _to("user", "urge", "by"),
        sa.PrimaryKeyConstraint("id", name="pk_urge"),
        sa.UniqueConstraint("assignment_id", "on", name="uq_urge_assignment_id_on"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_urge_assignment_id", "urge", ["assignment_id"])


def _to(table: str, own: str, column: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{table}.id"], name=f"fk_{own}_{column}_{table}", ondelete=ondelete
    )


def _receipt() -> None:
    """A part that comes back to its department is signed for again. Nothing points to receipts."""
    with op.batch_alter_table("receipt", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_constraint("uq_receipt_assignment_id", type_="unique")
        table.create_index("ix_receipt_assignment_id", ["assignment_id"])


def _handover() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("to_department_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        _to("assignment", "handover", "assignment_id", ondelete="CASCADE"),
        _to("department", "handover", "to_department_id"),
        _to("user", "handover", "by"),
        _to("user", "handover", "decided_by"),
        sa.PrimaryKeyConstraint("id", name="pk_handover"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handover_assignment_id", "handover", ["assignment_id"])
    _unique_while("uq_handover_open", "handover", ["assignment_id"], "decided_at IS NULL")


def _instruction() -> None:
    op.create_table(
        "instruction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("signed", sa.String(), nullable=False),
        _to("task", "instruction", "task_id", ondelete="CASCADE"),
        _to("user", "instruction", "by"),
        sa.PrimaryKeyConstraint("id", name="pk_instruction"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_instruction_task_id", "instruction", ["task_id"])


def _poor_cooperation() -> None:
    op.create_table(
        "poor_cooperation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("lifted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        _to("assignment", "poor_cooperation", "assignment_id", ondelete="CASCADE"),
        _to("assignment", "poor_cooperation", "lead_id", ondelete="CASCADE"),
        _to("user", "poor_cooperation", "by"),
        _to("user", "poor_cooperation", "lifted_by"),
        sa.PrimaryKeyConstraint("id", name="pk_poor_cooperation"),
        sqlite_autoincrement=True,
    )
    for column in ("assignment_id", "lead_id"):
        op.create_index(f"ix_poor_cooperation_{column}", "poor_cooperation", [column])
    _unique_while(
        "uq_poor_cooperation_standing", "poor_cooperation", ["assignment_id", "lead_id"],
        "lifted_at IS NULL",
    )  # fmt: skip
