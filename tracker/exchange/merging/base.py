"""The base of an export: what every cell said, kept a thousand tasks at a time.

`Export.base` is one byte of form and the blocks, each after its length: a block is made, kept, read
and compared by itself, however large the plan is. A base of before that was one packed object.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tracker.exchange.merging.fields import Of
from tracker.exchange.merging.merge import Cell, Said
from tracker.exchange.merging.saying import PART_KEYS, TASK_KEYS, of_part, of_task, value_of
from tracker.exchange.rows import TaskLine
from tracker.packing import pack, unpack

FORM = b"\x01"
_LENGTH = 4
_LETTERS = {Of.TASK: "t", Of.PART: "p"}
Texts = tuple[str, ...]


@dataclass
class Block:
    """What the cells of some tasks showed: by the task's id in the order of `TASK_KEYS`, by the part's in
    that of `PART_KEYS`. `special` are cells whose text is not that of the field alone."""

    tasks: dict[int, Texts] = field(default_factory=dict)
    parts: dict[int, Texts] = field(default_factory=dict)
    task_of: dict[int, int] = field(default_factory=dict)
    """the task of each part"""
    special: dict[Cell, Said] = field(default_factory=dict)

    @cached_property
    def odd(self) -> set[int]:
        """Ids of tasks and parts with special cells; an id that both have is compared with care twice."""
        return {cell.ident for cell in self.special}

    def cell(self, cell: Cell) -> Said | None:
        """What a cell said; None for one that the export did not have."""
        if (special := self.special.get(cell)) is not None:
            return special
        keys, rows = (TASK_KEYS, self.tasks) if cell.of is Of.TASK else (PART_KEYS, self.parts)
        if cell.field not in keys or cell.ident not in rows:
            return None
        shown = rows[cell.ident][keys.index(cell.field)]
        return Said(shown, value_of(cell.field, shown))

    def texts(self, of: Of, ident: int) -> Texts:
        """What the cells of a task or a part showed."""
        return self.tasks[ident] if of is Of.TASK else self.parts[ident]

    def said(self) -> Iterator[tuple[Cell, Said]]:
        """Every cell."""
        for of, keys, rows in ((Of.TASK, TASK_KEYS, self.tasks), (Of.PART, PART_KEYS, self.parts)):
            for ident, texts in rows.items():
                for key, text in zip(keys, texts, strict=True):
                    yield Cell(of, ident, key), Said(text, value_of(key, text))
        yield from self.special.items()


class Writer:
    """Gathers the base of an export while its workbook is made."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self.tasks = 0

    def add(self, lines: Sequence[TaskLine], special: Mapping[Cell, Said] | None = None) -> None:
        """One more block."""
        self.tasks += len(lines)
        parts = [part for line in lines for part in line.parts]
        told: dict[str, Any] = {
            "t": [line.task.id for line in lines],
            "p": [part.assignment.id for part in parts],
            "of": [part.assignment.task_id for part in parts],
            "task": _columns(map(of_task, lines)),
            "part": _columns(map(of_part, parts)),
            "special": [[_LETTERS[c.of], c.ident, c.field, *s] for c, s in (special or {}).items()],
        }
        packed = pack(told)
        self._blocks += [len(packed).to_bytes(_LENGTH, "big"), packed]

    def packed(self) -> bytes:
        """What `Export.base` keeps."""
        return FORM + b"".join(self._blocks)


def _columns(rows: Iterable[Texts]) -> list[Texts]:
    return list(zip(*rows, strict=True))


def blocks(base: bytes) -> Iterator[Block]:
    """The blocks of an export's base, one by one."""
    if base[:1] != FORM:
        yield _earlier(base)
        return
    at = 1
    while at < len(base):
        begin = at + _LENGTH
        at = begin + int.from_bytes(base[at:begin], "big")
        yield _block(unpack(base[begin:at]))


def _block(told: Mapping[str, Any]) -> Block:
    of = {letter: kind for kind, letter in _LETTERS.items()}
    return Block(
        dict(zip(told["t"], zip(*told["task"], strict=True), strict=True)),
        dict(zip(told["p"], zip(*told["part"], strict=True), strict=True)),
        dict(zip(told["p"], told["of"], strict=True)),
        {Cell(of[letter], ident, key): Said(*said)
         for letter, ident, key, *said in told["special"]},
    )  # fmt: skip


def _earlier(base: bytes) -> Block:
    """A base of before the blocks: every cell by itself, as [shown, value] where they differ."""
    found, block = unpack(base), Block()
    for of, keys, rows in ((Of.TASK, TASK_KEYS, block.tasks), (Of.PART, PART_KEYS, block.parts)):
        for ident, fields in found.get(_LETTERS[of], {}).items():
            said = {k: Said(v, v) if isinstance(v, str) else Said(*v) for k, v in fields.items()}
            rows[int(ident)] = tuple(said[key].value if key in said else "" for key in keys)
            block.special.update(
                (Cell(of, int(ident), key), one)
                for key, one in said.items()
                if key not in keys or one.shown != one.value
            )
    return block


def unpacked(base: bytes) -> dict[Cell, Said]:
    """Every cell of a base."""
    return {cell: said for block in blocks(base) for cell, said in block.said()}
