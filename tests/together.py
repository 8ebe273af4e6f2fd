"""Several at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
PATIENCE = 10
"""Seconds that one waits for the others: a test that waits in vain fails, it does not hang."""


def at_once(*deeds: Callable[[], Answer]) -> list[Answer]:
    """What each deed answers; each has a thread of its own, and all start together."""
    start = threading.Barrier(len(deeds), timeout=PATIENCE)

    def run(deed: Callable[[], Answer]) -> Answer:
        start.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def meeting(look: Callable[Given, Answer], callers: int) -> Callable[Given, Answer]:
    """`look`, but nobody goes on with its answer before so many have looked."""
    met = threading.Barrier(callers, timeout=PATIENCE)

    def look_and_wait(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        found = look(*args, **kwargs)
        met.wait()
        return found

    return look_and_wait
