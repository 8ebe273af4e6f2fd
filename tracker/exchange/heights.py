"""Row heights for wrapped text: programs that open a workbook do not all fit them by themselves."""

import unicodedata
from collections.abc import Iterable

LINE = 15.0
MOST_LINES = 20


def height_for(texts: Iterable[tuple[object, float]]) -> float:
    """Points for a row whose cells hold these texts in columns of these widths (in characters)."""
    lines = max((_lines(str(text), width) for text, width in texts if text), default=1)
    return LINE * min(lines, MOST_LINES) + 4


def _lines(text: str, width: float) -> int:
    room = max(width - 1, 1)
    return sum(max(1, -(-_length(part) // int(room))) for part in text.split("\n"))


def _length(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
