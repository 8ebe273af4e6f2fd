"""Many rows at once: the driver's own fast way, with the columns' own conversions.

SQLite takes tuples by executemany, PostgreSQL by COPY. Defaults are not applied: name every column.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from tracker.db import is_sqlite


def insert(
    session: Session, table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows given as tuples in the order of `columns`, inside the session's transaction."""
    converted = _converted(session, table, columns, rows)
    if is_sqlite(session):
        marks = ", ".join("?" * len(columns))
        sql = f'INSERT INTO "{table.name}" ({_names(columns)}) VALUES ({marks})'  # noqa: S608  names are ours
        batch = list(converted)
        if batch:
            session.connection().exec_driver_sql(sql, batch)
        return
    driver = session.connection().connection.driver_connection
    assert driver is not None
    with (
        driver.cursor() as cursor,
        cursor.copy(f'COPY "{table.name}" ({_names(columns)}) FROM STDIN') as copy,
    ):
        for row in converted:
            copy.write_row(row)


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _converted(
    session: Session, table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterable[tuple[Any, ...]]:
    """Rows with each value as the driver wants it; converting columns only where one must."""
    dialect = session.get_bind().dialect
    converters: list[tuple[int, Callable[[Any], Any]]] = []
    for index, name in enumerate(columns):
        processor = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        if processor is not None:
            converters.append((index, _remembering(processor)))
    for row in rows:
        values = list(row)
        for index, convert in converters:
            values[index] = convert(values[index])
        yield tuple(values)


def _remembering(processor: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same date or word comes again and again: convert each once."""
    known: dict[Any, Any] = {}

    def convert(value: Any) -> Any:
        if isinstance(value, dict | list):
            return processor(value)
        if value not in known:
            known[value] = processor(value)
        return known[value]

    return convert
