"""xlsb → Grid: values by calamine; merges, hidden parts, formulas and errors from its records.

The record scan is the preflight of the binary parts too: lengths and places are checked first.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from datetime import date

from python_calamine import CalamineWorkbook

from importers.area import Area
from importers.biff import ERRORS
from importers.errors import ReadingRefused, told_as_unreadable
from importers.grid import EPOCH_1900, EPOCH_1904, Grid, column_letter
from importers.limits import Limits
from importers.packages import relations
from importers.repack import usual
from importers.sheetxml import MOST_COLS, Marks, columns
from importers.workbook import grid_of, worksheets
from importers.xmlscan import MergeTally

_ROW, _COLUMNS, _MERGE, _SHEET, _BOOK = 0, 60, 176, 156, 153
_CELLS = frozenset({3, 4, 5, 2, 6, 7, 8, 9, 10, 11, 62})
_ERROR, _FORMULA_ERROR = 3, 11
_FORMULAS = frozenset({8, 9, 10, 11})
Record = tuple[int, int, int]


def read_xlsb(data: bytes, main: str, limits: Limits) -> list[Grid]:
    """Every worksheet of a binary workbook whose package has passed the preflight."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names, epoch = _sheets(archive.read(main), limits)
        paths = {relation.id: relation.path for relation in relations(archive, main)}
        known = set(archive.namelist())
        marks = {
            name: scan_sheet(archive.read(paths[key]), name, limits)
            for name, key in names.items()
            if paths.get(key) in known
        }
        book = CalamineWorkbook.from_filelike(io.BytesIO(usual(archive, main, data)))
    grids = []
    for i in worksheets(book):
        name = book.sheets_metadata[i].name
        with told_as_unreadable(name):
            grids.append(grid_of(book, i, marks.get(name, Marks(merges=[])), epoch, limits))
    return grids


def _sheets(data: bytes, limits: Limits) -> tuple[dict[str, str], date]:
    """Sheet name → relationship, and the epoch."""
    names: dict[str, str] = {}
    epoch = EPOCH_1900
    for kind, at, size in _records(data):
        if kind == _BOOK and size >= 4 and data[at] & 1:
            epoch = EPOCH_1904
        elif kind == _SHEET:
            relation, after = _text(data, at + 8, at + size)
            names[_text(data, after, at + size)[0]] = relation
    if not names:
        raise ReadingRefused("no_sheets", "工作簿里没有工作表，请检查文件后再导入")
    if len(names) > limits.sheets:
        raise ReadingRefused("too_many_sheets", f"工作表超过 {limits.sheets} 张，请拆分后再导入")
    return names, epoch


def scan_sheet(data: bytes, name: str, limits: Limits) -> Marks:
    """What the records of one sheet say beside values. Raises `ReadingRefused`."""
    marks = Marks(merges=[])
    assert marks.merges is not None
    tally = MergeTally(name, limits)
    row = said = last_row = last_column = 0
    for kind, at, size in _records(data):
        if kind == _ROW and size >= 12:
            row = _int(data, at)
            if data[at + 11] & 0x10:
                marks.hidden_rows.add(row)
        elif kind in _CELLS and size >= 8:
            _mark_cell(data, kind, at, row, marks, name, limits)
            last_row, last_column = max(last_row, row + 1), max(last_column, _int(data, at) + 1)
        elif kind == _COLUMNS and size >= 18 and data[at + 16] & 1:
            first, last = struct.unpack_from("<2I", data, at)
            said += 1
            if said <= MOST_COLS:
                marks.hidden_columns.update(columns(first + 1, last + 1))
        elif kind == _MERGE and size >= 16:
            top, bottom, left, right = struct.unpack_from("<4I", data, at)
            tally.add(left + 1, top + 1, right + 1, bottom + 1)
            marks.merges.append((top, left, bottom, right))
    Area(limits).add(name, last_row, last_column)
    return marks


def _mark_cell(
    data: bytes, kind: int, at: int, row: int, marks: Marks, name: str, limits: Limits
) -> None:
    column = _int(data, at)
    if row >= limits.rows or column >= limits.columns:
        place = f"{column_letter(min(column, 99_999))}{row + 1}"
        message = f"单元格 {place} 超出 {limits.rows} 行 × {limits.columns} 列的范围，请删除多余的行列后再导入"
        raise ReadingRefused("cell_outside", message, name)
    if kind in _FORMULAS:
        marks.formulas.add((row, column))
    if kind in (_ERROR, _FORMULA_ERROR):
        marks.errors[row, column] = ERRORS.get(data[at + 8], "#ERROR")


def _records(data: bytes) -> Iterator[Record]:
    """(kind, where its data begins, its size); both numbers are written in groups of seven bits."""
    at, end = 0, len(data)
    while at < end:
        kind, at = _number(data, at, 2)
        size, at = _number(data, at, 4)
        if at + size > end:
            raise _torn()
        yield kind, at, size
        at += size


def _number(data: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for n in range(most):
        if at >= len(data):
            raise _torn()
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << (7 * n)
        if byte < 0x80:
            break
    return value, at


def _text(data: bytes, at: int, end: int) -> tuple[str, int]:
    """A counted UTF-16 text and where it ends; a count of all ones means none."""
    if at + 4 > end:
        raise _torn()
    count = _int(data, at)
    if count == 0xFFFFFFFF:
        return "", at + 4
    stop = at + 4 + 2 * count
    if stop > end:
        raise _torn()
    return data[at + 4 : stop].decode("utf-16-le", "replace"), stop


def _int(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def _torn() -> ReadingRefused:
    return ReadingRefused(
        "damaged_xls", "二进制工作簿不完整或已损坏，请用 Excel 打开后另存为 .xlsx 再导入"
    )
