"""Applying a merge: what was confirmed, in one transaction, and only over what was shown."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa
from sqlmodel import Session, col, select

from tracker.errors import StepRefused, TrackerError
from tracker.exchange.merging.fields import Of
from tracker.exchange.merging.merge import Cell, Change, Kind
from tracker.exchange.merging.settled import Deeds, Known
from tracker.exchange.merging.settling import HandIn, settle_part, settle_task
from tracker.failpoints import failpoint
from tracker.plans.archive import refuse_archived
from tracker.plans.assignment import Assignment
from tracker.plans.holding import AT_ONCE, Held, held
from tracker.plans.task import Task

TOGETHER = 200
"""Tasks that are settled and kept at once."""


@dataclass(frozen=True)
class Choice:
    """What is done about the changes: conflicts whose file wins, and cells that are left as they are."""

    take: Collection[Cell] = ()
    leave: Collection[Cell] = ()


def shown(changes: Sequence[Change]) -> str:
    """A fingerprint of what a person was shown, to be compared when she confirms it."""
    said = "\n".join(
        repr((change.kind.value, *change.cell, change.base, change.theirs, change.ours))
        for change in changes
        if change.kind is not Kind.UNCHANGED
    )
    return sha256(said.encode()).hexdigest()[:32]


def tasks_of(session: Session, changes: Sequence[Change]) -> dict[tuple[Of, int], Task]:
    """The task that each changed cell is of, by what the cell is of."""
    parts = {one.cell.ident for one in changes if one.cell.of is Of.PART}
    rows = session.execute(
        sa.select(col(Assignment.id), Task)
        .join(Task, col(Task.id) == Assignment.task_id)
        .where(col(Assignment.id).in_(parts))
    ).all()
    found = {(Of.PART, ident): task for ident, task in rows}
    wanted = {one.cell.ident for one in changes if one.cell.of is Of.TASK}
    tasks = session.exec(select(Task).where(col(Task.id).in_(wanted)))
    return found | {(Of.TASK, task.id or 0): task for task in tasks}


def undecided(changes: Sequence[Change], choice: Choice) -> list[Change]:
    """Conflicts about which nothing was chosen."""
    decided = {*choice.take, *choice.leave}
    return [one for one in changes if one.kind is Kind.CONFLICT and one.cell not in decided]


def wanted(changes: Sequence[Change], choice: Choice) -> list[Change]:
    """The changes to write: theirs alone unless left out, conflicts where the file was chosen."""
    return [
        one for one in changes
        if one.cell not in choice.leave
        and (one.kind is Kind.THEIRS or (one.kind is Kind.CONFLICT and one.cell in choice.take))
    ]  # fmt: skip


def hold(session: Session, plan_id: int, cells: Iterable[Cell]) -> dict[int, Assignment]:
    """Lock the tasks of all these cells with their parts; the parts by id. Call it before the merge
    is made that is written. Raises StepRefused for an archived plan."""
    found = held(session, tasks_with(session, cells))
    refuse_archived(session, plan_id)
    return {part.id or 0: part for one in found.values() for part in one.parts}


def touched(session: Session, changes: Sequence[Change]) -> list[int]:
    """The tasks that these changes are of."""
    return tasks_with(session, [one.cell for one in changes])


def tasks_with(session: Session, cells: Iterable[Cell]) -> list[int]:
    """The tasks that these cells are of."""
    found: dict[Of, set[int]] = {Of.TASK: set(), Of.PART: set()}
    for cell in cells:
        found[cell.of].add(cell.ident)
    parts = sorted(found[Of.PART])
    for start in range(0, len(parts), AT_ONCE):
        some = parts[start : start + AT_ONCE]
        found[Of.TASK].update(
            session.exec(select(Assignment.task_id).where(col(Assignment.id).in_(some)))
        )
    return sorted(found[Of.TASK])


def apply(session: Session, changes: Sequence[Change], hand_in: HandIn) -> list[int]:
    """Write these changes, task by task; the ids of the tasks. Their rows are held already (`hold`).

    Raises StepRefused naming the place in the file when one cannot be written; the caller's
    transaction then writes nothing.
    """
    tasks, parts = _by_row(changes, Of.TASK), _by_row(changes, Of.PART)
    found = touched(session, changes)
    deeds = Deeds(session)
    for start in range(0, len(found), TOGETHER):
        rows = held(session, found[start : start + TOGETHER])
        known = Known(session, rows.values())
        for ident, row in rows.items():
            _settle(deeds, known, row, tasks.get(ident, ()), parts, hand_in)
        deeds.write()
        failpoint("merge-row")
    failpoint("merge-before-commit")
    return found


def _settle(
    deeds: Deeds, known: Known, row: Held, own: Sequence[Change],
    parts: Mapping[int, Sequence[Change]], hand_in: HandIn,
) -> None:  # fmt: skip
    """One task: its own cells, then those of its parts."""
    if own:
        with _at(own):
            settle_task(deeds, row, _values(own), hand_in)
    for part in list(row.parts):
        if of_part := parts.get(part.id or 0):
            with _at(of_part):
                settle_part(deeds, known, row, part, _values(of_part), hand_in)


@contextmanager
def _at(changes: Sequence[Change]) -> Iterator[None]:
    """A refusal inside names the place of the first of these changes."""
    try:
        yield
    except TrackerError as refused:
        raise StepRefused(f"{changes[0].source}：{refused.message}") from refused


def _by_row(changes: Sequence[Change], of: Of) -> Mapping[int, list[Change]]:
    found: dict[int, list[Change]] = defaultdict(list)
    for one in changes:
        if one.cell.of is of:
            found[one.cell.ident].append(one)
    return found


def _values(changes: Sequence[Change]) -> dict[str, str]:
    return {one.cell.field: one.theirs for one in changes}
