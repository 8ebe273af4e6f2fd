"""How the odd rows of a table are told: headings across, totals, enumerated tasks."""

from __future__ import annotations

import re

from importers.numbering import style_of

__all__ = [
    "CHINESE_NUMBER",
    "ELLIPSIS",
    "ENUMERATED",
    "HEADING",
    "TELLING",
    "TOTAL",
    "Outline",
    "style_of",
]

HEADING = re.compile(
    r"^(?:[一二三四五六七八九十百]+\s*[、.．|｜]|[（(][一二三四五六七八九十]+[)）]|第[一二三四五六七八九十百\d]+[章节篇部类条]"
    r"|[一二三四五六七八九十]+\s+\S)"
)
CHINESE_NUMBER = re.compile(r"^[（(]?[一二三四五六七八九十百]+[)）]?[、.]?$")
ENUMERATED = re.compile(
    r"^[★▲●*]?\s*(?:[（(]?\d{1,3}[)）、.．]|[①-⑳]|[（(][一二三四五六七八九十]+[)）]|\d{1,3}\s)"
)
ELLIPSIS = re.compile(r"\s*(?:[….·⋯。]+|[.·]{2,})\s*")
TOTAL = re.compile(
    r"^(?:本[页项表]|分项|各项|全部)?(?:合\s*计|总\s*计|小\s*计|共\s*计|总\s*分|累\s*计|得分合计)(?:得分|分值|分)?"
    r"\s*[:：]?\s*\d*(?:\.\d+)?\s*[分项条]?$|^(?:grand |sub-?)?totals?[:：]?$",
    re.IGNORECASE,
)
TELLING = frozenset("合总小共累本分各全gGsStT….·⋯。※*＊注备说填图制联审")
"""First characters of a row that may be a total, dots or a note."""


class Outline:
    """The headings a row stands under: rows across the table, then category columns."""

    def __init__(self, columns: int) -> None:
        self._across: list[tuple[str, str, list[str]]] = []
        self._unused: list[list[str]] = []
        self._groups = [""] * columns
        self._now: tuple[str, ...] | None = ()

    def across(self, heading: str, sources: list[str]) -> None:
        """A heading row: it ends its level and every level below, and the column groups."""
        style = style_of(heading)
        levels = [known for known, _, _ in self._across]
        if style in levels:
            del self._across[levels.index(style) :]
        self._across.append((style, heading, sources))
        self._unused.append(sources)
        self._groups = [""] * len(self._groups)
        self._now = None

    def group(self, level: int, text: str) -> None:
        """A category cell: a new text empties the columns to its right."""
        if "".join(self._groups[level].split()) != "".join(text.split()):
            self._groups[level:] = [text, *[""] * (len(self._groups) - level - 1)]
            self._now = None

    def texts(self) -> tuple[str, ...]:
        """Top to bottom, without blanks. The same tuple until something changes."""
        if self._now is None:
            headings = (text for _, text, _ in self._across)
            self._now = (*headings, *(g for g in self._groups if g))
            self._unused = [u for u in self._unused if not any(u is s for _, _, s in self._across)]
        return self._now

    def unused(self) -> list[str]:
        """The cells of headings that no task stands under."""
        return [source for sources in self._unused for source in sources]
