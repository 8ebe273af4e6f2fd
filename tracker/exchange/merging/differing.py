"""What the rows of a file say otherwise than the export said. Most rows say the same and are compared
whole: only a cell that differs becomes an object. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from tracker.exchange.merging.base import Block, Texts, blocks
from tracker.exchange.merging.fields import BY_KEY, Of
from tracker.exchange.merging.found import Row, Table, cell_of
from tracker.exchange.merging.merge import Cell, Said, Written
from tracker.exchange.merging.pairing import Pair
from tracker.exchange.merging.saying import KEYS, PART_KEYS, TASK_KEYS, value_of

_KEYS = (*TASK_KEYS, *PART_KEYS)
_LAST = 1 << 30

Order = tuple[int, int, int]
"""Where a cell stands in the file: table, row, column."""


class Speaks(NamedTuple):
    """The first row that speaks for a task or part, and for which of its fields: a marked one, or what is
    `written` in one without a mark."""

    order: Order
    keys: Collection[str]
    table: Table | None = None
    row: Row | None = None
    written: Mapping[str, Written] = {}

    @property
    def place(self) -> str:
        """Where the row stands."""
        if self.table is not None and self.row is not None:
            return self.table.place(self.row)
        return next(iter(self.written.values())).source

    def cell(self, key: str) -> tuple[Order, str]:
        """Where a field's cell stands."""
        if self.table is not None and self.row is not None:
            order = self.order[0], self.order[1], self.table.columns[key]
            return order, self.table.source(self.row, key)
        return self.order, self.written[key].source


@dataclass
class OfTask:
    """What the rows of one task say: cells that differ, in the order of the file, with what the export
    said; who speaks for the task and its parts; rows of parts that the export never had."""

    differing: dict[Cell, tuple[Said, Order, list[Written]]] = field(default_factory=dict)
    speaks: dict[tuple[Of, int], Speaks] = field(default_factory=dict)
    foreign: list[str] = field(default_factory=list)
    special: set[Cell] = field(default_factory=set)

    @property
    def cells(self) -> int:
        """How many cells of the export the rows show."""
        return len(self.special) + sum(len(one.keys) for one in self.speaks.values())

    def differs(self, cell: Cell, said: Said, order: Order, written: Written) -> None:
        """One more row says it otherwise."""
        self.differing.setdefault(cell, (said, order, []))[2].append(written)


class _Shape:
    """How a table's columns stand to the texts of a base."""

    def __init__(self, number: int, table: Table) -> None:
        self.number, self.table = number, table
        self.keys = list(table.columns)
        self.of_task = [key for key in self.keys if BY_KEY[key].of is Of.TASK]
        self.of_part = [key for key in self.keys if BY_KEY[key].of is Of.PART]
        self.is_full = len(self.keys) == len(_KEYS)
        places = [_KEYS.index(key) for key in self.keys]
        self.pick: Callable[[Texts], Texts] = (
            itemgetter(*places)
            if len(places) > 1
            else lambda texts: tuple(texts[p] for p in places)
        )

    def order(self, row: Row, key: str) -> Order:
        return self.number, row.number, self.table.columns[key]


class Rows:
    """The rows of one export in a file, by their tasks: those with a mark, and pairs without one."""

    def __init__(self, tables: Iterable[Table], pairs: Sequence[Pair] = ()) -> None:
        self._marked: dict[int, list[tuple[_Shape, Row]]] = {}
        self._pairs: dict[int, list[Pair]] = {}
        for shape in (_Shape(number, table) for number, table in enumerate(tables)):
            for row in shape.table.rows:
                self._marked.setdefault(row.mark.task, []).append((shape, row))
        for pair in pairs:
            self._pairs.setdefault(pair.task, []).append(pair)

    def tasks(self) -> set[int]:
        """The tasks that the file is about."""
        return {*self._marked, *self._pairs}

    def foreign(self, tasks: Iterable[int]) -> Iterator[str]:
        """The places of marked rows of these tasks."""
        for task in tasks:
            for shape, row in self._marked.get(task, ()):
                yield shape.table.place(row)

    def quiet(self, block: Block, task: int) -> list[int] | None:
        """The parts of a task whose rows all say what the export said, each in one row; None where any
        row needs a closer look. Most tasks of most files are."""
        parts: list[int] = []
        if task in self._pairs or task in block.odd:
            return None
        own = block.tasks[task]
        for shape, row in self._marked[task]:
            part = row.mark.part
            said = block.parts.get(part)
            if said is None or part in block.odd or part in parts:
                return None
            if not shape.is_full or shape.pick(own + said) != row.texts:
                return None
            parts.append(part)
        return parts

    def against(self, block: Block, task: int) -> OfTask:
        """What the rows of a task say beside what the export said."""
        found = OfTask()
        for shape, row in self._marked.get(task, ()):
            _compare(block, shape, row, found)
        for pair in self._pairs.get(task, ()):
            _supposed(block, pair, found)
        return found


def _supposed(block: Block, pair: Pair, found: OfTask) -> None:
    """A row without a mark, behind those with one."""
    own: dict[tuple[Of, int], dict[str, Written]] = {}
    for cell, written in pair.cells().items():
        said = block.cell(cell)
        if said is None:
            continue
        if cell.field in KEYS[cell.of]:
            own.setdefault((cell.of, cell.ident), {})[cell.field] = written
        if written.text != said.shown:
            found.differs(cell, said, (_LAST, 0, 0), written)
    for key, cells in own.items():
        found.speaks.setdefault(key, Speaks((_LAST, 0, 0), cells.keys(), written=cells))


def differences(base: bytes, rows: Rows) -> Iterator[tuple[Cell, Said, list[Written]]]:
    """Every cell that a file says otherwise than the export said, whatever is here now."""
    wanted = rows.tasks()
    for block in blocks(base):
        for task in block.tasks:
            if task in wanted:
                for cell, (said, _order, written) in rows.against(block, task).differing.items():
                    yield cell, said, written


def _compare(block: Block, shape: _Shape, row: Row, found: OfTask) -> None:
    task, part = row.mark.task, row.mark.part
    if (Of.TASK, task) not in found.speaks:
        order = shape.order(row, shape.keys[0]) if shape.keys else (shape.number, row.number, 0)
        found.speaks[Of.TASK, task] = Speaks(order, shape.of_task, shape.table, row)
    if part and part not in block.parts:
        found.foreign.append(shape.table.place(row))
    elif part:
        if (Of.PART, part) not in found.speaks:
            order = shape.order(row, shape.keys[0]) if shape.keys else (shape.number, row.number, 0)
            found.speaks[Of.PART, part] = Speaks(order, shape.of_part, shape.table, row)
        if task not in block.odd and part not in block.odd:
            told = shape.pick(block.tasks[task] + block.parts[part])
            if told != row.texts:
                _differing(shape, row, told, found)
            return
    _cell_by_cell(block, shape, row, found)


def _differing(shape: _Shape, row: Row, told: Texts, found: OfTask) -> None:
    for key, shown, text in zip(shape.keys, told, row.texts, strict=True):
        if text != shown:
            said, written = (
                Said(shown, value_of(key, shown)),
                Written(text, shape.table.source(row, key)),
            )
            found.differs(cell_of(row.mark, key), said, shape.order(row, key), written)


def _cell_by_cell(block: Block, shape: _Shape, row: Row, found: OfTask) -> None:
    for key, text in zip(shape.keys, row.texts, strict=True):
        cell = cell_of(row.mark, key)
        said = block.cell(cell)
        if said is None:
            continue
        if BY_KEY[key].of is not cell.of:
            found.special.add(cell)
        if text != said.shown:
            written = Written(text, shape.table.source(row, key))
            found.differs(cell, said, shape.order(row, key), written)
