"""Giving the errors back: a batch's file as a copy with its open questions in it."""

from datetime import date

from sqlmodel import Session

from tracker.directory.resolve import Names
from tracker.errors import StepRefused
from tracker.exchange.doubts import annotated
from tracker.exchange.ledger import saved
from tracker.intake import applying, choices, uploading
from tracker.intake.batch import Batch, BatchState
from tracker.intake.doubts import doubts_of
from tracker.settings import Settings
from tracker.storage import StoredFile, at_hand
from tracker.stores.chosen import store_of
from tracker.text import clean_file_name

SUFFIX = "-标注问题"


def copy_of(session: Session, batch: Batch, *, settings: Settings, on: date) -> tuple[bytes, str]:
    """The copy and its name. Raises StepRefused when nothing is open, FileLost without the file.

    The file is read anew, as the batch reads it: a batch keeps only as much of a sheet as a page
    shows.
    """
    waiting = applying.open_questions(session, batch)
    if batch.state != BatchState.PREVIEW or not waiting:
        raise StepRefused("这一批没有待核对的问题，不需要副本。")
    file = session.get_one(StoredFile, batch.file_id)
    with at_hand(file, store_of(settings)) as path:
        reading = uploading.read_kept(
            path, file.name, settings=settings, issued_on=batch.issued_on,
            choices=choices.of_batch(batch),
        )  # fmt: skip
        doubts = doubts_of(reading, waiting, Names.load(session, on=on).departments)
        book = annotated(path, reading, doubts, key=batch.key)
    stem = file.name.rsplit(".", 1)[0].removesuffix(SUFFIX)
    return saved(book), clean_file_name(f"{stem}{SUFFIX}.xlsx")
