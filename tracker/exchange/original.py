"""The original layout: the very workbook the plan came in, status columns added beside its table.

Cut into the file's own parts (surgery): titles, merges, widths, styles, formulas and their results,
charts, pictures, pivot tables and print set-up stay byte for byte. A column is never written where
something stands already.
"""

import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, to_excel

from importers.packages import content_type, main_part
from tracker.exchange.added import ADDED, MARKS, Column, Placed, fill_of, last_row, mark_of, values
from tracker.exchange.cells import Value, may_be_taken_for_a_formula, writable
from tracker.exchange.doubts import cleaned
from tracker.exchange.guarding import OPEN
from tracker.exchange.marking import PROPERTY
from tracker.exchange.rows import TaskLine
from tracker.exchange.surgery.beside import last_used
from tracker.exchange.surgery.cutting import Cut, Made, Width, cut
from tracker.exchange.surgery.grafting import graft
from tracker.exchange.surgery.markup import tree
from tracker.exchange.surgery.package import Package
from tracker.exchange.surgery.properties import set_property
from tracker.exchange.surgery.sheet import SheetXml, scan
from tracker.exchange.surgery.styles import Look, Styles
from tracker.intake.package import is_package
from tracker.intake.returned import key_of

HEADING = Look()
_FIRST_COUNTED = 1905
"""Days before are words: a book that counts from 1904 has no number for them."""
_YES = ("1", "true")


def with_status(file: Path, placed: Sequence[Placed], key: str, more: bytes) -> bytes:
    """The original workbook with status columns, and behind its own the sheets of `more`, a workbook of
    ours; `key` is the export's, which the book and every row bear."""
    with zipfile.ZipFile(_without_ours(file)) as archive:
        package = Package(archive)
        styles, parts = Styles(package), package.sheets()
        for title in dict.fromkeys(table.sheet for table in placed):
            tables = [table for table in placed if table.sheet == title]
            _Sheet(package, parts[title], styles, key).add(tables)
        graft(package, styles, more)
        styles.keep()
        set_property(package, PROPERTY, key)
        return package.saved()


def can_be_written(file: Path) -> bool:
    """Whether the file is an .xlsx, by what is in it: a name may say anything."""
    if not is_package(file):
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            return "spreadsheetml" in content_type(archive, main_part(archive))
    except (zipfile.BadZipFile, OSError):
        return False


def _without_ours(file: Path) -> BytesIO:
    """The file; of a corrected copy what it was before we wrote our questions into it."""
    return cleaned(file) if key_of(file) else BytesIO(file.read_bytes())


class _Sheet:
    """One sheet of the package and what goes into it."""

    def __init__(self, package: Package, part: str, styles: Styles, key: str) -> None:
        self.package, self.part, self.styles, self.key = package, part, styles, key
        self.cut = Cut()
        from_1904 = _counts_from_1904(package)
        self.epoch = CALENDAR_MAC_1904 if from_1904 else CALENDAR_WINDOWS_1900

    def add(self, tables: Sequence[Placed]) -> None:
        """Columns beside every table of the sheet."""
        asked = {row for table in tables for row in range(table.header[0], last_row(table) + 1)}
        self.xml = scan(self.package.read(self.part), asked)
        for table in tables:
            self._add(table)
        self.package.write(self.part, cut(self.xml, self.cut))

    def _add(self, table: Placed) -> None:
        rows = table.header[0], last_row(table)
        used = last_used(self.package, self.part, self.xml, rows)
        before = max(table.last_column, used)
        like = self._last_headed(table)
        models = _models(self.xml, like)
        self._head(table, before, models.get(table.header[0], (table.header[0], like)))
        for row, line in table.rows.items():
            self._line(row, before, line, models.get(row, (row, like)))
        for column, one in enumerate(ADDED, before + 1):
            self.cut.widths[column] = Width(one.width)
        self.cut.widths[before + len(ADDED) + 1] = Width(MARKS.width, hidden=True)

    def _last_headed(self, table: Placed) -> int:
        """The last column with a heading: a remark beside the table has no looks to take over."""
        heads = range(table.header[0], table.header[1] + 1)
        headed = max((self.xml.used.get(row, 0) for row in heads), default=0)
        return min(headed or table.last_column, table.last_column)

    def _head(self, table: Placed, before: int, model: tuple[int, int]) -> None:
        first, last = table.header
        style = self.styles.like(self.xml.style_at(*model), HEADING)
        titles = [column.title for column in (*ADDED, MARKS)]
        for row in range(first, last + 1):
            self.cut.rows[row] = [
                Made(column, style, title if row == first else None)
                for column, title in enumerate(titles, before + 1)
            ]
        if last > first:
            columns = range(before + 1, before + len(titles) + 1)
            self.cut.merges += [(first, column, last, column) for column in columns]

    def _line(self, row: int, before: int, line: TaskLine, model: tuple[int, int]) -> None:
        base = self.xml.style_at(*model)
        made = [
            self._cell(before + n, base, column, value, fill_of(line) if n == 1 else "")
            for n, (column, value) in enumerate(zip(ADDED, values(line), strict=True), 1)
        ]
        marks = before + len(ADDED) + 1
        self.cut.rows[row] = [*made, Made(marks, 0, str(mark_of(line, self.key)))]

    def _cell(self, place: int, base: int, column: Column, value: Value, fill: str) -> Made:
        look = Look(
            column.horizontal, column.number_format, fill,
            quoted=isinstance(value, str) and may_be_taken_for_a_formula(value),
            is_open=self.xml.is_protected and column.field in OPEN,
        )  # fmt: skip
        return Made(place, self.styles.like(base, look), self._plain(value))

    def _plain(self, value: Value) -> str | float | None:
        """A value as XML spells it: days are counted from where this book counts them."""
        if isinstance(value, str):
            return writable(value)
        if isinstance(value, date):
            if value.year < _FIRST_COUNTED:
                return value.isoformat()
            return float(to_excel(value, self.epoch))
        return float(value) if isinstance(value, int | float | Decimal) else None


def _models(sheet: SheetXml, column: int) -> dict[int, tuple[int, int]]:
    """Of rows in which the column is merged the cell that holds the merge's looks."""
    return {
        row: (top, left)
        for top, left, bottom, right in sheet.merges
        if left <= column <= right
        for row in range(top, bottom + 1)
    }


def _counts_from_1904(package: Package) -> bool:
    said = tree(package.read(package.book)).child("workbookPr")
    return said is not None and said.attributes.get("date1904") in _YES
