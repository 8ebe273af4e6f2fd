"""Requests that nobody answered end with the work they were about."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.plans.assignment import Assignment
from tracker.work.extension import Extension
from tracker.work.handover import Handover

WITH_THE_WORK = "随任务办结或改派结束"


def end_requests(session: Session, parts: Iterable[Assignment], *, at: datetime) -> None:
    """More time and handovers that these parts, finished or given away, had asked for are wanted no
    more; the event that ended them tells it. Those still worked on keep their requests."""
    ended = [part for part in parts if part.done]
    for part in ended:
        part.refusal_waits = False
    for model in (Extension, Handover):
        session.execute(
            sa.update(model)
            .where(
                col(model.assignment_id).in_([part.id for part in ended]),
                col(model.decided_at).is_(None),
            )
            .values(decided_at=at, answer=WITH_THE_WORK)
        )
