"""Many rows at once: the driver's own fast way, with the columns' own conversions.

SQLite takes tuples by executemany, PostgreSQL by COPY. Defaults are not applied: name every column.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from tracker.db import is_sqlite

CHUNK = 4000
"""Rows converted and handed to the driver at once: enough to be fast, few enough to stay small."""


def insert(
    session: Session, table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows given as tuples in the order of `columns`, inside the session's transaction."""
    chunks = _converted(session, table, columns, rows)
    if is_sqlite(session):
        marks = ", ".join("?" * len(columns))
        sql = f'INSERT INTO "{table.name}" ({_names(columns)}) VALUES ({marks})'  # noqa: S608  names are ours
        connection = session.connection()
        for chunk in chunks:
            connection.exec_driver_sql(sql, chunk)
        return
    driver = session.connection().connection.driver_connection
    assert driver is not None
    with (
        driver.cursor() as cursor,
        cursor.copy(f'COPY "{table.name}" ({_names(columns)}) FROM STDIN') as copy,
    ):
        for chunk in chunks:
            for row in chunk:
                copy.write_row(row)


def temporary(name: str, metadata: sa.MetaData, *columns: sa.Column[Any]) -> sa.Table:
    """A table that only one session sees, while it stands; on SQLite kept by its primary key alone
    where that is of several columns."""
    keys = sum(column.primary_key for column in columns)
    made = sa.Table(name, metadata, *columns, prefixes=["TEMPORARY"], sqlite_with_rowid=keys < 2)
    for column in made.primary_key:
        column.autoincrement = False
    return made


@contextmanager
def standing(session: Session, *tables: sa.Table) -> Iterator[None]:
    """Temporary tables that are there for the block, within the session's transaction."""
    connection = session.connection()
    for table in tables:
        table.create(connection)
    yield
    for table in tables:
        table.drop(connection)


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


Convert = Callable[[Any], Any]


def _converted(
    session: Session, table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[list[tuple[Any, ...]]]:
    """Rows in chunks, each value as the driver wants it; only columns that must are converted."""
    dialect = session.get_bind().dialect
    converters: list[tuple[int, Convert]] = []
    for index, name in enumerate(columns):
        kind = table.c[name].type
        processor = kind.dialect_impl(dialect).bind_processor(dialect)
        if processor is not None:
            converters.append((index, _once_each(processor, isinstance(kind, sa.JSON))))
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        by_column: list[Iterable[Any]] = list(zip(*chunk, strict=True))
        for index, convert in converters:
            by_column[index] = map(convert, by_column[index])
        yield list(zip(*by_column, strict=True))


def _once_each(processor: Convert, is_json: bool) -> Convert:
    """The same date or word comes again and again: convert each once. JSON cannot be looked up,
    but mostly is empty."""
    if not is_json:
        return _Known(processor).__getitem__
    nothing, empty = processor(None), processor({})
    return lambda v: nothing if v is None else empty if v == {} else processor(v)


class _Known(dict[Any, Any]):
    """What each value became."""

    def __init__(self, processor: Convert) -> None:
        self.processor = processor

    def __missing__(self, value: Any) -> Any:
        converted = self[value] = self.processor(value)
        return converted
