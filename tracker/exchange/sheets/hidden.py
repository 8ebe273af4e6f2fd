"""The hidden sheet of an export: its key and, for every mark, the task's number and text. What is
left when the column of marks was lost: rows can be known again by what they say.

It is very hidden: no menu of Excel or WPS shows it. It is known by its first cell, whatever its name
has become in another workbook.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.cell import Cell

from tracker.exchange.cells import put
from tracker.exchange.marking import PROPERTY
from tracker.exchange.sheets import fragments

SHEET = "_tracker"
STATE = "veryHidden"
FIRST_ROW = 2
"""Where the entries begin."""
_HEAD = (
    b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
_TAIL = b"</sheetData></worksheet>"


class Entry(NamedTuple):
    """A mark as text, with its task's number and text."""

    mark: str
    number: str
    text: str


def add(book: Workbook, key: str, entries: Iterable[Entry]) -> None:
    """The sheet in a workbook that is whole in memory; one that an earlier export left gives way."""
    if SHEET in book.sheetnames:
        del book[SHEET]
    sheet = book.create_sheet(SHEET)
    sheet.sheet_state = STATE
    for r, texts in enumerate(chain([(PROPERTY, key)], entries), 1):
        for c, text in enumerate(texts, 1):
            cell = sheet.cell(r, c)
            assert isinstance(cell, Cell)
            put(cell, text)


def xml(key: str, rows: Iterable[bytes]) -> Iterator[bytes]:
    """The sheet's part, piece by piece; `rows` are those that `row` makes, from `FIRST_ROW` on."""
    first = f"<c{fragments.plain(PROPERTY)}<c{fragments.plain(key)}"
    yield _HEAD + f'<row r="1">{first}</row>'.encode()
    yield from rows
    yield _TAIL


def row(number: int, mark: str, task_number: str, text: str) -> str:
    """The row of an entry."""
    n, t = fragments.plain(task_number), fragments.plain(text)
    return f'<row r="{number}"><c t="inlineStr"><is><t>{mark}</t></is></c><c{n}<c{t}</row>'
