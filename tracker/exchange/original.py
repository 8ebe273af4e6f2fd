"""The original layout: the very workbook the plan came in, status columns added beside its table.

Titles, merges, widths, styles and formulas stay as they were.
"""

import zipfile
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from importers.packages import content_type, main_part
from tracker.exchange.cells import Value, put
from tracker.exchange.doubts import clean
from tracker.exchange.ledger import FILLS
from tracker.exchange.merging import rowmark
from tracker.exchange.rows import LIGHT_WORDS, ROLE_WORDS, STATE_WORDS, PartLine, TaskLine
from tracker.intake.package import is_package
from tracker.plans.light import Light

ADDED = (
    # header, width, field
    ("灯", 10, ""), ("状态", 18, "state"), ("完成比例", 9, "percent"), ("进展情况", 36, "progress"),
    ("存在困难", 22, "difficulties"), ("下一步计划", 22, "next_step"), ("办结日期", 12, "done_on"),
    ("佐证材料", 20, "evidence"), (rowmark.HEADER, 4, ""),
)  # fmt: skip
_FORMATS = {3: "0%", 7: "yyyy-mm-dd"}
_LEFT = (4, 5, 6, 8)


@dataclass(frozen=True)
class Placed:
    """A table of the file: its sheet, its first row with titles, header rows; where each task's
    line begins and ends (from 1)."""

    sheet: str
    top: int
    header: tuple[int, int]
    last_column: int
    rows: Mapping[int, TaskLine]
    ends: Mapping[int, int]


def with_status(file: Path, placed: list[Placed], key: str) -> Workbook:
    """The original workbook with status columns; `key` is the export's, which every row bears."""
    book = loaded(file)
    for table in placed:
        add_columns(book[table.sheet], table, key)
    return book


def can_be_written(file: Path) -> bool:
    """Whether the file is an .xlsx, by what is in it: a name may say anything."""
    if not is_package(file):
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            return "spreadsheetml" in content_type(archive, main_part(archive))
    except (zipfile.BadZipFile, OSError):
        return False


def loaded(file: Path, *, values: bool = False) -> Workbook:
    """The workbook, or its values. Stored files have no ending, which openpyxl wants of a path. A
    corrected copy comes without what we had written into it."""
    with file.open("rb") as stream:
        book = load_workbook(stream, keep_links=False, data_only=values)
    clean(book)
    return book


def add_columns(sheet: Worksheet, table: Placed, key: str) -> None:
    """Status columns beside a table, each dressed like the table's last, and the rows' marks."""
    first, last = table.header
    model = _anchor(sheet, first, table.last_column)
    for offset, (title, width, _field) in enumerate(ADDED, 1):
        column = table.last_column + offset
        sheet.column_dimensions[get_column_letter(column)].width = width
        for row in range(first, last + 1):
            dress(sheet.cell(row, column), model)
        put(writable(sheet, first, column), title)
        if last > first:
            sheet.merge_cells(start_row=first, end_row=last, start_column=column, end_column=column)
    marks = table.last_column + len(ADDED)
    sheet.column_dimensions[get_column_letter(marks)].hidden = True
    for row, line in table.rows.items():
        _write(sheet, row, table.last_column, line)
        put(writable(sheet, row, marks), str(mark_of(line, key)))


def open_columns(last_column: int) -> dict[str, int]:
    """Where the added columns that a department fills in stand, by their field."""
    return {field: last_column + n for n, (_title, _width, field) in enumerate(ADDED, 1) if field}


def _anchor(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell that holds a merged cell's style."""
    for area in sheet.merged_cells.ranges:
        if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
            return writable(sheet, area.min_row, area.min_col)
    return writable(sheet, row, column)


def writable(sheet: Worksheet, row: int, column: int) -> Cell:
    """A cell that holds a value of its own."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def dress(cell: Any, model: Cell) -> None:
    """Font, fill, border and alignment of another cell."""
    cell.font, cell.fill = copy(model.font), copy(model.fill)
    cell.border, cell.alignment = copy(model.border), copy(model.alignment)


def _write(sheet: Worksheet, row: int, last_column: int, line: TaskLine) -> None:
    model = _anchor(sheet, row, last_column)
    for offset, value in enumerate(_values(line), 1):
        cell = writable(sheet, row, last_column + offset)
        dress(cell, model)
        cell.alignment = Alignment(
            horizontal="left" if offset in _LEFT else "center", vertical="center", wrap_text=True
        )
        cell.number_format = _FORMATS.get(offset, "General")
        put(cell, value)
    fill = PatternFill("solid", fgColor=FILLS[_light(line)])
    sheet.cell(row, last_column + 1).fill = fill


def _light(line: TaskLine) -> Light:
    return line.parts[0].light if len(line.parts) == 1 else line.light


def mark_of(line: TaskLine, key: str) -> rowmark.RowMark:
    """The mark of a row: of its only part, or of the task where it has several or none."""
    (part,) = line.parts if len(line.parts) == 1 else (None,)
    return rowmark.of_row(
        rowmark.Form.ORIGINAL, key, line.task.id or 0, (part and part.assignment.id) or 0
    )


def shown(line: TaskLine) -> dict[str, str]:
    """What the added columns of a row with several departments say, by field, as text."""
    texts = dict(zip((field for _title, _width, field in ADDED), _values(line), strict=False))
    texts["percent"] = f"{round(texts['percent'] * 100)}%"
    texts["done_on"] = texts["done_on"].isoformat() if texts["done_on"] else ""
    return {field: text for field, text in texts.items() if field}


def _values(line: TaskLine) -> list[Value]:
    parts = line.leading
    states = [STATE_WORDS[p.assignment.state] for p in parts]
    if len(line.parts) > 1 and len(set(states)) > 1:
        states = [f"{p.department}：{STATE_WORDS[p.assignment.state]}" for p in parts]
    elif states:
        states = states[:1]
    waiting = [f"待定：{'、'.join(line.unresolved)}"] if line.unresolved else []
    percent = min((p.assignment.percent for p in parts), default=0) / 100
    done = line.task.completed_on
    return [
        LIGHT_WORDS[_light(line)], "\n".join(states + waiting), percent,
        _told(line, lambda part: part.progress), _told(line, lambda part: part.difficulties),
        _told(line, lambda part: part.next_step), done,
        _told(line, lambda part: "\n".join(part.evidence)),
    ]  # fmt: skip


def _told(line: TaskLine, of: Callable[[PartLine], str]) -> str:
    """What the row's departments say, each named where there are several."""
    if len(line.parts) == 1:
        return of(line.parts[0])
    return "\n".join(
        f"{part.department}（{ROLE_WORDS[part.assignment.role]}）：{of(part)}"
        for part in line.parts
        if of(part)
    )
