"""Custom document properties of a package: one is set, the others stay."""

from __future__ import annotations

from xml.sax.saxutils import escape

from tracker.exchange.surgery.markup import Edits, tree, written
from tracker.exchange.surgery.package import STRICT, TRANSITIONAL, Package
from tracker.exchange.surgery.sheet import number_in

_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
"""The user's own properties, as the standard has it."""
_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_FIRST_NUMBER = 2
_KINDS = ("custom-properties", "customProperties")
"""The last word of the relation's type, transitional and strict."""


def set_property(package: Package, name: str, value: str) -> None:
    """Write a property; one of the same name gives way."""
    path = package.related("", *_KINDS)
    strict = package.is_strict
    data = package.read(path) if path else _bare(strict)
    root, edits = tree(data), Edits(data)
    numbers = [_FIRST_NUMBER - 1]
    for there in root.children:
        if there.attributes.get("name") == name:
            edits.remove(there)
        numbers.append(number_in(there.attributes.get("pid")))
    space = _types_of(root.uri.startswith(STRICT))
    text = written("vt:lpwstr", {"xmlns:vt": space}, escape(value))
    said = {"fmtid": _FORMAT, "pid": str(max(numbers) + 1), "name": name}
    edits.append(root, written(root.tag("property"), said, text))
    if path:
        package.write(path, edits.done())
    else:
        path = (
            package.free_path("docProps/custom{}.xml") if package.has("docProps/custom.xml") else ""
        )
        path = path or "docProps/custom.xml"
        package.add(path, edits.done(), _TYPE)
        package.relate("", _KINDS[strict], path)


def _bare(strict: bool) -> bytes:
    base = f"{STRICT}officeDocument/customProperties"
    uri = base if strict else f"{TRANSITIONAL}officeDocument/2006/custom-properties"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return (head + written("Properties", {"xmlns": uri})).encode()


def _types_of(strict: bool) -> str:
    base = f"{STRICT}officeDocument/docPropsVTypes"
    return base if strict else f"{TRANSITIONAL}officeDocument/2006/docPropsVTypes"
