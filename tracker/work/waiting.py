"""What waits for the office's answer, in the order in which its queue lists it: requests for more
time, refusals and transfers first, then completions, each the oldest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.plans.assignment import Assignment
from tracker.work import completion, extension, handover
from tracker.work.completion import Completion
from tracker.work.extension import Extension
from tracker.work.handover import Handover

Place = tuple[bool, datetime, int, str]
"""Where a request stands in the queue."""
MODELS: dict[str, Any] = {
    "extension": Extension,
    "handover": Handover,
    "completion": Completion,
}


@dataclass(frozen=True)
class Request:
    """A request by its kind (a key of MODELS) and id; `left` counts the others that wait."""

    kind: str
    id: int
    task_id: int
    left: int


def after(session: Session, kind: str, ident: int) -> Request | None:
    """The request that follows one that was answered, from the queue's beginning again behind the
    last; None when nothing waits or there is no such request."""
    answered = session.get(MODELS[kind], ident) if kind in MODELS else None
    if answered is None:
        return None
    here = _place(kind, answered.at, ident)
    standing = _standing(session)
    if not standing:
        return None
    place, task_id = min(standing, key=lambda one: (one[0] < here, one[0]))
    return Request(place[3], place[2], task_id, len(standing) - 1)


def _place(kind: str, at: datetime, ident: int) -> Place:
    return kind == "completion", at, ident, kind


def _standing(session: Session) -> list[tuple[Place, int]]:
    """Every waiting request's place and task."""
    open_now = {
        "extension": extension.waits(),
        "handover": handover.waits(),
        "completion": completion.waits(),
    }
    return [
        (_place(kind, at, ident), task_id)
        for kind, waits in open_now.items()
        for ident, at, task_id in session.execute(_waiting(MODELS[kind], waits))
    ]


def _waiting(model: Any, waits: sa.ColumnElement[bool]) -> sa.Select[Any]:
    rows = sa.select(model.id, model.at, col(Assignment.task_id))
    return rows.join(Assignment, col(Assignment.id) == model.assignment_id).where(waits)
