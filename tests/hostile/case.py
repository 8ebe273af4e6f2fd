"""A hostile file: how it is made, and what must become of it. Nothing of the kind is kept on disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from importers import Reading

Make = Callable[[], bytes]
Fault = Callable[[Reading], str]
"""What is wrong about a reading, '' if it is as it should be."""


@dataclass(frozen=True)
class Case:
    """`codes`: the refusals that are right; empty where the file must be read, and `fault` judges."""

    name: str
    about: str
    make: Make
    codes: tuple[str, ...] = ()
    place: str = ""
    fault: Fault | None = None
    filename: str = "来文.xlsx"

    @property
    def theme(self) -> str:
        """The module it stands in."""
        return self.name.partition(".")[0]


CASES: dict[str, Case] = {}


def refused(*codes: str, place: str = "", filename: str = "来文.xlsx") -> Callable[[Make], Make]:
    """The file is refused with one of these codes; the message names this place."""
    return _case(codes=codes, place=place, filename=filename)


def reads(fault: Fault, *, filename: str = "来文.xlsx") -> Callable[[Make], Make]:
    """The file is read, and `fault` finds nothing wrong."""
    return _case(fault=fault, filename=filename)


def _case(**said: Any) -> Callable[[Make], Make]:
    def named(make: Make) -> Make:
        name = f"{make.__module__.rpartition('.')[2]}.{make.__name__}"
        if name in CASES:
            raise ValueError(f"two files are called {name}")
        CASES[name] = Case(name, (make.__doc__ or "").strip(), make, **said)
        return make

    return named


class Net:
    """Where a file that calls home would call: set by who listens."""

    port = 9

    @classmethod
    def address(cls) -> str:
        """'http://127.0.0.1:9'."""
        return f"http://127.0.0.1:{cls.port}"


def tasks(*texts: str) -> Fault:
    """Exactly these tasks are read."""

    def fault(reading: Reading) -> str:
        found = tuple(task.text for task in reading.tasks)
        return "" if found == texts else f"tasks {found}"

    return fault


def count(number: int) -> Fault:
    """So many tasks are read."""
    return lambda reading: "" if len(reading.tasks) == number else f"{len(reading.tasks)} tasks"


def tells(*codes: str) -> Fault:
    """These problems are told, whatever else is."""

    def fault(reading: Reading) -> str:
        found = {problem.code for problem in reading.problems}
        return "" if found >= set(codes) else f"told only {sorted(found)}"

    return fault


def no_plan(reading: Reading) -> str:
    """Nothing on it is a plan, and it says why."""
    wrong = [t.kind for t in reading.tables if t.kind != "not_a_plan" or not t.reason]
    return f"read as {wrong}" if wrong else ""


def every(*faults: Fault) -> Fault:
    """All of these hold."""
    return lambda reading: "; ".join(found for fault in faults if (found := fault(reading)))
