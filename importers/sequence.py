"""Looks along the numbers of a table for one that stands twice, one that is missing, and 1.10 that
became 1.1. It only tells: which row is wrong no reader can know."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from importers.problems import Problem
from importers.spread import Spread

_NUMBER = re.compile(r"[(\[【]?(?:No\.?)?((?:\d{1,3}[.\-])*)(\d{1,5})[)\]】、.,]?", re.IGNORECASE)
_DENSE = 0.7
"""A run with fewer of its numbers than this is an excerpt of a longer list: nothing is missing."""
_FEW = 3
"""Of so many rows one may repeat a number; where more do, rows share their numbers on purpose."""
_MOST_TOLD = 20


@dataclass(slots=True)
class _Run:
    """Numbers that count on: (number, row), in the order of the rows."""

    stem: str
    outline: object
    found: list[tuple[int, int]] = field(default_factory=list)
    counts_on: bool = True


def look_along(spread: Spread, column: int, tasks: Iterable[list[Any]]) -> list[Problem]:
    """The notices about the numbers of tasks (plain, in order) in this column."""
    around = _Around(spread, column)
    told = [problem for run in _runs(tasks, around) for problem in around.judge(run)]
    return told[:_MOST_TOLD]


def _runs(tasks: Iterable[list[Any]], around: _Around) -> list[_Run]:
    """Numbers under one stem (1. of 1.1, 1.2) that have not begun again; none without a fault."""
    runs: list[_Run] = []
    last: dict[str, _Run] = {}
    before, following, plain = -1, "", None
    for task in tasks:
        text = task[2]
        if plain and text == following:
            before += 1
            following = str(before + 1)
            plain.found.append((before, task[1] - 1))
            plain.outline = task[3]
            continue
        split = _split(text)
        if split is None or not around.is_own(task[1] - 1):
            continue
        stem, number = split
        run = last.get(stem)
        if run is None or _begins_again(run, number, task[3]):
            run = last[stem] = _Run(stem, task[3])
            runs.append(run)
        run.counts_on = run.counts_on and (not run.found or number == run.found[-1][0] + 1)
        run.outline = task[3]
        run.found.append((number, task[1] - 1))
        before, following, plain = number, str(number + 1), None if stem else run
    return [run for run in runs if not run.counts_on]


def _begins_again(run: _Run, number: int, outline: object) -> bool:
    """Under another heading, or at 1; below a stem 1 may be what 1.10 became."""
    before = run.found[-1][0]
    if outline is not run.outline and outline != run.outline:
        return number <= before
    return number == 1 < before and not run.stem


def _split(text: str) -> tuple[str, int] | None:
    """('1.', 10) for '1.10', None for what is no number."""
    match = _NUMBER.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    return (match.group(1), int(match.group(2))) if match else None


class _Around:
    """The number column of a table."""

    def __init__(self, spread: Spread, column: int) -> None:
        self._spread, self._column = spread, column

    def is_own(self, row: int) -> bool:
        """Whether the row has a number of its own, none that is merged down into it."""
        return bool(self._spread.rows[row][self._column])

    def judge(self, run: _Run) -> Iterator[Problem]:
        """What is odd about one run; lists that are not in order say nothing."""
        yield from self._lost_zeros(run)
        numbers = [number for number, _ in run.found]
        if numbers == sorted(numbers):
            yield from self._repeated(run)
            yield from self._missing(run, numbers)

    def _lost_zeros(self, run: _Run) -> Iterator[Problem]:
        """1.1 that stands right behind 1.9 is 1.10, and is counted so further on."""
        for i in range(1, len(run.found) if run.stem else 0):
            (before, _), (number, row) = run.found[i - 1 : i + 1]
            if number * 10 == before + 1:
                run.found[i] = number * 10, row
                read, meant = f"{run.stem}{number}", f"{run.stem}{number}0"
                message = f"编号 {read} 排在 {run.stem}{before} 之后，像是 {meant} 丢了末尾的 0"
                yield Problem(self._at(row), "number_format", message, read, meant)

    def _repeated(self, run: _Run) -> Iterator[Problem]:
        pairs = list(zip(run.found, run.found[1:], strict=False))
        again = [(number, a, b) for (number, a), (other, b) in pairs if number == other]
        if len(again) * _FEW > len(run.found):
            return
        for number, first, second in again:
            said = f"{run.stem}{number}"
            message = f"编号 {said} 在第 {first + 1} 行和第 {second + 1} 行重复，请核对"
            yield Problem(self._at(second), "repeated_number", message, said)

    def _missing(self, run: _Run, numbers: list[int]) -> Iterator[Problem]:
        if len(set(numbers)) < _DENSE * (numbers[-1] - numbers[0] + 1):
            return
        for (before, first), (after, second) in zip(run.found, run.found[1:], strict=False):
            lost = sorted(set(range(before + 1, after)) - self._between(run.stem, first, second))
            if len(lost) > self._unnumbered(first, second):
                said = "、".join(f"{run.stem}{number}" for number in lost[:10])
                message = f"编号从 {run.stem}{before} 跳到 {run.stem}{after}，缺少 {said}，请核对"
                yield Problem(self._at(second), "missing_number", message, said)

    def _between(self, stem: str, first: int, second: int) -> set[int]:
        """Numbers that stand in the rows between two tasks, though these are no tasks."""
        texts = (row[self._column] for row in self._spread.rows[first + 1 : second])
        found = (split for text in texts if (split := _split(text)))
        return {number for own, number in found if own == stem}

    def _unnumbered(self, first: int, second: int) -> int:
        """Rows between two tasks that have text and no number."""
        rows = self._spread.rows[first + 1 : second]
        return sum(1 for row in rows if any(row) and not row[self._column])

    def _at(self, row: int) -> str:
        return self._spread.at(row, self._column)
