"""Marks gone astray: somebody sorted some columns of a table and not the others, and a row's mark no
longer stands beside its own task. What such a row says would be written to another task."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from tracker.exchange.cells import held
from tracker.exchange.merging.base import blocks
from tracker.exchange.merging.fields import Of, as_seen
from tracker.exchange.merging.found import Found, Row, Table
from tracker.exchange.merging.merge import Change, Kind
from tracker.exchange.merging.rowmark import KEY_LENGTH
from tracker.exchange.merging.saying import PART_KEYS, TASK_KEYS
from tracker.intake.alike import folded

ASTRAY = "这一行的行标识和任务对不上，像是只给一部分列排了序。请整行排序，或者重新导出再填。"
FEWEST_LETTERS = 4
"""A shorter text stands inside others by chance."""
_TEXT, _DEPARTMENT = TASK_KEYS.index("text"), PART_KEYS.index("department")
_IDENTITY = ("text", "department")


def drop(found: Found, base: bytes, key: str) -> None:
    """Take rows beside the plan's own layout out of `found` that show another task's text and not
    their own; their places go into `found.astray`. What the tables kept for this is let go."""
    tables = [table for table in found.tables.get(key[:KEY_LENGTH], ()) if table.beside]
    if not tables:
        return
    texts = {
        task: folded(said[_TEXT]) for block in blocks(base) for task, said in block.tasks.items()
    }
    others = {text: task for task, text in texts.items() if len(text) >= FEWEST_LETTERS}
    for table in tables:
        astray = [row for row in table.rows if _shows_another(table, row, texts, others)]
        gone = {row.number for row in astray}
        table.rows = [row for row in table.rows if row.number not in gone]
        found.astray += [table.place(row) for row in astray]
        table.beside = {}


def _shows_another(
    table: Table, row: Row, texts: Mapping[int, str], others: Mapping[str, int]
) -> bool:
    own = texts.get(row.mark.task, "")
    cells = [folded(text) for text in table.beside.get(row.number, ())]
    if not own or any(own in cell for cell in cells):
        return False
    return any(text in cell for cell in cells if cell for text in others if text != own)


def told(
    changes: list[Change], tables: Iterable[Table], base: bytes
) -> tuple[list[Change], list[str]]:
    """The changes, those of rows with the words of another task of the export, or with the words and
    department of another row, made invalid; and the places of these rows."""
    suspects = _suspects(changes, tables)
    if not suspects:
        return changes, []
    known = _rows_of(base)
    astray = [one for one in suspects if _is_another(*one, known)]
    sources = {table.source(row, key) for table, row in astray for key in table.columns}
    return [
        replace(one, kind=Kind.INVALID, reason=ASTRAY)
        if one.source in sources and one.kind in (Kind.THEIRS, Kind.CONFLICT)
        else one
        for one in changes
    ], [table.place(row) for table, row in astray]


def _suspects(
    changes: Iterable[Change], tables: Iterable[Table]
) -> list[tuple[Table, Row]]:  # fmt: skip
    """The rows of tasks whose words or departments the file has otherwise."""
    cells = [
        one.cell for one in changes
        if one.cell.field in _IDENTITY and one.kind not in (Kind.OURS, Kind.SAME)
    ]  # fmt: skip
    if not cells:
        return []
    tasks = {cell.ident for cell in cells if cell.of is Of.TASK}
    parts = {cell.ident for cell in cells if cell.of is Of.PART}
    return [
        (table, row)
        for table in tables
        if set(_IDENTITY) <= table.columns.keys()
        for row in table.rows
        if row.mark.part in parts or row.mark.task in tasks
    ]


class Known(NamedTuple):
    """What the export said: tasks by their texts, and (task, part) by text and department."""

    tasks: Mapping[str, Collection[int]]
    rows: Mapping[tuple[str, str], Collection[tuple[int, int]]]


def _rows_of(base: bytes) -> Known:
    tasks: dict[str, set[int]] = defaultdict(set)
    rows: dict[tuple[str, str], set[tuple[int, int]]] = defaultdict(set)
    for block in blocks(base):
        texts = {task: _seen(said[_TEXT]) for task, said in block.tasks.items()}
        for task, text in texts.items():
            tasks[text].add(task)
        for part, said in block.parts.items():
            task = block.task_of[part]
            rows[texts[task], _seen(said[_DEPARTMENT])].add((task, part))
    return Known(tasks, rows)


def _seen(text: str) -> str:
    return as_seen(held(text))


def _is_another(table: Table, row: Row, known: Known) -> bool:
    texts = dict(zip(table.columns, row.texts, strict=True))
    text = as_seen(texts["text"])
    tasks = known.tasks.get(text, ())
    if tasks and row.mark.task not in tasks:
        return True
    owners = known.rows.get((text, as_seen(texts["department"])), ())
    return bool(owners) and (row.mark.task, row.mark.part) not in owners
