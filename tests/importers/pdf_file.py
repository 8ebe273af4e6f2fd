"""PDFs with ruled tables for tests, written by hand in our own words, with a standard Chinese font."""

from __future__ import annotations

from collections.abc import Sequence

_FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)"
    b"/Ordering(GB1)/Supplement 2>>/FontDescriptor 5 0 R/DW 1000>>",
    b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -120 1000 880]/ItalicAngle 0"
    b"/Ascent 880/Descent -120/CapHeight 880/StemV 80>>",
)
_WIDTH, _HEIGHT = 110, 30


def pdf(*pages: bytes) -> bytes:
    """A file of these pages."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", *_FONT]
    kids = []
    for page in pages:
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(page), page))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>>>>>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    return _numbered(objects)


def _numbered(objects: Sequence[bytes]) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for n, data in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (n, data)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(places) + 1, len(body))
    return body + b"xref\n0 %d\n%s" % (len(places) + 1, table) + end


def text(words: str, x: float, y: float) -> bytes:
    """A line of text; y counts from the bottom."""
    return b"BT /F1 10 Tf %.1f %.1f Td <%s> Tj ET\n" % (
        x,
        y,
        words.encode("utf-16-be").hex().encode(),
    )


def table(
    *rows: Sequence[str], top: float = 760, down: Sequence[tuple[int, int, int]] = ()
) -> bytes:
    """A ruled table; `down` are (column, first row, last row) without lines between."""
    columns = max(map(len, rows))
    found = b""
    for r in range(len(rows) + 1):
        for c in range(columns):
            if not any(c == column and first < r <= last for column, first, last in down):
                y = top - r * _HEIGHT
                found += b"%d %d m %d %d l S\n" % (40 + c * _WIDTH, y, 40 + (c + 1) * _WIDTH, y)
    for c in range(columns + 1):
        x = 40 + c * _WIDTH
        found += b"%d %d m %d %d l S\n" % (x, top, x, top - len(rows) * _HEIGHT)
    for r, row in enumerate(rows):
        for c, words in enumerate(row):
            found += text(words, 44 + c * _WIDTH, top - r * _HEIGHT - 18)
    return found
