"""A sheet as everything after the parser sees it: text in cells, merges, what is hidden."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

EPOCH_1900 = date(1899, 12, 30)
EPOCH_1904 = date(1904, 1, 1)

Merge = tuple[int, int, int, int]
"""top, left, bottom, right; counted from 0, both ends included"""

_LAYOUT = re.compile(
    r"(?<![^\s])([\u3400-\u9fff])\s+(?=[\u3400-\u9fff](?:\s|$))|(?<=[\u3400-\u9fff])\n(?=[\u3400-\u9fff])"
)
_NOTHING = re.compile(r"[-—–―‐‑−/\\、.。·_]*|暂?无[。.]?")
_ENUMERATOR = re.compile(r"[一二三四五六七八九十]+\s+")


class Remark(NamedTuple):
    """What a reader noticed in a cell and only it can know; `code` is one of problems.py."""

    row: int
    column: int
    code: str
    message: str
    value: str = ""


@dataclass(slots=True)
class Grid:
    """One sheet. `rows` are equally long lists of texts; an empty cell is ''.

    Dates are ISO text, whole numbers carry no '.0'. Rows and columns count from 0. `prose` holds
    one paragraph a row, `levels` the heading level of some; `unread` is why nothing of it is read;
    `document`, `year` and `first_leads` are what the file says elsewhere, for a table that says none.
    """

    sheet: str
    rows: list[list[str]]
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    hidden: bool = False
    formulas: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    epoch: date = EPOCH_1900
    prose: bool = False
    unread: str = ""
    remarks: list[Remark] = field(default_factory=list)
    levels: dict[int, int] = field(default_factory=dict)
    document: str = ""
    year: int | None = None
    first_leads: bool = False
    hear: bool = False
    """a text with no table beside it: its sentences may say who does what"""
    damaged: list[tuple[int, int, str]] = field(default_factory=list)
    """cells that held characters no store can carry, with the whole text; `spread` takes them out"""

    @property
    def width(self) -> int:
        """Number of columns, 0 for an empty sheet."""
        return len(self.rows[0]) if self.rows else 0

    def source(self, row: int, column: int) -> str:
        """'Sheet1!D5' for row 4, column 3."""
        return f"{self.sheet}!{column_letter(column)}{row + 1}"


@lru_cache(maxsize=1024)
def column_letter(column: int) -> str:
    """'A' for 0, 'AA' for 26."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def area(top: int, left: int, bottom: int, right: int) -> str:
    """'A3:G4', or 'A3' where it is one cell."""
    first = f"{column_letter(left)}{top + 1}"
    last = f"{column_letter(right)}{bottom + 1}"
    return first if first == last else f"{first}:{last}"


def without_layout(text: str) -> str:
    """Take out the spaces and line breaks that only lay text out: '三 市 容' is '三 市容'."""
    text = text.strip()
    if " " not in text and "\n" not in text and "\u3000" not in text:
        return text
    lead = _ENUMERATOR.match(text)
    head, body = (lead.group(0), text[lead.end() :]) if lead else ("", text)
    return head.replace("\n", " ") + _LAYOUT.sub(_joined, body)


def folded(text: str) -> str:
    """One width and no spaces: how the grammars compare words."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def says_nothing(text: str) -> bool:
    """Whether a cell was filled in only to say that there is nothing: /, —, 无."""
    return _NOTHING.fullmatch(folded(text)) is not None


def _joined(match: re.Match[str]) -> str:
    return match.group(1) or ""
