"""The container of old office files (OLE compound file): which streams it holds, and one of them.

Reads with bounds of its own: a chain that runs in a circle or out of the file is refused.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from importers.errors import ReadingRefused

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END, _ENTRY, _MINI = 0xFFFFFFFA, 128, 64
_MOST_ENTRIES = 20_000


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream or storage: its name, where it begins, how long it is."""

    name: str
    first: int
    size: int
    is_stream: bool


class Compound:
    """An opened container. Raises `ReadingRefused` where it is torn."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512:
            raise torn()
        self._data = data
        shift, mini = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini != 6:
            raise torn()
        self._sector = 1 << shift
        self._table = self._allocation()
        first, self._cutoff, mini_first = (
            struct.unpack_from("<I", data, at)[0] for at in (48, 56, 60)
        )
        self.entries = self._directory(self._chain(first))
        root = next((e for e in self.entries if e.name == "Root Entry"), None)
        self._mini = self._chain(root.first) if root and root.size else b""
        minis = self._chain(mini_first) if mini_first < _END else b""
        self._minis = struct.unpack(f"<{len(minis) // 4}I", minis)

    def names(self) -> set[str]:
        """The names of all streams and storages, at whatever depth."""
        return {entry.name for entry in self.entries}

    def read(self, name: str) -> bytes:
        """The first stream of this name, whole."""
        entry = next((e for e in self.entries if e.name == name and e.is_stream), None)
        if entry is None:
            raise torn()
        chain = self._chain if entry.size >= self._cutoff else self._mini_chain
        found = chain(entry.first)
        if len(found) < entry.size:
            raise torn()
        return found[: entry.size]

    def _allocation(self) -> tuple[int, ...]:
        """The table that says which sector follows which."""
        places = list(struct.unpack_from("<109I", self._data, 76))
        following, left = struct.unpack_from("<2I", self._data, 68)
        most = len(self._data) // self._sector
        while following < _END and left and len(places) < most + 109:
            block = self._at(following)
            words = struct.unpack(f"<{len(block) // 4}I", block)
            places += words[:-1]
            following, left = words[-1], left - 1
        table = b"".join(self._at(place) for place in places if place < _END)
        return struct.unpack(f"<{len(table) // 4}I", table)

    def _at(self, number: int) -> bytes:
        start = (number + 1) * self._sector
        block = self._data[start : start + self._sector]
        if not block:
            raise torn()
        return block.ljust(self._sector, b"\0")

    def _chain(self, number: int) -> bytes:
        found: list[bytes] = []
        while number < _END:
            if number >= len(self._table) or len(found) > len(self._table):
                raise torn()
            found.append(self._at(number))
            number = self._table[number]
        return b"".join(found)

    def _mini_chain(self, number: int) -> bytes:
        found: list[bytes] = []
        while number < _END:
            if number >= len(self._minis) or len(found) > len(self._minis):
                raise torn()
            found.append(self._mini[number * _MINI : (number + 1) * _MINI])
            number = self._minis[number]
        return b"".join(found)

    def _directory(self, data: bytes) -> list[Stream]:
        entries = []
        for at in range(0, min(len(data), _MOST_ENTRIES * _ENTRY), _ENTRY):
            length, kind = struct.unpack_from("<HB", data, at + 64)
            if kind not in (1, 2, 5) or length > 64:
                continue
            name = data[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
            first, size = struct.unpack_from("<II", data, at + 116)
            entries.append(Stream(name, first, size, kind == 2))
        return entries


def torn() -> ReadingRefused:
    """The refusal of a file that breaks off or contradicts itself."""
    return ReadingRefused(
        "damaged_xls", "旧版工作簿不完整或已损坏，请用 Excel 或 WPS 打开后另存再导入"
    )
