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
from tracker.exchange.merging import applying
from tracker.exchange.merging.applying import Choice
from tracker.exchange.merging.comparing import Merged, compare_all, export_of
from tracker.exchange.merging.merge import Kind
from tracker.exchange.merging.recognising import Found
from tracker.exchange.merging.settling import HandIn
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
    merged: Merged | None = None

    @property
    def counts(self) -> bool:
        """Whether it takes part in the merge."""
        return self.export is not None and not self.superseded


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
    session: Session, books: Sequence[Book], *, by: Actor, today: date, zone: str
) -> None:
    """Merge each workbook that counts; nothing is written."""
    counts = [(book, book.export) for book in books if book.counts and book.export is not None]
    merged = compare_all(
        session, [(export, book.found, by, {}) for book, export in counts], today=today, zone=zone
    )
    for (book, _export), one in zip(counts, merged, strict=True):
        book.merged = one


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


def apply_all(session: Session, books: Sequence[Book], hand_in: HandIn, *, zone: str) -> int:
    """Write all of them, one after the other; how many tasks changed. The caller's transaction holds
    it together. Raises StepRefused as `applying.confirm`, also when two workbooks change one cell."""
    changed: set[int] = set()
    for book in books:
        if book.merged is not None and book.export is not None:
            changed |= set(
                applying.confirm(
                    session, book.export, book.found, seen=applying.shown(book.merged.changes),
                    choice=Choice(), hand_in=hand_in, zone=zone,
                )
            )  # fmt: skip
    return len(changed)
