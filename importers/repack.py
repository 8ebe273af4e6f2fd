"""A workbook whose parts stand at unusual paths, with the same parts where calamine looks for them.

The format names parts by relationships only; calamine knows the workbook, its strings and its styles
by their usual names. Ordinary files pass through untouched.
"""

from __future__ import annotations

import io
import posixpath
import zipfile

from importers.packages import Relation, relations

_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_USUAL = {"sharedStrings": "xl/sharedStrings", "styles": "xl/styles"}


def usual(archive: zipfile.ZipFile, main: str, data: bytes) -> bytes:
    """`data` itself, or a new zip of the parts that are read, each at its usual place."""
    ending = posixpath.splitext(main)[1]
    needed = relations(archive, main)
    stands = main.lower() == f"xl/workbook{ending}" and "_rels/.rels" in archive.namelist()
    if stands and all(_stands_well(relation, ending) for relation in needed):
        return data
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as made:
        made.writestr(f"xl/workbook{ending}", archive.read(main))
        made.writestr("_rels/.rels", _written(["r", "officeDocument", f"xl/workbook{ending}"]))
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
    lines: list[list[str]] = []
    for n, relation in enumerate(needed):
        own = f"{_USUAL.get(relation.kind, f'xl/worksheets/part{n}')}{ending}"
        if relation.path in names and own not in made.namelist():
            made.writestr(own, archive.read(relation.path))
            lines.append([relation.id, relation.kind, own.removeprefix("xl/")])
    return _written(*lines)


def _written(*lines: list[str]) -> str:
    """A relationships part of (id, kind, target)."""
    inner = "".join(
        f'<Relationship Id="{_safe(id_)}" Type="{_TYPES}{_safe(kind)}" Target="{_safe(target)}"/>'
        for id_, kind, target in lines
    )
    return f'<Relationships xmlns="{_PACKAGE}">{inner}</Relationships>'


def _safe(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
