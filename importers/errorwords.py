"""Error words that calamine does not know (#SPILL!, #GETTING_DATA …), put as one that it knows.

It refuses the whole workbook over one of them. What the cell says is taken from its XML elsewhere
(`sheetxml`), so the word put here is never shown.
"""

from __future__ import annotations

import io
import re
import zipfile

from importers.errors import ReadingRefused

_KNOWN = frozenset(
    (b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!")
)  # fmt: skip
_ERROR = re.compile(
    rb"""(<(?:\w{1,9}:)?c\b[^<>]{0,200}?\bt=["']e["'][^<>]{0,200}>(?:<(?:\w{1,9}:)?f\b[^<>]{0,200}(?:/>|>[^<]*</(?:\w{1,9}:)?f>))?<(?:\w{1,9}:)?v>)([^<]*)"""
)


def is_over_a_word(refused: ReadingRefused) -> bool:
    """Whether a workbook was given up because of an error word."""
    return "cell error value" in str(refused.__cause__)


def with_known_words(archive: zipfile.ZipFile) -> bytes:
    """The same package, every unknown error word in it `#VALUE!`."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as made:
        for name in archive.namelist():
            made.writestr(name, _ERROR.sub(_known, archive.read(name)))
    return stream.getvalue()


def _known(cell: re.Match[bytes]) -> bytes:
    word = cell.group(2)
    return cell.group(1) + (word if word in _KNOWN else b"#VALUE!")
