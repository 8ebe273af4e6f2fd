"""A comparison made in development: our deadline grammar beside jionlp's time parser.

    pip install jionlp        (in an environment of its own: it is no dependency of the project)
    python -m tests.importers.compare_jionlp

Prints the counts and every difference, and fails where one is not settled in
docs/deadlines-compared.md.
"""

from __future__ import annotations

import logging
import re
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from .deadline_expressions import Expression, expressions

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "deadlines-compared.md"
SAME, CANNOT = "same", "jionlp cannot"
_DAYS = ("date", "range", "horizon")
_NO_DAY = ("ongoing", "at_once", "done", "none", "damaged")
_SETTLED = re.compile(r"^\| `(.+?)`(?: \((\d{4})\))? \|.*\| (ours|convention) \|", re.MULTILINE)


def main() -> int:
    """0 if every difference is settled in the document."""
    jio = _jionlp()
    settled = {(text, year or "2026"): who for text, year, who in _SETTLED.findall(_document())}
    counts: Counter[str] = Counter()
    unsettled = 0
    for one in expressions():
        theirs = _theirs(jio, one)
        verdict = _verdict(one, theirs)
        if verdict not in (SAME, CANNOT):
            verdict = settled.get((one.text, str(one.context.year)), "NOT SETTLED")
            unsettled += verdict == "NOT SETTLED"
            print(f"{verdict:11} {one.text}\t{_shown(one)}\t{theirs}")
        counts[verdict] += 1
    print(
        ", ".join(f"{verdict} {n}" for verdict, n in counts.most_common()), f"of {counts.total()}"
    )
    return 1 if unsettled else 0


def _jionlp() -> Any:
    try:
        import jionlp
    except ImportError:
        sys.exit("jionlp is not installed here: pip install jionlp, in an environment of its own")
    logging.disable(logging.CRITICAL)
    return jionlp


def _document() -> str:
    return DOCUMENT.read_text("utf-8") if DOCUMENT.exists() else ""


def _theirs(jio: Any, one: Expression) -> str:
    """What jionlp makes of it: a day, 'recurring', 'relative', 'from DAY' without an end, or ''."""
    issued = one.context.issued_on or date(2026, 1, 1)
    base = {"year": issued.year, "month": issued.month, "day": issued.day}
    try:
        found = jio.parse_time(one.text, time_base=base)
    except Exception:  # its errors are of many kinds; all mean that it could not
        return ""
    if not found:
        return ""
    if found["type"] in ("time_period", "time_delta"):
        return "recurring" if found["type"] == "time_period" else "relative"
    first, last = found["time"]
    return str(last)[:10] if str(last)[:1].isdigit() else f"from {str(first)[:10]}"


def _verdict(one: Expression, theirs: str) -> str:
    if not theirs:
        return SAME if one.kind in _NO_DAY else CANNOT
    if one.kind in _DAYS:
        return SAME if theirs == str(one.due_on) else "differs"
    return SAME if theirs == one.kind else "differs"


def _shown(one: Expression) -> str:
    day = one.due_on or one.proposed
    return " ".join(filter(None, [one.kind, f"{'?' if one.proposed else ''}{day or ''}"]))


if __name__ == "__main__":
    sys.exit(main())
