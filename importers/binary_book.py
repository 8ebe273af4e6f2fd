"""xls (and WPS .et, which is the same) → Grid: values by calamine, the rest by `biff`.

xlrd reads the values where calamine gives up, in Excel 95 books (whose texts calamine garbles), and
where a lone cell far out, or a sheet that says it has one, would make calamine's dense table huge.
"""

from __future__ import annotations

import io
import os
from datetime import date
from typing import Any

import xlrd
from python_calamine import CalamineError, CalamineWorkbook

from importers.area import Area
from importers.biff import Scanned, ScannedSheet, scan_book
from importers.errors import ReadingRefused
from importers.grid import Grid
from importers.limits import Limits
from importers.ole import Compound
from importers.workbook import as_text, checked, grid_of, worksheets

_DENSE = 4_000_000
"""A table of more cells than this is read by xlrd, which keeps only those that hold something."""


def read_xls(data: bytes, limits: Limits) -> list[Grid]:
    """Every worksheet of an .xls as a Grid. `data` has passed the preflight's look at its streams."""
    container = Compound(data)
    stream = container.read("Workbook" if "Workbook" in container.names() else "Book")
    scanned = scan_book(stream, limits)
    area = Area(limits)
    for number, sheet in enumerate(scanned.sheets, 1):
        area.add(f"第 {number} 张工作表", sheet.rows, sheet.columns)
    if scanned.is_biff5 or any(_by_hand(sheet) for sheet in scanned.sheets):
        return _by_xlrd(data, scanned, limits)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        if len(book.sheets_metadata) != len(scanned.sheets):
            return _by_xlrd(data, scanned, limits)
        return [
            grid_of(book, i, scanned.sheets[i].marks, scanned.epoch, limits)
            for i in worksheets(book)
        ]
    except CalamineError:
        return _by_xlrd(data, scanned, limits)


def _by_hand(sheet: ScannedSheet) -> bool:
    """Whether calamine would take room for far more cells than hold something."""
    return sheet.lies or sheet.rows * sheet.columns > _DENSE


def _by_xlrd(data: bytes, scanned: Scanned, limits: Limits) -> list[Grid]:
    with open(os.devnull, "w") as nowhere:
        book = xlrd.open_workbook(file_contents=data, logfile=nowhere, ragged_rows=True)
    grids = []
    for place, found in enumerate(s for s in scanned.sheets if s.is_worksheet):
        if place >= book.nsheets:
            raise ReadingRefused("unreadable", "工作簿内部结构有误，请用 Excel 打开后另存再导入")
        grids.append(_grid_by_xlrd(book, place, found, scanned.epoch, limits))
    return grids


def _grid_by_xlrd(book: Any, place: int, found: ScannedSheet, epoch: date, limits: Limits) -> Grid:
    """One sheet; rows without a cell are one and the same empty list."""
    sheet = book.sheet_by_index(place)
    blank = [""] * found.columns
    rows = [blank] * found.rows
    for r in range(min(sheet.nrows, found.rows)):
        cells = sheet.row(r)[: found.columns]
        if any(cell.ctype not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) for cell in cells):
            texts = [_text(cell, book.datemode) for cell in cells]
            rows[r] = texts + blank[len(texts) :]
    marks = found.marks
    grid = Grid(
        sheet=sheet.name,
        rows=rows,
        merges=marks.merges or [],
        hidden_rows=marks.hidden_rows,
        hidden_columns=marks.hidden_columns,
        hidden=sheet.visibility != 0,
        formulas=marks.formulas,
        errors=marks.errors,
        epoch=epoch,
    )
    return checked(grid, limits)


def _text(cell: Any, datemode: int) -> str:
    """A cell as the person sees it; error words come from `biff`."""
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return as_text(xlrd.xldate.xldate_as_datetime(cell.value, datemode))
        except (ValueError, OverflowError):
            return as_text(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return as_text(bool(cell.value))
    return "" if cell.ctype == xlrd.XL_CELL_ERROR else as_text(cell.value)
