"""Old office containers for tests, byte by byte: streams in a compound file, records in a stream."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_SECTOR, _FREE, _END, _TABLE = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def container(streams: Mapping[str, bytes], storages: tuple[str, ...] = ()) -> bytes:
    """A compound file; every stream is padded to 4,096 bytes so that none goes to the mini stream."""
    padded = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    body, places = b"", {}
    for name, data in padded.items():
        places[name] = len(body) // _SECTOR
        body += data + b"\0" * (-len(data) % _SECTOR)
    entries = [_entry("Root Entry", 5, _END, 0)]
    entries += [_entry(name, 1, 0, 0) for name in storages]
    entries += [_entry(name, 2, places[name], len(data)) for name, data in padded.items()]
    directory = b"".join(entries)
    directory += _entry("", 0, 0, 0) * (-len(entries) % 4)
    data_sectors, directory_sectors = len(body) // _SECTOR, len(directory) // _SECTOR
    tables = (data_sectors + directory_sectors) // 127 + 1
    chain = _chains(padded, data_sectors, directory_sectors, tables)
    return _head(data_sectors, directory_sectors, tables) + body + directory + chain


def _chains(padded: Mapping[str, bytes], data: int, directory: int, tables: int) -> bytes:
    words: list[int] = []
    for stream in padded.values():
        count = (len(stream) + _SECTOR - 1) // _SECTOR
        words += [*range(len(words) + 1, len(words) + count), _END]
    words += [*range(data + 1, data + directory), _END]
    words += [_TABLE] * tables
    words += [_FREE] * (tables * 128 - len(words))
    return struct.pack(f"<{len(words)}I", *words)


def _head(data: int, directory: int, tables: int) -> bytes:
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<5H", 62, 3, 0xFFFE, 9, 6)
    )
    head += (
        b"\0" * 10
        + struct.pack("<5I", tables, data, 0, 4096, _END)
        + struct.pack("<3I", 0, _END, 0)
    )
    first = data + directory
    places = [*range(first, first + tables)] + [_FREE] * (109 - tables)
    return head + struct.pack("<109I", *places)


def _entry(name: str, kind: int, first: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    length = len(text) + 2 if name else 0
    return (
        text.ljust(64, b"\0") + struct.pack("<HBB3I", length, kind, 1, _FREE, _FREE, 1 if kind == 5 else _FREE)
        + b"\0" * 36 + struct.pack("<III", first, size, 0)
    )  # fmt: skip


def record(kind: int, data: bytes = b"", *, size: int | None = None) -> bytes:
    """A BIFF record; `size` may lie about its length."""
    return struct.pack("<HH", kind, len(data) if size is None else size) + data


def label(row: int, column: int, text: str) -> bytes:
    """A BIFF5 text cell in the encoding of Chinese Windows."""
    words = text.encode("gbk")
    return record(0x204, struct.pack("<4H", row, column, 0, len(words)) + words)


def number(row: int, column: int, value: float) -> bytes:
    """A number cell."""
    return record(0x203, struct.pack("<3Hd", row, column, 0, value))


def biff5(*cells: bytes, before: bytes = b"", codepage: int = 936) -> bytes:
    """An Excel 95 book stream of one sheet called 'plan'; `before` are records of the book."""
    start, end = struct.pack("<4H", 0x500, 0x10, 0, 0), record(0x0A)
    bof = record(0x809, start)
    book = record(0x809, struct.pack("<4H", 0x500, 5, 0, 0))
    book += record(0x42, struct.pack("<H", codepage)) + before
    name = b"plan"
    place = len(book) + 4 + 7 + len(name) + len(end)
    book += record(0x85, struct.pack("<IBBB", place, 0, 0, len(name)) + name) + end
    assert len(book) == place
    return book + bof + b"".join(cells) + end
