"""Files people sent: kept under random names, found by id, checked by hash.

Order of keeping: write aside, fsync, rename, then the row. A crash in between leaves a file no
row knows, which `sweep` removes; never a row without its file.
"""

import hashlib
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, select

from tracker.db import UtcDateTime
from tracker.errors import InputError
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
    sha256: str = Field(index=True)
    size: int = Field(sa_type=sa.BigInteger)
    media_type: str
    kept_at: datetime = Field(sa_type=UtcDateTime)
    kept_by: int | None = Field(default=None, foreign_key="user.id")


def write(
    source: IO[bytes], *, folder: Path, name: str, media_type: str, limit: int,
    at: datetime, by: int | None,
) -> StoredFile:  # fmt: skip
    """Put a stream on disk and give the row to keep. Raises InputError over `limit` bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    key = secrets.token_hex(16)
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
    finally:
        aside.unlink(missing_ok=True)
    failpoint("file-stored")
    return StoredFile(
        key=key, name=clean_file_name(name), sha256=digest.hexdigest(), size=size,
        media_type=media_type, kept_at=at, kept_by=by,
    )  # fmt: skip


def path_of(file: StoredFile, folder: Path) -> Path:
    """Where the bytes lie. Raises InputError when they are missing or were changed."""
    path = folder / file.key
    if not path.is_file() or path.stat().st_size != file.size:
        raise InputError(f"文件“{file.name}”在服务器上缺失或已损坏，请联系牵头办公室重新上传。")
    return path


def sweep(session: Session, folder: Path, *, before: datetime) -> int:
    """Remove files older than `before` that no row knows; says how many."""
    if not folder.is_dir():
        return 0
    known = set(session.exec(select(StoredFile.key)))
    removed = 0
    for path in folder.iterdir():
        forgotten = path.name not in known and path.stat().st_mtime < before.timestamp()
        if forgotten:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
