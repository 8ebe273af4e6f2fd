"""Finds header rows on a sheet and reads what each column means."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from importers.calendar_words import time_of
from importers.columns import (
    ENDINGS,
    LAID_OUT,
    PLAIN_LENGTH,
    Meaning,
    column_meaning,
    is_role_word,
    meaning_of,
)
from importers.grid import column_letter, without_layout
from importers.names import looks_like_department
from importers.spread import Spread

_LONGEST, _LONGEST_LABEL, _SHORTEST = 24, 40, 10
NAMELESS = "（"
"""How the label of a column without one begins: （H列）"""
_DEEPEST, _DEEPEST_OF_ALL = 3, 8
_SEARCHED, _FEWEST = 20, 3
_SMALL = 2000
"""Rows of a sheet that may hold more than one kind of table."""
_COUNT, _FIRSTS, _COUNTED = "123456789 甲乙丙丁戊己庚辛壬癸 ABCDEFGHIJKLMN", "1甲A", 4
_SENTENCE = re.compile(r"[。；;！!？?]|\d{4}年")
_SIGNED = re.compile(r"签字|签名|盖章|签章|公章")
_ROLES = ("lead", "responsible", "support")


@dataclass(slots=True)
class Header:
    """Rows `top` to `bottom`; per column its label and what it means, if anything."""

    top: int
    bottom: int
    labels: list[str]
    meanings: list[Meaning | None]
    repeats: list[int] = field(default_factory=list)
    rival: int | None = None
    """a further row of this header that says otherwise of some column"""
    by_shape: bool = False
    """no two known words: taken for a header because it stands and looks like one"""
    elsewhere: bool = False
    """it stands on the page before; `top` and `bottom` are the row above the first one, -1 for none"""
    coined: frozenset[int] = frozenset()
    """the columns whose meaning is told only by how their header ends"""

    def columns(self, *meanings: Meaning) -> list[int]:
        """The columns with any of these meanings, left to right."""
        return [c for c, meaning in enumerate(self.meanings) if meaning in meanings]


def find_headers(spread: Spread) -> list[Header]:
    """The headers from top to bottom, repeated ones too (`stacking` tells what these are)."""
    headers: list[Header] = []
    for row in _candidates(spread):
        last = headers[-1] if headers else None
        if last and row <= last.bottom:
            continue
        if last and row == last.bottom + 1 and row - last.top <= _DEEPEST_OF_ALL:
            headers[-1] = _over_both(spread, last, row)
        else:
            headers.append(read_header(spread, row))
    return headers or _by_shape(spread)


def _by_shape(spread: Spread) -> list[Header]:
    """Where no row has two known words: the first row that looks like a header, if any does."""
    filled = [r for r, row in enumerate(spread.rows[:_SEARCHED]) if any(row)]
    for row, below in zip(filled, filled[1:], strict=False):
        cells = [cell for cell in spread.rows[row] if cell]
        short = all(len(cell) <= _LONGEST and not _SENTENCE.search(cell) for cell in cells)
        plain = len(set(cells)) == len(cells) and not any(c.strip().isdigit() for c in cells)
        if len(cells) >= _FEWEST and short and plain and sum(map(bool, spread.rows[below])) > 1:
            header = read_header(spread, row)
            header.by_shape = True
            return [header]
    return []


def _over_both(spread: Spread, upper: Header, row: int) -> Header:
    """Two rows of headers without a merge between them are one header, read in both rows."""
    lower = read_header(spread, row)
    whole = read_header(spread, upper.top, lower.bottom)
    if any(a and b and a != b for a, b in zip(upper.meanings, lower.meanings, strict=True)):
        whole.rival = row
    return whole


def _candidates(spread: Spread) -> list[int]:
    """Rows with two or more sure meanings: half the cells are headers, or 序号 and 任务 are."""
    known = {
        cell: meaning
        for cell in spread.texts
        if cell[-1:] in ENDINGS and _is_short(cell) and (meaning := meaning_of(cell))
    }
    words = known.keys()
    found = [
        r
        for r, row in enumerate(spread.rows)
        if not words.isdisjoint(row) and _is_header(row, known)
    ]
    if found and len(spread.rows) <= _SMALL:
        found += [r for r in _offices_across(spread) if r not in found and r > found[0]]
    return sorted(found)


def _is_short(cell: str) -> bool:
    """Whether a text could be a header by its length."""
    size = len(cell)
    return size <= PLAIN_LENGTH or (size <= _LONGEST_LABEL and bool(LAID_OUT.search(cell)))


def _offices_across(spread: Spread) -> list[int]:
    """Rows that name departments across, below a lone title, with marks in the row beneath."""
    rows = spread.rows
    below = [r for r in range(1, len(rows) - 1) if sum(map(bool, rows[r - 1])) == 1 and rows[r][0]]
    return [r for r in below if _is_over_marks(rows[r], rows[r + 1])]


def _is_over_marks(row: list[str], beneath: list[str]) -> bool:
    offices = [c for c, text in enumerate(row) if c and text and looks_like_department(text)]
    marked = [beneath[c] for c in offices if beneath[c]]
    return len(offices) >= _FEWEST and bool(marked) and all(len(m) <= 2 for m in marked)


def _is_header(row: list[str], known: dict[str, Meaning]) -> bool:
    cells = [cell for cell in row if cell]
    found = [known[cell] for cell in cells if cell in known]
    if len(set(found)) == 1 and len(cells) > _FEWEST and _runs_through_months(cells):
        return True
    if len(set(found)) < 2 or any(_SIGNED.search(cell) for cell in cells):
        return False
    if all(is_role_word(cell) for cell in cells if cell in known):
        return False
    return {"number", "task"} <= set(found) or _are_mostly_headers(cells, len(found))


def _runs_through_months(cells: list[str]) -> bool:
    """Whether a row names months or quarters one after the other; a number alone names none."""
    short = [cell for cell in cells if len(cell) <= _SHORTEST and not cell.isdecimal()]
    return len(short) >= _FEWEST and len({when for c in short if (when := time_of(c))}) >= _FEWEST


def _are_mostly_headers(cells: list[str], sure: int) -> bool:
    """Whether half the cells are headers, those that only end like one too."""
    if 2 * sure >= len(cells):
        return True
    return 2 * sum(1 for c in cells if len(c) <= _LONGEST_LABEL and column_meaning(c)) >= len(cells)


def read_header(spread: Spread, top: int, bottom: int | None = None) -> Header:
    """Labels and meanings of the header that starts in this row, over all its rows."""
    bottom = _bottom(spread, top) if bottom is None else bottom
    width = spread.grid.width
    parts = [_parts(spread, top, bottom, column) for column in range(width)]
    labels = _unique(["".join(dict.fromkeys(text for text, _ in part)) for part in parts])
    meanings = [_meaning(part, column_meaning) for part in parts]
    coined = [c for c, part in enumerate(parts) if meanings[c] and not _meaning(part, meaning_of)]
    counted = [bottom + 1] if _counts_columns(spread, bottom + 1) else []
    return Header(top, bottom, labels, meanings, counted, coined=frozenset(coined))


def _counts_columns(spread: Spread, row: int) -> bool:
    """Whether a row only numbers the columns: 1 2 3, 甲 乙 丙, A B C, 甲 乙 1 2."""
    cells = [text for text in spread.rows[row] if text] if row < len(spread.rows) else []
    places = [_COUNT.find(cell.strip("（）()[] \n")) for cell in cells if len(cell) <= _COUNTED]
    if len(cells) < _FEWEST or len(places) < len(cells) or min(places) < 0:
        return False
    return all(b - a == 1 or _COUNT[b] in _FIRSTS for a, b in zip(places, places[1:], strict=False))


def _unique(labels: list[str]) -> list[str]:
    """A label used twice is told apart by its column, so that no field hides another."""
    return [
        f"{label}（{column_letter(c)}列）" if label in labels[:c] or not label else label
        for c, label in enumerate(labels)
    ]


def _bottom(spread: Spread, top: int) -> int:
    """The last header row: as far as its cells are merged down, or a second row of headers."""
    bottom = min(spread.depths.get(top, top), top + _DEEPEST)
    if bottom == top and top + 1 < len(spread.rows) and _continues(spread, top):
        return top + 1
    return bottom


def _continues(spread: Spread, top: int) -> bool:
    """Whether the next row holds sub-headers: under a wide cell, or where this row has none."""
    below = [c for c, text in enumerate(spread.rows[top + 1]) if text]
    roofed = {c for c in below for left in range(c + 1) if spread.spans.get((top, left), -1) >= c}
    if roofed and len(roofed) == len(below):
        return True
    return bool(below) and all(
        meaning_of(spread.rows[top + 1][c]) and not meaning_of(spread.rows[top][c]) for c in below
    )


def _parts(spread: Spread, top: int, bottom: int, column: int) -> list[tuple[str, bool]]:
    """(text, wide) of the header cells over a column, top down; wide: it spans columns."""
    parts: list[tuple[str, bool]] = []
    for row in range(top, bottom + 1):
        for left in range(column, -1, -1):
            reach = spread.spans.get((row, left), left)
            if reach >= column and spread.filled[row][left]:
                parts.append((without_layout(spread.filled[row][left]), left < reach))
                break
    return parts


def _meaning(parts: list[tuple[str, bool]], of: Callable[[str], Meaning | None]) -> Meaning | None:
    """The lowest word decides; a wide word above counts only if nothing stands below it, or only
    单位名称 does, which says nothing about the role."""
    found = [(meaning, wide, text) for text, wide in parts if (meaning := of(text))]
    for meaning, wide, text in reversed(found):
        if wide and text != parts[-1][0]:
            continue
        if meaning == "name":
            return next((m for m, is_top, _ in found if is_top and m in _ROLES), meaning)
        return meaning
    return None


def same(one: Header, other: Header) -> bool:
    """Whether two headers have the same words over the same columns."""
    return [_bare(x) for x in one.labels] == [_bare(x) for x in other.labels]


def _bare(label: str) -> str:
    return "".join(label.split())
