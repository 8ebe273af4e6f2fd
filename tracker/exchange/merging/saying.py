"""What the tracker says in each cell that may come back, as an export's base keeps it and as it is now."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tracker.exchange.merging.fields import Of, value_of
from tracker.exchange.merging.merge import Cell, Said
from tracker.exchange.rows import ROLE_WORDS, STATE_WORDS, PartLine, TaskLine
from tracker.packing import pack, unpack

_LETTERS = {Of.TASK: "t", Of.PART: "p"}


def values(lines: Iterable[TaskLine]) -> dict[Cell, str]:
    """The value of every cell, in the spelling in which it is compared."""
    return dict(_all(lines))


def _all(lines: Iterable[TaskLine]) -> Iterator[tuple[Cell, str]]:
    for line in lines:
        for key, text in task_texts(line).items():
            yield Cell(Of.TASK, line.task.id or 0, key), value_of(key, text)
        for part in line.parts:
            for key, text in part_texts(part).items():
                yield Cell(Of.PART, part.assignment.id or 0, key), value_of(key, text)


def task_texts(line: TaskLine) -> dict[str, str]:
    """A task's own cells."""
    points = line.task.points
    return {"text": line.task.text, "points": "" if points is None else str(points)}


def part_texts(part: PartLine) -> dict[str, str]:
    """The cells of one department's part."""
    row = part.assignment
    return {
        "due_on": row.due_on.isoformat() if row.due_on else "",
        "department": part.department,
        "role": ROLE_WORDS[row.role],
        "state": STATE_WORDS[row.state],
        "percent": f"{row.percent}%",
        "progress": part.progress,
        "difficulties": part.difficulties,
        "next_step": part.next_step,
        "done_on": row.completed_on.isoformat() if row.completed_on else "",
        "evidence": "\n".join(part.evidence),
    }


def packed(said: Mapping[Cell, Said]) -> bytes:
    """The base of an export."""
    found: dict[str, dict[str, dict[str, Any]]] = {letter: {} for letter in _LETTERS.values()}
    for (of, ident, field), (shown, value) in said.items():
        own = found[_LETTERS[of]].setdefault(str(ident), {})
        own[field] = value if shown == value else [shown, value]
    return pack(found)


def unpacked(base: bytes) -> dict[Cell, Said]:
    """What `packed` was given."""
    found = unpack(base)
    return {
        Cell(of, int(ident), field): Said(one, one) if isinstance(one, str) else Said(*one)
        for of, letter in _LETTERS.items()
        for ident, fields in found.get(letter, {}).items()
        for field, one in fields.items()
    }
