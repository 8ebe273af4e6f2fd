"""tracker remind, deliver: plan a day's reminders, send what waits."""

import click

from tracker import clock
from tracker.cli.ground import day, opened, present, show
from tracker.mail.delivery import deliver as deliver_once
from tracker.mail.delivery import deliver_forever
from tracker.reminders.planning import plan_day


@click.command()
@click.option("--on", "on_day", metavar="DATE", help="the day to plan; today by default")
@click.option("--dry-run", is_flag=True, help="show it, write nothing")
@click.option("--json", "as_json", is_flag=True)
def remind(on_day: str | None, dry_run: bool, as_json: bool) -> int:
    """Plan what a day calls for: one digest per person, into the ledger and the outbox."""
    with opened() as (settings, database):
        now, today = present(settings)
        chosen = day(on_day, "--on") or today
        with database.writing() as session:
            planned = plan_day(session, on=chosen, at=now, settings=settings)
            if dry_run:
                session.rollback()
    if as_json:
        show(planned.to_json())
        return 0
    for entry in planned.to_json()["planned"]:
        click.echo(f"{entry['recipient']}  {entry['rule']}  {entry['tasks']} 项")
    click.echo(f"{chosen.isoformat()}：{'将' if dry_run else '已'}计划 {len(planned.to_json()['planned'])} 条")
    return 0


@click.command()
@click.option("--once", is_flag=True, help="send what is due now and end")
def deliver(once: bool) -> int:
    """Send the mail that waits in the outbox; any number of workers may run."""
    with opened() as (settings, database):
        if not once:
            deliver_forever(database, settings)
            return 0
        done = deliver_once(database, settings, at=clock.now())
        click.echo(f"已发送 {done.sent}，将重试 {done.retried}，失败 {done.failed}")
    return 0
