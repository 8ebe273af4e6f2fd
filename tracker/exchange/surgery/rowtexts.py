"""What the cells of one row say; for the few rows that have to be read."""

from __future__ import annotations

from xml.parsers import expat

from tracker.exchange.surgery.markup import tree
from tracker.exchange.surgery.package import Package
from tracker.exchange.surgery.sheet import SheetXml


def texts_of(package: Package, sheet: SheetXml, row: int) -> dict[int, str]:
    """The texts of a row that was scanned, by column; readings of characters (rPh) left out."""
    line = sheet.rows.get(row)
    if line is None:
        return {}
    shared = _shared(package)
    found = {}
    for cell in sheet.cells[row]:
        kind, text = _Cell(sheet.data[cell.start : cell.end]).said
        if kind == "s":
            text = shared[int(text)] if text.isdecimal() and int(text) < len(shared) else ""
        if text:
            found[cell.column] = text
    return found


def _shared(package: Package) -> list[str]:
    path = package.related(package.book, "sharedStrings")
    if not path:
        return []
    data = package.read(path)
    return [_Cell(data[one.start : one.end]).said[1] for one in tree(data).all("si")]


class _Cell:
    """A piece of XML read by itself: without knowing namespaces, for they are declared above it."""

    def __init__(self, markup: bytes) -> None:
        self.said = "", ""
        self._within: list[str] = []
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = lambda _name: self._within.pop()
        parser.CharacterDataHandler = self._text
        parser.Parse(markup, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._within.append(name.rpartition(":")[2])
        if len(self._within) == 1:
            self.said = attributes.get("t", ""), ""

    def _text(self, words: str) -> None:
        if self._within[-1] in ("t", "v") and "rPh" not in self._within:
            self.said = self.said[0], self.said[1] + words
