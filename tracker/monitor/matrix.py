"""The responsibility matrix: tasks down, departments across, ● leads and ○ helps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.plans.light import light_of


@dataclass(frozen=True)
class Mark:
    """One cell: the role and the light of that part."""

    role: str
    light: str


@dataclass(frozen=True)
class Matrix:
    """`departments` are the columns (id, short name); `cells` by task and department."""

    departments: list[tuple[int, str]]
    cells: dict[tuple[int, int], Mark]


def matrix(parts: Mapping[int, Sequence[Any]], *, today: date) -> Matrix:
    """The matrix of some tasks, given each task's parts as `listing.parts_of` lists them.

    The columns are the departments that have a part in them, in the directory's order.
    """
    found = [part for mine in parts.values() for part in mine]
    found.sort(key=lambda part: (part.position, part.department_id))
    columns = {part.department_id: part.short_name or part.name for part in found}
    cells = {(part.task_id, part.department_id): _mark(part, today) for part in found}
    return Matrix(list(columns.items()), cells)


def _mark(part: Any, today: date) -> Mark:
    light = light_of(done=part.done, due_on=part.due_on, today=today)
    return Mark(str(part.role), light.value)
