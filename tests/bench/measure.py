"""Measuring in turn: what is compared runs one after the other, again and again, on one machine."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent.parent
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Work:
    """What a piece of work took: seconds told by itself, and the most memory of all its processes
    at one moment, in MB (shared pages counted once)."""

    seconds: float
    peak: float


@dataclass(frozen=True)
class Line:
    """One line of the table. `value` is a ratio unless `unit` says otherwise; `bar` is what
    docs/performance.md asks for, and `at_least` whether more is better."""

    what: str
    value: float
    against: str
    bar: float | None = None
    unit: str = "x"
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """None where there is no bar."""
        if self.bar is None:
            return None
        return self.value >= self.bar if self.at_least else self.value <= self.bar


def show(line: Line) -> None:
    """Print a line at once: a long run is read while it goes on."""
    sign = {None: "    ", True: "met ", False: "MISS"}[line.met]
    bar = "" if line.bar is None else f"{'at least' if line.at_least else 'at most'} {line.bar:g}"
    figure = f"{line.value:.3g}" if line.value < 100 else f"{line.value:.0f}"
    print(
        f"{sign}  {line.what:<58} {figure:>8} {line.unit:<3} {bar:<14} {line.against}", flush=True
    )


def say(text: str) -> None:
    """A heading or a remark."""
    print(f"\n{text}", flush=True)


class Pace:
    """How often a thing is measured."""

    once = False
    """Everything once and no more: shows that the bench runs, not how quick anything is."""

    @classmethod
    def rounds(cls, wanted: int) -> int:
        """So many, or one."""
        return 1 if cls.once else wanted


def in_turn(rounds: int, **works: Callable[[], float]) -> dict[str, float]:
    """The median seconds of each, measured one after the other in every round."""
    seen: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(Pace.rounds(rounds)):
        for name, work in works.items():
            seen[name].append(work())
    return {name: median(times) for name, times in seen.items()}


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def python(
    module: str, *arguments: str, settings: Mapping[str, str] | None = None, watched: bool = False
) -> Work:
    """Run one of this package's scripts; its last line of output is JSON {"seconds": s}. Only a
    watched one has a peak: looking at large processes many times a second slows them."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, **(settings or {})},
    )  # fmt: skip
    watch = _Watch(process.pid) if watched else None
    output, _ = process.communicate(timeout=1800)
    peak = watch.stop() if watch else 0.0
    if process.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)} ended with {process.returncode}")
    return Work(float(json.loads(output.splitlines()[-1])["seconds"]), peak)


class _Watch:
    """Adds up the memory of a process and all below it, many times a second."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.peak = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(0.05):
            self.peak = max(self.peak, sum(map(_memory, _family(self.pid))) / MEGABYTE)

    def stop(self) -> float:
        self._ended.set()
        self._thread.join()
        return self.peak


def _family(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        try:
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        except OSError:
            continue
        found += map(int, children)
    return found


def _memory(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next(
        (int(row.split()[1]) * 1024 for row in text.splitlines() if row.startswith("Pss:")), 0
    )


@contextmanager
def listening(module: str, *arguments: str) -> Iterator[int]:
    """The port of one of this package's servers, which ends when its input closes."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.bench.{module}", *arguments],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None and process.stdin is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(timeout=10)
