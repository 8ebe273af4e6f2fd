"""The original layout: the very workbook the plan came in, status columns added beside its table.

Titles, merges, widths, styles and formulas stay as they were. A department's copy holds the title
and header rows and its own rows only: other departments' rows never leave with it.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange.cells import Value, put
from tracker.exchange.heights import height_for
from tracker.exchange.ledger import FILLS
from tracker.exchange.rows import LIGHT_WORDS, ROLE_WORDS, STATE_WORDS, TaskLine
from tracker.plans.light import Light

ADDED = (("灯", 10), ("状态", 18), ("完成比例", 9), ("进展情况", 36), ("办结日期", 12))


@dataclass(frozen=True)
class Placed:
    """A table of the file: its sheet, its first row with titles, header rows and where each task's
    line stands (from 1)."""

    sheet: str
    top: int
    header: tuple[int, int]
    last_column: int
    rows: Mapping[int, TaskLine]


def with_status(file: Path, placed: list[Placed]) -> Workbook:
    """The original workbook with status columns."""
    book = _loaded(file)
    for table in placed:
        _add_columns(book[table.sheet], table)
    return book


def slice_of(file: Path, placed: list[Placed]) -> Workbook:
    """Title and header rows as they were, then only the rows given, merged texts filled in."""
    source = _loaded(file)
    book = Workbook()
    book.remove(book.active)
    for table in placed:
        sheet = book.create_sheet(table.sheet[:31])
        moved = _copy_rows(source[table.sheet], sheet, table)
        _add_columns(sheet, moved)
    return book


def _loaded(file: Path) -> Workbook:
    """Stored files have no ending, which openpyxl wants of a path."""
    with file.open("rb") as stream:
        return load_workbook(stream, keep_links=False)


def _add_columns(sheet: Worksheet, table: Placed) -> None:
    first, last = table.header
    model = _anchor(sheet, first, table.last_column)
    for offset, (title, width) in enumerate(ADDED, 1):
        column = table.last_column + offset
        sheet.column_dimensions[get_column_letter(column)].width = width
        for row in range(first, last + 1):
            _dress(sheet.cell(row, column), model)
        put(_writable(sheet, first, column), title)
        if last > first:
            sheet.merge_cells(start_row=first, end_row=last, start_column=column, end_column=column)
    for row, line in table.rows.items():
        _write(sheet, row, table.last_column, line)


def _anchor(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell that holds a merged cell's style."""
    for area in sheet.merged_cells.ranges:
        if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
            return _writable(sheet, area.min_row, area.min_col)
    return _writable(sheet, row, column)


def _writable(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def _dress(cell: Any, model: Cell) -> None:
    """Font, fill, border and alignment of another cell."""
    cell.font, cell.fill = copy(model.font), copy(model.fill)
    cell.border, cell.alignment = copy(model.border), copy(model.alignment)


def _write(sheet: Worksheet, row: int, last_column: int, line: TaskLine) -> None:
    model = _anchor(sheet, row, last_column)
    for offset, value in enumerate(_values(line), 1):
        cell = _writable(sheet, row, last_column + offset)
        _dress(cell, model)
        cell.alignment = Alignment(
            horizontal="left" if offset == 4 else "center", vertical="center", wrap_text=True
        )
        cell.number_format = {3: "0%", 5: "yyyy-mm-dd"}.get(offset, "General")
        put(cell, value)
    fill = PatternFill("solid", fgColor=FILLS[_light(line)])
    sheet.cell(row, last_column + 1).fill = fill


def _light(line: TaskLine) -> Light:
    return line.parts[0].light if len(line.parts) == 1 else line.light


def _values(line: TaskLine) -> list[Value]:
    parts = line.leading
    several = len(line.parts) > 1
    states = [STATE_WORDS[p.assignment.state] for p in parts]
    if several and len(set(states)) > 1:
        states = [f"{p.department}：{STATE_WORDS[p.assignment.state]}" for p in parts]
    elif states:
        states = states[:1]
    waiting = [f"待定：{'、'.join(line.unresolved)}"] if line.unresolved else []
    told = [
        f"{p.department}（{ROLE_WORDS[p.assignment.role]}）：{p.progress}"
        if several
        else p.progress
        for p in line.parts
        if p.progress
    ]
    percent = min((p.assignment.percent for p in parts), default=0) / 100
    done = line.task.completed_on
    return [LIGHT_WORDS[_light(line)], "\n".join(states + waiting), percent, "\n".join(told), done]


def _copy_rows(source: Worksheet, target: Worksheet, table: Placed) -> Placed:
    """Rows from the top down to the header as they are, then the table's rows; where each line went."""
    last_head = table.header[1]
    tops = {
        (row, column): _anchor_at(area)
        for area in source.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }
    up = table.top - 1
    for row in range(table.top, last_head + 1):
        _copy_row(source, target, row, row - up, {})
    for area in source.merged_cells.ranges:
        if table.top <= area.min_row and area.max_row <= last_head:
            shifted = CellRange(area.coord)
            shifted.shift(row_shift=-up)
            target.merge_cells(shifted.coord)
    moved: dict[int, TaskLine] = {}
    for row in sorted(table.rows):
        at = last_head - up + len(moved) + 1
        _copy_row(source, target, row, at, tops)
        widths = [
            source.column_dimensions[get_column_letter(c)].width
            for c in range(1, table.last_column + 1)
        ]
        texts = [target.cell(at, c).value for c in range(1, table.last_column + 1)]
        target.row_dimensions[at].height = height_for(zip(texts, widths, strict=True))
        moved[at] = table.rows[row]
    for letter, dimension in source.column_dimensions.items():
        target.column_dimensions[letter].width = dimension.width
    header = (table.header[0] - up, last_head - up)
    target.freeze_panes = source.freeze_panes if not up else None
    target.page_setup.orientation = "landscape"
    target.page_setup.fitToWidth, target.page_setup.fitToHeight = 1, 0
    target.sheet_properties.pageSetUpPr.fitToPage = True
    target.print_title_rows = f"{header[0]}:{header[1]}"
    return Placed(table.sheet, 1, header, table.last_column, moved)


def _anchor_at(area: Any) -> tuple[int, int]:
    return area.min_row, area.min_col


def _copy_row(
    source: Worksheet,
    target: Worksheet,
    row: int,
    at: int,
    tops: Mapping[tuple[int, int], tuple[int, int]],
) -> None:
    for column in range(1, source.max_column + 1):
        model = source.cell(*tops.get((row, column), (row, column)))
        if isinstance(model, MergedCell):
            continue
        cell = _writable(target, at, column)
        _dress(cell, model)
        cell.number_format = model.number_format
        put(cell, "" if model.data_type == "f" else model.value)
    if (height := source.row_dimensions[row].height) is not None:
        target.row_dimensions[at].height = height
