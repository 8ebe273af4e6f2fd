"""What is added beside the plan's own table: the status columns, what they say, and the rows' marks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tracker.exchange.cells import Value
from tracker.exchange.ledger import FILLS
from tracker.exchange.merging import rowmark
from tracker.exchange.rows import LIGHT_WORDS, ROLE_WORDS, STATE_WORDS, PartLine, TaskLine
from tracker.plans.light import Light


class Column(NamedTuple):
    """An added column: its heading, width in characters, field, and how its cells look."""

    title: str
    width: float
    field: str = ""
    horizontal: str = "center"
    number_format: str = "General"


ADDED = (
    Column("灯", 10),
    Column("状态", 18, "state"),
    Column("完成比例", 9, "percent", number_format="0%"),
    Column("进展情况", 36, "progress", "left"),
    Column("存在困难", 22, "difficulties", "left"),
    Column("下一步计划", 22, "next_step", "left"),
    Column("办结日期", 12, "done_on", number_format="yyyy-mm-dd"),
    Column("佐证材料", 20, "evidence", "left"),
)
MARKS = Column(rowmark.HEADER, 4)
"""The hidden column behind them."""


@dataclass(frozen=True)
class Placed:
    """A table of the file: its sheet, its first row with titles, header rows, the last column that was
    read as its own and the last that holds anything; where each task's line begins and ends (from 1)."""

    sheet: str
    top: int
    header: tuple[int, int]
    reaches: int
    last_column: int
    rows: Mapping[int, TaskLine]
    ends: Mapping[int, int]


def last_row(table: Placed) -> int:
    """The last row of the table's tasks."""
    return max([table.header[1], *table.ends.values()])


def open_columns(last_column: int) -> dict[str, int]:
    """Where the added columns that a department fills in stand, by their field."""
    return {column.field: last_column + n for n, column in enumerate(ADDED, 1) if column.field}


def fill_of(line: TaskLine) -> str:
    """The colour behind a row's light, six digits."""
    return FILLS[_light(line)]


def _light(line: TaskLine) -> Light:
    return line.parts[0].light if len(line.parts) == 1 else line.light


def mark_of(line: TaskLine, key: str) -> rowmark.RowMark:
    """The mark of a row: of its only part, or of the task where it has several or none."""
    (part,) = line.parts if len(line.parts) == 1 else (None,)
    return rowmark.of_row(
        rowmark.Form.ORIGINAL, key, line.task.id or 0, (part and part.assignment.id) or 0
    )


def shown(line: TaskLine) -> dict[str, str]:
    """What the added columns of a row with several departments say, by field, as text."""
    texts = dict(zip((column.field for column in ADDED), values(line), strict=True))
    texts["percent"] = f"{round(texts['percent'] * 100)}%"
    texts["done_on"] = texts["done_on"].isoformat() if texts["done_on"] else ""
    return {field: text for field, text in texts.items() if field}


def values(line: TaskLine) -> list[Value]:
    """What the added columns say of a task, the percentage as a share."""
    parts = line.leading
    states = [STATE_WORDS[p.assignment.state] for p in parts]
    if len(line.parts) > 1 and len(set(states)) > 1:
        states = [f"{p.department}：{STATE_WORDS[p.assignment.state]}" for p in parts]
    elif states:
        states = states[:1]
    waiting = [f"待定：{'、'.join(line.unresolved)}"] if line.unresolved else []
    percent = min((p.assignment.percent for p in parts), default=0) / 100
    done = line.task.completed_on
    return [
        LIGHT_WORDS[_light(line)], "\n".join(states + waiting), percent,
        _told(line, lambda part: part.progress), _told(line, lambda part: part.difficulties),
        _told(line, lambda part: part.next_step), done,
        _told(line, lambda part: "\n".join(part.evidence)),
    ]  # fmt: skip


def _told(line: TaskLine, of: Callable[[PartLine], str]) -> str:
    """What the row's departments say, each named where there are several."""
    if len(line.parts) == 1:
        return of(line.parts[0])
    return "\n".join(
        f"{part.department}（{ROLE_WORDS[part.assignment.role]}）：{of(part)}"
        for part in line.parts
        if of(part)
    )
