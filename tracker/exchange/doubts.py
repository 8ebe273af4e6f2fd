"""标注问题的副本: the workbook as it came, with what is doubtful coloured, noted and told in a column.

A copy carries its batch's key (intake.returned finds it again). Of a workbook everything else stays as
it was; of any other file the copy is a new workbook of what was read.
"""

import re
import zipfile
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from io import BytesIO
from operator import itemgetter
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from importers import Reading
from importers.grid import Grid
from tracker.exchange.cells import put
from tracker.intake.decide import plan_tables
from tracker.intake.doubts import Doubt
from tracker.intake.package import is_package
from tracker.intake.returned import FIRST_LOOK, HEADER, PROPERTY

AUTHOR = "责任制任务跟踪"
COLOUR = "FFFFC000"
BEGINS = "【待核对】"
WIDTH = 56
LONGEST_NOTE = 900
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
_FILL = PatternFill("solid", fgColor=COLOUR)
_PLAIN = PatternFill()


def annotated(file: Path, reading: Reading, doubts: Sequence[Doubt], *, key: str) -> Workbook:
    """The copy; `reading` is of the whole file, `key` its batch's."""
    book = _workbook(file, reading)
    by_sheet: dict[str, list[Doubt]] = defaultdict(list)
    for doubt in doubts:
        by_sheet[doubt.sheet].append(doubt)
    heads = _header_rows(reading)
    for sheet, found in by_sheet.items():
        name = sheet if sheet in book.sheetnames else _title(sheet)
        if name in book.sheetnames:
            _annotate(book[name], found, heads.get(sheet, [1]))
    _mark(book, key)
    return book


def _workbook(file: Path, reading: Reading) -> Workbook:
    if is_package(file):
        with zipfile.ZipFile(file) as content:
            is_book = "xl/workbook.xml" in content.namelist()
        if is_book:
            with file.open("rb") as stream:
                book = load_workbook(stream, keep_links=False, rich_text=True)
            clean(book)
            return book
    return _fresh({table.sheet: table.grid for table in reading.tables}.values())


def _fresh(grids: Iterable[Grid]) -> Workbook:
    """What was read of a file that is no such workbook, sheet by sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for grid in grids:
        sheet = book.create_sheet(_title(grid.sheet))
        assert isinstance(sheet, Worksheet)
        for r, row in enumerate(grid.rows, 1):
            for c, text in enumerate(row, 1):
                if text:
                    _write(sheet, r, c, text)
        for top, left, bottom, right in grid.merges:
            sheet.merge_cells(
                start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
            )
        _show(sheet, grid)
    return book


def _title(name: str) -> str:
    """A sheet's name as workbooks allow it."""
    return _NOT_IN_TITLES.sub("_", name)[:31] or "表"


def _show(sheet: Worksheet, grid: Grid) -> None:
    for column in range(grid.width):
        longest = max((len(row[column]) for row in grid.rows), default=0)
        letter = get_column_letter(column + 1)
        sheet.column_dimensions[letter].width = max(8, min(44, longest * 2 + 2))
        sheet.column_dimensions[letter].hidden = column in grid.hidden_columns
    for row in grid.hidden_rows:
        sheet.row_dimensions[row + 1].hidden = True


def _write(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    put(cell, text)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _header_rows(reading: Reading) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for table in plan_tables(reading):
        found[table.sheet].append(max(table.header_rows[0], 1))  # a text has no header
    return found


def _annotate(sheet: Worksheet, doubts: list[Doubt], heads: list[int]) -> None:
    column = _first_free(sheet)
    in_row: dict[int, list[str]] = defaultdict(list)
    in_cell: dict[tuple[int, int], list[str]] = defaultdict(list)
    for doubt in doubts:
        row = doubt.row or heads[0]
        place = f"{doubt.column}{doubt.row or ''}" if doubt.column else "本行"
        if doubt.row or not doubt.column:
            in_row[row].append(f"{place}：{doubt.words}")
        if doubt.column:
            in_cell[row, column_index_from_string(doubt.column)].append(doubt.words)
    merged = _Merged(sheet)
    for (row, at), words in in_cell.items():
        _note(merged.shown(row, at), words)
    for row, words in in_row.items():
        _write(sheet, row, column, "\n".join(dict.fromkeys(words)))
    _head(sheet, column, heads, len(in_cell) or len(in_row))


def _first_free(sheet: Worksheet) -> int:
    """The first column to the right of everything that is written or merged."""
    written = (cell.column for row in sheet.iter_rows() for cell in row if cell.value is not None)
    merged = (area.max_col for area in sheet.merged_cells.ranges)
    return max(max(written, default=0), max(merged, default=0)) + 1


def _head(sheet: Worksheet, column: int, heads: list[int], count: int) -> None:
    for row in heads:
        cell = _write(sheet, row, column, HEADER)
        cell.font, cell.fill = Font(bold=True), _FILL
    sheet.column_dimensions[get_column_letter(column)].width = WIDTH
    above = heads[0] > 1
    line = sheet.cell(heads[0] - 1 if above else 1, column if above else column + 1)
    assert isinstance(line, Cell)
    put(
        line,
        f"{FIRST_LOOK}有 {count} 处待核对，已标成橙色，批注里写着问题和建议。"
        "改好后保存，在“导入”页上传这份表，会接着原来的批次核对；本列不会导入。",
    )
    line.font = Font(bold=True, color="FFC00000")


def _note(cell: Cell, words: Iterable[str]) -> None:
    """Colour a cell and say what is asked; notes that it has stay."""
    cell.fill = _FILL
    text = BEGINS + "\n".join(dict.fromkeys(words))
    if cell.comment is not None and cell.comment.text:
        text = f"{cell.comment.text}\n{text}"
    lines = sum(1 + len(line) // 18 for line in text.splitlines())
    height = min(24 + 18 * lines, 400)
    cell.comment = Comment(text[:LONGEST_NOTE], AUTHOR, height=height, width=300)


class _Merged:
    """Finds the cell that is shown where one stands under a merge: the last that begins above it and
    reaches it. There may be thousands of both."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._areas: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for area in sheet.merged_cells.ranges:
            for column in range(area.min_col, area.max_col + 1):
                self._areas[column].append((area.min_row, area.max_row, area.min_col))
        for areas in self._areas.values():
            areas.sort()

    def shown(self, row: int, column: int) -> Cell:
        """The cell itself, or the first of its merge."""
        cell = self._sheet.cell(row, column)
        if isinstance(cell, MergedCell):
            areas = self._areas[column]
            begun = range(bisect_right(areas, row, key=itemgetter(0)) - 1, -1, -1)
            top, _bottom, left = next(areas[i] for i in begun if row <= areas[i][1])
            cell = self._sheet.cell(top, left)
        assert isinstance(cell, Cell)
        return cell


def _mark(book: Workbook, key: str) -> None:
    properties = book.custom_doc_props
    if PROPERTY in properties.names:
        del properties[PROPERTY]
    properties.append(StringProperty(name=PROPERTY, value=key))


def is_marked(book: Workbook) -> bool:
    """Whether this is such a copy, corrected or not."""
    return PROPERTY in book.custom_doc_props.names


def cleaned(file: Path) -> BytesIO:
    """A corrected copy without what had been added (see `clean`), as a workbook."""
    with file.open("rb") as stream:
        book = load_workbook(stream, keep_links=False, rich_text=True)
    clean(book)
    target = BytesIO()
    book.save(target)
    target.seek(0)
    return target


def clean(book: Workbook) -> None:
    """Take out of a returned copy what had been added, before it is handed out as the plan's own
    layout. A coloured cell takes its neighbour's colour: what its own was nobody knows any more."""
    if not is_marked(book):
        return
    del book.custom_doc_props[PROPERTY]
    for sheet in book.worksheets:
        told = any(_is_line(c.value) for row in sheet.iter_rows() for c in row)
        heads = [c.column for row in sheet.iter_rows() for c in row if told and c.value == HEADER]
        for row in sheet.iter_rows():
            for cell in row:
                if not isinstance(cell, Cell):
                    continue
                ours = bool(heads) and cell.column == max(heads)
                if ours or _is_line(cell.value):
                    cell.value, cell.style = None, "Normal"
                _clean_note(sheet, cell)


def _is_line(value: object) -> bool:
    """Whether it is the line that says what to do; a sheet without it has nothing else of ours."""
    return str(value).startswith(FIRST_LOOK)


def _clean_note(sheet: Worksheet, cell: Cell) -> None:
    if cell.comment is not None and BEGINS in cell.comment.text:
        own = cell.comment.text.partition(BEGINS)[0].strip()
        cell.comment = Comment(own, cell.comment.author) if own else None
    if cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb == COLOUR:
        left = sheet.cell(cell.row, cell.column - 1) if cell.column > 1 else None
        fits = left is not None and left.fill.fgColor.rgb != COLOUR
        cell.fill = copy(left.fill) if fits and left is not None else _PLAIN
