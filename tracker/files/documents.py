"""PDF, and the old Word and Excel files. Runs in the child."""

import re
import struct
from pathlib import Path

from importers.errors import ReadingRefused
from importers.ole import MAGIC, Compound
from tracker.files.bounds import LOCKED, MACROS, MEGABYTE, Refused, not_a, torn

_END = 8192
"""Bytes at a PDF's end in which its trailer is looked for; programs append some."""
_START = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF")
_TABLE = re.compile(rb"\s*(?:xref\b|\d+\s+\d+\s+obj\b)")
_MACRO_STORES = frozenset({"Macros", "_VBA_PROJECT_CUR", "VBA", "_VBA_PROJECT"})
_MAIN = {"doc": ("WordDocument",), "xls": ("Workbook", "Book")}
_SHEET, _MACRO_SHEET = 0x85, 1


def check_pdf(path: Path) -> None:
    """Begins as a PDF, has a trailer at its end that points to the table of its objects."""
    data = path.read_bytes()
    if not data.startswith(b"%PDF-"):
        raise not_a("pdf")
    ends = _START.findall(data[-_END:])
    at = int(ends[-1]) if ends else -1
    if not 0 < at < len(data) or not _TABLE.match(data, at) or b"/Root" not in data:
        raise torn("pdf")


def check_old_office(path: Path, ending: str) -> None:
    """A doc or xls: its main stream, no macros, no password."""
    data = path.read_bytes()
    if not data.startswith(MAGIC):
        raise not_a(ending)
    try:
        compound = Compound(data)
        names = compound.names()
        if "EncryptedPackage" in names:
            raise LOCKED
        main = next((name for name in _MAIN[ending] if name in names), None)
        if main is None:
            raise not_a(ending)
        if names & _MACRO_STORES:
            raise MACROS
        if ending == "xls":
            _check_sheets(compound.read(main))
    except (ReadingRefused, struct.error, MemoryError) as error:
        raise torn(ending) from error


def _check_sheets(stream: bytes) -> None:
    """No sheet of Excel 4's macros. The records of the whole book come first; their end is 0x0A."""
    at = 0
    while at + 4 <= min(len(stream), 4 * MEGABYTE):
        record, length = struct.unpack_from("<HH", stream, at)
        if record == _SHEET and length > 5 and stream[at + 9] == _MACRO_SHEET:
            raise MACROS
        if record == 0x2F:
            raise LOCKED
        if record == 0x0A:
            return
        at += 4 + length
    raise Refused("damaged", torn("xls").why)
