"""A department's copy of the original workbook: title and header rows as they were, then its own tasks.

It is a new workbook into which cells are copied: nothing of the original's other parts (shared texts,
notes, names, pivot caches, pictures) comes along, so no other department's row can. Every row of a task
does; a merge that reaches beyond it is cut to what is shown; formulas leave as the results they had.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from functools import partial
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange.added import (
    ADDED,
    MARKS,
    Column,
    Placed,
    before_earlier,
    fill_of,
    last_row,
    mark_of,
    open_columns,
    values,
)
from tracker.exchange.cells import put
from tracker.exchange.guarding import guard, guide
from tracker.exchange.heights import height_for
from tracker.exchange.looks import Looks
from tracker.exchange.reopening import colours_of, column_widths
from tracker.exchange.rows import TaskLine

Area = tuple[int, int, int, int]
"""top, left, bottom, right; counted from 1, both ends included"""
Merges = dict[int, list[Area]]
"""the merges that touch each row"""
_GUIDE = 1
"""The row that says how the copy is filled in; the original's rows follow below."""


def slice_of(source: Workbook, placed: list[Placed], key: str) -> Workbook:
    """The copy of `source`, the plan's own workbook as `loaded`, with status columns and the marks of the
    export with this key."""
    book, looks = Workbook(), Looks()
    book.loaded_theme = colours_of(source)
    book.remove(book.active)
    for whole in placed:
        table = replace(whole, last_column=_right_edge(source[whole.sheet], whole))
        sheet = book.create_sheet(table.sheet[:31])
        assert isinstance(sheet, Worksheet)
        copied = _copied(source[table.sheet], sheet, table, looks)
        _add_columns(sheet, copied, key, looks)
        guide(sheet, _GUIDE, table.last_column + len(ADDED))
        guard(sheet, list(copied.rows), open_columns(copied.last_column))
    return book


def _right_edge(sheet: Worksheet, table: Placed) -> int:
    """The table's last column: what stands behind an empty one, beside it, is another's, and what an
    earlier export added is added anew."""
    heads = {cell.column: str(cell.value) for cell in sheet[table.header[0]]}
    if earlier := before_earlier(heads):
        return earlier
    rows = range(table.header[0], last_row(table) + 1)
    for column in range(table.reaches + 1, table.last_column + 1):
        cells = (sheet.cell(row, column) for row in rows)
        if all(cell.value is None and not isinstance(cell, MergedCell) for cell in cells):
            return column - 1
    return table.last_column


def _copied(source: Worksheet, target: Worksheet, table: Placed, looks: Looks) -> Placed:
    """Copies the table's head and tasks; says where they stand now."""
    merges = _by_row(source, table.last_column)
    shift = _GUIDE + 1 - table.top
    head = table.header[1] + shift
    widths = column_widths(source, table.last_column)
    _stretch(source, target, merges, (table.top, table.header[1]), shift, table.last_column, looks)
    at, rows, ends = head + 1, dict[int, TaskLine](), dict[int, int]()
    for first in sorted(table.rows):
        last = table.ends[first]
        _stretch(source, target, merges, (first, last), at - first, table.last_column, looks)
        _fit_heights(target, range(at, at + last - first + 1), widths)
        rows[at], ends[at] = table.rows[first], at + last - first
        at = ends[at] + 1
    header = (table.header[0] + shift, head)
    _set_up(source, target, widths, header)
    return replace(table, top=1, header=header, rows=rows, ends=ends)


def _set_up(
    source: Worksheet, target: Worksheet, widths: list[tuple[float, bool]], header: tuple[int, int]
) -> None:  # fmt: skip
    """Widths, and how the copy is printed: as the original, but on one page's width."""
    for column, (width, hidden) in enumerate(widths, 1):
        dimension = target.column_dimensions[get_column_letter(column)]
        dimension.width, dimension.hidden = width, hidden
    frozen = str(source.freeze_panes or "A1").rstrip("0123456789")
    target.freeze_panes = f"{frozen}{header[1] + 1}"
    target.page_setup.paperSize = source.page_setup.paperSize
    target.page_setup.orientation = "landscape"
    target.page_setup.fitToWidth, target.page_setup.fitToHeight = 1, 0
    target.page_margins = copy(source.page_margins)
    target.sheet_properties.pageSetUpPr.fitToPage = True
    target.print_title_rows = f"{header[0]}:{header[1]}"


def _stretch(
    source: Worksheet, target: Worksheet, merges: Merges, rows: tuple[int, int], shift: int,
    last_column: int, looks: Looks,
) -> None:  # fmt: skip
    """Copy rows `first` to `last`, each `shift` rows lower, with what is shown of their merges."""
    first, last = rows
    for row in range(first, last + 1):
        for column in range(1, last_column + 1):
            _copy(source.cell(row, column), target, (row + shift, column), looks)
        if (height := source.row_dimensions[row].height) is not None:
            target.row_dimensions[row + shift].height = height
    for top, left, bottom, right in sorted(
        {area for row in range(first, last + 1) for area in merges.get(row, ())}
    ):
        shown = max(top, first), min(bottom, last)
        _copy(source.cell(top, left), target, (shown[0] + shift, left), looks)
        if shown[0] < shown[1] or left < right:
            target.merge_cells(
                start_row=shown[0] + shift, end_row=shown[1] + shift,
                start_column=left, end_column=right,
            )  # fmt: skip


def _by_row(sheet: Worksheet, last_column: int) -> Merges:
    """Merges up to the table's last column; one that reaches farther is cut there."""
    merges: Merges = {}
    for area in sheet.merged_cells.ranges:
        if area.min_col > last_column:
            continue
        for row in range(area.min_row, area.max_row + 1):
            merges.setdefault(row, []).append(
                (area.min_row, area.min_col, area.max_row, min(area.max_col, last_column))
            )
    return merges


def _copy(model: Any, target: Worksheet, place: tuple[int, int], looks: Looks) -> None:
    """One cell with its looks; a cell under a merge has none of its own. Its text is writable as the
    file spells it and needs no more care than that it stays text."""
    if isinstance(model, MergedCell):
        return
    cell = _writable(target, *place)
    looks.like(cell, model, number_format=True)
    cell.value = model.value
    if isinstance(model.value, str | CellRichText):
        cell.data_type = "s"
        cell.quotePrefix = model.quotePrefix or str(model.value).startswith(("=", "+", "-", "@"))


def _writable(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def _fit_heights(target: Worksheet, rows: range, widths: list[tuple[float, bool]]) -> None:
    """Rows of a task become as high as their own texts need."""
    for row in rows:
        texts = [target.cell(row, c).value for c in range(1, len(widths) + 1)]
        target.row_dimensions[row].height = height_for(
            zip(texts, (width for width, _hidden in widths), strict=True)
        )


def _add_columns(sheet: Worksheet, table: Placed, key: str, looks: Looks) -> None:
    """Status columns beside a table, each dressed like the table's last, and the rows' marks."""
    first, last = table.header
    anchors = _anchors(sheet, table.last_column)
    model = _anchor(sheet, anchors, first, table.last_column)
    for place, column in enumerate((*ADDED, MARKS), table.last_column + 1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
        for row in range(first, last + 1):
            looks.like(_writable(sheet, row, place), model)
        put(_writable(sheet, first, place), column.title)
        if last > first:
            sheet.merge_cells(start_row=first, end_row=last, start_column=place, end_column=place)
    marks = table.last_column + len(ADDED) + 1
    sheet.column_dimensions[get_column_letter(marks)].hidden = True
    for row, line in table.rows.items():
        model = _anchor(sheet, anchors, row, table.last_column)
        _write(sheet, row, table.last_column, model, line, looks)
        put(_writable(sheet, row, marks), str(mark_of(line, key)))


def _write(
    sheet: Worksheet, row: int, last_column: int, model: Cell, line: TaskLine, looks: Looks
) -> None:
    """A task's status behind its last column, in the looks of `model`."""
    told = zip(ADDED, values(line), strict=True)
    for place, (column, value) in enumerate(told, last_column + 1):
        cell = _writable(sheet, row, place)
        looks.like(cell, model)
        looks.put(cell, column.title, partial(_arrange, column=column))
        put(cell, value)
    fill = fill_of(line)
    looks.put(
        _writable(sheet, row, last_column + 1), fill,
        lambda cell: setattr(cell, "fill", PatternFill("solid", fgColor=fill)),
    )  # fmt: skip


def _arrange(cell: Cell, *, column: Column) -> None:
    cell.alignment = Alignment(horizontal=column.horizontal, vertical="center", wrap_text=True)
    cell.number_format = column.number_format


def _anchors(sheet: Worksheet, column: int) -> dict[int, tuple[int, int]]:
    """By row, where the cell stands that holds the style of the merge over this column."""
    return {
        row: (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        if area.min_col <= column <= area.max_col
        for row in range(area.min_row, area.max_row + 1)
    }


def _anchor(
    sheet: Worksheet, anchors: Mapping[int, tuple[int, int]], row: int, column: int
) -> Cell:
    """The cell that holds the style of a cell, merged or not."""
    return _writable(sheet, *anchors.get(row, (row, column)))
