"""An Open XML package: what its parts are to each other, told by its relationships."""

from __future__ import annotations

import posixpath
import re
import zipfile
from typing import NamedTuple

_RELATION = re.compile(rb"<(?:[\w.-]+:)?Relationship\b([^>]*)>")
_USUAL = ("xl/workbook.xml", "word/document.xml", "xl/workbook.bin")
_TYPE = re.compile(r"""\b(PartName|ContentType)\s*=\s*["']([^"']*)["']""")
_ATTRIBUTE = re.compile(rb"""\b(Id|Type|TargetMode|Target)\s*=\s*["']([^"']*)["']""")


class Relation(NamedTuple):
    """What a part refers to: the last word of the type, and a path in the zip."""

    id: str
    kind: str
    path: str


def relations(archive: zipfile.ZipFile, part: str) -> list[Relation]:
    """What a part refers to inside the package; '' is the package itself."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    path = real_names(archive).get(path.lower(), "")
    if not path:
        return []
    found = []
    for match in _RELATION.finditer(archive.read(path)):
        said = {k: v.decode("utf-8", "replace") for k, v in _ATTRIBUTE.findall(match.group(1))}
        if said.get(b"TargetMode") != "External":
            kind = said.get(b"Type", "").rpartition("/")[2]
            target = resolved(folder, _unescaped(said.get(b"Target", "")))
            target = real_names(archive).get(target.lower(), target)
            found.append(Relation(said.get(b"Id", ""), kind, target))
    return found


def _unescaped(text: str) -> str:
    if "&" not in text:
        return text
    from html import unescape  # its tables of names are not worth loading for ordinary paths

    return unescape(text)


def resolved(folder: str, target: str) -> str:
    """A relationship's target as a path in the zip."""
    joined = target if target.startswith("/") else posixpath.join("/", folder, target)
    return posixpath.normpath(joined).lstrip("/")


def real_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Lower-cased path → path: the names of parts do not tell capitals apart."""
    return {name.lower(): name for name in archive.namelist()}


def main_part(archive: zipfile.ZipFile) -> str:
    """The part that is the document itself, '' where the package names none."""
    names = real_names(archive)
    for relation in relations(archive, ""):
        if relation.kind == "officeDocument" and relation.path.lower() in names:
            return relation.path
    return next((names[usual] for usual in _USUAL if usual in names), "")


def content_type(archive: zipfile.ZipFile, part: str) -> str:
    """What the package says a part is, '' where it does not say."""
    types = real_names(archive).get("[content_types].xml", "")
    if not types:
        return ""
    said = archive.read(types).decode("utf-8", "replace")
    found = re.findall(r"<(?:[\w.-]+:)?Override\b([^>]*)>", said)
    for attributes in found:
        values = dict(_TYPE.findall(attributes))
        if values.get("PartName", "").lower() == f"/{part}".lower():
            return str(values.get("ContentType", ""))
    return ""
