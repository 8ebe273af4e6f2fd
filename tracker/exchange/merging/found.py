"""What a workbook that came back holds of exports: rows of ours, those without a mark, what its hidden
sheet says. Rows are kept as they stand; cells are made of them where somebody asks."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from importers.grid import column_letter
from tracker.exchange.merging.fields import BY_KEY, Of
from tracker.exchange.merging.merge import Cell, Written
from tracker.exchange.merging.rowmark import KEY_LENGTH, RowMark
from tracker.exchange.sheets.hidden import Entry


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


class Row(NamedTuple):
    """A marked row: its number on the sheet from 0, and its texts in the order of its table's columns."""

    number: int
    mark: RowMark
    texts: tuple[str, ...]


@dataclass
class Table:
    """The rows of one export on a sheet; `columns` are those of our fields, by the field's key. `beside`
    is what else stands in a row of the plan's own layout, until it has been seen that the mark is its
    own (`merging/astray.py`)."""

    sheet: str
    columns: dict[str, int]
    rows: list[Row] = field(default_factory=list)
    beside: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def place(self, row: Row) -> str:
        """'台账!5' for a row."""
        return f"{self.sheet}!{row.number + 1}"

    def source(self, row: Row, key: str) -> str:
        """'台账!D5' for a field's cell."""
        return f"{self.sheet}!{column_letter(self.columns[key])}{row.number + 1}"

    def cells(self, row: Row) -> Iterator[tuple[Cell, Written]]:
        """The cells of a row."""
        for key, text in zip(self.columns, row.texts, strict=True):
            yield cell_of(row.mark, key), Written(text, self.source(row, key))


def cell_of(mark: RowMark, key: str) -> Cell:
    """Whose cell a field's is in a row; a row of several parts speaks for none of them."""
    if BY_KEY[key].of is Of.PART and mark.part:
        return Cell(Of.PART, mark.part, key)
    return Cell(Of.TASK, mark.task, key)


@dataclass(frozen=True)
class Hint:
    """What a hidden sheet says: the key of its export, and each mark with its task's number and text."""

    key: str
    entries: Sequence[Entry] = ()


@dataclass
class Found:
    """What a workbook holds of exports. `tables` are by the beginning of the export's key. `twice` are
    marks that stand in several rows, with the places; `unread` the headings over columns that are none
    of ours; `others` the places of rows that are of another export than most, `astray` of
    rows whose mark is another's. `hints` are of the hidden
    sheets: they may name marks that no row bears any more. `is_guessed` when nothing names the export
    and it was found by words."""

    tables: dict[str, list[Table]] = field(default_factory=dict)
    loose: list[Loose] = field(default_factory=list)
    twice: dict[RowMark, list[str]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    astray: list[str] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    is_guessed: bool = False

    @property
    def export(self) -> str:
        """The export most of the rows are of; where rows have lost their marks, the only one that hidden
        sheets name; '' where there is none."""
        rows = Counter({key: sum(len(t.rows) for t in of) for key, of in self.tables.items()})
        if rows:
            return rows.most_common(1)[0][0]
        named = {hint.key[:KEY_LENGTH] for hint in self.hints}
        return named.pop() if len(named) == 1 and self.loose else ""

    @property
    def hint(self) -> Hint | None:
        """What a hidden sheet says of the export that most rows are of."""
        return next((one for one in self.hints if one.key.startswith(self.export)), None)

    def of(self, export: str) -> Iterator[tuple[Table, Row]]:
        """The marked rows of one export, by the beginning of its key."""
        return ((table, row) for table in self.tables.get(export, ()) for row in table.rows)

    def tasks(self, export: str) -> set[int]:
        """The tasks that marked rows of one export are of."""
        return {row.mark.task for _table, row in self.of(export)}

    def marked(self) -> Iterator[tuple[Table, Row]]:
        """Every marked row."""
        for tables in self.tables.values():
            for table in tables:
                for row in table.rows:
                    yield table, row

    @property
    def cells(self) -> dict[str, dict[Cell, list[Written]]]:
        """Every cell with what it says in each of its rows, by the beginning of the export's key. Made
        anew each time: for looking at, not for comparing."""
        found: dict[str, dict[Cell, list[Written]]] = {}
        for table, row in self.marked():
            own = found.setdefault(row.mark.export, {})
            for cell, written in table.cells(row):
                own.setdefault(cell, []).append(written)
        return found
