"""What every place for files can do. Keys are 32 hexadecimal digits, chosen by us.

Unreachable          (an OSError) the server of the files did not answer, or refused us
"""

from collections.abc import Iterator
from datetime import datetime
from typing import IO, NamedTuple, Protocol


class Unreachable(OSError):
    """The server that keeps the files did not answer; nothing is known of the file."""


class Kept(NamedTuple):
    """A file that lies in a store, whether a row knows it or not, and since when."""

    key: str
    at: datetime


class Store(Protocol):
    """A put file is there whole, and safe from a power cut, or not at all."""

    def put(self, key: str, source: IO[bytes]) -> None:
        """Keep everything the stream gives. Raises OSError, or what the stream raises; then nothing
        of it stays."""

    def open(self, key: str) -> IO[bytes]:
        """The file's bytes, to be read and sought in. Raises FileNotFoundError, or Unreachable."""

    def delete(self, key: str) -> None:
        """Remove the file; one that is not there is no error. Raises Unreachable."""

    def list(self) -> Iterator[Kept]:
        """All that lies here, for the sweeper; leftovers of broken uploads too."""
