"""Row heights for wrapped text: programs that open a workbook do not all fit them by themselves."""

from collections.abc import Iterable
from functools import lru_cache

LINE = 15.0
MOST_LINES = 20


def height_for(texts: Iterable[tuple[object, float]]) -> float:
    """Points for a row whose cells hold these texts in columns of these widths (in characters)."""
    lines = 1
    for text, width in texts:
        # no character is wider than two: most texts need no closer look
        if text.__class__ is not str or (2 * len(text) < width and "\n" not in text):
            continue
        lines = max(lines, _lines(str(text), width))
    return LINE * min(lines, MOST_LINES) + 4


@lru_cache(maxsize=8192)
def _lines(text: str, width: float) -> int:
    room = int(max(width - 1, 1))
    if "\n" not in text:
        return max(1, -(-_length(text) // room))
    return sum(max(1, -(-_length(part) // room)) for part in text.split("\n"))


def _length(text: str) -> int:
    """Columns: one for a letter, two for a Chinese character or mark, which UTF-8 writes in three bytes;
    counted so because a character at a time costs more than writing the row."""
    return (len(text) + len(text.encode(errors="surrogatepass")) + 1) // 2
