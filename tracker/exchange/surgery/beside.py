"""Where a sheet has room beside a table: behind everything that stands in the table's rows."""

from __future__ import annotations

import math
from collections.abc import Iterator

from tracker.exchange.surgery.markup import Element, tree
from tracker.exchange.surgery.package import Package
from tracker.exchange.surgery.sheet import Area, SheetXml, area_of, number_in

_EMU_A_COLUMN = 609_600
"""64 pixels, an ordinary column; only for pictures that do not say in which column they end."""
_EMU_A_ROW = 190_500


def last_used(package: Package, part: str, sheet: SheetXml, rows: tuple[int, int]) -> int:
    """The last column in these rows (both included) that holds a text, a merge, a picture or a part of
    a list (ListObject) or pivot table. 0 where there is nothing."""
    first, last = rows
    cells = (column for row, column in sheet.used.items() if first <= row <= last)
    areas = [*sheet.merges, *_areas(package, part)]
    reaching = (right for top, _left, bottom, right in areas if top <= last and bottom >= first)
    return max([0, *cells, *reaching])


def _areas(package: Package, part: str) -> Iterator[Area]:
    """The lists, pivot tables and pictures of a sheet."""
    for relation in package.relations(part):
        if not package.has(relation.path):
            continue
        if relation.kind == "table":
            yield area_of(tree(package.read(relation.path)).attributes.get("ref", "A1"))
        elif relation.kind == "pivotTable":
            found = tree(package.read(relation.path)).child("location")
            yield area_of(found.attributes.get("ref", "A1") if found else "A1")
        elif relation.kind == "drawing":
            yield from _anchored(tree(package.read(relation.path)))


def _anchored(drawing: Element) -> Iterator[Area]:
    for anchor in drawing.children:
        begin, end = anchor.child("from"), anchor.child("to")
        if begin is None:
            continue
        top, left = _at(begin, "row"), _at(begin, "col")
        if end is not None:
            # an end at the very edge of a cell does not reach into it
            yield top + 1, left + 1, _reached(end, "row"), _reached(end, "col")
        elif (size := anchor.child("ext")) is not None:
            down = math.ceil(number_in(size.attributes.get("cy")) / _EMU_A_ROW)
            across = math.ceil(number_in(size.attributes.get("cx")) / _EMU_A_COLUMN)
            yield top + 1, left + 1, top + down + 1, left + across + 1


def _at(marker: Element, name: str) -> int:
    found = marker.child(name)
    return number_in(found.text.strip()) if found is not None else 0


def _reached(marker: Element, name: str) -> int:
    return _at(marker, name) + (1 if _at(marker, f"{name}Off") > 0 else 0)
