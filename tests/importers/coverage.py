"""An independent count, by openpyxl, of cells a reading neither read nor listed as skipped."""

from __future__ import annotations

import json
import re
from pathlib import Path

import openpyxl
from openpyxl.utils import range_boundaries

from importers import Reading


def lost_cells(path: Path, reading: Reading) -> list[str]:
    """'Sheet!A1: text' for each non-empty cell whose words are nowhere in the reading."""
    told = json.dumps(reading.to_json(), ensure_ascii=False)
    listed = _listed(reading)
    return [
        f"{sheet.title}!{cell.coordinate}: {cell.value}"
        for sheet in openpyxl.load_workbook(path, data_only=True).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
        and (sheet.title, cell.row, cell.column) not in listed
        and not all(word in told for word in _words(cell.value))
    ]


def _words(value: object) -> list[str]:
    """Runs of letters and of digits; 分 only marks points."""
    return [word for word in re.findall(r"\d+|[^\W\d]+", str(value)) if word != "分"]


def _listed(reading: Reading) -> set[tuple[str, int, int]]:
    """Every cell of the areas that are headers, or that the reading lists as skipped."""
    places = [s.source for table in reading.tables for s in table.skipped]
    places += [f"{table.sheet}!{area}" for table in reading.tables for area in table.header]
    cells: set[tuple[str, int, int]] = set()
    for place in places:
        sheet, _, area = place.rpartition("!")
        left, top, right, bottom = range_boundaries(area)
        cells |= {(sheet, r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)}
    return cells
