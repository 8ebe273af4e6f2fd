"""Files people sent: kept under random names, found by id.

Order of keeping: write aside, fsync, rename, fsync the folder, then the row. A crash in between leaves a file no
row knows, which `sweep` removes; never a row without its file.
"""

import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, select

from tracker import logs
from tracker.db import UtcDateTime
from tracker.errors import FileLost, InputError, NotKept, TrackerError
from tracker.failpoints import failpoint
from tracker.text import clean_file_name

CHUNK = 1024 * 1024


class StoredFile(SQLModel, table=True):
    """A file as it was sent. `key` is its name on disk, `name` what people see. Size in bytes."""

    __tablename__ = "stored_file"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    name: str
    sha256: str
    size: int = Field(sa_type=sa.BigInteger)
    media_type: str
    kept_at: datetime = Field(sa_type=UtcDateTime)
    kept_by: int | None = Field(default=None, foreign_key="user.id")


def write(
    source: IO[bytes], *, folder: Path, name: str, media_type: str, limit: int,
    at: datetime, by: int | None,
) -> StoredFile:  # fmt: skip
    """Put a stream on disk and give the row to keep. Raises InputError over `limit` bytes, NotKept
    when the disk does not take it; then nothing of it stays."""
    key = secrets.token_hex(16)
    try:
        digest, size = _written(source, folder, key, name=name, limit=limit)
    except OSError as error:
        logs.get().error("file-not-kept", error=errno.errorcode.get(error.errno or 0, "?"))
        raise NotKept(
            f"服务器的磁盘没有存下文件“{clean_file_name(name)}”，没有写入。"
            "请告诉管理员检查磁盘空间，然后再上传。"
        ) from error
    failpoint("file-stored")
    return StoredFile(
        key=key, name=clean_file_name(name), sha256=digest, size=size, media_type=media_type,
        kept_at=at, kept_by=by,
    )  # fmt: skip


def _written(
    source: IO[bytes], folder: Path, key: str, *, name: str, limit: int
) -> tuple[str, int]:
    """Digest and size of what now lies in the folder under its key."""
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f".{key}.part"
    digest, size = hashlib.sha256(), 0
    try:
        with aside.open("xb") as target:
            while chunk := source.read(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise InputError(
                        f"文件“{clean_file_name(name)}”超过 {limit // 1024 // 1024} MB。"
                        "请压缩或拆分后再上传。",
                    )
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        aside.rename(folder / key)
        _settle(folder)
    finally:
        aside.unlink(missing_ok=True)
    return digest.hexdigest(), size


def _settle(folder: Path) -> None:
    """The folder's new entry reaches the disk, too, before a row may speak of it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def dropped_if_refused(folder: Path) -> Iterator[list[StoredFile]]:
    """Files put into the list are taken off the disk again when the block is refused.

    Any other error leaves them to `sweep`: a commit that was cut off may have been done.
    """
    files: list[StoredFile] = []
    try:
        yield files
    except TrackerError:
        for file in files:
            (folder / file.key).unlink(missing_ok=True)
        raise


def path_of(file: StoredFile, folder: Path) -> Path:
    """Where the bytes lie. Raises FileLost when they are missing or not as many as came.

    What they say is not looked at, since every download would read the file twice: `is_whole`.
    """
    path = folder / file.key
    if not _is_there(file, path):
        raise FileLost(f"文件“{file.name}”在服务器上缺失或已损坏，请联系牵头办公室重新上传。")
    return path


def is_whole(file: StoredFile, folder: Path) -> bool:
    """Whether the bytes are there and are those that came; reads them all."""
    path = folder / file.key
    try:
        with path.open("rb") as content:
            same = hashlib.file_digest(content, "sha256").hexdigest() == file.sha256
    except OSError:
        return False
    return same and _is_there(file, path)


def _is_there(file: StoredFile, path: Path) -> bool:
    return path.is_file() and path.stat().st_size == file.size


def sweep(session: Session, folder: Path, *, before: datetime) -> int:
    """Remove files older than `before` that no row knows; says how many."""
    if not folder.is_dir():
        return 0
    known = set(session.exec(select(StoredFile.key)))
    removed = 0
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if path.name not in known and path.stat().st_mtime < before.timestamp():
                path.unlink()
                removed += 1
    return removed
