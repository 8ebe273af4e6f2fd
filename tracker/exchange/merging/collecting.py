"""Collecting (汇总): many returned workbooks at once, of each department the newest, merged as one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from importers.book import Sheet
from tracker.actor import Actor
from tracker.directory.department import Department
from tracker.errors import InputError
from tracker.exchange.export import Export
from tracker.exchange.merging import together
from tracker.exchange.merging.comparing import Merged, export_of
from tracker.exchange.merging.merge import Kind
from tracker.exchange.merging.recognising import Found
from tracker.exchange.merging.settling import HandIn
from tracker.exchange.merging.together import Sent
from tracker.plans.plan import Plan

IN_THE_WAY = (Kind.CONFLICT, Kind.INVALID, Kind.NOT_ALLOWED)


@dataclass
class Book:
    """One workbook: its export, or the sentence why it is none. `superseded` by a later copy of the same
    department."""

    name: str
    export: Export | None = None
    found: Found = field(default_factory=Found)
    plan: str = ""
    department: str = ""
    problem: str = ""
    superseded: bool = False
    sent: Sent | None = None

    @property
    def merged(self) -> Merged | None:
        """What became of its cells; None before `merge_all`, and where it takes no part."""
        return self.sent.merged if self.sent else None


def recognised(session: Session, books: Sequence[tuple[str, list[Sheet]]]) -> list[Book]:
    """What each workbook is of; of several copies of one department the last one given counts."""
    found = [_book(session, name, sheets) for name, sheets in books]
    newest: dict[tuple[int, int | None], Book] = {}
    for book in found:
        if book.export is not None and book.export.department_id is not None:
            of = (book.export.plan_id, book.export.department_id)
            if of in newest:
                newest[of].superseded = True
            newest[of] = book
    return found


def _book(session: Session, name: str, sheets: list[Sheet]) -> Book:
    try:
        export, found = export_of(session, sheets)
    except InputError as refused:
        return Book(name, problem=refused.message)
    ident = export.department_id
    return Book(
        name, export, found, plan=session.get_one(Plan, export.plan_id).name,
        department=session.get_one(Department, ident).name if ident else "",
    )  # fmt: skip


def merge_all(
    session: Session, books: Sequence[Book], *, by: Actor, today: date, zone: str,
    writes: bool = False,
) -> None:  # fmt: skip
    """Merge each workbook that counts, and tell what several of them change; nothing is written. Where
    it will be in this transaction (`writes`), the rows are held before. Raises StepRefused then for an
    archived plan."""
    for place, book in enumerate(books):
        if book.export is not None and not book.superseded:
            book.sent = Sent(place, book.name, book.export, book.found, by)
    looked = together.held_look if writes else together.look
    looked(session, _sent(books), today=today, zone=zone)
    for one in _sent(books):
        one.adds = range(len(one.merged.new if one.merged else ()))


def _sent(books: Sequence[Book]) -> list[Sent]:
    return [book.sent for book in books if book.sent is not None]


def blocking(books: Sequence[Book]) -> int:
    """How much stands in the way of writing: what is no export, and cells that cannot be written
    without somebody's choice or word."""
    cells = sum(len(book.merged.of(*IN_THE_WAY)) for book in books if book.merged)
    rows = sum(
        len(book.merged.foreign + book.merged.gone + book.merged.astray)
        for book in books
        if book.merged
    )
    return cells + rows + sum(bool(book.problem) for book in books)


def apply_all(session: Session, books: Sequence[Book], hand_in: HandIn) -> int:
    """Write what `merge_all` has found in this transaction, which holds it together; how many tasks
    changed. Raises StepRefused while a conflict is undecided, or when a cell cannot be written."""
    return len(together.write(session, _sent(books), hand_in))
