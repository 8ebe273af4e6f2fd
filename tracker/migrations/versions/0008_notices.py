"""Notices remember the parts they speak of; praise can be taken back"""

import sqlalchemy as sa
from alembic import op

from tracker.db import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Mail that waits in the outbox during the upgrade goes as it stands.
    none = sa.text("'[]'")
    op.add_column("message", sa.Column("parts", sa.JSON(), nullable=False, server_default=none))
    op.add_column("praise", sa.Column("taken_back_at", UtcDateTime(timezone=True), nullable=True))
