"""Comparing a batch with the plan as it stands, when its file comes in and when the plan has changed."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from importers.collection import no_collection
from tracker.directory.resolve import Names
from tracker.intake import applying, kept, versions
from tracker.intake.batch import Batch, BatchState
from tracker.intake.decide import Row
from tracker.intake.decide import rows as decided_rows
from tracker.intake.outcome import Outcome, compare
from tracker.intake.present import Present


def pair(session: Session, batch: Batch, *, on: date, names: Names | None = None) -> int:
    """Find out which rows are tasks of the plan, now; says how many pairs wait for an answer."""
    plan = applying.plan_named(session, batch)
    if plan is None:
        versions.forget(session, batch)
        return 0
    decided = applying.decisions(session, batch, on=on, names=names)
    with no_collection():
        found = list(decided_rows(kept.unpack(batch.reading), decided))
        return versions.match(session, batch, plan.id, found)


def compared(session: Session, batch: Batch, rows: Sequence[Row]) -> Outcome:
    """What applying the batch to the plan as it stands would do. Pairs that were made for an older
    version of the plan are made anew for the look; `pair` keeps them."""
    plan = applying.plan_named(session, batch)
    if plan is None:
        return compare(session, None, rows)
    with no_collection():
        if batch.state == BatchState.PREVIEW and plan.version != batch.plan_version:
            same = versions.proposed(session, batch, Present.load(session, plan.id), rows)
        else:
            same = versions.known_again(session, batch)
        return compare(session, plan.id, rows, same)
