"""Whether a workbook is the one it was, but for our columns: told by the raw XML, without our own reader.

`differences` gives a sentence for each thing that is not as it was; nothing means the same.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

from openpyxl import load_workbook

FIRST, LAST = "灯", "行标识（请勿改动）"
MAY_CHANGE = ("docProps/custom.xml",)
BOOK = "xl/workbook.xml"
LISTS = ("[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels")
"""Parts that only list others; ours come last."""
Node = ET.Element


@dataclass(frozen=True)
class Ours:
    """The columns added beside one table, from its header row down to the next table's."""

    top: int
    bottom: int
    left: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right


def differences(before: bytes, after: bytes, *, sheets_added: int = 1) -> list[str]:
    """`sheets_added` are those behind the book's own: the hidden one of marks is always there."""
    with zipfile.ZipFile(BytesIO(before)) as old, zipfile.ZipFile(BytesIO(after)) as new:
        return list(_differences(old, new, sheets_added))


def _differences(old: zipfile.ZipFile, new: zipfile.ZipFile, sheets_added: int) -> Iterator[str]:
    parts = {path for path in sheet_parts(old).values() if added_columns(new.read(path))}
    styles = next(name for name in old.namelist() if name.endswith("styles.xml"))
    for name in old.namelist():
        if name not in new.namelist():
            yield f"{name} is gone"
        elif name in parts:
            yield from _sheet(name, old.read(name), new.read(name))
        elif name == styles:
            yield from _styles(old.read(name), new.read(name))
        elif name == BOOK:
            yield from _book(old.read(name), new.read(name), sheets_added)
        elif name in LISTS:
            yield from _grown(name, old.read(name), new.read(name))
        elif name not in MAY_CHANGE and old.read(name) != new.read(name):
            yield f"{name} is another"
    gained = set(new.namelist()) - set(old.namelist()) - set(MAY_CHANGE)
    if {one.partition("sheetT")[0] for one in gained} - {"xl/worksheets/"} or len(
        gained
    ) != sheets_added:
        yield f"new parts: {sorted(gained)}"


def _grown(name: str, old: bytes, new: bytes) -> Iterator[str]:
    """What a list says is still there."""
    kept, there = ([canonical(one) for one in ET.fromstring(data)] for data in (old, new))
    if there[: len(kept)] != kept:
        yield f"{name}: something is gone"


def _book(old: bytes, new: bytes, sheets_added: int) -> Iterator[str]:
    """The book but for our sheets, which stand last, and their names."""
    before, after = ET.fromstring(old), ET.fromstring(new)
    count = sum(local(one) == "sheet" for one in before.iter())
    for block in list(after):
        for one in list(block):
            ours = local(one) == "definedName" and int(one.get("localSheetId", -1)) >= count
            if ours or (local(one) == "sheet" and list(block).index(one) >= count):
                sheets_added -= local(one) == "sheet"
                block.remove(one)
        if local(block) not in map(local, before) and not len(block):
            after.remove(block)
    if canonical(before) != canonical(after) or sheets_added:
        yield f"{BOOK}: another book"


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet by its title."""
    book = next(n for n in archive.namelist() if n.endswith("workbook.xml"))
    folder, name = posixpath.split(book)
    relations = ET.fromstring(archive.read(f"{folder}/_rels/{name}.rels"))
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    found = {}
    for sheet in ET.fromstring(archive.read(book)).iter():
        if local(sheet) == "sheet":
            ident = next(v for k, v in sheet.attrib.items() if k.endswith("}id"))
            path = posixpath.join("/", folder, targets[ident])
            found[sheet.get("name", "")] = path.lstrip("/")
    return found


def local(node: Node) -> str:
    return node.tag.rpartition("}")[2]


def place(reference: str) -> tuple[int, int]:
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :]), column


def cells(sheet: Node) -> Iterator[tuple[int, int, Node]]:
    row = 0
    for line in sheet.iter():
        if local(line) != "row":
            continue
        row, column = int(line.get("r", row + 1)), 0
        for cell in line:
            column = place(cell.get("r"))[1] if cell.get("r") else column + 1
            yield row, column, cell


def added_columns(data: bytes) -> list[Ours]:
    """Where our headings stand, written in the cell itself."""
    heads = [
        (row, column, "".join(cell.itertext()))
        for row, column, cell in cells(ET.fromstring(data))
        if cell.get("t") == "inlineStr"
    ]
    lefts = [(row, column) for row, column, text in heads if text == FIRST]
    rights = {row: column for row, column, text in heads if text == LAST}
    tops = sorted(row for row, _column in lefts if row in rights)
    bottoms = {top: below - 1 for top, below in zip(tops, tops[1:], strict=False)}
    return [
        Ours(row, bottoms.get(row, 1_048_576), column, rights[row])
        for row, column in lefts
        if row in rights
    ]


def canonical(node: Node) -> str:
    return ET.canonicalize(ET.tostring(node, encoding="unicode"))


def _sheet(name: str, old: bytes, new: bytes) -> Iterator[str]:
    ours = added_columns(new)
    before, after = ET.fromstring(old), ET.fromstring(new)
    if (before.tag, before.attrib) != (after.tag, after.attrib):
        yield f"{name}: another root"
    yield from _cells(name, before, after, ours)
    yield from _rows(name, before, after)
    yield from _widths(
        name, before, after, {c for one in ours for c in range(one.left, one.right + 1)}
    )
    merges = [
        m for m in _merges(after) if not any(o.holds(*place(m.partition(":")[0])) for o in ours)
    ]
    if merges != _merges(before):
        yield f"{name}: other merges"
    aside = ("sheetData", "cols", "mergeCells", "dimension")
    kept, left = ([one for one in root if local(one) not in aside] for root in (before, after))
    if [canonical(one) for one in kept] != [canonical(one) for one in left]:
        yield f"{name}: another block"
    order = [local(one) for one in after if local(one) in ORDER]
    if order != sorted(order, key=ORDER.index):
        yield f"{name}: blocks out of order"
    count = next((one.get("count") for one in after if local(one) == "mergeCells"), None)
    if count is not None and int(count) != len(_merges(after)):
        yield f"{name}: merges miscounted"


ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetProtection",
    "autoFilter", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations",
    "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks",
    "colBreaks", "drawing", "legacyDrawing", "tableParts", "extLst",
)  # fmt: skip


def _cells(name: str, before: Node, after: Node, ours: list[Ours]) -> Iterator[str]:
    outside: list[dict[tuple[int, int], str]] = []
    for root in (before, after):
        found: dict[tuple[int, int], str] = {}
        for row, column, cell in cells(root):
            if not any(one.holds(row, column) for one in ours):
                cell.attrib.pop("r", None)
                found[row, column] = canonical(cell).strip()
        outside.append(found)
    for at in sorted({*outside[0], *outside[1]}):
        if outside[0].get(at) != outside[1].get(at):
            yield f"{name}: cell {at} was {outside[0].get(at)}, is {outside[1].get(at)}"
    for one in ours:
        for row, column, cell in cells(before):
            if one.holds(row, column) and row <= _last_row(after, one) and len(cell):
                yield f"{name}: cell {(row, column)} is written over"


def _last_row(sheet: Node, ours: Ours) -> int:
    return max(row for row, column, _cell in cells(sheet) if ours.holds(row, column))


def _rows(name: str, before: Node, after: Node) -> Iterator[str]:
    old, new = (
        {one.get("r"): {k: v for k, v in one.attrib.items() if k != "spans"}
         for one in root.iter() if local(one) == "row"}
        for root in (before, after)
    )  # fmt: skip
    for number, said in old.items():
        if new.get(number) != said:
            yield f"{name}: row {number} was {said}, is {new.get(number)}"
    numbers = [int(number) for number in new if number]
    if numbers != sorted(numbers):
        yield f"{name}: rows out of order"


def _widths(name: str, before: Node, after: Node, ours: set[int]) -> Iterator[str]:
    old, new = _each_width(before), _each_width(after)
    for column in sorted({*old, *new} - ours):
        if old.get(column) != new.get(column):
            yield f"{name}: column {column} was {old.get(column)}, is {new.get(column)}"


def _each_width(sheet: Node) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for one in (one for one in sheet.iter() if local(one) == "col"):
        said = {k: v for k, v in one.attrib.items() if k not in ("min", "max")}
        for column in range(int(one.get("min", 0)), int(one.get("max", 0)) + 1):
            assert column not in found, "two widths of one column"
            found[column] = said
    return found


def _merges(sheet: Node) -> list[str]:
    return [one.get("ref", "") for one in sheet.iter() if local(one) == "mergeCell"]


GROWS = ("numFmts", "fonts", "fills", "borders", "cellXfs", "dxfs")


def _styles(old: bytes, new: bytes) -> Iterator[str]:
    """Lists may have grown at their ends; what had a number still has it."""
    before = {local(one): one for one in ET.fromstring(old)}
    after = {local(one): one for one in ET.fromstring(new)}
    for kind, block in before.items():
        there = after.get(kind)
        grown = [canonical(one) for one in there] if there is not None else []
        kept = [canonical(one) for one in block]
        if (grown[: len(kept)] if kind in GROWS else grown) != kept:
            yield f"styles: {kind} changed"
    for kind, block in after.items():
        if kind not in before and kind not in GROWS:
            yield f"styles: {kind} is new"
        if block.get("count") and int(block.get("count", 0)) != len(block):
            yield f"styles: {kind} miscounted"


def said(value: Any) -> str:
    """A cell's value; formulas of arrays are objects."""
    return f"{value.ref}: {value.text}" if hasattr(value, "ref") else str(value)


def resolved(content: bytes, ours: dict[str, list[Ours]]) -> dict[str, Any]:
    """What openpyxl makes of it outside our columns: values, looks, rules, heights, widths."""
    book = load_workbook(BytesIO(content), rich_text=True)
    found: dict[str, Any] = {}
    for sheet in book.worksheets:
        mine = ours.get(sheet.title, [])
        found[sheet.title] = {
            "cells": {
                cell.coordinate: (said(cell.value), repr(cell.font), repr(cell.fill), repr(cell.border),
                                  repr(cell.alignment), cell.number_format, repr(cell.protection),
                                  cell.comment.text if cell.comment else None)
                for row in sheet.iter_rows() for cell in row
                if not any(one.holds(cell.row, cell.column) for one in mine)
                and (cell.value is not None or cell.has_style)
            },
            "rules": [(str(one.sqref), one.type, one.formula1) for one in sheet.data_validations.dataValidation],
            "conditions": sorted(
                (str(one.sqref), rule.type, rule.formula, rule.priority)
                for one in sheet.conditional_formatting for rule in one.rules
            ),
            "heights": {k: (v.height, v.hidden, v.outlineLevel) for k, v in sheet.row_dimensions.items()},
            "print": (sheet.print_title_rows, sheet.print_area, sheet.page_setup.orientation,
                      sheet.page_setup.paperSize, sheet.freeze_panes, sheet.oddHeader.center.text),
        }  # fmt: skip
    return found
