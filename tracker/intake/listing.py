"""A later version beside the plan, listed kind by kind and page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from tracker.intake import applying, comparing, kept
from tracker.intake.batch import Batch, BatchState
from tracker.intake.decide import rows
from tracker.intake.differences import KINDS as KINDS
from tracker.intake.differences import Change, listed, of_applied
from tracker.paging import Page

PAGE = 50


@dataclass(frozen=True)
class Compared:
    """One page of one kind; `counts` are those of all kinds that can be listed."""

    kind: str
    counts: Mapping[str, Any]
    changes: list[Change]
    page: Page


def differences(session: Session, batch: Batch, kind: str, *, on: date, number: int) -> Compared:
    """What the batch would change in the plan; of one that was applied, what it has changed."""
    decided = applying.decisions(session, batch, on=on)
    found = list(rows(kept.unpack(batch.reading), decided))
    departments = decided.names.departments
    if batch.state != BatchState.PREVIEW:
        done = of_applied(session, batch, found, departments)
        page = _page(number, len(done))
        return Compared("changed", {"changed": len(done)}, done[_part(page)], page)
    outcome = comparing.compared(session, batch, found)
    counts = {one: outcome.counts()[one] for one in KINDS}
    page = _page(number, counts[kind])
    return Compared(kind, counts, listed(outcome, kind, departments, _part(page)), page)


def _page(number: int, total: int) -> Page:
    last = max(1, -(-total // PAGE))
    return Page(min(number, last), total, PAGE)


def _part(page: Page) -> slice:
    return slice((page.number - 1) * PAGE, page.number * PAGE)
