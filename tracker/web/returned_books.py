"""Returned workbooks as the pages show them: by department, by task, with who changed what here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import request
from sqlmodel import Session, col, select

from tracker.actor import Actor
from tracker.directory.actors import actor_for
from tracker.directory.department import Department
from tracker.directory.user import User
from tracker.events import Event
from tracker.exchange.export import Export
from tracker.exchange.merging import applying, memory, returned, together
from tracker.exchange.merging.applying import Choice
from tracker.exchange.merging.comparing import Merged
from tracker.exchange.merging.fields import BY_KEY, Of
from tracker.exchange.merging.memory import Memory
from tracker.exchange.merging.merge import Cell, Change, Kind
from tracker.exchange.merging.pieces import pieces_of
from tracker.exchange.merging.returned import ReturnedFile
from tracker.exchange.merging.together import Sent
from tracker.exchange.merging.whose import changed_by
from tracker.plans.assignment import Assignment
from tracker.plans.task import Task
from tracker.storage import StoredFile
from tracker.web.context import actor, today, tracker

SHOWN = (Kind.CONFLICT, Kind.THEIRS, Kind.INVALID, Kind.NOT_ALLOWED, Kind.SAME)
"""What a page shows of a workbook, what needs a decision first."""
_WRITES = (Kind.CONFLICT, Kind.THEIRS)


@dataclass
class Book:
    """A workbook on the page; `rows` are its tasks in the plan's order with what it changes of each,
    `deeds` who changed a cell here meanwhile; of one that was written `was` is what was seen then.
    `whose` are the departments of the parts in a whole plan's, `earlier` the department's copies that
    were put aside for this one, with how many cells each changes that this one does not."""

    row: ReturnedFile
    sent: Sent
    file: StoredFile
    department: Department | None
    sender: str
    rows: list[tuple[Task, list[Change]]] = field(default_factory=list)
    deeds: Mapping[Cell, Event] = field(default_factory=dict)
    was: Memory | None = None
    whose: Mapping[int, str] = field(default_factory=dict)
    earlier: list[tuple[ReturnedFile, StoredFile, int]] = field(default_factory=list)

    @property
    def conflicts(self) -> int:
        """Cells that somebody must choose."""
        return self.count(Kind.CONFLICT)

    @property
    def writes(self) -> int:
        """What confirming it may write: cells and new tasks."""
        new = self.sent.merged.new if self.sent.merged else []
        return self.count(*_WRITES) + sum(not one.reason for one in new)

    def count(self, *kinds: Kind) -> int:
        """Cells of some kinds."""
        return sum(change.kind in kinds for change in self.sent.changes)


def sent_of(session: Session, rows: Sequence[ReturnedFile]) -> list[Sent]:
    """The workbooks as they take part in a merge, each in its sender's name. Two copies of one
    department are told apart by their files' names."""
    sent = [_sent(session, row) for row in rows]
    several = Counter(one.name for one in sent)
    for row, one in zip(rows, sent, strict=True):
        if several[one.name] > 1:
            one.name = f"{one.name}，{session.get_one(StoredFile, row.file_id).name}"
    return sent


def _sent(session: Session, row: ReturnedFile) -> Sent:
    export = session.get_one(Export, row.export_id)
    name = session.get_one(StoredFile, row.file_id).name
    if row.department_id is not None:
        name = session.get_one(Department, row.department_id).name
    assert row.id is not None
    found, sender = returned.found_in(row, export.key), _sender(session, row)
    return Sent(row.id, name, export, found, sender, pieces=pieces_of(session, row.id))


def _sender(session: Session, row: ReturnedFile) -> Actor:
    """Whoever handed it in; the person who looks, where that one has left."""
    person = actor()
    if row.by is None or row.by == person.user_id:
        return person
    return actor_for(session, row.by, on=today()) or person


def books(session: Session, rows: Sequence[ReturnedFile]) -> list[Book]:
    """The workbooks merged with what is here now and with each other, ready to be shown; those that
    were written as they were seen then."""
    settled = {row.id: memory.unpacked(row.told) for row in rows if row.told}
    sent = sent_of(session, rows)
    open_ = [one for one in sent if one.ident not in settled]
    together.look(session, open_, today=today(), zone=tracker().settings.timezone)
    for one in sent:
        if one.ident in settled:
            one.merged = Merged(one.export, settled[one.ident].changes)
    return [
        _book(session, row, one, settled.get(one.ident))
        for row, one in zip(rows, sent, strict=True)
    ]


def _book(session: Session, row: ReturnedFile, sent: Sent, was: Memory | None) -> Book:
    sender = session.get(User, row.by) if row.by else None
    return Book(
        row, sent, session.get_one(StoredFile, row.file_id),
        session.get(Department, row.department_id) if row.department_id else None,
        sender.name if sender else "",
        _by_task(session, sent.changes),
        changed_by(session, sent.changes, since=sent.export.at) if was is None else {},
        was,
        _whose(session, sent),
    )  # fmt: skip


def put_aside(session: Session, books: Sequence[Book]) -> None:
    """Tell of each workbook what earlier copies of its department say that no later one does."""
    found = [(book, row) for book in books for row in returned.earlier(session, book.row)]
    sent = sent_of(session, [row for _book, row in found])
    for one in sent:
        together.look(session, [one], today=today(), zone=tracker().settings.timezone)
    told: dict[int, set[Cell]] = {
        book.sent.ident: {one.cell for one in book.sent.changes if one.kind in _WRITES}
        for book in books
    }
    for (book, row), one in zip(found, sent, strict=True):
        known = told[book.sent.ident]
        more = {change.cell for change in one.changes if change.kind in _WRITES} - known
        known |= more
        if more:
            book.earlier.append((row, session.get_one(StoredFile, row.file_id), len(more)))


def _whose(session: Session, sent: Sent) -> Mapping[int, str]:
    """The departments of the parts that a whole plan's workbook changes."""
    if sent.export.department_id is not None:
        return {}
    parts = {change.cell.ident for change in sent.changes if change.cell.of is Of.PART}
    rows = session.exec(
        select(Assignment.id, Department.name)
        .join(Department, col(Department.id) == Assignment.department_id)
        .where(col(Assignment.id).in_(parts))
    )
    return {ident: name for ident, name in rows if ident}


def _by_task(session: Session, changes: Sequence[Change]) -> list[tuple[Task, list[Change]]]:
    told = [change for change in changes if change.kind in SHOWN]
    tasks = applying.tasks_of(session, told)
    found: dict[int, tuple[Task, list[Change]]] = {}
    for change in sorted(told, key=lambda one: SHOWN.index(one.kind)):
        task = tasks.get((change.cell.of, change.cell.ident))
        if task is None:  # of a settled workbook: undoing an import took it away
            continue
        found.setdefault(task.id or 0, (task, []))[1].append(change)
    return sorted(found.values(), key=_order)


def _order(one: tuple[Task, list[Change]]) -> tuple[bool, int, int]:
    """What needs a decision first, then as the plan has it."""
    task, changes = one
    decided = all(change.kind is not Kind.CONFLICT for change in changes)
    return decided, task.position, task.id or 0


def cell_name(book: int, cell: Cell) -> str:
    """How a form names a cell: cell-3-p-7-progress."""
    return f"cell-{book}-{cell.of.value[0]}-{cell.ident}-{cell.field}"


def chosen(sent: Sequence[Sent]) -> None:
    """Put what the form says of each cell and workbook into them."""
    said = {"take": dict[int, set[Cell]](), "leave": dict[int, set[Cell]]()}
    for name, verdict in request.form.items():
        if verdict in said and (found := _cell_of(name)):
            said[verdict].setdefault(found[0], set()).add(found[1])
    for one in sent:
        one.choice = Choice(
            said["take"].get(one.ident, frozenset()), said["leave"].get(one.ident, frozenset())
        )
        one.adds = said_new(one.ident)
        one.skipped = f"skip-{one.ident}" in request.form


def said_new(book: int) -> set[int]:
    """The places of the new tasks that the form wants of a workbook."""
    beginning = f"new-{book}-"
    said = {name.removeprefix(beginning) for name in request.form if name.startswith(beginning)}
    return {int(place) for place in said if place.isascii() and place.isdecimal()}


def _cell_of(name: str) -> tuple[int, Cell] | None:
    kind, *rest = name.split("-", 4)
    if kind != "cell" or len(rest) != 4:
        return None
    book, of, ident, key = rest
    numbers = all(one.isascii() and one.isdecimal() and len(one) < 19 for one in (book, ident))
    if of not in ("t", "p") or key not in BY_KEY or not numbers:
        return None
    return int(book), Cell(Of.TASK if of == "t" else Of.PART, int(ident), key)
