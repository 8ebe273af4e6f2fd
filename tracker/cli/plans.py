"""tracker read, export: what a plan table says, and plans as workbooks."""

from collections.abc import Iterable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import click
from sqlmodel import Session, col, func, select

import importers
from tracker.actor import COMMAND_LINE
from tracker.cli.ground import day, opened, present, show
from tracker.db import Database
from tracker.directory.department import Department
from tracker.directory.resolve import Names
from tracker.errors import FileRefused, InputError
from tracker.events import keep
from tracker.exchange import forms
from tracker.exchange.export import Layout
from tracker.exchange.exporting import export_plan
from tracker.exchange.handing_out.zipped import streamed, zipping
from tracker.exchange.zipping import begun, pieces_of
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.settings import Settings
from tracker.text import printable


@click.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="the whole reading as JSON")
@click.option(
    "--issued-on", metavar="DATE", help="the document's date: tells the year of 4月30日前"
)
def read(file: str, as_json: bool, issued_on: str | None) -> int:
    """Show what the importers see in FILE; needs no database."""
    try:
        reading = importers.read(file, issued_on=day(issued_on, "--issued-on"))
    except importers.ReadingRefused as refused:
        raise FileRefused(refused.message, refused.code) from refused
    if as_json:
        show(reading.to_json())
        return 0
    for table in reading.tables:
        where = printable(f"《{table.sheet}》{table.title or '（无标题）'}")
        click.echo(f"{where}：{table.kind}，{len(table.tasks)} 项任务，{len(table.names)} 个单位")
        if table.reason:
            click.echo(f"  {printable(table.reason)}")
        for problem in table.problems:
            click.echo(f"  {printable(problem.source)}  {printable(problem.message)}")
    return 0


@click.command()
@click.argument("plan", required=False)
@click.option("--department", metavar="NAME", help="only this department's rows")
@click.option("--each-department", is_flag=True, help="a zip with one workbook for each department")
@click.option(
    "--layout", type=click.Choice([one.value for one in Layout]), default=Layout.LEDGER.value
)
@click.option("-o", "output", type=click.Path(dir_okay=False), help="the workbook to write")
@click.option("--list", "lists", is_flag=True, help="show the plans instead")
@click.option("--json", "as_json", is_flag=True)
def export(
    plan: str | None,
    department: str | None,
    each_department: bool,
    layout: str,
    output: str | None,
    lists: bool,
    as_json: bool,
) -> int:
    """Write PLAN (an id or a name) to a workbook, or show the plans with --list.

    --layout template writes a blank form: for further rows of PLAN, without PLAN for a new plan.
    """
    with opened() as (settings, database):
        if lists:
            with database.reading() as session:
                return _list(session, as_json)
        if not output or (not plan and layout != Layout.TEMPLATE.value):
            raise click.UsageError("请写明计划和 -o 输出文件；查看计划用 --list。")
        now, today = present(settings)
        if each_department:
            if department or layout not in (Layout.LEDGER.value, Layout.ORIGINAL.value):
                raise click.UsageError(
                    "--each-department 只用于台账或原表格式，不和 --department 一起用。"
                )
            with database.reading() as session:
                chosen = _plan(session, plan or "")
            return _write(output, _slices(database, settings, chosen, Layout(layout)))
        if layout == Layout.TEMPLATE.value:
            with database.reading() as session:
                form = forms.blank(session, _plan(session, plan) if plan else None, on=today)
            return _write(output, pieces_of(BytesIO(form)))
        with database.reading() as session:
            made = export_plan(
                session, _plan(session, plan or ""), Layout(layout),
                department=_department(session, department, today), by=COMMAND_LINE, at=now,
                today=today, settings=settings,
            )  # fmt: skip
        with database.writing() as session:
            keep(session, made.export, made.event)
            return _write(output, pieces_of(made.file))


def _slices(database: Database, settings: Settings, plan: Plan, layout: Layout) -> Iterator[bytes]:
    """The zip of all departments' workbooks, piece by piece."""
    now, today = present(settings)
    return begun(
        streamed(
            zipping(database, settings, plan, layout=layout, by=COMMAND_LINE, at=now, today=today)
        )
    )


def _write(output: str, pieces: Iterable[bytes]) -> int:
    """The file on disk. Raises InputError naming the file."""
    try:
        with Path(output).open("wb") as file:
            for piece in pieces:
                file.write(piece)
    except OSError as error:
        raise InputError(f"文件“{output}”不能写入：{error.strerror}。请换一个位置。") from error
    click.echo(f"已写入 {output}")
    return 0


def _list(session: Session, as_json: bool) -> int:
    found = session.exec(
        select(Plan.id, Plan.name, func.count(col(Task.id)))
        .join(Task, col(Task.plan_id) == Plan.id, isouter=True)
        .group_by(col(Plan.id), col(Plan.name))
        .order_by(col(Plan.id))
    ).all()
    plans = [{"id": ident, "name": name, "tasks": tasks} for ident, name, tasks in found]
    if as_json:
        show(plans)
    for plan in [] if as_json else plans:
        click.echo(f"{plan['id']:>4}  {plan['name']}（{plan['tasks']} 项）")
    return 0


def _plan(session: Session, wanted: str) -> Plan:
    """By name first, then by id: a plan may be named 2026."""
    found = session.exec(select(Plan).where(Plan.name == wanted)).first()
    if found is None and wanted.isascii() and wanted.isdecimal() and len(wanted) < 10:
        found = session.get(Plan, int(wanted))
    if found is None:
        raise InputError(f"没有名称或编号为“{wanted}”的计划。用 tracker export --list 查看。")
    return found


def _department(session: Session, wanted: str | None, today: date) -> Department | None:
    if not wanted:
        return None
    names = Names.load(session, on=today)
    found = names.resolve(wanted)
    if found.department_id is None:
        raise InputError(f"名录里没有“{wanted}”，或者它不止指一个单位。")
    return names.departments[found.department_id]
