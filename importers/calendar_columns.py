"""A table whose months or quarters are columns with a mark in each that a task runs through.

The task is due at the end of the last one marked. Columns that hold words (what is to be reached by
then) are no such calendar: these words stay fields.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from importers.calendar_words import time_of
from importers.headers import Header
from importers.spread import Spread

_SPAN = re.compile(
    r"\d{1,2}月?\s*[-—–－~～至]+\s*\d{1,2}月(?:份|底)?$|第?[一二三四1-4]季度(?:目标|节点|任务|计划)?$"
)
_MARK = re.compile(r"[^\w\s]{1,3}|[xv1]", re.IGNORECASE)
_FEWEST = 3
_SAMPLE = 500


class Calendar(NamedTuple):
    """The columns, left to right, each with what a deadline calls its time: 3月, 2季度."""

    columns: tuple[tuple[int, str], ...] = ()

    def marked(self, spread: Spread, row: int) -> tuple[str, int]:
        """(3月-5月 as a deadline says it, 3月、9月 where there are gaps; the last mark's column)."""
        texts, spans = spread.rows[row], spread.spans
        runs: list[list[str]] = []
        cell, reach, goes_on = -1, -1, False
        for c, when in self.columns:
            if texts[c]:
                cell, reach = c, spans.get((row, c), c)
            if c > reach:
                goes_on = False
                continue
            runs[-1:] = [[*runs[-1], when]] if goes_on else [*runs[-1:], [when]]
            goes_on = True
        said = [run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
        return "、".join(said), cell


def phases(header: Header) -> list[int]:
    """The columns that are months, quarters or spans of months, whatever stands in them."""
    found = [c for c, label in enumerate(header.labels) if time_of(label) or _SPAN.search(label)]
    return found if len(found) >= _FEWEST else []


def find_calendar(spread: Spread, header: Header, last: int) -> Calendar:
    """The months or quarters of a table, if its columns there hold nothing but marks."""
    times = [(c, when) for c in range(len(header.labels)) if (when := _time(spread, header, c))]
    if len(times) < _FEWEST:
        return Calendar()
    rows = range(header.bottom + 1, min(last, header.bottom + _SAMPLE) + 1)
    cells = [(r, c) for r in rows for c, _ in times if spread.rows[r][c]]
    bars = all(
        _MARK.fullmatch(spread.rows[r][c]) or spread.spans.get((r, c), c) > c for r, c in cells
    )
    return Calendar(tuple(times)) if cells and bars else Calendar()


def _time(spread: Spread, header: Header, column: int) -> str:
    rows = range(header.bottom, header.top - 1, -1)
    text = next((t for r in rows if (t := spread.filled[r][column].strip())), "")
    return time_of(text)
