"""The settled readings of deadline expressions: deadline_expressions.tsv, a line each.

Columns: expression, the plan's year, its day of issue, kind, due_on, proposed, code; the last
three may be empty. A line that begins with '# ' names what follows.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import NamedTuple

from importers.deadlines import Context

_FILE = Path(__file__).with_suffix(".tsv")


class Expression(NamedTuple):
    """What is written, what it is read against, and how it is to be read."""

    text: str
    context: Context
    kind: str
    due_on: date | None
    proposed: date | None
    code: str


def expressions() -> list[Expression]:
    """Every line of the file, in its order."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [_expression(*row) for row in rows if not row[0].startswith("# ")]


def _expression(
    text: str, year: str, issued: str, kind: str, due: str, proposed: str, code: str
) -> Expression:
    context = Context(int(year), date.fromisoformat(issued))
    return Expression(text, context, kind, _day(due), _day(proposed), code)


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None
