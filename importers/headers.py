"""Finds header rows on a sheet and reads what each column means."""

from __future__ import annotations

from dataclasses import dataclass, field

from importers.columns import ENDINGS, LAID_OUT, PLAIN_LENGTH, Meaning, meaning_of
from importers.grid import column_letter, without_layout
from importers.spread import Spread

_LONGEST = 24
NAMELESS = "（"
"""How the label of a column without one begins: （H列）"""
_DEEPEST = 3


@dataclass(slots=True)
class Header:
    """Rows `top` to `bottom`; per column its label and what it means, if anything."""

    top: int
    bottom: int
    labels: list[str]
    meanings: list[Meaning | None]
    repeats: list[int] = field(default_factory=list)
    rival: int | None = None
    """another row that would do as well for this header"""

    def columns(self, *meanings: Meaning) -> list[int]:
        """The columns with any of these meanings, left to right."""
        return [c for c, meaning in enumerate(self.meanings) if meaning in meanings]


def find_headers(spread: Spread) -> list[Header]:
    """The headers from top to bottom; a repeated one is noted on the one it repeats."""
    headers: list[Header] = []
    for row in _candidates(spread):
        last = headers[-1] if headers else None
        if last and row <= last.bottom:
            continue
        header = read_header(spread, row)
        if last and _same(last, header):
            last.repeats += range(header.top, header.bottom + 1)
        elif last and row == last.bottom + 1:
            last.rival = row
            last.bottom = header.bottom
        else:
            headers.append(header)
    return headers


def _candidates(spread: Spread) -> list[int]:
    """Rows with two or more meanings: half the cells are headers, or 序号 and 任务 are."""
    cells: set[str] = set().union(*spread.rows)
    short = [cell for cell in cells if cell[-1:] in ENDINGS and len(cell) <= _LONGEST]
    short = [cell for cell in short if len(cell) <= PLAIN_LENGTH or LAID_OUT.search(cell)]
    known = {cell: meaning for cell in short if (meaning := meaning_of(cell))}
    words = known.keys()
    return [
        r
        for r, row in enumerate(spread.rows)
        if not words.isdisjoint(row) and _is_header(row, known)
    ]


def _is_header(row: list[str], known: dict[str, Meaning]) -> bool:
    cells = [cell for cell in row if cell]
    found = [known[cell] for cell in cells if cell in known]
    enough = 2 * len(found) >= len(cells) or {"number", "task"} <= set(found)
    return len(set(found)) >= 2 and enough


def read_header(spread: Spread, top: int) -> Header:
    """Labels and meanings of the header that starts in this row, over all its rows."""
    bottom = _bottom(spread, top)
    width = spread.grid.width
    parts = [_parts(spread, top, bottom, column) for column in range(width)]
    labels = _unique(["".join(dict.fromkeys(text for text, _ in part)) for part in parts])
    return Header(top, bottom, labels, [_meaning(part) for part in parts])


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


def _meaning(parts: list[tuple[str, bool]]) -> Meaning | None:
    """The lowest word decides; a wide word above counts only if nothing stands below it."""
    for text, wide in reversed(parts):
        meaning = meaning_of(text)
        if meaning and not (wide and text != parts[-1][0]):
            return meaning
    return None


def _same(one: Header, other: Header) -> bool:
    return [_bare(x) for x in one.labels] == [_bare(x) for x in other.labels]


def _bare(label: str) -> str:
    return "".join(label.split())
