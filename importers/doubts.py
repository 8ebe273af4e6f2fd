"""What the reader doubts in one table, each thing once."""

from __future__ import annotations

from importers.problems import Problem


class Doubts:
    """Problems in the order they come. An object of its own, so that no reader of a table holds what
    holds it: in the child nothing looks for such rings, and one keeps the whole sheet in memory."""

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self._asked: set[tuple[str, str, str]] = set()

    def tell(self, problem: Problem) -> None:
        """Add it."""
        self.found.append(problem)

    def ask(self, problem: Problem) -> None:
        """Add it unless it is there: a merged cell is read in every row it covers."""
        key = _key(problem)
        if key not in self._asked:
            self._asked.add(key)
            self.found.append(problem)

    def take_back(self, count: int) -> None:
        """Forget all but the first `count`: what they are about is read again."""
        self._asked.difference_update(map(_key, self.found[count:]))
        del self.found[count:]


def _key(problem: Problem) -> tuple[str, str, str]:
    return problem.source, problem.code, problem.value or ""
