"""What stands above a table: its title, the document number, the year; and notes around it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from importers.grid import without_layout
from importers.headers import Header
from importers.spread import Spread
from importers.years import DOCUMENT, only_year, year_of

_NOT_TITLE = re.compile(
    r"^附[件表录]|^单位[:：]|填[报表]|^[（(]?\d{4}年\d+月|^联系|^注[:：]|^说明|^制表|^截[至止]"
)
_TITLE_END = re.compile(
    r"(表|清单|方案|计划|台账|分解|目录|名录|要点|任务书|安排|事项)([（(].*[)）])?$"
)
_ANNEX = re.compile(r"^附[件表录]\s*[\d一二三四五六七八九十]*(?:[-—.]\d+)?\s*[:：、.]?\s*(?=\S{4})")
_AGAIN = re.compile(r"[(（]?续表?[)）]?$")
NOTE = re.compile(
    r"^[※*＊]?\s*(?:注|备注|说明|填表说明|填报说明|图例|制表人|填表人|联系人|审核人)\s*[\d一二三]?\s*[:：、.]|^注\s*\d|^(?:备注|填表说明)"
)


@dataclass(slots=True)
class Heading:
    """The rows above a header, read. `skipped` are (row, column, why)."""

    title: str = ""
    document: str = ""
    year: int | None = None
    skipped: list[tuple[int, int, str]] = field(default_factory=list)


def heading_rows(spread: Spread, header: Header, previous_end: int) -> int:
    """The first of the title rows above a header; those after another table are single cells."""
    if previous_end < 0:
        return 0
    first = header.top
    while first - 1 > previous_end and _may_be_title(spread, first - 1):
        first -= 1
    return first


def _may_be_title(spread: Spread, row: int) -> bool:
    cells = [text for text in spread.rows[row] if text]
    return len(cells) <= 1 and not (cells and NOTE.match(cells[0]))


def read_heading(spread: Spread, first: int, header: Header) -> Heading:
    """Read the rows from `first` up to the header."""
    cells = [
        (r, c, text)
        for r in range(first, header.top)
        for c, text in enumerate(spread.rows[r])
        if text
    ]
    heading = Heading()
    likely = [cell for cell in cells if _likeness(cell[2])[0] >= 0]
    best = max(likely, key=lambda cell: _likeness(cell[2]), default=None)
    if best:
        heading.title = without_layout(_ANNEX.sub("", best[2].strip())).replace("\n", "")
    for r, c, text in cells:
        number = DOCUMENT.search(text) if not heading.document else None
        heading.document = number.group(0) if number else heading.document
        if (best is None or (r, c) != best[:2]) and not number:
            heading.skipped.append((r, c, "表前说明"))
        elif best and (r, c) == best[:2] and _ANNEX.match(text.strip()):
            heading.skipped.append((r, c, "附件编号"))
    heading.year = (
        year_of(heading.title)
        or year_of(heading.document)
        or only_year(text for _, _, text in cells)
    )
    return heading


def _likeness(text: str) -> tuple[int, int]:
    """How much a text looks like a title; a negative first number means not at all."""
    text = _ANNEX.sub("", text.strip())
    if _NOT_TITLE.search(text) or len(text) > 80:
        return -1, 0
    return int(bool(_TITLE_END.search(text.strip()))), len(text)


def is_title(text: str) -> bool:
    """Whether a lone text reads like the title of a table."""
    return _likeness(_AGAIN.sub("", text))[0] > 0
