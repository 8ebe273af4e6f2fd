"""Later versions of a plan: a batch keeps which task each row is, and a key for its copies"""

import secrets

import sqlalchemy as sa
from alembic import op

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
    op.create_index(op.f("ix_batch_key"), "batch", ["key"], unique=True)
