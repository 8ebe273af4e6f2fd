"""A file comes in as evidence: held, looked at, kept with its previews. Its rows come later, with the
verb that it belongs to."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import IO

from tracker.actor import Actor
from tracker.failpoints import failpoint
from tracker.files.examining import bounds_of, examine
from tracker.settings import Settings
from tracker.storage import StoredFile, held, write
from tracker.stores.chosen import local, store_of
from tracker.text import clean_file_name

PREVIEW = "image/jpeg"


@dataclass(frozen=True)
class Received:
    """A kept file, not yet a row; of an image also the small and the large preview."""

    file: StoredFile
    previews: tuple[StoredFile, StoredFile] | None = None

    @property
    def files(self) -> list[StoredFile]:
        """All that lies in the store."""
        return [self.file, *(self.previews or ())]


def receive(
    stream: IO[bytes], *, name: str, settings: Settings, by: Actor, at: datetime,
    files: list[StoredFile],
) -> Received:  # fmt: skip
    """Keep a file that may be evidence; what is in the store is put into `files`, one by one, for
    `storage.dropped_if_refused`.

    Raises InputError with the sentence that says what is wrong with it, NotKept.
    """
    name, limit, store = clean_file_name(name), settings.evidence_limit, store_of(settings)

    def kept(content: IO[bytes], name: str, media_type: str) -> StoredFile:
        file = write(
            content, store=store, name=name, media_type=media_type, limit=limit, at=at,
            by=by.user_id,
        )  # fmt: skip
        files.append(file)
        return file

    with held(stream, folder=local(settings), name=name, limit=limit) as path:
        failpoint("evidence-held")
        found = examine(path, name, bounds_of(settings))
        with path.open("rb") as content:
            file = kept(content, name, found.media_type)
    if not found.small:
        return Received(file)
    stem = name.rsplit(".", 1)[0]
    small = kept(BytesIO(found.small), f"{stem}-小图.jpg", PREVIEW)
    large = kept(BytesIO(found.large), f"{stem}-大图.jpg", PREVIEW)
    failpoint("evidence-kept")
    return Received(file, (small, large))
