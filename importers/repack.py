"""A workbook whose parts stand at unusual paths, with the same parts where calamine looks for them.

The format names parts by relationships only; calamine knows the workbook, its strings and its styles
by their usual names. Ordinary files pass through untouched.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from xml.sax.saxutils import quoteattr

from importers.packages import Relation, relations

_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_USUAL = {"sharedStrings": "xl/sharedStrings", "styles": "xl/styles"}


def usual(archive: zipfile.ZipFile, main: str, data: bytes) -> bytes:
    """`data` itself, or a new zip of the parts that are read, each at its usual place."""
    ending = posixpath.splitext(main)[1]
    needed = relations(archive, main)
    if main.lower() == f"xl/workbook{ending}" and all(_stands_well(r, ending) for r in needed):
        return data
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as made:
        made.writestr(f"xl/workbook{ending}", archive.read(main))
        made.writestr(f"xl/_rels/workbook{ending}.rels", _moved(archive, made, needed, ending))
    return stream.getvalue()


def _stands_well(relation: Relation, ending: str) -> bool:
    path = _USUAL.get(relation.kind)
    return relation.path.startswith("xl/") and path in (None, relation.path[: -len(ending)])


def _moved(
    archive: zipfile.ZipFile, made: zipfile.ZipFile, needed: list[Relation], ending: str
) -> str:
    """Copy the parts and return the relationships that name their new places."""
    names = set(archive.namelist())
    lines = []
    for n, relation in enumerate(needed):
        if relation.path not in names:
            continue
        own = _USUAL.get(relation.kind, f"xl/worksheets/part{n}")
        if f"{own}{ending}" in made.namelist():
            continue
        made.writestr(f"{own}{ending}", archive.read(relation.path))
        target = f"{own.removeprefix('xl/')}{ending}"
        lines.append(
            f"<Relationship Id={quoteattr(relation.id)} Type={quoteattr(_TYPES + relation.kind)} "
            f"Target={quoteattr(target)}/>"
        )
    return f'<Relationships xmlns="{_PACKAGE}">{"".join(lines)}</Relationships>'
