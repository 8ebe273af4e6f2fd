"""(h) Ledgers out, beside CSV of the same query and XlsxWriter."""

from pathlib import Path

from tests.bench import outgoing
from tests.bench.measure import Line, Pace, Work, python, say, show

OUTGOING = "tests.bench.outgoing"
WAYS = ("a_ledger", "our_csv", "bare_csv", "xlsxwriter")


def run(folder: Path, sizes: list[int]) -> None:
    """Print the lines of (h)."""
    say(
        "Export: a ledger of one row a task, twenty columns, its base and its hidden sheet included"
    )
    for rows in sizes:
        home = folder / f"out-{rows}"
        outgoing.prepare(home, rows)
        best = _best(home, 3 if rows < 100_000 else 2)
        large = rows >= 100_000
        show(Line(f"export {rows:,} rows", best["a_ledger"] / best["bare_csv"],
                  "CSV of the same query", 5 if large else None))  # fmt: skip
        show(Line("  times faster", best["xlsxwriter"] / best["a_ledger"], "XlsxWriter constant_memory",
                  4 if large else None, at_least=True))  # fmt: skip
        show(Line("  as CSV", best["our_csv"] / best["bare_csv"], "CSV of the same query"))
        peak = python(OUTGOING, "a_ledger", str(home), watched=True).peak
        show(Line("  peak memory", peak, "the process", None, "MB"))


def _best(home: Path, rounds: int) -> dict[str, float]:
    seen: dict[str, list[Work]] = {way: [] for way in WAYS}
    for _ in range(Pace.rounds(rounds)):
        for way in WAYS:
            seen[way].append(python(OUTGOING, way, str(home)))
    return {way: min(work.seconds for work in works) for way, works in seen.items()}
