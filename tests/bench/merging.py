"""(i) Workbooks that come back: a whole plan's, beside its import; a department each, together."""

import shutil
from pathlib import Path

from tests.bench import outgoing
from tests.bench.exporting import OUTGOING
from tests.bench.importing import READING
from tests.bench.measure import Line, Pace, python, say, show
from tests.importers import big_workbook


def run(folder: Path, sizes: list[int]) -> None:
    """Print the lines of (i)."""
    say("Merge: the whole plan's ledger comes back, one row in a hundred filled in")
    for rows in sizes:
        _whole(folder, rows)
    say(f"Collect: {outgoing.HANDS} departments' workbooks of {outgoing.ROWS_OF_ONE} rows")
    hands = outgoing.HANDS * (outgoing.ROWS_OF_ONE if not Pace.once else 3)
    home = folder / "hands"
    outgoing.prepare(home, hands)
    python(OUTGOING, "send_slices", str(home))
    looks = min(python(OUTGOING, "look", str(home)).seconds for _ in range(Pace.rounds(3)))
    show(Line("read and compare them", looks, "server time", None, "s"))
    writes = _collected(home, Pace.rounds(3))
    show(Line("  and write what they say", writes, "server time", 3, "s"))


def _whole(folder: Path, rows: int) -> None:
    home, file = folder / f"back-{rows}", folder / f"plan-back-{rows}.xlsx"
    outgoing.prepare(home, rows)
    big_workbook.write(file, rows)
    python(OUTGOING, "send_whole", str(home))
    imports, looks, writes = [], [], []
    for _ in range(Pace.rounds(1 if rows >= 100_000 else 2)):
        imports.append(python(READING, "ours", str(file)).seconds)
        looks.append(python(OUTGOING, "look", str(home)).seconds)
        writes.append(_collected(home, 1))
    bar = 1.5 if rows >= 100_000 else None
    show(Line(f"merge {rows:,} rows", min(writes) / min(imports), "importing as many", bar))
    show(Line("  without writing", min(looks) / min(imports), "importing as many"))


def _collected(home: Path, rounds: int) -> float:
    """The least seconds of writing; each time into a copy of the base."""
    seen = []
    for _ in range(rounds):
        copy = home.with_name(f"{home.name}-copy")
        shutil.copytree(home, copy)
        seen.append(python(OUTGOING, "collect", str(copy)).seconds)
        shutil.rmtree(copy)
    return min(seen)
