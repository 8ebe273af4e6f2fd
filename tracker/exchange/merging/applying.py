"""Applying a merge: what was confirmed, in one transaction, and only over what was shown."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa
from sqlmodel import Session, col, select

from tracker.errors import StepRefused, TrackerError
from tracker.exchange.export import Export
from tracker.exchange.merging.comparing import compare, may_change
from tracker.exchange.merging.fields import Of
from tracker.exchange.merging.merge import Cell, Change, Kind
from tracker.exchange.merging.recognising import Found
from tracker.exchange.merging.settling import HandIn, settle_part, settle_task
from tracker.failpoints import failpoint
from tracker.plans.archive import refuse_archived
from tracker.plans.assignment import Assignment
from tracker.plans.holding import AT_ONCE, held
from tracker.plans.task import Task

CHANGED_MEANWHILE = "核对以后有人又改过这些任务，没有写入。请重新核对。"


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


def confirm(
    session: Session, export: Export, found: Found, *, seen: str, choice: Choice,
    hand_in: HandIn, zone: str,
) -> list[int]:  # fmt: skip
    """Write what a person confirmed after seeing it (`seen` is its fingerprint); the tasks' ids.

    The rows are held, then merged anew: what somebody did between the look and the confirmation is no
    longer what was seen. Raises StepRefused then, while a conflict is undecided, and as `apply`.
    """

    hold(session, export.plan_id, may_change(session, export, found, today=hand_in.on, zone=zone))
    changes = compare(session, export, found, by=hand_in.by, today=hand_in.on, zone=zone).changes
    if shown(changes) != seen:
        raise StepRefused(CHANGED_MEANWHILE)
    if open_ := undecided(changes, choice):
        raise StepRefused(
            f"还有 {len(open_)} 处冲突没有选择，先选好再确认。第一处：{open_[0].source}"
        )
    return apply(session, wanted(changes, choice), hand_in)


def apply(session: Session, changes: Sequence[Change], hand_in: HandIn) -> list[int]:
    """Write these changes, task by task; the ids of the tasks. Their rows are held already.

    Raises StepRefused naming the place in the file when one cannot be written; the caller's
    transaction then writes nothing.
    """
    tasks, parts = _by_row(changes, Of.TASK), _by_row(changes, Of.PART)
    task_of = {ident: session.get_one(Assignment, ident).task_id for ident in parts}
    touched = sorted({*tasks, *task_of.values()})
    rows = held(session, touched)
    for ident in touched:
        if ident in tasks:
            with _at(tasks[ident]):
                settle_task(session, rows[ident], _values(tasks[ident]), hand_in)
        for part in list(rows[ident].parts):
            own = parts.get(part.id or 0)
            if own:
                with _at(own):
                    settle_part(session, rows[ident], part, _values(own), hand_in)
        failpoint("merge-row")
    failpoint("merge-before-commit")
    return touched


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
