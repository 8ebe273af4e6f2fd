"""A workbook's styles: looks are added behind those that are there, none is changed."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.exchange.surgery.markup import Edits, Element, add_child, copied, tree, written
from tracker.exchange.surgery.package import STRICT, Package
from tracker.exchange.surgery.sheet import number_in

ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs",
    "tableStyles", "colors", "extLst",
)  # fmt: skip
"""The children of a style sheet in the schema's order."""
_BUILT_IN = {"General": 0, "0%": 9}
_FIRST_OWN = 164
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_BARE = (
    '<styleSheet xmlns="{}"><fonts count="1"><font/></fonts><fills count="2"><fill><patternFill '
    'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="1"><xf/></cellXfs></styleSheet>'
)


@dataclass(frozen=True)
class Look:
    """What is made of a style that is there: `horizontal` with wrapped text (None: as it is), a number
    format, a fill (six digits), text that is no formula, a cell that a locked sheet leaves open."""

    horizontal: str | None = None
    number_format: str = ""
    fill: str = ""
    quoted: bool = False
    is_open: bool = False


class Styles:
    """The package's styles part, or a bare one where it has none."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._path = package.related(package.book, "styles")
        self._data = package.read(self._path) if self._path else self._bare()
        self._root = tree(self._data)
        self._new: dict[str, list[str]] = {name: [] for name in ORDER}
        self._made: dict[tuple[int, Look], int] = {}
        self._shared: dict[tuple[str, str], int] = {}

    def _bare(self) -> bytes:
        return _BARE.format(
            f"{STRICT}spreadsheetml/main" if self._package.is_strict else _MAIN
        ).encode()

    def like(self, base: int, look: Look) -> int:
        """The number of a style that looks like `base`, with some of it changed."""
        key = (base, look)
        if key not in self._made:
            self._made[key] = self.add("cellXfs", self._changed(base, look))
        return self._made[key]

    def add(self, kind: str, markup: str) -> int:
        """Append to one of the lists; the number it has there."""
        self._new[kind].append(markup)
        return self.count(kind) - 1

    def share(self, kind: str, markup: str) -> int:
        """The same, once for what is the same."""
        key = (kind, markup)
        if key not in self._shared:
            self._shared[key] = self.add(kind, markup)
        return self._shared[key]

    def count(self, kind: str) -> int:
        """How many there are, ours with them."""
        return len(self._children(kind)) + len(self._new[kind])

    def number_format(self, code: str) -> int:
        """The number of a format, which is added where it is new."""
        if code in _BUILT_IN:
            return _BUILT_IN[code]
        given = {
            one.attributes.get("formatCode"): number_in(one.attributes.get("numFmtId"))
            for one in self._children("numFmts")
        }
        if code in given:
            return given[code]
        highest = max([*given.values(), _FIRST_OWN - 1]) + 1
        key = ("numFmts", code)
        if key not in self._shared:
            self._shared[key] = highest + len(self._new["numFmts"])
            said = {"numFmtId": str(self._shared[key]), "formatCode": code}
            self.add("numFmts", written(self.tag("numFmt"), said))
        return self._shared[key]

    def tag(self, name: str) -> str:
        """An element's name as it is written in this part."""
        return self._root.tag(name)

    @property
    def prefix(self) -> str:
        """The part's own prefix."""
        return self._root.prefix

    def keep(self) -> None:
        """Write the part back into the package."""
        edits = Edits(self._data)
        for kind, new in self._new.items():
            if not new:
                continue
            parent = self._root.child(kind)
            if parent is not None:
                edits.append(parent, "".join(new), count=str(self.count(kind)))
            else:
                fresh = written(self.tag(kind), {"count": str(len(new))}, "".join(new))
                add_child(edits, self._root, ORDER, kind, fresh)
        self._write(edits.done())

    def _write(self, data: bytes) -> None:
        if self._path:
            self._package.write(self._path, data)
            return
        path = self._package.free_path("xl/stylesT{}.xml")
        self._package.add(path, data, _TYPE)
        self._package.relate(self._package.book, "styles", path)

    def _children(self, kind: str) -> list[Element]:
        found = self._root.child(kind)
        return found.children if found is not None else []

    def _changed(self, base: int, look: Look) -> str:
        styles = self._children("cellXfs")
        model = styles[base] if base < len(styles) else None
        said = {k: v for k, v in (model.attributes if model else {}).items() if " " not in k}
        said.pop("quotePrefix", None)
        if look.number_format:
            said |= {
                "numFmtId": str(self.number_format(look.number_format)),
                "applyNumberFormat": "1",
            }
        if look.fill:
            said |= {"fillId": str(self.share("fills", self._solid(look.fill))), "applyFill": "1"}
        if look.quoted:
            said["quotePrefix"] = "1"
        inner = self._alignment(model, look) + self._protection(model, look)
        if look.horizontal:
            said["applyAlignment"] = "1"
        if look.is_open:
            said["applyProtection"] = "1"
        return written(self.tag("xf"), said, inner)

    def _solid(self, colour: str) -> str:
        inner = written(self.tag("fgColor"), {"rgb": f"FF{colour}"})
        inner += written(self.tag("bgColor"), {"indexed": "64"})
        pattern = written(self.tag("patternFill"), {"patternType": "solid"}, inner)
        return written(self.tag("fill"), {}, pattern)

    def _alignment(self, model: Element | None, look: Look) -> str:
        if look.horizontal:
            said = {"horizontal": look.horizontal, "vertical": "center", "wrapText": "1"}
            return written(self.tag("alignment"), said)
        found = model.child("alignment") if model else None
        return copied(found, self.prefix) if found else ""

    def _protection(self, model: Element | None, look: Look) -> str:
        found = model.child("protection") if model else None
        if not look.is_open:
            return copied(found, self.prefix) if found else ""
        said = {**(found.attributes if found else {}), "locked": "0"}
        return written(self.tag("protection"), said)
