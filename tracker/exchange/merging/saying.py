"""What the tracker says in each cell that may come back, as it is now."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from tracker.exchange.merging.fields import FIELDS, Of, stored_value
from tracker.exchange.merging.merge import Cell
from tracker.exchange.rows import ROLE_WORDS, STATE_WORDS, PartLine, TaskLine

TASK_KEYS = tuple(field.key for field in FIELDS if field.of is Of.TASK)
PART_KEYS = tuple(field.key for field in FIELDS if field.of is Of.PART)
"""The fields in the order in which `of_task` and `of_part` say them."""
KEYS = {Of.TASK: TASK_KEYS, Of.PART: PART_KEYS}


def values(lines: Iterable[TaskLine]) -> dict[Cell, str]:
    """The value of every cell, in the spelling in which it is compared."""
    return dict(_all(lines))


def _all(lines: Iterable[TaskLine]) -> Iterator[tuple[Cell, str]]:
    for line in lines:
        for key, text in zip(TASK_KEYS, of_task(line), strict=True):
            yield Cell(Of.TASK, line.task.id, key), value_of(key, text)
        for part in line.parts:
            for key, text in zip(PART_KEYS, of_part(part), strict=True):
                yield Cell(Of.PART, part.assignment.id, key), value_of(key, text)


def of_task(line: TaskLine) -> tuple[str, ...]:
    """A task's own cells as they are shown."""
    points = line.task.points
    return line.task.text, "" if points is None else f"{points.normalize():f}"


def of_part(part: PartLine) -> tuple[str, ...]:
    """The cells of one department's part as they are shown."""
    row = part.assignment
    return (
        row.due_on.isoformat() if row.due_on else "", part.department, ROLE_WORDS[row.role],
        STATE_WORDS[row.state], f"{row.percent}%", part.progress, part.difficulties,
        part.next_step, row.completed_on.isoformat() if row.completed_on else "",
        "\n".join(part.evidence),
    )  # fmt: skip


def value_of(key: str, shown: str) -> str:
    """The value of a cell that shows this of ours; texts that recur are read once."""
    return _read(key, shown) if len(shown) < _SHORT else stored_value(key, shown)


_SHORT = 40


@lru_cache(maxsize=4096)
def _read(key: str, shown: str) -> str:
    return stored_value(key, shown)
