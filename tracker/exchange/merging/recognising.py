"""A returned workbook → the cells of our fields: rows by their marks, columns by their headings.

Sheets may have been copied elsewhere, rows sorted, filtered, inserted or deleted, columns moved,
hidden or added: only the marks and the headings count. Pure.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from importers.book import Sheet
from tracker.exchange.merging.fields import BY_KEY, HEADINGS, Of
from tracker.exchange.merging.merge import Cell, Written
from tracker.exchange.merging.rowmark import Form, RowMark, read_mark

BESIDE = {"编号": "number", "类别": "section", "时限": "deadline_text", "测评方式": "modes"}
"""Columns of the ledger that say what a row without a mark is; they are not merged."""
FEWEST_HEADINGS = 4
"""So many of our headings in one row make a table ours though no row of it bears a mark."""
ROWS_LOOKED_ABOVE = 40
"""Rows above the first marked row in which headings are looked for."""


@dataclass(frozen=True)
class Loose:
    """A row of a table of ours that bears no mark: inserted, or copied without the hidden column.

    `written` are its cells by the field's key, and by those of BESIDE; `after` is the task of the
    marked row above it, 0 without one.
    """

    source: str
    written: Mapping[str, Written]
    after: int = 0

    def text(self, key: str) -> str:
        """What a cell says; '' where the table lacks its column."""
        return self.written[key].text if key in self.written else ""


@dataclass
class Found:
    """What a workbook holds of exports. `twice` are marks that stand in several rows, with the places;
    `unread` the headings over columns that are none of ours; `others` the places of rows that are of
    another export than most."""

    cells: dict[str, dict[Cell, list[Written]]] = field(default_factory=dict)
    """by the beginning of the export's key"""
    rows: dict[str, dict[RowMark, str]] = field(default_factory=dict)
    """the marks of each export with the place of their rows"""
    loose: list[Loose] = field(default_factory=list)
    twice: dict[RowMark, list[str]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    @property
    def export(self) -> str:
        """The export most of the rows are of; '' where there is none."""
        rows = Counter({key: len(marks) for key, marks in self.rows.items()})
        return rows.most_common(1)[0][0] if rows else ""


def recognise(sheets: Sequence[Sheet]) -> Found:
    """Read every sheet."""
    found = Found()
    for sheet in sheets:
        marks = _marks(sheet)
        if marks:
            _read_table(sheet, marks, found)
    if not found.rows:
        for sheet in sheets:
            _read_unmarked(sheet, found)
    for key, marks_of in found.rows.items():
        found.others += marks_of.values() if key != found.export else ()
    return found


def _marks(sheet: Sheet) -> dict[int, tuple[int, RowMark]]:
    """The marked rows: (column, mark) by row."""
    found: dict[int, tuple[int, RowMark]] = {}
    for r, row in enumerate(sheet.rows):
        for c, text in enumerate(row):
            if text[:1] == "T" and (mark := read_mark(text)):
                found[r] = (c, mark)
                break
    return found


def _read_table(
    sheet: Sheet, marks: Mapping[int, tuple[int, RowMark]], found: Found
) -> None:  # fmt: skip
    first = min(marks)
    columns, heading_row = _columns(sheet, first, HEADINGS[marks[first][1].form])
    own = {*columns.values(), *(column for column, _mark in marks.values())}
    found.unread += [
        text for c, text in enumerate(sheet.rows[heading_row]) if text and c not in own
    ]  # fmt: skip
    beside, after = _beside(sheet, heading_row), 0
    for r in range(heading_row + 1, len(sheet.rows)):
        if r in marks:
            _read_row(sheet, r, marks[r][1], columns, found)
            after = marks[r][1].task
        else:
            _read_loose(sheet, r, columns | beside, found, after)


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


def _read_row(
    sheet: Sheet, r: int, mark: RowMark, columns: Mapping[str, int], found: Found
) -> None:
    places = found.rows.setdefault(mark.export, {})
    if mark in places:
        found.twice.setdefault(mark, [places[mark]]).append(f"{sheet.name}!{r + 1}")
    places.setdefault(mark, f"{sheet.name}!{r + 1}")
    cells = found.cells.setdefault(mark.export, {})
    for key, c in columns.items():
        of_part = BY_KEY[key].of is Of.PART and mark.part  # a row of several parts has no own
        cell = Cell(Of.PART, mark.part, key) if of_part else Cell(Of.TASK, mark.task, key)
        written = Written(sheet.rows[r][c], sheet.source(r, c))
        cells.setdefault(cell, []).append(written)
