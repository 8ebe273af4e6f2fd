"""The plan's own workbook opened to copy cells out of it: texts with their runs, formulas' results."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.theme import theme_xml

from tracker.exchange.doubts import clean
from tracker.exchange.surgery.markup import Edits, Element, tree, written
from tracker.exchange.surgery.package import STRICT, Package

ORDINARY = 8.43
"""The width of a column that says none, in characters."""
_COLOUR = re.compile("[0-9A-Fa-f]{6}")
_XML = (".xml", ".rels")
_DIALECT = (
    (f"{STRICT}spreadsheetml/main", "http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (f"{STRICT}drawingml/main", "http://schemas.openxmlformats.org/drawingml/2006/main"),
    (
        f"{STRICT}officeDocument/relationships",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)


def loaded(file: Path) -> Workbook:
    """The workbook with values instead of formulas. Stored files have no ending, which openpyxl wants
    of a path. A corrected copy comes without what we had written into it."""
    book = load_workbook(_ordinary(file), keep_links=False, data_only=True, rich_text=True)
    clean(book)
    return book


class Opened:
    """The workbook opened last, for several copies of one plan that are made one after the other."""

    def __init__(self) -> None:
        self._book: tuple[int | None, Workbook] | None = None

    def of(self, file_id: int | None, file: Path) -> Workbook:
        """The workbook of this stored file, as `loaded`."""
        if self._book is None or self._book[0] != file_id:
            self._book = file_id, loaded(file)
        return self._book[1]


def _ordinary(file: Path) -> BytesIO:
    """The file; one in ISO's strict dialect in the words that openpyxl knows."""
    content = BytesIO(file.read_bytes())
    with zipfile.ZipFile(content) as archive:
        if not Package(archive).is_strict:
            return content
        target = BytesIO()
        with zipfile.ZipFile(target, "w") as made:
            for member in archive.infolist():
                data = archive.read(member)
                made.writestr(
                    member.filename, _said(data) if member.filename.endswith(_XML) else data
                )
    target.seek(0)
    return target


def _said(data: bytes) -> bytes:
    for strict, ordinary in _DIALECT:
        data = data.replace(strict.encode(), ordinary.encode())
    return data


def colours_of(book: Workbook) -> bytes:
    """An ordinary theme with the book's colours and nothing else of it: a theme has names too."""
    ordinary = theme_xml.encode()
    edits = Edits(ordinary)
    given = _scheme(tree(book.loaded_theme)) if book.loaded_theme else None
    for colour in _scheme(tree(ordinary)).children:
        found = given.child(colour.name) if given else None
        if found is not None and (said := _hexadecimal(found)):
            inner = written("a:srgbClr", {"val": said})
            edits.replace(colour.start, colour.end, written(f"a:{colour.name}", {}, inner))
    return edits.done()


def _scheme(theme: Element) -> Element:
    elements = theme.child("themeElements")
    scheme = elements.child("clrScheme") if elements else None
    return scheme or Element("", "", "", {}, 0, 0)


def _hexadecimal(colour: Element) -> str:
    """Six digits, or '' where the colour is said in another way."""
    for one in colour.children:
        said = one.attributes.get("lastClr", one.attributes.get("val", ""))
        if _COLOUR.fullmatch(said):
            return said
    return ""


def column_widths(sheet: Worksheet, last: int) -> list[tuple[float, bool]]:
    """Width and whether it is hidden, of columns 1 to `last`. openpyxl keeps a range of columns under its
    first letter only."""
    ordinary = sheet.sheet_format.defaultColWidth or ORDINARY
    found = [(float(ordinary), False)] * last
    for dimension in sheet.column_dimensions.values():
        first = dimension.min or 1
        for column in range(first, min(dimension.max or first, last) + 1):
            width = dimension.width if dimension.customWidth or dimension.width else ordinary
            found[column - 1] = (float(width), bool(dimension.hidden))
    return found
