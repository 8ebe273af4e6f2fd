"""Taking in what was dropped at once: workbooks first, each for itself; then the files they name."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO

from sqlmodel import Session

from importers.book import Sheet
from tracker.errors import InputError, NotFound, NotKept, TrackerError
from tracker.events import keep
from tracker.exchange.export import Export
from tracker.exchange.merging import returned
from tracker.exchange.merging.comparing import NO_EXPORT, export_of
from tracker.exchange.merging.differing import Rows, differences
from tracker.exchange.merging.opening import sheets_of
from tracker.exchange.merging.parcels import Item, unpacked
from tracker.exchange.merging.pieces import ReturnedPiece, new_names, spelled
from tracker.exchange.merging.recognising import Found
from tracker.exchange.merging.returned import ReturnedFile
from tracker.exchange.merging.rowmark import KEY_LENGTH
from tracker.storage import dropped_if_refused
from tracker.stores.chosen import store_of
from tracker.web import loading
from tracker.web.context import actor, at, tracker, writing
from tracker.work.receiving import receive

UNNAMED = "“{name}”没有收下：没有哪份交回的表在“佐证材料”一栏新写了这个文件名。"
NOT_YOURS = "这份表不是从您的账号能交的任务里导出的，没有收下。"
TOO_MANY = "一次最多收 {most} 份表，后面 {count} 份没有收下，请分几次交：从“{first}”起。"
MOST_AT_ONCE = 200
"""Workbooks in one drop, those in zips too: each is read in a process of its own."""


@dataclass
class Taken:
    """The workbooks that wait now, how many files came along, how many earlier
    copies were put aside for them, and a sentence for each that was
    refused. `wanted` are the workbooks that name a file, by its name as it is compared."""

    rows: list[ReturnedFile] = field(default_factory=list)
    pieces: int = 0
    put_aside: int = 0
    refused: list[str] = field(default_factory=list)
    wanted: dict[str, list[int]] = field(default_factory=dict)


def take_in(sent: Sequence[tuple[str, IO[bytes]]]) -> Taken:
    """Keep all of it that can be taken; one that cannot keeps none out."""
    taken = Taken()
    with unpacked(sent, tracker().settings) as (items, refused):
        taken.refused += refused
        books = [item for item in items if item.may_be_workbook]
        others = [
            (item, UNNAMED.format(name=item.shown)) for item in items if not item.may_be_workbook
        ]
        for item in books[:MOST_AT_ONCE]:
            try:
                _workbook(item, taken)
            except (InputError, NotKept) as error:
                others.append((item, _naming(item, error)))
        if late := books[MOST_AT_ONCE:]:
            first = late[0].shown
            taken.refused.append(TOO_MANY.format(most=MOST_AT_ONCE, count=len(late), first=first))
        for item, why in others:
            _piece(item, why, taken)
    return taken


def _naming(item: Item, error: TrackerError) -> str:
    return error.message if item.name in error.message else f"“{item.shown}”：{error.message}"


def _workbook(item: Item, taken: Taken) -> None:
    """One workbook, in its own transaction."""
    settings, store = tracker().settings, store_of(tracker().settings)
    with dropped_if_refused(store) as files:
        sheets = sheets_of(
            item.stream, name=item.name, settings=settings, by=actor(), at=at(), files=files
        )
        with writing() as session:
            export, found = _own_export(session, sheets)
            keep(session, *files)
            row, event = returned.hand_in(export, files[0], found, by=actor(), at=at())
            keep(session, row, event)
            taken.put_aside += returned.supersede(session, row, at=at())
            names = _names(found, export.key, export.base)
    taken.rows.append(row)
    for name in names:
        taken.wanted.setdefault(name, []).append(row.id or 0)


def _own_export(session: Session, sheets: Sequence[Sheet]) -> tuple[Export, Found]:
    """The export a workbook came from. Raises InputError where the person may not hand it in; one that
    was only guessed from its words is then as if nobody knew them."""
    export, found = export_of(session, sheets)
    try:
        loading.export(session, actor(), export.id or 0)
    except NotFound as stranger:
        raise InputError(NO_EXPORT if found.is_guessed else NOT_YOURS, "file") from stranger
    return export, found


def _names(found: Found, key: str, kept: bytes) -> set[str]:
    """The files that a workbook names and that its export did not."""
    rows = Rows(found.tables.get(key[:KEY_LENGTH], ()))
    return {
        spelled(name)
        for cell, said, written in differences(kept, rows)
        if cell.field == "evidence"
        for one in written
        for name in new_names(one.text, said.shown)[0]
    }


def _piece(item: Item, why: str, taken: Taken) -> None:
    """A file that goes with the workbooks that name it; refused with `why` where none does."""
    wanted = taken.wanted.get(spelled(item.name), [])
    if not wanted:
        taken.refused.append(why)
        return
    try:
        with dropped_if_refused(store_of(tracker().settings)) as files:
            item.stream.seek(0)
            piece = receive(
                item.stream, name=item.name, settings=tracker().settings, by=actor(), at=at(),
                files=files,
            )  # fmt: skip
            with writing() as session:
                keep(session, *piece.files)
                small, large = piece.previews or (None, None)
                keep(session, *(
                    ReturnedPiece(
                        returned_file_id=ident, file_id=piece.file.id or 0,
                        small_id=small.id if small else None, large_id=large.id if large else None,
                    )
                    for ident in wanted
                ))  # fmt: skip
        taken.pieces += 1
    except (InputError, NotKept) as error:
        taken.refused.append(error.message)
