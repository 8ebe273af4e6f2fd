"""New columns cut into a sheet's XML: cells, widths, merges; every other byte of it stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from tracker.exchange.surgery.markup import (
    Edits,
    Element,
    add_child,
    tag_end,
    with_attributes,
    written,
)
from tracker.exchange.surgery.sheet import (
    BLOCKS,
    Area,
    Placed,
    SheetXml,
    area_of,
    number_in,
    span,
)


@dataclass(frozen=True)
class Made:
    """A cell to be written: its column, the number of its style, a text or a number (None: empty)."""

    column: int
    style: int
    value: str | float | None = None


@dataclass(frozen=True)
class Width:
    """How wide a new column is, in characters, and whether it is shown."""

    width: float
    hidden: bool = False


@dataclass
class Cut:
    """What goes into one sheet. `rows` are the new cells of each row, in the order of their columns;
    each row's stand side by side."""

    rows: dict[int, list[Made]] = field(default_factory=dict)
    widths: dict[int, Width] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)


def cut(sheet: SheetXml, new: Cut) -> bytes:
    """The sheet with the new cells. What stood in their places (looks without a text) gives way."""
    edits = Edits(sheet.data)
    for row, cells in new.rows.items():
        _row(edits, sheet, row, cells)
    _widths(edits, sheet, new.widths)
    _merges(edits, sheet, new.merges)
    _dimension(edits, sheet, new.rows)
    return edits.done()


def _row(edits: Edits, sheet: SheetXml, number: int, cells: Sequence[Made]) -> None:
    row = sheet.rows.get(number)
    if row is None:
        _new_row(edits, sheet, number, cells)
        return
    first, last = cells[0].column, cells[-1].column
    markup = "".join(_cell(row, number, cell) for cell in cells)
    before, behind = row.open_end, None
    for there in sheet.cells[number]:
        if first <= there.column <= last:
            edits.replace(there.start, there.end, b"")
        elif there.column < first:
            before = there.end
        else:
            behind = behind or there
    if behind is not None and not behind.named:
        _name(edits, sheet.data, behind, number)
    _open(edits, sheet.data, row, last)
    edits.insert(before, markup + (f"</{_tag(row)}>" if row.is_empty else ""))


def _open(edits: Edits, data: bytes, row: Element, last: int) -> None:
    """The row's tag: it is opened if it was closed at once, and says how far it reaches."""
    opening = data[row.start : row.open_end]
    changed = opening
    if "spans" in row.attributes:
        begins = row.attributes["spans"].split(":")[0].strip() or "1"
        ends = max(
            [last, *(number_in(one.rpartition(":")[2]) for one in row.attributes["spans"].split())]
        )
        changed = with_attributes(changed, {"spans": f"{begins}:{ends}"})
    if row.is_empty:
        changed = changed[:-2].rstrip() + b">"
    if changed != opening:
        edits.replace(row.start, row.open_end, changed)


def _name(edits: Edits, data: bytes, cell: Placed, row: int) -> None:
    """A cell that stood behind its neighbour without an address gets one."""
    end = tag_end(data, cell.start)
    named = with_attributes(data[cell.start : end], {"r": f"{get_column_letter(cell.column)}{row}"})
    edits.replace(cell.start, end, named)


def _new_row(edits: Edits, sheet: SheetXml, number: int, cells: Sequence[Made]) -> None:
    """A row that the sheet had no need of, such as the lower one of two header rows."""
    block = sheet.blocks["sheetData"]
    row = Element(block.uri, "row", block.prefix, {}, 0, 0)
    inner = "".join(_cell(row, number, cell) for cell in cells)
    markup = written(block.tag("row"), {"r": str(number)}, inner)
    below = (start for there, start in sheet.starts if there > number)
    at = next(below, None)
    if at is None:
        edits.append(block, markup)
    else:
        edits.insert(at, markup)


def _cell(row: Element, number: int, cell: Made) -> str:
    said = {"r": f"{get_column_letter(cell.column)}{number}", "s": str(cell.style)}
    if cell.value is None or cell.value == "":
        return written(row.tag("c"), said)
    if isinstance(cell.value, str):
        text = f'<{row.tag("t")} xml:space="preserve">{escape(cell.value)}</{row.tag("t")}>'
        return written(row.tag("c"), {**said, "t": "inlineStr"}, written(row.tag("is"), {}, text))
    return written(row.tag("c"), said, written(row.tag("v"), {}, f"{cell.value:.15g}"))


def _tag(element: Element) -> str:
    return f"{element.prefix}:{element.name}" if element.prefix else element.name


def _widths(edits: Edits, sheet: SheetXml, widths: Mapping[int, Width]) -> None:
    """<cols> again: ranges that reach into our columns are parted."""
    if not widths:
        return
    block = sheet.blocks.get("cols")
    tag = sheet.root.tag("col") if block is None else block.tag("col")
    pieces: list[tuple[int, bytes]] = []
    styles: dict[int, str] = {}
    for there in sheet.widths:
        pieces += _outside(sheet.data, there, widths)
        first, last = span(there)
        if "style" in there.attributes:
            styles |= {c: there.attributes["style"] for c in widths if first <= c <= last}
    for column, width in widths.items():
        pieces.append((column, _col(tag, column, width, styles.get(column))))
    markup = b"".join(piece for _first, piece in sorted(pieces))
    if block is not None and not block.is_empty:
        edits.replace(block.open_end, block.close_start, markup)
        return
    fresh = written(sheet.root.tag("cols"), {}, markup.decode())
    if block is not None:
        edits.replace(block.start, block.end, fresh)
    else:
        edits.insert(sheet.blocks["sheetData"].start, fresh)


def _outside(
    data: bytes, width: Element, ours: Iterable[int]
) -> list[tuple[int, bytes]]:  # fmt: skip
    """A <col> without our columns: itself, or what is left on either side."""
    first, last = span(width)
    within = sorted(column for column in ours if first <= column <= last)
    if not within:
        return [(first, data[width.start : width.end])]
    opening = data[width.start : width.open_end]
    closing = data[width.close_start : width.end]
    edges = [first - 1, *within, last + 1]
    return [
        (a + 1, with_attributes(opening, {"min": str(a + 1), "max": str(b - 1)}) + closing)
        for a, b in zip(edges, edges[1:], strict=False)
        if a + 1 <= b - 1
    ]


def _col(tag: str, column: int, width: Width, style: str | None) -> bytes:
    said = {"min": str(column), "max": str(column), "width": f"{width.width:g}", "customWidth": "1"}
    if style is not None:  # of the cells above and below the table
        said["style"] = style
    if width.hidden:
        said["hidden"] = "1"
    return written(tag, said).encode()


def _merges(edits: Edits, sheet: SheetXml, merges: Sequence[Area]) -> None:
    if not merges:
        return
    block = sheet.blocks.get("mergeCells")
    parent = block or sheet.root
    markup = "".join(written(parent.tag("mergeCell"), {"ref": _reference(area)}) for area in merges)
    if block is not None:
        edits.append(block, markup, count=str(len(sheet.merges) + len(merges)))
    else:
        fresh = written(parent.tag("mergeCells"), {"count": str(len(merges))}, markup)
        add_child(edits, sheet.root, BLOCKS, "mergeCells", fresh)


def _dimension(edits: Edits, sheet: SheetXml, rows: Mapping[int, Sequence[Made]]) -> None:
    block = sheet.blocks.get("dimension")
    if block is None or not rows or "ref" not in block.attributes:
        return
    top, left, bottom, right = area_of(block.attributes["ref"])
    wider = (
        min(top, *rows), min(left, *(cells[0].column for cells in rows.values())),
        max(bottom, *rows), max(right, *(cells[-1].column for cells in rows.values())),
    )  # fmt: skip
    opening = sheet.data[block.start : block.open_end]
    edits.replace(block.start, block.open_end, with_attributes(opening, {"ref": _reference(wider)}))


def _reference(area: Area) -> str:
    top, left, bottom, right = area
    return f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
