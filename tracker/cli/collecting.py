"""tracker collect: returned workbooks merged and, when nothing stands in the way, written."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from sqlmodel import Session

from importers.book import Sheet, read_books
from importers.errors import ReadingRefused
from tracker.actor import COMMAND_LINE
from tracker.cli.ground import opened, present, show
from tracker.errors import FileRefused
from tracker.exchange.merging import collecting
from tracker.exchange.merging.applying import tasks_of
from tracker.exchange.merging.astray import ASTRAY
from tracker.exchange.merging.collecting import Book
from tracker.exchange.merging.merge import Change, Kind
from tracker.exchange.merging.settling import HandIn
from tracker.intake.uploading import limits_of
from tracker.reminders import calendar
from tracker.settings import Settings
from tracker.text import printable

FOREIGN, GONE = "这一行不在导出的表里。", "这一行的任务已经不在计划里。"
LISTED = {
    "theirs": Kind.THEIRS, "ours": Kind.OURS, "same": Kind.SAME, "conflicts": Kind.CONFLICT,
    "invalid": Kind.INVALID, "not_allowed": Kind.NOT_ALLOWED,
}  # fmt: skip


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(dir_okay=False), metavar="FILE..."
)
@click.option("--apply", "writes", is_flag=True, help="write what the workbooks change")
@click.option("--json", "as_json", is_flag=True, help="the whole merge as JSON")
def collect(files: tuple[str, ...], writes: bool, as_json: bool) -> int:
    """Merge returned workbooks with what is here; without --apply nothing is written.

    Conflicts, cells that cannot be read or are not the sender's, and files that are no export block
    --apply: exit code 1. Of several copies of one department the last FILE counts.
    """
    with opened() as (settings, database):
        now, today = present(settings)
        sheets = list(zip(files, _sheets(files, settings), strict=True))
        with database.writing() as session:
            books = collecting.recognised(session, sheets)
            zone = settings.timezone
            collecting.merge_all(
                session, books, by=COMMAND_LINE, today=today, zone=zone, writes=writes
            )
            told = _told(session, books)
            in_the_way = collecting.blocking(books)
            told["applied"] = writes and not in_the_way
            if told["applied"]:
                hand_in = HandIn(COMMAND_LINE, now, today, calendar.load(session, today))
                collecting.apply_all(session, books, hand_in)
    if as_json:
        show(told)
    else:
        _say(told, in_the_way)
    return 1 if in_the_way else 0


def _sheets(files: Sequence[str], settings: Settings) -> list[list[Sheet]]:
    try:
        return read_books([Path(name) for name in files], limits=limits_of(settings))
    except ReadingRefused as refused:
        raise FileRefused(refused.message, refused.code) from refused


def _told(session: Session, books: list[Book]) -> dict[str, Any]:
    """The merge as the contract has it."""
    merged = [book for book in books if book.merged is not None]
    changes = [(book, change) for book in merged if book.merged for change in book.merged.changes]
    tasks = tasks_of(session, [change for _book, change in changes])
    told: dict[str, Any] = {
        "files": [
            {"file": book.name, "plan": book.plan, "department": book.department,
             "superseded": book.superseded, "problem": book.problem}
            for book in books
        ],
        "unchanged": sum(book.merged.unchanged for book in merged if book.merged),
    }  # fmt: skip
    for name, kind in LISTED.items():
        told[name] = [
            _change(book, change, tasks[(change.cell.of, change.cell.ident)].text)
            for book, change in changes if change.kind is kind
        ]  # fmt: skip
    told["new"] = [
        {"file": book.name, "row": one.text, "source": one.source, "reason": one.reason}
        for book in merged if book.merged for one in book.merged.new
    ]  # fmt: skip
    told["missing"] = [
        {"file": book.name, "row": line.task.text, "task": line.task.id}
        for book in merged if book.merged for line in book.merged.missing
    ]  # fmt: skip
    told["invalid"] += [
        {"file": book.name, "row": "", "field": "", "base": "", "theirs": "", "ours": "",
         "source": place, "reason": reason}
        for book in merged if book.merged
        for places, reason in (
            (book.merged.foreign, FOREIGN), (book.merged.gone, GONE), (book.merged.astray, ASTRAY)
        )
        for place in places
    ]  # fmt: skip
    return told


def _change(book: Book, change: Change, row: str) -> dict[str, str]:
    return {
        "file": book.name, "row": row, "field": change.cell.field, "base": change.base,
        "theirs": change.theirs, "ours": change.ours, "source": change.source,
        "reason": change.reason,
    }  # fmt: skip


def _say(told: dict[str, Any], in_the_way: int) -> None:
    for one in told["files"]:
        state = one["problem"] or ("有更新的一份，未采用" if one["superseded"] else "")
        click.echo(printable(f"{one['file']}：{one['plan']} {one['department']} {state}"))
    for name, words in (("theirs", "会写入"), ("conflicts", "两边都改了"), ("invalid", "读不懂"),
                        ("not_allowed", "不能改")):  # fmt: skip
        for one in told[name]:
            said = f"  {words} {one['source']} {one['field']}：{one['ours']} → {one['theirs']}"
            click.echo(printable(f"{said} {one['reason']}"))
    done = "已写入" if told["applied"] else "没有写入"
    click.echo(
        f"{done}：改动 {len(told['theirs'])} 处，未变 {told['unchanged']} 处，待处理 {in_the_way} 处"
    )
