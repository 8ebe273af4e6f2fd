"""A department's copy of the original workbook: title and header rows as they were, then its own tasks.

Every row of a task comes along. A merge that reaches beyond it is cut to what is shown, so other
departments' rows never leave with it; formulas leave as the results they had.
"""

from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange.cells import put
from tracker.exchange.guarding import guard
from tracker.exchange.heights import height_for
from tracker.exchange.original import Placed, add_columns, dress, loaded, open_columns, writable
from tracker.exchange.rows import TaskLine

Area = tuple[int, int, int, int]
"""top, left, bottom, right; counted from 1, both ends included"""
Merges = dict[int, list[Area]]
"""the merges that touch each row"""


def slice_of(file: Path, placed: list[Placed], key: str) -> Workbook:
    """The copy, with status columns and the marks of the export with this key."""
    source = loaded(file, values=True)
    book = Workbook()
    book.remove(book.active)
    for table in placed:
        sheet = book.create_sheet(table.sheet[:31])
        assert isinstance(sheet, Worksheet)
        copied = _copied(source[table.sheet], sheet, table)
        add_columns(sheet, copied, key)
        guard(sheet, list(copied.rows), open_columns(copied.last_column))
    return book


def _copied(source: Worksheet, target: Worksheet, table: Placed) -> Placed:
    """Copies the table's head and tasks; says where they stand now."""
    merges = _by_row(source)
    head = table.header[1] - table.top + 1
    _stretch(source, target, merges, (table.top, table.header[1]), at=1)
    at, rows, ends = head + 1, dict[int, TaskLine](), dict[int, int]()
    for first in sorted(table.rows):
        last = table.ends[first]
        _stretch(source, target, merges, (first, last), at=at)
        _fit_heights(source, target, range(at, at + last - first + 1), table.last_column)
        rows[at], ends[at] = table.rows[first], at + last - first
        at = ends[at] + 1
    for letter, dimension in source.column_dimensions.items():
        target.column_dimensions[letter].width = dimension.width
    header = (table.header[0] - table.top + 1, head)
    target.freeze_panes = source.freeze_panes if table.top == 1 else None
    target.page_setup.orientation = "landscape"
    target.page_setup.fitToWidth, target.page_setup.fitToHeight = 1, 0
    target.sheet_properties.pageSetUpPr.fitToPage = True
    target.print_title_rows = f"{header[0]}:{header[1]}"
    return Placed(table.sheet, 1, header, table.last_column, rows, ends)


def _stretch(
    source: Worksheet, target: Worksheet, merges: Merges, rows: tuple[int, int], *, at: int
) -> None:
    """Copy rows `first` to `last` to `at` and below, with what is shown of their merges."""
    first, last = rows
    for row in range(first, last + 1):
        for column in range(1, source.max_column + 1):
            _copy(source, target, (row, column), (row, column), shift=at - first)
        if (height := source.row_dimensions[row].height) is not None:
            target.row_dimensions[row + at - first].height = height
    for top, left, bottom, right in sorted(
        {area for row in range(first, last + 1) for area in merges.get(row, ())}
    ):
        shown = max(top, first), min(bottom, last)
        _copy(source, target, (top, left), (shown[0], left), shift=at - first)
        if shown[0] < shown[1] or left < right:
            target.merge_cells(
                start_row=shown[0] + at - first, end_row=shown[1] + at - first,
                start_column=left, end_column=right,
            )  # fmt: skip


def _by_row(sheet: Worksheet) -> Merges:
    merges: Merges = {}
    for area in sheet.merged_cells.ranges:
        for row in range(area.min_row, area.max_row + 1):
            merges.setdefault(row, []).append(
                (area.min_row, area.min_col, area.max_row, area.max_col)
            )
    return merges


def _copy(
    source: Worksheet, target: Worksheet, cell: tuple[int, int], to: tuple[int, int], *, shift: int
) -> None:
    """One cell with its looks; a cell under a merge has none of its own."""
    model = source.cell(*cell)
    if isinstance(model, MergedCell):
        return
    copy = writable(target, to[0] + shift, to[1])
    dress(copy, model)
    copy.number_format = model.number_format
    put(copy, model.value)


def _fit_heights(source: Worksheet, target: Worksheet, rows: range, last_column: int) -> None:
    """Rows of a task become as high as their own texts need."""
    letters = [get_column_letter(c) for c in range(1, last_column + 1)]
    widths = [source.column_dimensions[letter].width for letter in letters]
    for row in rows:
        texts = [target.cell(row, c).value for c in range(1, last_column + 1)]
        target.row_dimensions[row].height = height_for(zip(texts, widths, strict=True))
