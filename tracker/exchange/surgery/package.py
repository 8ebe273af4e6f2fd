"""A workbook's package: its parts by their relations; written again with some of them changed."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

from importers.packages import main_part, real_names, resolved
from tracker.exchange.surgery.markup import Edits, Element, add_child, tree, written

STRICT = "http://purl.oclc.org/ooxml/"
TRANSITIONAL = "http://schemas.openxmlformats.org/"
_RELATIONS = f"{TRANSITIONAL}package/2006/relationships"
_OFFICE = f"{TRANSITIONAL}officeDocument/2006/relationships"
_CONTENT_TYPES = "[Content_Types].xml"
IN_BOOK = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets",
    "functionGroups", "externalReferences", "definedNames",
)  # fmt: skip
"""The children of a workbook in the schema's order, as far as we add some."""


class Relation(NamedTuple):
    """What a part refers to: `kind` is the last word of the type, `path` a part of the package."""

    ident: str
    kind: str
    path: str


class Package:
    """An open workbook. Raises BadZipFile, KeyError or ExpatError where it is none."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = real_names(archive)
        self._changed: dict[str, bytes] = {}
        self.book = main_part(archive)

    @property
    def is_strict(self) -> bool:
        """Whether it speaks ISO's strict dialect, with namespaces of its own."""
        return tree(self.read(self.book)).uri.startswith(STRICT)

    def has(self, path: str) -> bool:
        """Whether there is such a part."""
        return path in self._changed or path.lower() in self._names

    def read(self, path: str) -> bytes:
        """A part, as changed so far."""
        if path in self._changed:
            return self._changed[path]
        return self._archive.read(self._names[path.lower()])

    def write(self, path: str, data: bytes) -> None:
        """Change a part, or add one."""
        self._changed[self._names.get(path.lower(), path)] = data

    def relations(self, part: str) -> Iterator[Relation]:
        """What a part refers to inside the package; '' is the package itself."""
        path = _relations_of(part)
        if not self.has(path):
            return
        for one in tree(self.read(path)).all("Relationship"):
            said = one.attributes
            if said.get("TargetMode") != "External":
                target = resolved(posixpath.dirname(part), said.get("Target", ""))
                kind = said.get("Type", "").rpartition("/")[2]
                yield Relation(said.get("Id", ""), kind, self._names.get(target.lower(), target))

    def related(self, part: str, *kinds: str) -> str:
        """The first part of these kinds that a part refers to, '' for none."""
        found = (one.path for one in self.relations(part) if one.kind in kinds)
        return next((path for path in found if self.has(path)), "")

    def sheets(self) -> dict[str, str]:
        """The part of each sheet, by its name, in the book's order."""
        paths = {one.ident: one.path for one in self.relations(self.book)}
        sheets = tree(self.read(self.book)).child("sheets")
        return {
            one.attributes.get("name", ""): paths.get(_ident(one), "")
            for one in (sheets.children if sheets else ())
        }

    def relate(self, part: str, kind: str, path: str) -> str:
        """Let a part refer to another, and give the relation's id."""
        where = _relations_of(part)
        fresh = written("Relationships", {"xmlns": _RELATIONS}).encode()
        data = self.read(where) if self.has(where) else fresh
        root, edits = tree(data), Edits(data)
        taken = {one.attributes.get("Id") for one in root.children}
        ident = next(f"rIdT{n}" for n in range(1, len(taken) + 2) if f"rIdT{n}" not in taken)
        said = {"Id": ident, "Type": self._type(kind), "Target": f"/{path}"}
        edits.append(root, written(root.tag("Relationship"), said))
        self.write(where, edits.done())
        return ident

    def _type(self, kind: str) -> str:
        return (
            f"{STRICT}officeDocument/relationships/{kind}"
            if self.is_strict
            else f"{_OFFICE}/{kind}"
        )

    def add(self, path: str, data: bytes, content_type: str) -> None:
        """A new part, and what it is."""
        types = self.read(_CONTENT_TYPES)
        root, edits = tree(types), Edits(types)
        said = {"PartName": f"/{path}", "ContentType": content_type}
        edits.append(root, written(root.tag("Override"), said))
        self.write(_CONTENT_TYPES, edits.done())
        self.write(path, data)

    def free_path(self, pattern: str) -> str:
        """A path that no part has; `{}` in the pattern becomes a number."""
        return next(path for n in range(1, 10_000) if not self.has(path := pattern.format(n)))

    def saved(self) -> bytes:
        """The workbook: parts in the order in which they came, new ones behind them."""
        target = BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
            for member in self._archive.infolist():
                data = self._changed.get(member.filename)
                copy = zipfile.ZipInfo(member.filename, member.date_time)
                copy.compress_type, copy.external_attr = member.compress_type, member.external_attr
                made.writestr(copy, self._archive.read(member) if data is None else data)
            here = set(made.namelist())
            for path, data in self._changed.items():
                if path not in here:
                    fresh = zipfile.ZipInfo(path)
                    fresh.compress_type = zipfile.ZIP_DEFLATED
                    made.writestr(fresh, data)
        return target.getvalue()


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _ident(sheet: Element) -> str:
    found = (v for k, v in sheet.attributes.items() if k.endswith("relationships id"))
    return next(found, "")


def add_to_book(edits: Edits, root: Element, name: str, markup: str) -> None:
    """Put `markup` at the end of one of the workbook's lists, which is made where there is none."""
    parent = root.child(name)
    if parent is not None:
        edits.append(parent, markup)
    else:
        add_child(edits, root, IN_BOOK, name, written(root.tag(name), {}, markup))
