"""A zip made while it is sent: what was written is taken out again at once, so no more of it than one
member's piece is ever in memory."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import IO

from tracker import clock

CHUNK = 256 * 1024


class Drain(io.RawIOBase):
    """What a zip writes is taken out again; it cannot be sought in."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: object) -> int:
        """Keep it until it is taken."""
        piece = bytes(data)  # type: ignore[call-overload]
        self._waiting.append(piece)
        return len(piece)

    def taken(self) -> bytes:
        """All that was written since."""
        pieces, self._waiting = self._waiting, []
        return b"".join(pieces)


def entry(path: str, at: datetime | None, zone: str) -> zipfile.ZipInfo:
    """A member with the office's time, not packed: what comes here mostly is already."""
    shown = clock.local(at, zone).timetuple()[:6] if at else (1980, 1, 1, 0, 0, 0)
    info = zipfile.ZipInfo(path, shown)
    info.external_attr = 0o600 << 16
    return info


def begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces, the first made at once: what is refused before it is raised here and not
    while the others are sent."""
    return chain([next(pieces)], pieces)


def pieces_of(content: IO[bytes]) -> Iterator[bytes]:
    """A file, piece by piece, closed at its end."""
    with content:
        while piece := content.read(CHUNK):
            yield piece
