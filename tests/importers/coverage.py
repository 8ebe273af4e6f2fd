"""An independent count, by openpyxl, of cells a reading neither read nor listed as skipped."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries

from importers import Reading

_ROLES = re.compile("(?:责任|牵头|配合)(?:单位|部门)|完成(?:时限|时间)|牵头|配合|负责")


def lost_cells(path: Path, reading: Reading) -> list[str]:
    """'Sheet!A1: text' for each non-empty cell whose words are nowhere in the reading."""
    cells = [
        (sheet.title, cell.row, cell.column, str(cell.value))
        for sheet in openpyxl.load_workbook(path, data_only=True).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    return lost(cells, reading)


def lost(cells: Iterable[tuple[str, int, int, str]], reading: Reading) -> list[str]:
    """The same for any cells: (sheet, row, column, text), rows and columns from 1."""
    told = unicodedata.normalize("NFKC", json.dumps(reading.to_json(), ensure_ascii=False))
    places = listed(reading)
    return [
        f"{sheet}!{get_column_letter(column)}{row}: {text}"
        for sheet, row, column, text in cells
        if (sheet, row, column) not in places
        and not all(json.dumps(word, ensure_ascii=False)[1:-1] in told for word in _words(text))
    ]


def cells_of(reading: Reading) -> Iterator[tuple[str, int, int, str]]:
    """What the reader's own grids hold, where no other program counts the file's cells.

    Without the words that only say a role or a deadline: these are read, not kept.
    """
    for table in reading.tables:
        for r, row in enumerate(table.grid.rows, 1):
            for c, text in enumerate(row, 1):
                if text:
                    yield table.sheet, r, c, _ROLES.sub(" ", text)


def _words(value: object) -> list[str]:
    """Runs of letters and of digits, these without leading zeros; 分 only marks points."""
    words = re.findall(r"\d+|[^\W\d]+", unicodedata.normalize("NFKC", str(value)))
    return [re.sub(r"^0+(?=\d)", "", word) for word in words if word != "分"]


def listed(reading: Reading) -> set[tuple[str, int, int]]:
    """Every cell of the areas that are headers, or that the reading lists as skipped."""
    places = [s.source for table in reading.tables for s in table.skipped]
    places += [f"{table.sheet}!{area}" for table in reading.tables for area in table.header]
    cells: set[tuple[str, int, int]] = set()
    for place in places:
        sheet, _, area = place.rpartition("!")
        left, top, right, bottom = range_boundaries(area)
        cells |= {(sheet, r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)}
    return cells
