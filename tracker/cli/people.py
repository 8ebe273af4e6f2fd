"""tracker user, department: people and the directory."""

import sys
from pathlib import Path

import click

from tracker.actor import COMMAND_LINE, Role
from tracker.cli.ground import opened, present
from tracker.directory import people
from tracker.directory.user import hash_of
from tracker.intake import directory_list
from tracker.storage import dropped_if_refused
from tracker.stores.chosen import store_of


@click.group()
def user() -> None:
    """Add people, set passwords, disable accounts."""


def _password() -> str:
    """From the terminal twice, or one line from a pipe."""
    if sys.stdin.isatty():
        return str(click.prompt("密码", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


@user.command()
@click.argument("login")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--department", help="the department of a head or clerk")
@click.option("--email", default="")
@click.option("--title", default="", help="the post's title")
def add(login: str, name: str, role: str, department: str | None, email: str, title: str) -> int:
    """Add a person with one post; the password is asked for, or read from standard input."""
    password_hash = hash_of(_password(), login=login)
    with opened() as (settings, database), database.writing() as session:
        now, today = present(settings)
        people.add_user(
            session, login=login, name=name, email=email, password_hash=password_hash, role=Role(role),
            department=department, by=COMMAND_LINE, at=now, on=today, title=title,
        )  # fmt: skip
    click.echo(f"已添加 {login}")
    return 0


@user.command()
@click.argument("login")
def password(login: str) -> int:
    """Set a person's password and sign the person out everywhere."""
    given = hash_of(_password(), login=login)
    with opened() as (settings, database), database.writing() as session:
        now, _today = present(settings)
        people.set_password(session, people.find(session, login), given, by=COMMAND_LINE, at=now)
    click.echo(f"已设置 {login} 的密码")
    return 0


@user.command()
@click.argument("login")
def disable(login: str) -> int:
    """End every right of a person at once."""
    with opened() as (settings, database), database.writing() as session:
        now, _today = present(settings)
        people.disable(session, people.find(session, login), by=COMMAND_LINE, at=now)
    click.echo(f"已停用 {login}")
    return 0


@click.group()
def department() -> None:
    """Keep the directory of departments."""


@department.command(name="import")
@click.argument("file", type=click.Path(dir_okay=False, exists=True, readable=True))
def import_(file: str) -> int:
    """Add the departments of a list (单位名称) and the groups that follow from them."""
    with opened() as (settings, database):
        now, today = present(settings)
        with Path(file).open("rb") as stream:
            upload = directory_list.receive(
                stream, name=Path(file).name, settings=settings, at=now, by=COMMAND_LINE
            )
        with dropped_if_refused(store_of(settings)) as files, database.writing() as session:
            files.append(upload.file)
            done = directory_list.take_in(session, upload, by=COMMAND_LINE, at=now, on=today)
    click.echo(
        f"新增 {len(done.new)} 个单位，已有 {len(done.known)} 个；新建单位组：{'、'.join(done.groups) or '无'}"
    )
    return 0
