"""A returned workbook → the rows of ours in it: rows by their marks, columns by their headings.

Sheets may have been copied elsewhere, rows sorted, filtered, inserted or deleted, columns moved,
hidden or added: only the marks and the headings count. Pure.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter

from importers.book import Sheet
from tracker.exchange.cells import unguarded
from tracker.exchange.marking import PROPERTY
from tracker.exchange.merging.fields import HEADINGS
from tracker.exchange.merging.found import Found, Hint, Loose, Row, Table
from tracker.exchange.merging.merge import Written
from tracker.exchange.merging.rowmark import Form, RowMark, read_mark
from tracker.exchange.sheets.hidden import Entry

__all__ = ["Found", "Hint", "Loose", "recognise"]

BESIDE = {"编号": "number", "类别": "section", "时限": "deadline_text", "测评方式": "modes"}
"""Columns of the ledger that say what a row without a mark is; they are not merged."""
LEDGERS_OWN = frozenset({*BESIDE, "序号", "灯", "签收日期"})
"""Columns of the ledger that are not merged."""
FEWEST_HEADINGS = 4
"""So many of our headings in one row make a table ours though no row of it bears a mark."""
ROWS_LOOKED_ABOVE = 40
"""Rows above the first marked row in which headings are looked for."""


def recognise(sheets: Sequence[Sheet]) -> Found:
    """Read every sheet."""
    found = Found()
    for sheet in sheets:
        if hint := _hint(sheet):
            found.hints.append(hint)
        elif marks := _marks(sheet):
            _read_table(sheet, marks, found)
    if not found.tables:
        for sheet in sheets:
            if not _hint(sheet):
                _read_unmarked(sheet, found)
    _tell_twice(found)
    most = found.export
    for table, row in found.marked():
        if row.mark.export != most:
            found.others.append(table.place(row))
    return found


def _hint(sheet: Sheet) -> Hint | None:
    """What the sheet says, if it is the hidden one of an export."""
    first = sheet.rows[0] if sheet.rows else []
    if len(first) < 2 or first[0] != PROPERTY:
        return None
    entries = [
        Entry(*row[:3]) for row in sheet.rows[1:] if row[0] and len(row) >= len(Entry._fields)
    ]
    return Hint(first[1], entries)


def _marks(sheet: Sheet) -> dict[int, tuple[int, RowMark]]:
    """The marked rows: (column, mark) by row. Most stand in one column. Ours stands behind all others: a
    text may look like one, and so does what an earlier export left."""
    found: dict[int, tuple[int, RowMark]] = {}
    column = 0
    for r, row in enumerate(sheet.rows):
        if (
            found
            and (mark := read_mark(row[column]))
            and not any(text[:1] == "T" and read_mark(text) for text in row[column + 1 :])
        ):
            found[r] = (column, mark)
            continue
        for c in range(len(row) - 1, -1, -1):
            if row[c][:1] == "T" and (mark := read_mark(row[c])):
                found[r], column = (c, mark), c
                break
    return found


def _read_table(
    sheet: Sheet, marks: Mapping[int, tuple[int, RowMark]], found: Found
) -> None:  # fmt: skip
    first = min(marks)
    columns, heading_row = _columns(sheet, first, HEADINGS[marks[first][1].form])
    own = {*columns.values(), *(column for column, _mark in marks.values())}
    if marks[first][1].form is not Form.ORIGINAL:
        found.unread += _added_columns(sheet, heading_row, own)
    beside, after = columns | _beside(sheet, heading_row), 0
    texts_of, tables = _picker(columns.values()), dict[str, Table]()
    for r in range(heading_row + 1, len(sheet.rows)):
        if r not in marks:
            _read_loose(sheet, r, beside, found, after)
            continue
        mark = marks[r][1]
        if mark.export not in tables:
            tables[mark.export] = Table(sheet.name, columns)
            found.tables.setdefault(mark.export, []).append(tables[mark.export])
        texts = texts_of(sheet.rows[r])
        if mark.form is Form.CSV:
            texts = tuple(map(unguarded, texts))
        tables[mark.export].rows.append(Row(r, mark, texts))
        if mark.form is Form.ORIGINAL:
            others = (t for c, t in enumerate(sheet.rows[r]) if t and c not in own)
            tables[mark.export].beside[r] = tuple(others)
        after = mark.task


def _added_columns(sheet: Sheet, heading_row: int, own: set[int]) -> list[str]:
    """The headings of columns that somebody added to the ledger and wrote in."""
    strange = [
        (c, text) for c, text in enumerate(sheet.rows[heading_row])
        if text.strip() and c not in own and _heading(text) not in LEDGERS_OWN
    ]  # fmt: skip
    below = sheet.rows[heading_row + 1 :]
    return [text for c, text in strange if any(row[c].strip() for row in below)]


def _read_unmarked(sheet: Sheet, found: Found) -> None:
    """A table typed again, or copied without its hidden column: all its rows are loose."""
    headings = HEADINGS[Form.LEDGER]
    for r in range(min(len(sheet.rows), ROWS_LOOKED_ABOVE)):
        columns: dict[str, int] = {}
        for c, text in enumerate(sheet.rows[r]):
            if key := headings.get(_heading(text)):
                columns.setdefault(key, c)
        if "text" in columns and len(columns) >= FEWEST_HEADINGS:
            own = columns | _beside(sheet, r)
            for below in range(r + 1, len(sheet.rows)):
                _read_loose(sheet, below, own, found, 0)
            return


def _read_loose(sheet: Sheet, r: int, columns: Mapping[str, int], found: Found, after: int) -> None:
    if "text" in columns and sheet.rows[r][columns["text"]].strip():
        written = {key: Written(sheet.rows[r][c], sheet.source(r, c)) for key, c in columns.items()}
        found.loose.append(Loose(written["text"].source, written, after))


def _beside(sheet: Sheet, heading_row: int) -> dict[str, int]:
    """The columns that are not merged but say what a row is."""
    return {
        key: c
        for c, text in enumerate(sheet.rows[heading_row])
        if (key := BESIDE.get(_heading(text)))
    }


def _picker(columns: Iterable[int]) -> Callable[[list[str]], tuple[str, ...]]:
    """Takes these columns out of a row."""
    wanted = list(columns)
    if len(wanted) > 1:
        return itemgetter(*wanted)  # a tuple only of two and more
    return lambda row: tuple(row[c] for c in wanted)


def _tell_twice(found: Found) -> None:
    first: dict[RowMark, str] = {}
    for table, row in found.marked():
        if row.mark in first:
            places = found.twice.setdefault(row.mark, [first[row.mark]])
            places.append(table.place(row))
        else:
            first[row.mark] = table.place(row)


def _columns(sheet: Sheet, first: int, headings: Mapping[str, str]) -> tuple[dict[str, int], int]:
    """The fields' columns, and the row that holds their headings: the lowest above the first mark."""
    columns: dict[str, int] = {}
    lowest = max(first - 1, 0)
    for r in range(first - 1, max(first - ROWS_LOOKED_ABOVE, 0) - 1, -1):
        here = {
            key: c
            for c, text in enumerate(sheet.rows[r])
            if (key := headings.get(_heading(text))) and key not in columns
        }
        if here and not columns:
            lowest = r
        columns |= here
    return columns, lowest


def _heading(text: str) -> str:
    return "".join(text.split())
