"""Opening a returned workbook: kept first, then read in a child process like every file sent to us."""

from datetime import datetime
from typing import IO

from importers.book import Sheet, read_book
from importers.errors import ReadingRefused
from tracker.actor import Actor
from tracker.errors import FileRefused
from tracker.intake.uploading import WORKBOOK, limits_of
from tracker.settings import Settings
from tracker.storage import StoredFile, at_hand, write
from tracker.stores.chosen import store_of


def sheets_of(
    stream: IO[bytes], *, name: str, settings: Settings, by: Actor, at: datetime,
    files: list[StoredFile],
) -> list[Sheet]:  # fmt: skip
    """The sheets of a file, which is put into the store and into `files`, for
    `storage.dropped_if_refused`. Raises FileRefused with the reader's sentence, InputError, NotKept."""
    store = store_of(settings)
    file = write(
        stream, store=store, name=name, media_type=WORKBOOK, limit=settings.upload_limit, at=at,
        by=by.user_id,
    )  # fmt: skip
    files.append(file)
    with at_hand(file, store) as path:
        try:
            return read_book(path, filename=file.name, limits=limits_of(settings))
        except ReadingRefused as refused:
            raise FileRefused(refused.message, refused.code) from refused
