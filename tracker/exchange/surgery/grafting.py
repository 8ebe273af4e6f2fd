"""Sheets of a workbook that we made, grafted onto one that came in: with their looks, their texts in
their own cells, their print titles and filters.

Only our own writers' workbooks are grafted: plain prefixless XML without pictures or notes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import NamedTuple

from tracker.exchange.surgery.markup import (
    Edits,
    Element,
    copied,
    tree,
    with_attributes,
    written,
)
from tracker.exchange.surgery.package import STRICT, Package, add_to_book
from tracker.exchange.surgery.sheet import number_in
from tracker.exchange.surgery.styles import Styles

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_PARTS_OF_A_LOOK = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}
_RELATION_SPACE = {
    False: "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    True: f"{STRICT}officeDocument/relationships",
}
_LONGEST_TITLE = 31


class _Looks(NamedTuple):
    """What the donor's numbers of looks and of conditional looks are in the new book."""

    cells: list[int]
    conditional: list[int]


def graft(package: Package, styles: Styles, donor: bytes) -> None:
    """Add the sheets of `donor` behind the package's own; empty ones stay behind. `styles` are still to be
    kept. A hidden sheet of the same title gives way, beside a shown one ours gets a number."""
    with zipfile.ZipFile(BytesIO(donor)) as archive:
        given = Package(archive)
        looks, texts, states = _looks(given, styles), _texts(given), _states(given)
        places: dict[int, str] = {}
        for number, (title, part) in enumerate(given.sheets().items()):
            sheet = given.read(part)
            if _below(tree(sheet), "sheetData"):
                planted = _planted(package, sheet, looks, texts)
                places[number] = _add(package, title, states[title], planted)
        _names(package, given, places)


def _looks(given: Package, styles: Styles) -> _Looks:
    root = tree(given.read(given.related(given.book, "styles")))
    formats = {
        one.attributes["numFmtId"]: one.attributes["formatCode"]
        for one in _below(root, "numFmts")
    }  # fmt: skip
    shifted = {
        kind: [styles.share(kind, copied(one, styles.prefix)) for one in _below(root, kind)]
        for kind in _PARTS_OF_A_LOOK.values()
    }
    cells = []
    for look in _below(root, "cellXfs"):
        said = {**look.attributes, "xfId": "0"}
        for name, kind in _PARTS_OF_A_LOOK.items():
            said[name] = str(shifted[kind][number_in(said.get(name))])
        if (code := formats.get(said.get("numFmtId", ""))) is not None:
            said["numFmtId"] = str(styles.number_format(code))
        inner = "".join(copied(child, styles.prefix) for child in look.children)
        cells.append(styles.share("cellXfs", written(styles.tag("xf"), said, inner)))
    conditional = [styles.add("dxfs", copied(one, styles.prefix)) for one in _below(root, "dxfs")]
    return _Looks(cells, conditional)


def _below(root: Element, name: str) -> list[Element]:
    found = root.child(name)
    return found.children if found is not None else []


def _texts(given: Package) -> list[str]:
    """The donor's shared texts; ours have no runs."""
    path = given.related(given.book, "sharedStrings")
    if not path:
        return []
    data = given.read(path)
    return [data[one.open_end : one.close_start].decode() for one in tree(data).all("si")]


def _states(given: Package) -> dict[str, str]:
    sheets = _below(tree(given.read(given.book)), "sheets")
    return {
        one.attributes.get("name", ""): one.attributes.get("state", "visible") for one in sheets
    }


def _planted(package: Package, sheet: bytes, looks: _Looks, texts: list[str]) -> bytes:
    """A sheet with the new book's numbers of looks, and texts in place of numbers of texts."""
    root, edits = tree(sheet), Edits(sheet)
    for row in _below(root, "sheetData"):
        for one in (row, *row.children):
            _replant(edits, one, looks, texts)
    for width in _below(root, "cols"):
        _replant(edits, width, looks, texts)
    for rules in root.all("conditionalFormatting"):
        for rule in rules.children:
            if "dxfId" in rule.attributes:
                new = str(looks.conditional[number_in(rule.attributes["dxfId"])])
                _set(edits, rule, dxfId=new)
    planted = edits.done()
    if not package.is_strict:
        return planted
    end = root.open_end
    return (
        planted[:end].replace(root.uri.encode(), f"{STRICT}spreadsheetml/main".encode())
        + planted[end:]
    )


def _replant(edits: Edits, one: Element, looks: _Looks, texts: list[str]) -> None:
    said: dict[str, str] = {}
    name = "style" if one.name == "col" else "s"
    if name in one.attributes:
        said[name] = str(looks.cells[number_in(one.attributes[name])])
    value = one.child("v")
    if one.attributes.get("t") == "s" and value is not None:
        said["t"] = "inlineStr"
        text = texts[number_in(value.text)]
        edits.replace(value.start, value.end, written("is", {}, text))
    if said:
        _set(edits, one, **said)


def _set(edits: Edits, one: Element, **said: str) -> None:
    edits.replace(
        one.start, one.open_end, with_attributes(edits.data[one.start : one.open_end], said)
    )


def _add(package: Package, title: str, state: str, data: bytes) -> str:
    """The title under which the sheet stands in the package."""
    if state != "visible" and _states(package).get(title, "visible") != "visible":
        package.write(package.sheets()[title], data)
        return title
    path = package.free_path("xl/worksheets/sheetT{}.xml")
    package.add(path, data, _TYPE)
    ident = package.relate(package.book, "worksheet", path)
    book = package.read(package.book)
    root, edits = tree(book), Edits(book)
    sheets = _below(root, "sheets")
    number = max((number_in(one.attributes.get("sheetId")) for one in sheets), default=0) + 1
    taken = {one.attributes.get("name", "").casefold() for one in sheets}
    name = _free(title, taken)
    said = {"name": name, "sheetId": str(number)}
    if state != "visible":
        said["state"] = state
    said |= {"xmlns:rT": _RELATION_SPACE[package.is_strict], "rT:id": ident}
    add_to_book(edits, root, "sheets", written(root.tag("sheet"), said))
    package.write(package.book, edits.done())
    return name


def _free(title: str, taken: set[str]) -> str:
    """A title that no sheet bears."""
    if title.casefold() not in taken:
        return title
    numbered = (f"{title[: _LONGEST_TITLE - 5]}（{n}）" for n in range(2, 100))
    return next(one for one in numbered if one.casefold() not in taken)


def _names(package: Package, given: Package, places: Mapping[int, str]) -> None:
    """Print titles and filters of the grafted sheets; `places` are their titles by their old number."""
    titles = list(package.sheets())
    book = package.read(package.book)
    root, edits = tree(book), Edits(book)
    markup = ""
    for one in _below(tree(given.read(given.book)), "definedNames"):
        title = places.get(number_in(one.attributes.get("localSheetId"), -1))
        if title is None:
            continue
        said = {**one.attributes, "localSheetId": str(titles.index(title))}
        _sheet, _, area = one.text.rpartition("!")
        quoted = title.replace("'", "''")
        moved = Element(one.uri, one.name, "", said, 0, 0, text=f"'{quoted}'!{area}")
        markup += copied(moved, root.prefix)
    if markup:
        add_to_book(edits, root, "definedNames", markup)
        package.write(package.book, edits.done())
