"""Row heights for wrapped text: programs that open a workbook do not all fit them by themselves."""

from collections.abc import Iterable, Sequence

LINE = 15.0
MOST_LINES = 20


def room_in(width: float) -> int:
    """How many characters, a Chinese one being two, a line of a column has room for."""
    return int(max(width - 1, 1))


def height_for(texts: Iterable[tuple[object, float]]) -> float:
    """Points for a row whose cells hold these texts in columns of these widths (in characters)."""
    told = [(value, room_in(width)) for value, width in texts]
    return height_of(
        [value for value, _room in told], list(enumerate(room for _value, room in told))
    )


def height_of(told: Sequence[object], rooms: Sequence[tuple[int, int]]) -> float:
    """The same for a row's values, of which those are texts that have a place with its room."""
    lines = 1
    for place, room in rooms:
        value = told[place]
        if not value or not isinstance(value, str):
            continue
        if "\n" in value:
            lines = max(lines, sum(_lines(part, room) for part in value.split("\n")))
        elif 2 * len(value) > lines * room:  # no character is wider than two
            lines = max(lines, _lines(value, room))
    return LINE * min(lines, MOST_LINES) + 4


def _lines(text: str, room: int) -> int:
    return max(1, -(-_length(text) // room))


def _length(text: str) -> int:
    """Columns: one for a letter, two for a Chinese character or mark, which UTF-8 writes in three bytes;
    counted so because a character at a time costs more than writing the row."""
    return (len(text) + len(text.encode("utf-8", "surrogatepass")) + 1) // 2
