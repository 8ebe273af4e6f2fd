"""Changes to bytes: anywhere, at the records of old and binary workbooks, at a PDF's words, at lines."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from random import Random

from tests.importers.binary_xlsx import record as binary_record

from .xml_changes import MOST, NUMBERS, WORDS

Change = Callable[[Random, bytes], bytes]
FIELDS = (
    0,
    1,
    2,
    7,
    0x7F,
    0x80,
    0xFF,
    0x100,
    0x7FFF,
    0x8000,
    0xFFFF,
    0x10000,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFE,
    0xFFFFFFFF,
)


def flipped(rng: Random, data: bytes) -> bytes:
    """Some bytes are others."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 3, 20))):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def removed(rng: Random, data: bytes) -> bytes:
    """A stretch is gone."""
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.choice((1, 2, 16, 400)) :]


def put_in(rng: Random, data: bytes) -> bytes:
    """A stretch of anything stands between."""
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.randbytes(rng.choice((1, 2, 16, 400))) + data[at:]


def doubled(rng: Random, data: bytes) -> bytes:
    """A stretch stands there twice or more."""
    at, size = rng.randrange(len(data) + 1), rng.choice((1, 8, 100, 2000))
    return data[:at] + data[at : at + size] * rng.choice((2, 2, 40)) + data[at + size :]


def cut(rng: Random, data: bytes) -> bytes:
    """The rest is missing."""
    return data[: rng.randrange(len(data) + 1)]


ANYWHERE: tuple[Change, ...] = (flipped, flipped, removed, put_in, doubled, cut)


def field(rng: Random, data: bytes) -> bytes:
    """A number of two or four bytes at an even place is hostile."""
    form = rng.choice(("<H", "<I"))
    size = struct.calcsize(form)
    if len(data) < size:
        return data
    at = rng.randrange(0, len(data) - size + 1, 2)
    changed = bytearray(data)
    struct.pack_into(form, changed, at, rng.choice(FIELDS) & (256**size - 1))
    return bytes(changed)


def container_field(rng: Random, data: bytes) -> bytes:
    """The head of an old container, its list of streams or its table of sectors lies."""
    table = rng.choice((0, len(data) - 1024, data.find(b"R\0o\0o\0t\0")))
    at = max(table, 0)
    piece = data[at : at + 512]
    return data[:at] + field(rng, piece) + data[at + 512 :]


Record = tuple[int, bytes]


def old_records(stream: bytes) -> list[Record]:
    """The records of an .xls's stream."""
    found, at = [], 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if not kind and not size:
            break
        found.append((kind, stream[at + 4 : at + 4 + size]))
        at += 4 + size
    return found


def binary_records(part: bytes) -> list[Record]:
    """The records of an .xlsb's part."""
    found, at = [], 0
    while at < len(part):
        kind, at = _seven(part, at)
        size, at = _seven(part, at)
        found.append((kind, part[at : at + size]))
        at += size
    return found


def _seven(data: bytes, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, and where it ends."""
    value = shift = 0
    while at < len(data):
        value, more = value | (data[at] & 0x7F) << shift, data[at] & 0x80
        at, shift = at + 1, shift + 7
        if not more:
            break
    return value, at


def _old(kind: int, data: bytes, size: int | None = None) -> bytes:
    return struct.pack("<HH", kind, (len(data) if size is None else size) & 0xFFFF) + data[:0xFFFF]


def _binary(kind: int, data: bytes, size: int | None = None) -> bytes:
    return binary_record(kind, data, size=size)


def old_stream(rng: Random, stream: bytes) -> bytes:
    """Some records of an .xls say something else; where sheets begin is put right again, mostly."""
    changed = _records_changed(rng, old_records(stream), _old)
    return _placed(changed) if rng.random() < 0.8 else changed


def _placed(stream: bytes) -> bytes:
    """The book's list of sheets points where the sheets now begin."""
    begins = [at for at, kind, _ in _walk(stream) if kind == 0x809][1:]
    changed = bytearray(stream)
    for at, kind, size in list(_walk(stream)):
        if kind == 0x85 and size >= 4 and begins:
            struct.pack_into("<I", changed, at + 4, begins.pop(0))
    return bytes(changed)


def _walk(stream: bytes) -> Iterator[tuple[int, int, int]]:
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield at, kind, size
        at += 4 + size


def binary_part(rng: Random, part: bytes) -> bytes:
    """Some records of an .xlsb say something else."""
    return _records_changed(rng, binary_records(part), _binary)


def _records_changed(rng: Random, records: list[Record], written: Callable[..., bytes]) -> bytes:
    """One to three records are changed, gone, doubled, elsewhere, of another kind or of a size that lies."""
    pieces = [(kind, data, written(kind, data)) for kind, data in records]
    for _ in range(rng.choice((1, 1, 2, 3))):
        if not pieces:
            break
        at = rng.randrange(len(pieces))
        kind, data, _ = pieces[at]
        manner = rng.choice(
            (
                "field",
                "field",
                "field",
                "gone",
                "again",
                "moved",
                "kind",
                "size",
                "shorter",
                "longer",
            )
        )
        if manner == "gone":
            del pieces[at]
        elif manner == "again":
            pieces[at:at] = [pieces[at]] * rng.choice((1, 3, 1000))
        elif manner == "moved":
            pieces.insert(rng.randrange(len(pieces)), pieces.pop(at))
        else:
            other = rng.choice(pieces)[0]
            pieces[at] = (kind, data, _another(rng, manner, (kind, data), other, written))
    return b"".join(piece for _, _, piece in pieces)[:MOST]


def _another(
    rng: Random, manner: str, record: Record, other: int, written: Callable[..., bytes]
) -> bytes:
    """The record with another field, of another kind, with a size that lies, shorter or longer."""
    kind, data = record
    if manner == "field":
        return written(kind, field(rng, data) if len(data) > 1 else data)
    if manner == "kind":
        return written(other, data)
    if manner == "size":
        return written(kind, data, rng.choice(FIELDS) & 0xFFFF)
    if manner == "shorter":
        return written(kind, data[: rng.randrange(len(data) + 1)])
    return written(kind, data + rng.randbytes(rng.choice((1, 4, 300))))


_PDF_NUMBER = re.compile(rb"(?<![\d.])-?\d+(?:\.\d+)?(?![\d.])")
_PDF_OBJECT = re.compile(rb"\d+ 0 obj\n.*?endobj\n", re.DOTALL)
_PDF_NAME = re.compile(rb"/[A-Za-z]\w+")
_PDF_STRANGE = (
    b"<<", b">>", b"[", b"]", b"<", b">", b"(", b")", b"stream\n", b"endstream", b"endobj", b"%", b"/Filter/FlateDecode", b"/Filter[/LZWDecode/ASCII85Decode]",
    b"/Encrypt<</Filter/Standard/V 1/R 2/O(x)/U(x)/P -4>>", b"/Kids[2 0 R]", b"/Contents 2 0 R", b"/Parent 3 0 R", b"/Rotate 37",
    b"/AA<</O<</S/JavaScript/JS(app.alert(1))>>>>", b"/OpenAction<</S/URI/URI(http://127.0.0.1:9/)>>", b"q " * 3000, b"BT " * 500,
    b"1 0 0 1 1e9 1e9 cm ", b"0 0 1e30 1e30 re S ", b"0 0 m 1 1 l S " * 2000, b"/MediaBox[0 0 0 0]", b"/MediaBox[0 0 1e9 1e9]", b"Tj ", b"/X Do ",
)  # fmt: skip


def pdf_words(rng: Random, data: bytes) -> bytes:
    """A number, a name or an object of a PDF is another, gone, there twice, or something lies between."""
    manner = rng.choice(("number", "number", "number", "name", "object", "strange", "strange"))
    pattern = {"number": _PDF_NUMBER, "name": _PDF_NAME, "object": _PDF_OBJECT}.get(
        manner, _PDF_NAME
    )
    found = list(pattern.finditer(data))
    if not found:
        return data
    one = rng.choice(found)
    if manner == "number":
        new = rng.choice(NUMBERS[:36]).encode()[:40]
    elif manner == "name":
        new = rng.choice(found)[0]
    elif manner == "object":
        new = rng.choice((b"", one[0] * 2, rng.choice(found)[0]))
    else:
        new = rng.choice(_PDF_STRANGE) + one[0]
    return data[: one.start()] + new + data[one.end() :]


def lines(rng: Random, text: str) -> str:
    """A text of fields: a line, a field or a sign between is gone, there again, or something else."""
    rows = text.split("\r\n")
    at = rng.randrange(len(rows))
    fields = re.split(r"[,\t]", rows[at])
    column = rng.randrange(len(fields))
    manner = rng.choice(
        ("word", "word", "word", "quote", "gone", "again", "field", "wide", "sign", "strange")
    )
    if manner == "word":
        fields[column] = rng.choice((*WORDS, *NUMBERS))
    elif manner == "quote":
        fields[column] = rng.choice(('"', '"x', 'x"y', '""', '"a\r\nb"', "'"))
    elif manner == "field":
        del fields[column]
    elif manner == "wide":
        fields[column:column] = ["x"] * rng.choice((1, 3, 300))
    elif manner == "strange":
        fields[column] += rng.choice(
            ("\x00", "\x0b", "\ufeff", "\x1a", "\r", "\u2028", "\U0001f468", "\ue000")
        )
    rows[at] = (
        rng.choice((",", ",", "\t", ";", "|")).join(fields)
        if manner == "sign"
        else ("\t" if "\t" in text else ",").join(fields)
    )
    if manner in ("gone", "again"):
        most = 0 if manner == "gone" else max(MOST // (len(text) + 1), 2)
        rows[at : at + 1] = [rows[at]] * min(rng.choice((2, 300, 20_000)), most)
    return rng.choice(("\r\n", "\r\n", "\r\n", "\n", "\r")).join(rows)


_MAIL = ("Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: quoted-printable", "Content-Transfer-Encoding: x",
    "Content-Type: text/html; charset=x", "Content-Type: text/html; charset=utf-16", "Content-Type: multipart/related; boundary=b",
    "Content-Type: image/png", "Content-Type:", "X: " + "y" * 5000, "Content-Type: message/rfc822", ": x", "--b", "--b--", "",
    "Content-Location: file:///etc/passwd", "Content-Disposition: attachment; filename*=utf-16''%ff")  # fmt: skip


def mail(rng: Random, text: str) -> str:
    """A line among the heads of a web archive's parts is gone, there again or another."""
    rows = text.split("\n")
    heads = [
        n for n, row in enumerate(rows) if ":" in row[:30] or row.startswith("--") or not row
    ] or [0]
    at = rng.choice(heads)
    rows[at : at + 1] = rng.choice(
        (
            [],
            [rows[at]] * 2,
            [rng.choice(_MAIL)],
            [rng.choice(_MAIL), rows[at]],
            [rows[at], rng.choice(_MAIL)],
        )
    )
    return "\n".join(rows)
