"""Holding tasks with their parts for a change that depends on how both stand.

Everybody who changes a task and its parts in one go (a review, applying a batch, undoing one)
comes through here, so that all lock in one order and none decides by what it read before it had to
wait.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.plans.assignment import Assignment
from tracker.plans.task import Task

AT_ONCE = 1000
"""Ids in one statement."""

Row = TypeVar("Row", bound=SQLModel)


class Held(NamedTuple):
    """A task and all its parts, in the order of their ids."""

    task: Task
    parts: list[Assignment]


def held(session: Session, task_ids: Sequence[int]) -> dict[int, Held]:
    """The tasks and all their parts, locked until the transaction ends and read afresh.

    The tasks first, then the parts, both by id. Call it before the event chain is taken and before
    any of these rows is written. Ids without a task are left out.
    """
    found: dict[int, Held] = {}
    for some in _some(task_ids):
        wanted = select(Task).where(col(Task.id).in_(some)).order_by(col(Task.id))
        for task in _locked(session, wanted):
            assert task.id is not None
            found[task.id] = Held(task, [])
    for some in _some(list(found)):
        parts = select(Assignment).where(col(Assignment.task_id).in_(some))
        for part in _locked(session, parts.order_by(col(Assignment.id))):
            found[part.task_id].parts.append(part)
    return found


def _some(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    ordered = sorted(set(ids))
    return (ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE))


def _locked(session: Session, wanted: SelectOfScalar[Row]) -> Iterator[Row]:
    fresh = wanted.with_for_update().execution_options(populate_existing=True)
    return iter(session.exec(fresh))
