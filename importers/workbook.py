"""xlsx → Grid: values and merges by calamine, everything calamine leaves out by `sheetxml`.

Runs in the child only: calamine can abort the whole process on a hostile file.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from xml.etree import ElementTree

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from importers.area import Area
from importers.errors import ReadingRefused, told_as_unreadable
from importers.errorwords import is_over_a_word, with_known_words
from importers.grid import EPOCH_1900, EPOCH_1904, Grid, column_letter
from importers.limits import Limits
from importers.packages import relations
from importers.repack import usual
from importers.sheetxml import Marks, read_marks
from importers.shown import show, shown_styles

NOT_FINITE = "#NUM!"


def read_workbook(
    data: bytes, main: str, limits: Limits, plain: frozenset[str] = frozenset()
) -> list[Grid]:
    """Every worksheet as a Grid, hidden ones too (marked). `data` has passed preflight.

    `main` is the workbook's part; `plain` are the parts that the preflight saw to hold no formula,
    error or hidden row.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = _Parts(archive, main, plain)
        try:
            return _sheets(usual(archive, main, data), parts, limits)
        except ReadingRefused as refused:
            if not is_over_a_word(refused):
                raise
        known = with_known_words(archive)
        with zipfile.ZipFile(io.BytesIO(known)) as reworded:
            return _sheets(usual(reworded, main, known), parts, limits)


def _sheets(data: bytes, parts: _Parts, limits: Limits) -> list[Grid]:
    """The values of `data`, which calamine can find its way in, with what `parts` say of them."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    area = Area(limits)
    grids = []
    for index in worksheets(book):
        grids.append(_read_sheet(book, index, parts, limits))
        area.add(grids[-1].sheet, len(grids[-1].rows), grids[-1].width)
    return grids


def _read_sheet(book: CalamineWorkbook, index: int, parts: _Parts, limits: Limits) -> Grid:
    name = book.sheets_metadata[index].name
    with told_as_unreadable(name):
        grid = grid_of(book, index, parts.marks(name), parts.epoch, limits)
        parts.show(name, grid.rows)
        return grid


def worksheets(book: CalamineWorkbook) -> Iterator[int]:
    """The places of the sheets that hold cells, not charts."""
    for i, sheet in enumerate(book.sheets_metadata):
        if sheet.typ == SheetTypeEnum.WorkSheet:
            yield i


def grid_of(book: CalamineWorkbook, index: int, marks: Marks, epoch: date, limits: Limits) -> Grid:
    """One sheet: its values by calamine, the rest from `marks`."""
    sheet = book.get_sheet_by_index(index)
    meta = book.sheets_metadata[index]
    rows = _texts(sheet)
    if len(rows) > limits.rows or len(rows[0] if rows else ()) > limits.columns:
        message = f"表格超出 {limits.rows} 行 × {limits.columns} 列的范围"
        raise ReadingRefused("cell_outside", message, meta.name)
    merges = marks.merges
    if merges is None:
        merges = [(a, b, c, d) for (a, b), (c, d) in sheet.merged_cell_ranges or []]
    grid = Grid(
        sheet=meta.name,
        rows=rows,
        merges=[m if m[0] <= m[2] and m[1] <= m[3] else _upright(m) for m in merges],
        hidden_rows=marks.hidden_rows,
        hidden_columns=marks.hidden_columns,
        hidden=meta.visible != SheetVisibleEnum.Visible,
        formulas=marks.formulas,
        errors=marks.errors,
        epoch=epoch,
    )
    return checked(grid, limits)


def checked(grid: Grid, limits: Limits) -> Grid:
    """The grid with its error words in place, no text over the limit."""
    _place_errors(grid)
    _check_texts(grid, limits)
    return grid


def _texts(sheet: CalamineSheet) -> list[list[str]]:
    """Every value as text from A1 on; equal texts become one string: a big plan stays small."""
    if sheet.start is None or sheet.end is None:
        return []
    one: dict[str, str] = {}
    keep = one.setdefault
    left = [""] * sheet.start[1]
    rows = [
        left + [keep(v, v) if v.__class__ is str else as_text(v) for v in row]
        for row in sheet.iter_rows()
    ]
    width = len(left) + sheet.width
    return [[""] * width for _ in range(sheet.end[0] + 1 - len(rows))] + rows


def _upright(merge: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    top, left, bottom, right = merge
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def as_text(value: object) -> str:
    """A typed cell as the person sees it: ISO dates, whole numbers without '.0'."""
    if value.__class__ is float:
        return _number_text(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number_text(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _number_text(value: float) -> str:
    if -1e15 < value < 1e15:
        whole = int(value)
        return str(whole) if whole == value else repr(round(value, 10))
    return repr(round(value, 10)) if math.isfinite(value) else NOT_FINITE


def _place_errors(grid: Grid) -> None:
    """Put error words where the parser left nothing; a number without end is an error too."""
    for r, row in enumerate(grid.rows):
        if NOT_FINITE in row:
            grid.errors |= {(r, c): text for c, text in enumerate(row) if text == NOT_FINITE}
    width, height = grid.width, len(grid.rows)
    for (r, c), word in grid.errors.items():
        if r < height and c < width:
            grid.rows[r][c] = word


def _check_texts(grid: Grid, limits: Limits) -> None:
    """Rich text adds up over its runs, so the length is looked at again in the finished cell."""
    for r, row in enumerate(grid.rows):
        if len("".join(row)) > limits.text_chars < len(max(row, key=len)):
            c = row.index(max(row, key=len))
            where = f"{grid.sheet}!{column_letter(c)}{r + 1}"
            raise ReadingRefused(
                "text_too_long", f"单元格文字超过 {limits.text_chars} 字，请缩短后再导入", where
            )


class _Parts:
    """The workbook's zip, by sheet name: where its XML is and what only the XML says."""

    def __init__(self, archive: zipfile.ZipFile, main: str, plain: frozenset[str]) -> None:
        self.archive, self.plain = archive, plain
        self.names = set(archive.namelist())
        root = ElementTree.fromstring(archive.read(main))  # noqa: S314 - no DTD: preflight
        self.epoch = EPOCH_1904 if _is_1904(root) else EPOCH_1900
        targets = {relation.id: relation.path for relation in relations(archive, main)}
        styles = next((r.path for r in relations(archive, main) if r.kind == "styles"), "")
        self.shown = shown_styles(archive.read(styles)) if styles in self.names else {}
        self.paths = {
            sheet.get("name", ""): targets.get(_relation(sheet), "")
            for sheet in root.iter()
            if sheet.tag.endswith("}sheet")
        }

    def marks(self, sheet: str) -> Marks:
        path = self.paths.get(sheet, "")
        if path not in self.names or path in self.plain:
            return Marks()
        return read_marks(self.archive.read(path))

    def show(self, sheet: str, rows: list[list[str]]) -> None:
        """Write months, shares and 1.10 as their cells show them."""
        path = self.paths.get(sheet, "")
        if self.shown and path in self.names:
            show(rows, self.archive.read(path), self.shown)


def _relation(sheet: ElementTree.Element) -> str:
    """The sheet's r:id, whichever of the two Open XML namespaces the file is written in."""
    return next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")


def _is_1904(root: ElementTree.Element) -> bool:
    flags = [e.get("date1904", "") for e in root.iter() if e.tag.endswith("}workbookPr")]
    return any(flag in ("1", "true") for flag in flags)
