"""tracker init, migrate, demo, serve, timetable, check."""

from datetime import date

import click
from sqlmodel import col, select

from tracker import events, schema
from tracker import timetable as ticking
from tracker.cli.ground import opened, present
from tracker.db import Database
from tracker.demo import world
from tracker.directory import setup
from tracker.exchange.mailbox import fetching
from tracker.reminders import calendar
from tracker.settings import Settings
from tracker.storage import StoredFile, is_whole
from tracker.stores.chosen import store_of


@click.command()
def init() -> int:
    """Prepare an empty database and print the link that makes the first administrator."""
    with opened(any_schema=True) as (settings, database):
        schema.migrate(database)
        click.echo(_setup_link(settings, database) or "数据库已经就绪，已有用户。")
    return 0


def _setup_link(settings: Settings, database: Database) -> str | None:
    now, _today = present(settings)
    with database.writing() as session:
        calendar.seed(session)
        if not setup.is_needed(session):
            return None
        row, token = setup.issue(at=now)
        events.keep(session, row)
    return f"请在 24 小时内打开此链接建立管理员（只能用一次）：\n  {settings.address}/setup/{token}"


@click.command()
def migrate() -> int:
    """Bring the database's schema to this version."""
    with opened(any_schema=True) as (_settings, database):
        schema.migrate(database)
        click.echo(f"数据库结构：{schema.revision(database)}")
    return 0


@click.command()
def demo() -> int:
    """Load the demo world into an empty database."""
    with opened(any_schema=True) as (settings, database):
        schema.migrate(database)
        now, _today = present(settings)
        world.load(database, settings, at=now)
        click.echo(world.logins())
    return 0


@click.command()
@click.option("--demo-if-empty", is_flag=True, help="load the demo world when nothing is there yet")
def serve(demo_if_empty: bool) -> int:
    """Serve the web UI, with the timetable in the same process."""
    with opened(any_schema=True) as (settings, database):
        if schema.revision(database) is None:
            schema.migrate(database)
        schema.require_current(database)
        now, _today = present(settings)
        if demo_if_empty and world.is_empty(database):
            click.echo("正在载入演示数据……")
            world.load(database, settings, at=now)
        if world.is_loaded(database):
            click.echo(world.logins())
        elif link := _setup_link(settings, database):
            click.echo(link)
        from tracker import serving  # the web takes long to import: only here

        serving.serve(settings, database, say=click.echo)
    return 0


@click.command()
def timetable() -> int:
    """Tick in a process of its own: plan reminders, deliver mail, tidy up."""
    with opened() as (settings, database):
        ticking.run_forever(database, settings)
    return 0


@click.command()
def check() -> int:
    """Check that the history is whole, the files are as they came, the calendar is known and the mailbox
    answered when it was last looked into."""
    with opened() as (settings, database):
        _now, today = present(settings)
        with database.reading() as session:
            found = events.verify(session)
            files = session.exec(select(StoredFile).order_by(col(StoredFile.id))).all()
            known = calendar.load(session, today)
            mailbox = fetching.problem_of(session, settings)
    found += [
        f"文件 {file.id}“{file.name}”缺失，或与收到时不同。"
        for file in files
        if not is_whole(file, store_of(settings))
    ]
    found += known.warnings(today, date(today.year + 1, 1, 1))
    found += [mailbox] if mailbox else []
    for sentence in found:
        click.echo(sentence, err=True)
    click.echo(f"发现 {len(found)} 个问题。" if found else "检查完毕，没有问题。")
    return 1 if found else 0
