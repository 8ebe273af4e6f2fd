"""Later versions of a plan: a batch keeps which task each row is, a key for its copies, and the
answers its file was read with"""

import secrets

import sqlalchemy as sa
from alembic import op

from tracker.db import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The table is not written anew, as SQLite would need for a constraint: with foreign keys on,
    # dropping the old one would take the batches' questions along.
    for name, kind in (("key", sa.String()), ("pairs", sa.LargeBinary())):
        column = sa.Column(name, kind, nullable=False, server_default=sa.text("''"))
        op.add_column("batch", column)
    columns = (("id", sa.Integer), ("key", sa.String), ("pairs", sa.LargeBinary))
    batch = sa.table("batch", *(sa.column(name, kind) for name, kind in columns))
    connection = op.get_bind()
    for ident in connection.scalars(sa.select(batch.c.id)).all():
        mine = batch.update().where(batch.c.id == ident)
        connection.execute(mine.values(key=secrets.token_hex(16), pairs=b""))
    empty = sa.text("'{}'")
    op.add_column("batch", sa.Column("choices", sa.JSON(), nullable=False, server_default=empty))
    op.create_index(op.f("ix_batch_key"), "batch", ["key"], unique=True)
    op.create_table(
        "reading_choice",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("option", sa.String(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("chosen_by", sa.Integer(), nullable=True),
        sa.Column("chosen_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_reading_choice_batch_id_batch")
        ),
        sa.ForeignKeyConstraint(
            ["chosen_by"], ["user.id"], name=op.f("fk_reading_choice_chosen_by_user")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_reading_choice")),
    )
    op.create_index(op.f("ix_reading_choice_batch_id"), "reading_choice", ["batch_id"])
