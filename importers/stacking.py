"""Headers that come again: on the next page of one table, or over a further table."""

from __future__ import annotations

import re

from importers.headers import Header, same
from importers.rowwords import HEADING
from importers.spread import Spread
from importers.titles import NOTE, is_title

_AGAIN = re.compile(r"[(（]?续[表)）]?\d*|[(（]第?\d+页?[)）]|\s+")


def stack(spread: Spread, headers: list[Header]) -> list[Header]:
    """One header for each table; the rows that only repeat it are its `repeats`."""
    tables: list[Header] = []
    for header in headers:
        last = tables[-1] if tables else None
        if last is None or not same(last, header):
            tables.append(header)
            continue
        row, text = _text_above(spread, header.top, last.bottom)
        if text and _begins_anew(spread, last, header, text):
            tables.append(header)
            continue
        again = text and _AGAIN.sub("", text) == _AGAIN.sub("", _title_of(spread, last.top))
        last.repeats += [row] if again else []
        last.repeats += [*range(header.top, header.bottom + 1), *header.repeats]
    return tables


def _begins_anew(spread: Spread, last: Header, header: Header, text: str) -> bool:
    """Whether the text above a header that comes again is the title of a further table."""
    if HEADING.match(text) or _AGAIN.sub("", text) == _AGAIN.sub("", _title_of(spread, last.top)):
        return False
    first = _first_number(spread, last)
    return is_title(text) or (first != "" and first == _first_number(spread, header))


def _first_number(spread: Spread, header: Header) -> str:
    """The number in the first row below a header that has one."""
    columns = header.columns("number")
    rows = spread.rows[header.bottom + 1 : header.bottom + 4]
    return next((row[c] for row in rows for c in columns if row[c]), "")


def _title_of(spread: Spread, top: int) -> str:
    """The title over the first header of a table."""
    for row in range(top - 1, -1, -1):
        texts = [text for text in spread.rows[row] if text]
        if len(texts) == 1 and is_title(texts[0]):
            return texts[0]
    return ""


def _text_above(spread: Spread, top: int, floor: int) -> tuple[int, str]:
    """The lone text right above a header that comes again, blank rows aside; (-1, '') for none."""
    for row in range(top - 1, floor, -1):
        texts = [text for text in spread.rows[row] if text]
        if texts:
            return (row, texts[0]) if len(texts) == 1 and not NOTE.match(texts[0]) else (-1, "")
    return -1, ""
