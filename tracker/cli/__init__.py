"""The command line. Exit codes: 0 done, 1 the input has problems that block, 2 wrong use."""

import sys

import click
from sqlalchemy.exc import SQLAlchemyError

from tracker import logs
from tracker.cli import collecting, imports, people, plans, reminding, server
from tracker.errors import SettingsError, TrackerError
from tracker.settings import load
from tracker.text import printable


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="responsibility-tracker")
def tracker() -> None:
    """Plan tables in, departments' work out: the responsibility-matrix task tracker."""


for command in (
    plans.read, server.init, server.migrate, server.demo, server.serve, server.timetable,
    reminding.deliver, reminding.fetch_mail, imports.import_, plans.export, collecting.collect,
    reminding.remind, people.user, people.department, server.check,
):  # fmt: skip
    tracker.add_command(command)


def main() -> None:
    """Run a command; an error is one line on stderr."""
    try:
        logs.configure(load().log_level)
        sys.exit(tracker.main(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.exceptions.Abort:
        sys.exit(1)
    except SettingsError as error:
        click.echo(error.message, err=True)
        sys.exit(2)
    except TrackerError as error:
        click.echo(printable(error.message), err=True)
        sys.exit(1)
    except SQLAlchemyError as error:
        click.echo(f"数据库没有完成这一步（{type(error).__name__}），没有写入。", err=True)
        sys.exit(1)
