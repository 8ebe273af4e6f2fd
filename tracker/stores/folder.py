"""Files in a folder of this machine."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfileobj
from typing import IO

from tracker.stores.store import Kept

CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Folder:
    """Written aside, synced, renamed, the folder synced: a Store."""

    path: Path

    def put(self, key: str, source: IO[bytes]) -> None:
        """As Store.put."""
        self.path.mkdir(parents=True, exist_ok=True)
        aside = self.path / f".{key}.part"
        try:
            with aside.open("xb") as target:
                copyfileobj(source, target, CHUNK)
                target.flush()
                os.fsync(target.fileno())
            aside.rename(self.path / key)
            _settle(self.path)
        except BaseException:
            (self.path / key).unlink(missing_ok=True)
            raise
        finally:
            aside.unlink(missing_ok=True)

    def open(self, key: str) -> IO[bytes]:
        """As Store.open."""
        return (self.path / key).open("rb")

    def delete(self, key: str) -> None:
        """As Store.delete."""
        (self.path / key).unlink(missing_ok=True)

    def list(self) -> Iterator[Kept]:
        """As Store.list."""
        for path in self.path.iterdir() if self.path.is_dir() else ():
            with suppress(FileNotFoundError):
                yield Kept(path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC))


def _settle(folder: Path) -> None:
    """The folder's new entry reaches the disk, too, before a row may speak of it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
