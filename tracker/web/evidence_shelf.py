"""The evidence of a task as its page shows it: what is required, what is there, what was before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker import access
from tracker.actor import Actor
from tracker.directory.user import User
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.task import Task
from tracker.storage import StoredFile
from tracker.work.evidence import Evidence, current
from tracker.work.requirement import Met, Wanted, in_force, met, proposed


@dataclass
class Piece:
    """One file, who sent it, and what it replaced, newest first. `may_have`: it is handed out."""

    row: Evidence
    file: StoredFile
    by: str
    may_have: bool
    before: list["Piece"] = field(default_factory=list)


@dataclass
class Place:
    """A department's part with its pieces in force and those taken back."""

    part: Any
    is_own: bool
    may_change: bool
    pieces: list[Piece] = field(default_factory=list)
    withdrawn: list[Piece] = field(default_factory=list)


@dataclass(frozen=True)
class Shelf:
    """All of it; `count` is of the pieces in force, `proposal` what the imported table asks for."""

    places: list[Place]
    required: list[Met]
    proposal: list[Wanted]
    count: int

    def name_of(self, ident: int | None) -> str:
        """The name of a requirement in force."""
        return next(
            (one.requirement.name for one in self.required if one.requirement.id == ident), ""
        )


def shelf_of(session: Session, person: Actor, task: Task, parts: Sequence[Any]) -> Shelf:
    """The evidence that the person may see; `parts` are listing.parts_of the task."""
    assert task.id is not None
    by_part: dict[int, list[Piece]] = defaultdict(list)
    for piece in _pieces(session, person, task.id):
        by_part[piece.row.assignment_id].append(piece)
    places = [_place(part, by_part[part.id], person) for part in parts]
    places = [one for one in places if one.is_own or one.pieces or one.withdrawn]
    requirements = in_force(session, task.id)
    names = {one.name for one in requirements}
    counted = [piece.row.requirement_id for place in places for piece in place.pieces]
    return Shelf(
        places, met(requirements, counted), [one for one in proposed(task) if one.name not in names],
        len(counted),
    )  # fmt: skip


def required_of(session: Session, person: Actor, task_id: int) -> list[Met]:
    """How far the task's requirements are met, by the evidence that the person may see; a lead sees
    its helpers'."""
    requirements = in_force(session, task_id)
    if not requirements:
        return []
    rows = [row for row, _file, _by in _rows(session, person, task_id)]
    return met(requirements, [one.requirement_id for one in current(rows)])


def _rows(
    session: Session, person: Actor, task_id: int
) -> Iterable[tuple[Evidence, StoredFile, str | None]]:
    found = access.evidence_for(person)
    if access.sees_all(person):
        found = found.join(Assignment, col(Evidence.assignment_id) == Assignment.id)
    rows = session.execute(
        found.add_columns(StoredFile, col(User.name))
        .join(StoredFile, col(Evidence.file_id) == StoredFile.id)
        .join(User, col(Evidence.by) == User.id, isouter=True)
        .where(
            sa.and_(
                col(Assignment.task_id) == task_id,
                col(Assignment.state) != AssignmentState.WITHDRAWN,
            )
        )
        .order_by(col(Evidence.id))
    )
    return [(row, file, by) for row, file, by in rows]


def _pieces(session: Session, person: Actor, task_id: int) -> list[Piece]:
    rows = _rows(session, person, task_id)
    wanted = access.evidence_files_for(person).with_only_columns(col(Evidence.id))
    idents = [row.id for row, _file, _by in rows]
    handed = set(session.scalars(wanted.where(col(Evidence.id).in_(idents))))
    return [Piece(row, file, by or "", row.id in handed) for row, file, by in rows]


def _place(part: Any, pieces: list[Piece], person: Actor) -> Place:
    is_own = part.department_id in person.department_ids
    may_change = is_own and part.state == AssignmentState.IN_PROGRESS
    by_id = {piece.row.id: piece for piece in pieces}
    shown = [by_id[row.id] for row in current(piece.row for piece in pieces)]
    for piece in shown:
        piece.before = _before(piece, by_id)
    withdrawn = [piece for piece in pieces if piece.row.withdrawn_at is not None]
    return Place(part, is_own, may_change, shown, withdrawn)


def _before(piece: Piece, by_id: dict[int | None, Piece]) -> list[Piece]:
    """The pieces it replaced, newest first; those taken back stand elsewhere."""
    found: list[Piece] = []
    seen = {piece.row.id}
    while (older := by_id.get(piece.row.replaces_id)) is not None and older.row.id not in seen:
        seen.add(older.row.id)
        if older.row.withdrawn_at is None:
            found.append(older)
        piece = older
    return found
