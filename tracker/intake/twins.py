"""The same file twice: other batches that brought the very same bytes for the same plan."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.actor import COMMAND_LINE
from tracker.db import UtcDateTime
from tracker.directory.user import User
from tracker.intake.batch import Batch, BatchState
from tracker.storage import StoredFile


class Twin(NamedTuple):
    """A batch with the same file: when and by whom it was applied, or uploaded where it still is
    a preview."""

    batch_id: int
    state: BatchState
    at: datetime
    by: str


def twins_of(session: Session, batch: Batch) -> list[Twin]:
    """The other batches of the plan with this batch's file, the newest first; undone ones are not
    counted, since nothing of them stands."""
    sha256 = session.get_one(StoredFile, batch.file_id).sha256
    is_applied = col(Batch.state) == BatchState.APPLIED
    at = sa.case((is_applied, col(Batch.applied_at)), else_=col(Batch.created_at))
    by = sa.case((is_applied, col(Batch.applied_by)), else_=col(Batch.created_by))
    wanted = (
        sa.select(
            col(Batch.id), col(Batch.state), sa.type_coerce(at, UtcDateTime()), col(User.name)
        )
        .join(StoredFile, col(StoredFile.id) == Batch.file_id)
        .join(User, col(User.id) == by, isouter=True)
        .where(
            col(StoredFile.sha256) == sha256,
            col(Batch.plan_name) == batch.plan_name,
            col(Batch.id) != batch.id,
            col(Batch.state) != BatchState.UNDONE,
        )
        .order_by(col(Batch.id).desc())
    )
    found = session.execute(wanted)
    return [Twin(ident, state, at, name or COMMAND_LINE.name) for ident, state, at, name in found]
