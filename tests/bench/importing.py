"""(a) Reading and importing, (b) against django-import-export."""

from pathlib import Path

from tests.bench import django_reference
from tests.bench.measure import Line, Pace, Work, python, say, show
from tests.importers import big_workbook

READING = "tests.bench.reading"


def workbooks(folder: Path, sizes: list[int]) -> dict[int, Path]:
    """The workbooks by their rows, written once."""
    files = {rows: folder / f"plan-{rows}.xlsx" for rows in sizes}
    for rows, file in files.items():
        big_workbook.write(file, rows)
    return files


def run(folder: Path, sizes: list[int], *, django: bool) -> None:
    """Print the lines of (a) and (b)."""
    say("Import: closed upload → committed tasks, assignments, event; preflight and child included")
    files = workbooks(folder, sizes)
    ours: dict[int, Work] = {}
    for rows, file in files.items():
        ours[rows] = _against_readers(rows, file)
    if len(sizes) > 1:
        small, large = sizes[0], sizes[-1]
        per_row = ours[large].seconds / large / (ours[small].seconds / small)
        show(Line(f"cost per row, {large:,} rows", per_row, f"that at {small:,}", 1.3))
    if django:
        _against_django(files, ours)


def _against_readers(rows: int, file: Path) -> Work:
    large = rows >= 100_000
    rounds = 1 if large else Pace.rounds(3)
    seen: dict[str, list[Work]] = {}
    for _ in range(rounds):
        for way in ("ours", "openpyxl_read_only", "calamine", "unzip_and_expat", "openpyxl_full"):
            seen.setdefault(way, []).append(python(READING, way, str(file)))
    if large:
        seen["ours"].append(python(READING, "ours", str(file)))
    best = {way: min(works, key=lambda work: work.seconds) for way, works in seen.items()}
    ours = best.pop("ours")
    bars = {"openpyxl_full": 1 / 20, "openpyxl_read_only": 0.7}
    for way, work in best.items():
        bar = bars.get(way) if large else None
        show(Line(f"import {rows:,} rows", ours.seconds / work.seconds, way.replace("_", " "), bar))
    show(
        Line(
            f"  peak memory, {rows:,} rows",
            python(READING, "ours", str(file), watched=True).peak,
            "all processes",
            300 if large else None,
            "MB",
        )
    )
    return ours


def _against_django(files: dict[int, Path], ours: dict[int, Work]) -> None:
    say("The same rows into django-import-export, departments as many-to-many")
    try:
        reference = django_reference.install()
    except django_reference.NoRegistry as why:
        say(f"SKIPPED: django-import-export could not be installed ({why})")
        return
    for rows in (rows for rows in files if rows <= 10_000):
        took = django_reference.seconds(reference, files[rows])
        bar = 40 if rows == 10_000 else None
        show(Line(f"import {rows:,} rows, times faster", took / ours[rows].seconds,
                  "django-import-export", bar, at_least=True))  # fmt: skip
