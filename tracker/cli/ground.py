"""What every command stands on: settings, database, the time."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import click

from tracker import clock, schema
from tracker.db import Database
from tracker.errors import InputError
from tracker.settings import Settings, load


@contextmanager
def opened(*, any_schema: bool = False) -> Iterator[tuple[Settings, Database]]:
    """Settings and database; raises SchemaError for another version's unless any will do."""
    settings = load()
    settings.instance.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    try:
        if not any_schema:
            schema.require_current(database)
        yield settings, database
    finally:
        database.close()


def present(settings: Settings) -> tuple[datetime, date]:
    """Now, and the office's date."""
    now = clock.now()
    return now, clock.day_of(now, settings.timezone)


def day(written: str | None, option: str) -> date | None:
    """A date given on the command line."""
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise click.BadParameter(
            f"“{written}”不是日期，请写成 2026-03-31。", param_hint=option
        ) from error


def show(value: Any) -> None:
    """Print JSON for another program."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def load_answers(path: str) -> list[dict[str, Any]]:
    """Answers to questions: [{"value": …, "code"?: …, "answer": {"take": …}}]. Raises InputError
    naming the place that is wrong."""
    try:
        with open(path, encoding="utf-8") as file:
            given = json.load(file)
    except (OSError, ValueError) as error:
        raise InputError(f"回答文件“{path}”不能读取：{error}") from error
    if not isinstance(given, list):
        raise InputError(f"回答文件“{path}”应是一个列表，每项写明 value 和 answer。")
    for number, entry in enumerate(given, 1):
        fits = isinstance(entry, dict) and isinstance(entry.get("value"), str)
        if not fits or not isinstance(entry.get("answer"), dict):
            raise InputError(f"回答文件“{path}”第 {number} 项不完整：请写明 value 和 answer。")
    return given
