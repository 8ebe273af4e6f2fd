"""The ledger as CSV, for programs that read nothing else: a heading and a row per assignment, streamed.

UTF-8 with the mark that Excel wants, lines ended as it ends them; the marks stand in the last column.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import IO

from tracker.exchange.cells import Value, guarded, held
from tracker.exchange.ledger import COLUMNS, PERCENT_COLUMN, flat, values
from tracker.exchange.merging import rowmark
from tracker.exchange.rows import PartLine, TaskLine

_PERCENT = PERCENT_COLUMN - 1


def write(target: IO[bytes], blocks: Iterable[Iterable[TaskLine]], *, key: str) -> None:
    """Write the ledger of these tasks; `key` is the export's, which every row bears."""
    text = io.TextIOWrapper(target, "utf-8-sig", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(title for title, _width in COLUMNS)
    count = 0
    for block in blocks:
        rows = list(_rows(flat(block), count, key))
        writer.writerows(rows)
        count += len(rows)
    text.flush()
    text.detach()  # the file stays open


def _rows(
    lines: Iterable[tuple[TaskLine, PartLine | None]], before: int, key: str
) -> Iterator[list[str]]:
    for number, (line, part) in enumerate(lines, before + 1):
        told = values(number, line, part)
        if told[_PERCENT] is not None:
            told[_PERCENT] = f"{round(told[_PERCENT] * 100)}%"
        mark = rowmark.of_row(
            rowmark.Form.CSV, key, line.task.id, part.assignment.id if part else 0
        )
        yield [*map(_text, told), str(mark)]


def _text(value: Value) -> str:
    if isinstance(value, str):
        return guarded(held(value))
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else f"{value:.12g}"
