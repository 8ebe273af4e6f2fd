"""tracker remind, deliver, fetch-mail: plan a day's reminders, send what waits, look for replies."""

from dataclasses import asdict

import click

from tracker import clock
from tracker.cli.ground import day, opened, present, show
from tracker.exchange.mailbox import fetching
from tracker.reminders import planning
from tracker.timetable import Ticking, run_forever, send


@click.command()
@click.option("--on", "on_day", metavar="DATE", help="the day to plan; today by default")
@click.option("--dry-run", is_flag=True, help="show it, write nothing")
@click.option("--json", "as_json", is_flag=True)
def remind(on_day: str | None, dry_run: bool, as_json: bool) -> int:
    """Plan what a day calls for: one digest per person, into the ledger and the outbox."""
    with opened() as (settings, database):
        now, today = present(settings)
        chosen = day(on_day, "--on") or today
        planned = planning.run(database, settings, on=chosen, at=now, dry_run=dry_run)
    for sentence in planned.warnings:
        click.echo(sentence, err=True)
    if planned.unreachable:
        names = "、".join(planned.unreachable[:5]) + ("等" if len(planned.unreachable) > 5 else "")
        count = len(planned.unreachable)
        click.echo(f"{count} 个单位没有可收邮件的经办人或负责人，没有提醒：{names}", err=True)
    if as_json:
        show(planned.as_json())
        return 0
    for part in planned.planned:
        click.echo(f"{part.recipient}  {part.department}  {part.rule.value}  {part.tasks} 项")
    click.echo(f"{chosen.isoformat()}：{'将' if dry_run else '已'}计划 {len(planned.planned)} 条")
    return 0


@click.command()
@click.option("--once", is_flag=True, help="send what is due now and end")
def deliver(once: bool) -> int:
    """Send the mail that waits in the outbox; any number of workers may run."""
    with opened() as (settings, database):
        if not once:
            run_forever(database, settings, only=("deliver",))
            return 0
        done = send(Ticking(database, settings), clock.now())
        click.echo(
            f"已发送 {done.sent}，将重试 {done.retried}，失败 {done.failed}，取消 {done.cancelled}"
        )
        if done.note:
            click.echo(done.note, err=True)
    return 0


@click.command("fetch-mail")
@click.option("--json", "as_json", is_flag=True)
def fetch_mail(as_json: bool) -> int:
    """Look into the mailbox once: filled-in workbooks wait on the page 交回 for their confirmation.

    Exit code 1 when the mailbox does not answer.
    """
    with opened() as (settings, database):
        found = fetching.fetch(database, settings, at=clock.now())
    if as_json:
        show(asdict(found))
    else:
        click.echo(
            f"收下 {found.taken} 封，没有收下 {found.refused} 封，自动邮件 {found.ignored} 封，"
            f"已处理过 {found.again} 封"
        )
    if found.problem:
        click.echo(found.problem, err=True)
    return 1 if found.problem else 0
