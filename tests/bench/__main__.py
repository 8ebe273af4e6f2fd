"""make bench: speed as ratios beside references measured in the same run.

Everything happens in a temporary folder and on loopback; nothing is left behind.
"""

import argparse
import tempfile
import time
from datetime import date
from pathlib import Path

from tests.bench import exporting, importing, mailing, merging, pages, small_plan, storing, world
from tests.bench.measure import Pace, say

PARTS = ("import", "store", "export", "merge", "pages", "mail")


def main() -> None:
    asked = _asked()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as name:
        tempfile.tempdir = name
        Path(name).chmod(0o711)  # PostgreSQL runs as another account where we are root
        _run(Path(name), asked)
    say(f"{time.monotonic() - begun:.0f} s in all. Ratios travel between machines, times do not.")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1k rows and 10k assignments only")
    parser.add_argument("--once", action="store_true", help="quick, and nothing measured twice")
    parser.add_argument("--rows", type=int, nargs="+", help="rows of the workbooks")
    parser.add_argument("--assignments", type=int, nargs="+", help="sizes of the base")
    parser.add_argument("--rounds", type=int, default=100, help="requests to each page")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--no-django", action="store_true", help="do not install the reference")
    asked = parser.parse_args()
    Pace.once, asked.quick = asked.once, asked.quick or asked.once
    if asked.quick:
        asked.rounds, asked.no_django = Pace.rounds(15), True
    asked.rows = asked.rows or ([1_000] if asked.quick else [1_000, 10_000, 100_000])
    asked.assignments = asked.assignments or (
        [10_000] if asked.quick else [10_000, 100_000, 1_000_000]
    )
    return asked


def _run(folder: Path, asked: argparse.Namespace) -> None:
    if "import" in asked.only:
        importing.run(folder, sorted(asked.rows), django=not asked.no_django)
    if "store" in asked.only:
        storing.run(folder, _tasks(asked))
    if "export" in asked.only:
        exporting.run(folder, sorted(asked.rows))
    if "merge" in asked.only:
        merging.run(folder, sorted(asked.rows))
    if {"pages", "mail"} & set(asked.only):
        worlds = _worlds(folder, sorted(asked.assignments))
    elif "import" in asked.only:
        worlds = _worlds(folder, [max(asked.assignments)])
    if "import" in asked.only:
        small_plan.run(folder, worlds[max(worlds)], max(worlds))
    if {"pages", "mail"} & set(asked.only):
        if "pages" in asked.only:
            pages.run(worlds, rounds=asked.rounds)
        if "mail" in asked.only:
            mailing.run(worlds)


def _tasks(asked: argparse.Namespace) -> int:
    if asked.once:
        return 100
    return 1_000 if asked.quick else 10_000


def _worlds(folder: Path, sizes: list[int]) -> dict[int, world.World]:
    worlds = {}
    for size in sizes:
        home = folder / f"world-{size}"
        home.mkdir()
        worlds[size] = world.make(home, size, today=date.today())  # noqa: DTZ011  the server's too
    return worlds


if __name__ == "__main__":
    main()
