"""A screenshot with a palette of its 256 most frequent colours: a third of the bytes."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def small(png: bytes) -> bytes:
    """The picture with a palette. Takes what Chromium writes: 8 bits, RGB or RGBA, no interlace."""
    chunks = list(_chunks(png))
    width, height, _depth, kind = struct.unpack(">IIBB", chunks[0][1][:10])
    step = {2: 3, 6: 4}[kind]
    packed = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
    rows = list(_rows(packed, width * step, step))
    pixels = [[row[at : at + 3] for at in range(0, len(row), step)] for row in rows]
    common = [colour for colour, _ in Counter(p for row in pixels for p in row).most_common(256)]
    place = _Nearest(common)
    lines = b"".join(b"\0" + bytes(place[pixel] for pixel in row) for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (b"IHDR", head), (b"PLTE", b"".join(common)), (b"IDAT", zlib.compress(lines, 9))
    return SIGNATURE + b"".join(_chunk(*part) for part in (*parts, (b"IEND", b"")))


class _Nearest(dict[bytes, int]):
    """Colour → place of the nearest one in the palette."""

    def __init__(self, palette: list[bytes]) -> None:
        super().__init__({colour: place for place, colour in enumerate(palette)})
        self.palette = palette

    def __missing__(self, colour: bytes) -> int:
        far = [sum((a - b) ** 2 for a, b in zip(colour, c, strict=True)) for c in self.palette]
        self[colour] = far.index(min(far))
        return self[colour]


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        size, name = struct.unpack(">I4s", png[at : at + 8])
        yield name, png[at + 8 : at + 8 + size]
        at += 12 + size


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _rows(data: bytes, length: int, step: int) -> Iterator[bytes]:
    """The scan lines without their filters (PNG specification, 9.2)."""
    above = bytes(length)
    for start in range(0, len(data), length + 1):
        kind, row = data[start], bytearray(data[start + 1 : start + 1 + length])
        for at in range(length if kind else 0):
            left = row[at - step] if at >= step else 0
            corner = above[at - step] if at >= step else 0
            row[at] = (row[at] + _guess(kind, left, above[at], corner)) & 255
        above = bytes(row)
        yield above


def _guess(kind: int, left: int, up: int, corner: int) -> int:
    if kind < 4:
        return (0, left, up, (left + up) // 2)[kind]
    return min((left, up, corner), key=lambda near: abs(left + up - corner - near))
