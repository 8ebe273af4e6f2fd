"""A list of departments (机构名录) comes in as a file: read, kept as it was sent, taken up."""

from datetime import date, datetime
from typing import IO

from sqlmodel import Session

from importers import Reading
from tracker.actor import Actor
from tracker.directory.importing import DirectoryImport, import_names
from tracker.errors import FileRefused
from tracker.events import keep
from tracker.intake import uploading
from tracker.intake.uploading import Upload
from tracker.settings import Settings


def receive(stream: IO[bytes], *, name: str, settings: Settings, at: datetime, by: Actor) -> Upload:
    """Keep the file and read it. Raises FileRefused when it cannot be read or lists nobody; then
    nothing of it stays."""
    return uploading.receive(
        stream, name=name, settings=settings, at=at, by=by, check=_require_names
    )


def _require_names(reading: Reading) -> None:
    if not uploading.names_in(reading):
        raise FileRefused(
            "文件里没有找到机构名录：需要有“单位名称”或“单位全称”一列。", "no_directory"
        )


def take_in(
    session: Session, upload: Upload, *, by: Actor, at: datetime, on: date
) -> DirectoryImport:
    """Add the departments that are not there yet, in the caller's transaction; the file is known
    from now on."""
    keep(session, upload.file)
    names = uploading.names_in(upload.reading)
    return import_names(session, names, by=by, at=at, on=on, file_id=upload.file.id)
