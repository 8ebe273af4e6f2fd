"""The cells of an .xlsx by zipfile and ElementTree alone, each held against the reading.

A cell is accounted for where it stands: in a header or skipped area, at the source of a problem,
in the title or the group rows above a task, or among what its own row's task says. Words that
stand elsewhere in the reading do not count.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple
from xml.etree import ElementTree

from openpyxl.utils import coordinate_to_tuple, get_column_letter, range_boundaries

from importers import Reading, Table, Task

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

_ROLES = re.compile(
    r"牵头|配合|协助|协同|参与|共同|按职责分工|负责|由|单位[:：]|责任(?=单位)|[分无]|R/A|A/R"
    r"|主办|协办|会同|积极|分别|^以|为主|以及|(?<=局)和|[各共]|满分|(?:^|(?<=[；;\n]))\d{1,2}[.、]"
)


class Cell(NamedTuple):
    """A non-empty cell; row and column from 1; a formula without a value has its own text."""

    sheet: str
    row: int
    column: int
    text: str


def cells(data: bytes) -> list[Cell]:
    """Every non-empty cell of every sheet."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        strings = _strings(archive)
        return [
            Cell(name, *_place(found), text)
            for name, part in _sheets(archive)
            for found in ElementTree.fromstring(archive.read(part)).iter(f"{_MAIN}c")
            if (text := _text(found, strings)).strip()
        ]


def lost(data: bytes, reading: Reading) -> list[str]:
    """'Sheet!A1: text' for each cell that the reading says nothing about at its place."""
    listed = _Listed(reading)
    return [
        f"{c.sheet}!{get_column_letter(c.column)}{c.row}: {c.text}"
        for c in cells(data)
        if not listed.accounts_for(c)
    ]


def hidden(data: bytes) -> set[str]:
    """'Sheet', 'Sheet!3:3' and 'Sheet!D:D' for each hidden sheet, and row and column with text."""
    filled = cells(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        states = {s.get("name", ""): s.get("state") for s in book.iter(f"{_MAIN}sheet")}
        found = {name for name, state in states.items() if state in ("hidden", "veryHidden")}
        for name, part in _sheets(archive):
            rows = {c.row for c in filled if c.sheet == name}
            columns = {c.column for c in filled if c.sheet == name}
            root = ElementTree.fromstring(archive.read(part))
            for row in root.iter(f"{_MAIN}row"):
                if row.get("hidden") in ("1", "true") and int(row.get("r", 0)) in rows:
                    found.add(f"{name}!{row.get('r')}:{row.get('r')}")
            for col in root.iter(f"{_MAIN}col"):
                if col.get("hidden") in ("1", "true"):
                    first, last = int(col.get("min", 1)), int(col.get("max", 0))
                    letters = map(get_column_letter, columns & set(range(first, last + 1)))
                    found |= {f"{name}!{letter}:{letter}" for letter in letters}
    return found


def untold(data: bytes, reading: Reading) -> set[str]:
    """What is hidden and neither asked about nor noticed."""
    told = set()
    for problem in reading.problems:
        sheet, _, area = problem.source.rpartition("!")
        if problem.code in ("hidden_sheet", "unread_sheet"):
            told.add(sheet)
        elif problem.code in ("hidden_rows", "hidden_columns"):
            left, top, right, bottom = range_boundaries(area)
            told |= {f"{sheet}!{n}:{n}" for n in range(top or 1, (bottom or 0) + 1)}
            letters = map(get_column_letter, range(left or 1, (right or 0) + 1))
            told |= {f"{sheet}!{letter}:{letter}" for letter in letters}
    return hidden(data) - told


def _strings(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    root = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
    return ["".join(t.text or "" for t in si.iter(f"{_MAIN}t")) for si in root]


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """(name, part) in the order of the tabs."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {r.get("Id"): (r.get("Target") or "").removeprefix("/xl/") for r in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    for sheet in book.iter(f"{_MAIN}sheet"):
        yield sheet.get("name", ""), f"xl/{targets[sheet.get(_ID)]}"


def _place(cell: ElementTree.Element) -> tuple[int, int]:
    row, column = coordinate_to_tuple(cell.get("r", ""))
    return row, column


def _text(cell: ElementTree.Element, strings: list[str]) -> str:
    value = cell.findtext(f"{_MAIN}v")
    if cell.get("t") == "s" and value:
        return strings[int(value)]
    inline = "".join(t.text or "" for t in cell.iter(f"{_MAIN}t"))
    return value or inline or cell.findtext(f"{_MAIN}f") or ""


class _Listed:
    """The places and words a reading accounts for."""

    def __init__(self, reading: Reading) -> None:
        self.tables = reading.tables
        self.areas = [a for table in self.tables for a in _areas(table)]

    def accounts_for(self, cell: Cell) -> bool:
        here = (cell.sheet, cell.row, cell.column)
        if any(_inside(here, area) for area in self.areas):
            return True
        tables = [table for table in self.tables if table.sheet == cell.sheet]
        return any(self._in_own_row(cell, t) or self._above_a_task(cell, t) for t in tables)

    def _in_own_row(self, cell: Cell, table: Table) -> bool:
        """Its words are among what the task of its row says; words that only give a role aside."""
        letter = get_column_letter(cell.column)
        names = {name for name, place in table.names if place == f"{cell.sheet}!{letter}{cell.row}"}
        if names:
            return True
        here = [t for t in table.tasks if _rows(t, table)[0] <= cell.row <= _rows(t, table)[1]]
        ways = (cell.text, _without_roles(cell.text))
        return any(_has(_said(task), text) for task in here for text in ways)

    def _above_a_task(self, cell: Cell, table: Table) -> bool:
        """A title, or a group row: part of the outline of the next task below."""
        if _has([table.title, table.document], cell.text):
            return True
        below = [t for t in table.tasks if _rows(t, table)[0] > cell.row]
        return bool(below) and _has(below[0].outline, cell.text)


def _areas(table: Table) -> Iterator[tuple[str, int, int, int, int]]:
    """Headers, what is skipped, and single cells asked about; a whole hidden row is no place."""
    told = [s.source for s in table.skipped] + [p.source for p in table.problems]
    for place in [f"{table.sheet}!{area}" for area in table.header] + told:
        sheet, _, area = place.rpartition("!")
        left, top, right, bottom = range_boundaries(area)
        if None not in (left, top, right, bottom):
            yield sheet, top, left, bottom, right


def _inside(here: tuple[str, int, int], area: tuple[str, int, int, int, int]) -> bool:
    sheet, top, left, bottom, right = area
    return here[0] == sheet and top <= here[1] <= bottom and left <= here[2] <= right


def _rows(task: Task, table: Table) -> tuple[int, int]:
    """First and last row of a task, from the top of the cells merged down into it."""
    tops = [coordinate_to_tuple(place)[0] for place in table.cells(task).values()]
    return min([task.row, *tops]), task.last_row


def _said(task: Task) -> list[str]:
    pieces = [task.text, task.number or "", task.deadline.text, task.status or "", *task.outline]
    pieces += [a.name for a in task.assignments] + list(task.fields.values())
    return pieces + [
        f"{s.mode}{s.points:g}" if s.points is not None else s.mode for s in task.scoring
    ]


def _without_roles(text: str) -> str:
    """Without words that only give a role, and a day number as the day it is."""
    if re.fullmatch(r"4\d{4}", text):
        return str(date(1899, 12, 30) + timedelta(days=int(text)))
    return _ROLES.sub(" ", text)


def _has(said: Iterable[str], text: str) -> bool:
    """Whether each run of letters or digits between spaces stands somewhere in what was said."""
    whole = "\n".join(re.sub(r"\s", "", _folded(piece)) for piece in said if piece)
    return all(word in whole for word in re.findall(r"\d+|[^\W\d]+", _folded(text)))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("⺠", "民")
