"""What the records of an .xls say beside the values: merges, hidden rows, formulas, errors, epoch.

This is the preflight of an .xls as well: every record's length and every cell's place are checked
before a parser sees the file. BIFF5 (Excel 95) has no merge records.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from importers.errors import ReadingRefused
from importers.grid import EPOCH_1900, EPOCH_1904, column_letter
from importers.limits import Limits
from importers.ole import torn
from importers.sheetxml import Marks
from importers.xmlscan import MergeTally

_BOF, _EOF, _SHEET, _EPOCH, _PASSWORD = 0x809, 0x0A, 0x85, 0x22, 0x2F
_REACH = 0x200
_ROW, _COLUMNS, _MERGES, _FORMULA, _BOOL_OR_ERROR, _MANY = 0x208, 0x7D, 0xE5, 0x06, 0x205, 0xBD
_CELLS = frozenset({0x203, 0x27E, _MANY, 0x204, 0xFD, 0xD6, _FORMULA, 0x206, 0x406, _BOOL_OR_ERROR})
_FORMULAS = frozenset({_FORMULA, 0x206, 0x406})
_MOST_ROWS, _MOST_COLUMNS = 65_536, 256
_ROOM = 4_000_000
"""Cells for which room is made on a sheet's word."""
_WORKSHEET, _MACROS = 0x00, (0x01, 0x06)
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_PAIR = struct.Struct("<HH")


@dataclass(slots=True)
class Scanned:
    """The book's epoch, whether it is from before Excel 97, and its sheets in their order."""

    epoch: date = EPOCH_1900
    is_biff5: bool = False
    sheets: list[ScannedSheet] = field(default_factory=list)


@dataclass(slots=True)
class ScannedSheet:
    """One sheet: where its records begin, what they say; `rows`, `columns`: how far cells reach.
    `lies`: it says that they reach where no sheet does, or far beyond what it holds."""

    start: int
    is_worksheet: bool
    marks: Marks = field(default_factory=lambda: Marks(merges=[]))
    rows: int = 0
    columns: int = 0
    lies: bool = False


def scan_book(stream: bytes, limits: Limits) -> Scanned:
    """Look at every record. Raises `ReadingRefused`."""
    found = Scanned(is_biff5=stream[4:6] == b"\x00\x05")
    if stream[:2] != b"\x09\x08":
        raise ReadingRefused(
            "old_xls", "这是 Excel 4.0 或更早的工作簿，请用 Excel 或 WPS 另存为 .xlsx 后再导入"
        )
    for kind, at, size in _records(stream, 0):
        if kind == _PASSWORD:
            raise ReadingRefused("password_protected", "工作簿设有打开密码，请取消密码后另存再导入")
        if kind == _EPOCH and stream[at : at + 2] == b"\x01\x00":
            found.epoch = EPOCH_1904
        elif kind == _SHEET and size >= 6:
            start, _, what = struct.unpack_from("<IBB", stream, at)
            if what in _MACROS:
                raise ReadingRefused("macros", "工作簿带有宏，请另存为不带宏的 .xlsx 后再导入")
            found.sheets.append(ScannedSheet(start, what == _WORKSHEET))
    if not found.sheets:
        raise ReadingRefused("no_sheets", "工作簿里没有工作表，请检查文件后再导入")
    if len(found.sheets) > limits.sheets:
        raise ReadingRefused("too_many_sheets", f"工作表超过 {limits.sheets} 张，请拆分后再导入")
    for number, sheet in enumerate(found.sheets, 1):
        if sheet.is_worksheet:
            _Sheet(sheet, f"第 {number} 张工作表", limits).scan(stream)
    return found


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """(kind, where its data begins, its size) up to the end of the substream at `at`."""
    depth, end = 0, len(stream)
    while True:
        if at + 4 > end:
            raise torn()
        kind, size = _PAIR.unpack_from(stream, at)
        at += 4
        if at + size > end:
            raise torn()
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, at, size
        at += size


class _Sheet:
    """Takes the records of one worksheet."""

    def __init__(self, sheet: ScannedSheet, name: str, limits: Limits) -> None:
        self._sheet, self._name, self._limits = sheet, name, limits
        self._tally = MergeTally(name, limits)
        self._said = 0

    def scan(self, stream: bytes) -> None:
        if stream[self._sheet.start : self._sheet.start + 2] != b"\x09\x08":
            raise torn()
        marks = self._sheet.marks
        for kind, at, size in _records(stream, self._sheet.start):
            if kind in _CELLS and size >= 6:
                self._cell(stream, kind, at, size)
            elif kind == _ROW and size >= 16 and stream[at + 12] & 0x20:
                marks.hidden_rows.add(_PAIR.unpack_from(stream, at)[0])
            elif kind == _COLUMNS and size >= 10 and stream[at + 8] & 0x01:
                first, last = _PAIR.unpack_from(stream, at)
                self._hide_columns(first, min(last, 255))
            elif kind == _MERGES and size >= 2:
                self._merge(stream, at, size)
            elif kind == _REACH:
                self._sheet.lies |= _reaches_too_far(stream[at : at + size])

    def _hide_columns(self, first: int, last: int) -> None:
        """As often as a sheet has columns; a book that says so more often is not listened to."""
        self._said += 1
        if self._said <= _MOST_COLUMNS:
            self._sheet.marks.hidden_columns.update(range(first, last + 1))

    def _cell(self, stream: bytes, kind: int, at: int, size: int) -> None:
        row, column = _PAIR.unpack_from(stream, at)
        last = _PAIR.unpack_from(stream, at + size - 4)[1] if kind == _MANY else column
        sheet, limits = self._sheet, self._limits
        if row >= limits.rows or last >= limits.columns:
            message = (
                f"单元格超出 {limits.rows} 行 × {limits.columns} 列的范围，请删除多余的行列后再导入"
            )
            raise ReadingRefused(
                "cell_outside", message, f"{self._name}{column_letter(column)}{row + 1}"
            )
        sheet.rows, sheet.columns = max(sheet.rows, row + 1), max(sheet.columns, last + 1)
        if kind in _FORMULAS:
            self._formula(stream, at, size, (row, column))
        elif kind == _BOOL_OR_ERROR and size >= 8 and stream[at + 7]:
            sheet.marks.errors[row, column] = ERRORS.get(stream[at + 6], "#ERROR")

    def _formula(self, stream: bytes, at: int, size: int, cell: tuple[int, int]) -> None:
        self._sheet.marks.formulas.add(cell)
        result = stream[at + 6 : at + 14]
        if size >= 14 and result[6:] == b"\xff\xff" and result[0] == 2:
            self._sheet.marks.errors[cell] = ERRORS.get(result[2], "#ERROR")

    def _merge(self, stream: bytes, at: int, size: int) -> None:
        count = int.from_bytes(stream[at : at + 2], "little")
        if 2 + 8 * count > size:
            raise torn()
        assert self._sheet.marks.merges is not None
        for n in range(count):
            top, bottom, left, right = struct.unpack_from("<4H", stream, at + 2 + 8 * n)
            self._tally.add(left + 1, top + 1, right + 1, bottom + 1)
            self._sheet.marks.merges.append((top, left, bottom, right))


def _reaches_too_far(said: bytes) -> bool:
    """Whether a sheet's own account of its first and last row and column cannot be, or makes a parser
    that believes it take room for a sheet nobody filled."""
    form = {14: "<IIHH", 10: "<HHHH"}.get(len(said))
    if form is None:
        return True
    top, bottom, left, right = struct.unpack_from(form, said)
    most = _MOST_ROWS, _MOST_COLUMNS
    inside = top <= bottom <= most[0] and left <= right <= most[1]
    return not inside or (bottom - top) * (right - left) > _ROOM
