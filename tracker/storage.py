"""Files people sent: kept under random names, found by id.

Order of keeping: the store has the file safe (`stores/`: a folder or a bucket), then the row. A
crash in between leaves a file no row knows, which `sweep` removes; never a row without its file.
"""

import errno
import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile
from typing import IO, cast

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, select

from tracker import logs
from tracker.db import UtcDateTime
from tracker.errors import FileLost, InputError, NotKept, StoreSilent, TrackerError
from tracker.failpoints import failpoint
from tracker.stores.folder import Folder
from tracker.stores.store import Store, Unreachable
from tracker.text import clean_file_name

CHUNK = 1024 * 1024


class StoredFile(SQLModel, table=True):
    """A file as it was sent. `key` is its name in the store, `name` what people see. Size in bytes."""

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


class Counted:
    """A stream that is measured while it is read. `read` raises InputError over `limit` bytes."""

    def __init__(self, source: IO[bytes], *, name: str, limit: int) -> None:
        self._source, self._name, self._limit = source, name, limit
        self._digest = hashlib.sha256()
        self.size = 0

    def read(self, count: int = CHUNK) -> bytes:
        """The next bytes."""
        chunk = self._source.read(count)
        self.size += len(chunk)
        if self.size > self._limit:
            raise InputError(
                f"文件“{clean_file_name(self._name)}”超过 {self._limit // 1024 // 1024} MB。"
                "请压缩或拆分后再上传。",
            )
        self._digest.update(chunk)
        return chunk

    @property
    def sha256(self) -> str:
        """Of what was read so far."""
        return self._digest.hexdigest()


def write(
    source: IO[bytes], *, store: Store, name: str, media_type: str, limit: int,
    at: datetime, by: int | None,
) -> StoredFile:  # fmt: skip
    """Put a stream into the store and give the row to keep. Raises InputError over `limit` bytes,
    NotKept when the store does not take it; then nothing of it stays."""
    key, counted = secrets.token_hex(16), Counted(source, name=name, limit=limit)
    with _kept_or_told(name):
        store.put(key, cast(IO[bytes], counted))
    failpoint("file-stored")
    return StoredFile(
        key=key, name=clean_file_name(name), sha256=counted.sha256, size=counted.size,
        media_type=media_type, kept_at=at, kept_by=by,
    )  # fmt: skip


@contextmanager
def _kept_or_told(name: str) -> Iterator[None]:
    """Raises NotKept for what a disk or a server of files says."""
    try:
        yield
    except Unreachable as error:
        logs.get().error("file-not-kept", error=str(error))
        raise NotKept(
            f"存放文件的服务器没有应答，文件“{clean_file_name(name)}”没有存下，没有写入。"
            "请稍后再上传；还不行，请告诉管理员。"
        ) from error
    except OSError as error:
        logs.get().error("file-not-kept", error=errno.errorcode.get(error.errno or 0, "?"))
        raise NotKept(
            f"服务器的磁盘没有存下文件“{clean_file_name(name)}”，没有写入。"
            "请告诉管理员检查磁盘空间，然后再上传。"
        ) from error


@contextmanager
def held(source: IO[bytes], *, folder: Folder, name: str, limit: int) -> Iterator[Path]:
    """The stream as a file of this machine for as long as it is looked at, before it is kept.

    It waits in the folder of uploads, whose sweeper also removes what a crash left there. Raises as
    `write`.
    """
    with _kept_or_told(name):
        folder.path.mkdir(parents=True, exist_ok=True)
        waiting = NamedTemporaryFile(dir=folder.path, prefix=".", suffix=".part")  # noqa: SIM115
    with waiting:
        with _kept_or_told(name):
            counted = Counted(source, name=name, limit=limit)
            copyfileobj(cast(IO[bytes], counted), waiting, CHUNK)
            waiting.flush()
        yield Path(waiting.name)


@contextmanager
def dropped_if_refused(store: Store) -> Iterator[list[StoredFile]]:
    """Files put into the list are taken out of the store again when the block is refused.

    Any other error leaves them to `sweep`: a commit that was cut off may have been done.
    """
    files: list[StoredFile] = []
    try:
        yield files
    except TrackerError:
        for file in files:
            drop(file, store)
        raise


def drop(file: StoredFile, store: Store) -> None:
    """Take a file out whose row is not kept; what a silent server leaves is the sweeper's."""
    with suppress(Unreachable):
        store.delete(file.key)


def opened(file: StoredFile, store: Store) -> IO[bytes]:
    """The bytes, read once to see that they are those that came, and again from the start.

    Raises FileLost when they are missing or changed, StoreSilent when the server of files does not
    answer. The caller closes it.
    """
    content = _found(file, store)
    if hashlib.file_digest(content, "sha256").hexdigest() != file.sha256:  # type: ignore[arg-type]
        content.close()
        raise _lost(file)
    content.seek(0)
    return content


def _found(file: StoredFile, store: Store) -> IO[bytes]:
    try:
        return store.open(file.key)
    except Unreachable as error:
        raise StoreSilent(
            f"存放文件的服务器没有应答，文件“{file.name}”现在打不开。请过一会儿再试。"
        ) from error
    except OSError as error:
        raise _lost(file) from error


def _lost(file: StoredFile) -> FileLost:
    return FileLost(f"文件“{file.name}”在服务器上缺失或已损坏，请联系牵头办公室重新上传。")


@contextmanager
def at_hand(file: StoredFile, store: Store) -> Iterator[Path]:
    """The bytes as a file of this machine, for programs that want a path. Raises as `opened`."""
    with opened(file, store) as content:
        if isinstance(store, Folder):
            yield store.path / file.key
            return
        with NamedTemporaryFile() as copy:
            copyfileobj(content, copy, CHUNK)
            copy.flush()
            yield Path(copy.name)


def is_whole(file: StoredFile, store: Store) -> bool:
    """Whether the bytes are there and are those that came; reads them all. Raises StoreSilent."""
    try:
        opened(file, store).close()
    except FileLost:
        return False
    return True


def sweep(session: Session, store: Store, *, before: datetime) -> int:
    """Remove what came before `before` and no row knows; says how many."""
    known = set(session.exec(select(StoredFile.key)))
    removed = 0
    for kept in store.list():
        if kept.key not in known and kept.at < before:
            store.delete(kept.key)
            removed += 1
    return removed
