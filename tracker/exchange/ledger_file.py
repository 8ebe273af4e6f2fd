"""The ledger as a workbook of its own, written row by row: memory is that of a thousand tasks."""

import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange.ledger import (
    LIGHT_COLUMN,
    LONG,
    MARK_COLUMN,
    SHEET,
    Heading,
    add_frame,
    dress,
    flat,
    height_of,
    light_of,
    mark_of,
    values,
)  # fmt: skip
from tracker.exchange.looks import Looks
from tracker.exchange.marking import mark
from tracker.exchange.rows import PartLine, TaskLine
from tracker.exchange.sheets import fragments, frame, hidden
from tracker.plans.light import Light

_BEGINS = '<row r="'
_FIRST = '" ht="%g" customHeight="1"><c r="A'
_AFTER = [f'<c r="{get_column_letter(n + 1)}' for n in range(1, MARK_COLUMN)]
_MARK = '" t="inlineStr"><is><t>%s</t></is></c></row>'
"""A row but for its number, which stands before each of these and of its cells' pieces."""
_AT_ONCE = 1 << 18


def write(
    target: IO[bytes], blocks: Iterable[Iterable[TaskLine]], *, key: str, heading: Heading
) -> int:
    """Write the ledger of these tasks; how many rows it has. `key` is the export's, which every row
    bears."""
    with tempfile.TemporaryFile() as entries:
        rows = _Rows(key, heading, entries)
        frame.write(
            target, rows.frame, heading.row, map(rows.of, blocks), lambda: {2: rows.hidden_sheet()}
        )
    return rows.count


class _Rows:
    """Makes the rows; `entries` keeps those of the hidden sheet until it is their turn."""

    def __init__(self, key: str, heading: Heading, entries: IO[bytes]) -> None:
        self._key, self._heading, self._entries = key, heading, entries
        self._looks: dict[Light, fragments.Columns] = {}
        self.count = 0

    def frame(self, last_row: int) -> Workbook:
        """The workbook without its rows."""
        book = Workbook()
        book.remove(book.worksheets[0])
        sheet = add_frame(book, SHEET, self._heading, last_row)
        opened = self._heading.department is not None
        looks = Looks()
        self._looks = {light: _columns(sheet, light, looks, opened=opened) for light in Light}
        book.create_sheet(hidden.SHEET).sheet_state = hidden.STATE
        mark(book, self._key)
        return book

    def of(self, lines: Iterable[TaskLine]) -> list[str]:
        """The rows of some tasks."""
        rows, entries = [], []
        for line, part in flat(lines):
            self.count += 1
            mark = str(mark_of(line, part, self._key))
            rows.append(self._row(line, part, mark))
            at = hidden.FIRST_ROW - 1 + self.count
            entries.append(hidden.row(at, mark, line.task.number, line.task.text))
        self._entries.write("".join(entries).encode())
        return rows

    def _row(self, line: TaskLine, part: PartLine | None, mark: str) -> str:
        told = values(self.count, line, part)
        pieces = fragments.pieces(self._looks[light_of(line, part)], told)
        number = str(self._heading.row + self.count)
        return number.join((_BEGINS, _FIRST % height_of(told), *pieces, _MARK % mark))

    def hidden_sheet(self) -> Iterator[bytes]:
        """The hidden sheet, when all rows have been made."""
        self._entries.seek(0)
        return hidden.xml(self._key, iter(lambda: self._entries.read(_AT_ONCE), b""))


def _columns(sheet: Worksheet, light: Light, looks: Looks, *, opened: bool) -> fragments.Columns:
    """The styles, which the workbook comes to know; no cell is made."""
    plain, with_quote = list[int](), list[int]()
    for column in range(1, MARK_COLUMN):
        for styles, quoted in ((plain, False), (with_quote, True)):
            cell = Cell(sheet, row=1, column=column)
            shown = light if column == LIGHT_COLUMN else Light.NONE  # the others do not show it
            dressed = partial(dress, column=column, light=shown, opened=opened)
            looks.put(cell, (column, shown), dressed)
            cell.quotePrefix = quoted
            styles.append(cell.style_id)
    return fragments.Columns(plain, with_quote, _AFTER, LONG)
