"""Whether a kept file may be opened as a zip here, outside the child that read it.

The reader's preflight looks into files that begin as zips. A zip that only hangs at the end of an old
workbook or a PDF has been looked at by nobody, and every zip library would open it.
"""

from pathlib import Path
from zipfile import ZipFile

_BEGINS = b"PK\x03\x04"
SMALL = 1024 * 1024


def is_package(file: Path) -> bool:
    """Whether the file begins as a zip."""
    with file.open("rb") as stream:
        return stream.read(len(_BEGINS)) == _BEGINS


def are_small(content: ZipFile, *members: str) -> bool:
    """Whether these members are there and so small that a tree of each may be kept in memory."""
    sizes = {member.filename: member.file_size for member in content.infolist()}
    return all(sizes.get(member, SMALL + 1) <= SMALL for member in members)
