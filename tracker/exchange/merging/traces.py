"""What writing a workbook did to the rows of its tasks: kept, so that it can be taken back.

A trace is the difference between two pictures of all rows that hang on some tasks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from tracker.packing import pack, unpack
from tracker.plans.assignment import Assignment
from tracker.plans.task import Task, UnresolvedName
from tracker.work.completion import Completion
from tracker.work.evidence import Evidence
from tracker.work.extension import Extension
from tracker.work.handover import Handover
from tracker.work.receipt import Receipt
from tracker.work.report import Report

OF_TASK: tuple[type[SQLModel], ...] = (Task, Assignment, UnresolvedName)
OF_PART: tuple[type[SQLModel], ...] = (Receipt, Report, Completion, Extension, Handover, Evidence)
AT_ONCE = 500
"""Ids in one statement."""

Key = tuple[str, int]
"""A table's name and a row's id."""
Row = dict[str, Any]
Picture = dict[Key, Row]


@dataclass
class Trace:
    """`made` are rows that were not there, `changed` holds of each row the columns that changed: as
    they were, as they became."""

    made: list[Key] = field(default_factory=list)
    changed: dict[Key, dict[str, tuple[Any, Any]]] = field(default_factory=dict)


def picture(session: Session, task_ids: Sequence[int]) -> Picture:
    """All rows that hang on these tasks, as they stand in this transaction."""
    session.flush()
    found: Picture = {}
    for some in _some(sorted(set(task_ids))):
        _take(session, Task, col(Task.id).in_(some), found)
        for model in OF_TASK[1:]:
            _take(session, model, _column(model, "task_id").in_(some), found)
        own = select(Assignment.id).where(col(Assignment.task_id).in_(some))
        for model in OF_PART:
            _take(session, model, _column(model, "assignment_id").in_(own), found)
    return found


def _some(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _column(model: type[SQLModel], name: str) -> Any:
    return getattr(model, name)


def table_of(name: str) -> sa.Table:
    """A table by its name."""
    return SQLModel.metadata.tables[name]


def _take(session: Session, model: type[SQLModel], condition: Any, found: Picture) -> None:
    table = table_of(str(model.__tablename__))
    for row in session.execute(sa.select(table).where(condition)).mappings():
        found[table.name, row["id"]] = dict(row)


def between(before: Picture, after: Picture) -> Trace:
    """What made the one picture the other; nothing that a merge writes takes a row away."""
    trace = Trace()
    for key, row in after.items():
        was = before.get(key)
        if was is None:
            trace.made.append(key)
        elif was != row:
            trace.changed[key] = {
                name: (was[name], value) for name, value in row.items() if was[name] != value
            }
    return trace


def packed(trace: Trace) -> bytes:
    """The trace as bytes."""
    return pack({
        "made": [list(key) for key in trace.made],
        "changed": [
            [*key, {name: [_plain(was), _plain(now)] for name, (was, now) in columns.items()}]
            for key, columns in trace.changed.items()
        ],
    })  # fmt: skip


def unpacked(content: bytes) -> Trace:
    """What `packed` was given."""
    kept = unpack(content)
    return Trace(
        [(table, ident) for table, ident in kept["made"]],
        {
            (table, ident): {name: (_rich(was), _rich(now)) for name, (was, now) in columns.items()}
            for table, ident, columns in kept["changed"]
        },
    )


def _plain(value: Any) -> Any:
    """A column's value as JSON has it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return {"number": str(value)}
    return {"json": value} if isinstance(value, dict | list) else value


_READ: Mapping[str, Any] = {
    "moment": datetime.fromisoformat, "day": date.fromisoformat, "number": Decimal,
    "json": lambda value: value,
}  # fmt: skip


def _rich(value: Any) -> Any:
    if isinstance(value, dict):
        ((kind, said),) = value.items()
        return _READ[kind](said)
    return value
