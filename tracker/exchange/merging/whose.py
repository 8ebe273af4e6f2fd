"""Who changed a cell here since the export, and when: read from the history."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.events import Event
from tracker.exchange.merging.fields import Of
from tracker.exchange.merging.merge import Cell, Change, Kind
from tracker.plans.assignment import Assignment

_REPORT = ("assignment.reported",)
_VERBS = {
    "text": ("task.revised",), "points": ("task.revised",),
    "due_on": ("assignment.redated", "extension.granted"),
    "department": ("assignment.reassigned",),
    "progress": _REPORT, "percent": (*_REPORT, "completion.accepted"), "difficulties": _REPORT,
    "next_step": _REPORT,
    "state": (
        "assignment.received", "completion.requested", "completion.approved", "completion.accepted",
        "completion.returned", "completion.taken_back", "completion.refused_by_head",
        "task.reopened", "task.closed",
    ),
    "done_on": ("completion.accepted", "task.reopened"),
    "evidence": ("evidence.attached", "evidence.replaced", "evidence.withdrawn"),
}  # fmt: skip
"""The deeds that change each field."""
TOLD = (Kind.CONFLICT, Kind.SAME)


def changed_by(
    session: Session, changes: Iterable[Change], *, since: datetime
) -> Mapping[Cell, Event]:
    """The newest deed on each cell that changed here since the export; none where nobody's is known."""
    cells = [change.cell for change in changes if change.kind in TOLD]
    parts = {cell.ident for cell in cells if cell.of is Of.PART}
    task_of = {
        ident: (task_id, department_id)
        for ident, task_id, department_id in session.exec(
            select(Assignment.id, Assignment.task_id, Assignment.department_id).where(
                col(Assignment.id).in_(parts)
            )
        )
    }
    tasks = {cell.ident for cell in cells if cell.of is Of.TASK}
    tasks |= {task_id for task_id, _department in task_of.values()}
    wanted = select(Event).where(
        col(Event.task_id).in_(tasks), Event.at >= since,
        col(Event.verb).in_({verb for verbs in _VERBS.values() for verb in verbs}),
    )  # fmt: skip
    newest: dict[tuple[int | None, int | None, str], Event] = {}
    for event in session.exec(wanted.order_by(col(Event.id))):
        newest[event.task_id, event.department_id, event.verb] = event
        newest[event.task_id, None, event.verb] = event
    found = {
        cell: _newest(newest, *_row(cell, task_of), _VERBS.get(cell.field, ())) for cell in cells
    }
    return {cell: event for cell, event in found.items() if event}


def _row(
    cell: Cell, task_of: Mapping[int | None, tuple[int, int]]
) -> tuple[int | None, int | None]:
    if cell.of is Of.TASK:
        return cell.ident, None
    return task_of.get(cell.ident, (None, None))


def _newest(
    newest: Mapping[tuple[int | None, int | None, str], Event], task: int | None,
    department: int | None, verbs: Iterable[str],
) -> Event | None:  # fmt: skip
    found = [newest[task, department, verb] for verb in verbs if (task, department, verb) in newest]
    return max(found, key=lambda event: event.id or 0, default=None)
