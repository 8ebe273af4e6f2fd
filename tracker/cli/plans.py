"""tracker read, import, export: plan tables in and out."""

from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlmodel import Session, col, func, select

import importers
from tracker.actor import COMMAND_LINE
from tracker.cli.ground import day, load_answers, opened, present, show
from tracker.db import Database
from tracker.directory.department import Department, standing
from tracker.directory.resolve import Names
from tracker.errors import FileRefused, InputError
from tracker.events import keep
from tracker.exchange.export import Layout
from tracker.exchange.exporting import export_plan
from tracker.exchange.template import template
from tracker.intake import answering, applying, uploading
from tracker.intake.batch import Batch, take_turn
from tracker.intake.decide import rows
from tracker.intake.outcome import compare
from tracker.intake.question import Question
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.settings import Settings
from tracker.storage import dropped_if_refused


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
        where = f"《{table.sheet}》{table.title or '（无标题）'}"
        click.echo(f"{where}：{table.kind}，{len(table.tasks)} 项任务，{len(table.names)} 个单位")
        if table.reason:
            click.echo(f"  {table.reason}")
        for problem in table.problems:
            click.echo(f"  {problem.source}  {problem.message}")
    return 0


@click.command(name="import")
@click.argument("file", type=click.Path(dir_okay=False))
@click.option(
    "--plan", "plan_name", default="", metavar="NAME", help="the plan's name; the title by default"
)
@click.option("--issued-on", metavar="DATE", help="the document's date")
@click.option("--answers", metavar="FILE", help="answers to questions, as JSON")
@click.option(
    "--accept-proposals", is_flag=True, help="answer every open question with its proposal"
)
@click.option("--apply", "applies", is_flag=True, help="write it; without this nothing is written")
@click.option("--json", "as_json", is_flag=True)
def import_(
    file: str, plan_name: str, issued_on: str | None, answers: str | None,
    accept_proposals: bool, applies: bool, as_json: bool,
) -> int:  # fmt: skip
    """Import FILE into a plan; without --apply only show what would happen."""
    if answers and accept_proposals:
        raise click.UsageError("--answers 与 --accept-proposals 不能同时使用。")
    issued = day(issued_on, "--issued-on")
    given = load_answers(answers) if answers else []
    with opened() as (settings, database):
        upload = _received(file, settings, issued)
        with dropped_if_refused(settings.uploads) as files:
            files.append(upload.file)
            result, code = _imported(
                settings, database, upload, plan_name, issued, given, accept_proposals, applies
            )
        if not result["applied"]:
            (settings.uploads / upload.file.key).unlink(missing_ok=True)
    _say(result, as_json)
    return code


def _received(file: str, settings: Settings, issued: date | None) -> uploading.Upload:
    now, _today = present(settings)
    try:
        with Path(file).open("rb") as stream:
            return uploading.receive(
                stream,
                name=Path(file).name,
                settings=settings,
                at=now,
                by=COMMAND_LINE,
                issued_on=issued,
                check=uploading.require_plan,
            )
    except OSError as error:
        why = "文件不存在" if isinstance(error, FileNotFoundError) else error.strerror
        raise InputError(f"文件“{file}”不能打开：{why}。") from error


class _NotApplied(Exception):
    """Roll the transaction back: this was only a look."""


def _imported(
    settings: Settings, database: Database, upload: uploading.Upload, plan_name: str,
    issued: date | None, given: list[dict[str, Any]], accept: bool, applies: bool,
) -> tuple[dict[str, Any], int]:  # fmt: skip
    now, today = present(settings)
    result: dict[str, Any] = {}
    try:
        with database.writing() as session:
            take_turn(session)
            batch = uploading.lay_out(
                session,
                upload,
                plan_name=plan_name,
                issued_on=issued,
                by=COMMAND_LINE,
                at=now,
                on=today,
            )
            answering.answer_from_file(session, batch, given, by=COMMAND_LINE, at=now)
            if accept:
                answering.accept_proposals(session, batch, by=COMMAND_LINE, at=now)
            waiting = applying.open_questions(session, batch)
            result = {
                "batch": None, "plan": batch.plan_name,
                "questions": [_question(q) for q in answering.questions_of(session, batch)],
                "open": len(waiting), "applied": False,
            }  # fmt: skip
            if waiting or not applies:
                result |= _looked_at(session, batch, upload, today)
                raise _NotApplied
            done = applying.apply(session, batch, by=COMMAND_LINE, at=now, on=today)
            result |= {"batch": batch.id, **done.outcome.counts(), "applied": True}
    except _NotApplied:
        pass
    return result, 1 if result["open"] else 0


def _looked_at(
    session: Session, batch: Batch, upload: uploading.Upload, today: date
) -> dict[str, int]:
    plan = applying.plan_named(session, batch)
    decided = rows(upload.reading, applying.decisions(session, batch, on=today))
    return compare(session, plan.id if plan else None, decided).counts()


def _question(question: Question) -> dict[str, Any]:
    read = next((option["date"] for option in question.options if option["take"] == "date"), None)
    proposed = question.proposed.get("name") or read
    return {
        "code": question.code,
        "source": question.sources[0] if question.sources else "",
        "value": question.value,
        "proposed": proposed,
        "sources": question.sources,
        "message": question.message,
    }


def _say(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show({key: value for key, value in result.items() if key != "open"})
    else:
        click.echo(
            f"计划“{result['plan']}”：新建 {result['new']} 项，变更 {result['changed']} 项，"
            f"不变 {result['unchanged']} 项，文件里没有的 {result['missing']} 项，"
            f"不能读的 {result['invalid']} 项。{'已导入。' if result['applied'] else '没有写入。'}"
        )
    if result["open"]:
        for question in result["questions"]:
            click.echo(f"{question['source']}  {question['code']}  {question['message']}", err=True)
        click.echo(
            f"还有 {result['open']} 个问题没有回答，没有写入。用 --answers 文件回答，"
            "或用 --accept-proposals 采用建议。",
            err=True,
        )


@click.command()
@click.argument("plan", required=False)
@click.option("--department", metavar="NAME", help="only this department's rows")
@click.option(
    "--layout", type=click.Choice([one.value for one in Layout]), default=Layout.LEDGER.value
)
@click.option("-o", "output", type=click.Path(dir_okay=False), help="the workbook to write")
@click.option("--list", "lists", is_flag=True, help="show the plans instead")
@click.option("--json", "as_json", is_flag=True)
def export(
    plan: str | None,
    department: str | None,
    layout: str,
    output: str | None,
    lists: bool,
    as_json: bool,
) -> int:
    """Write PLAN (an id or a name) to a workbook, or show the plans with --list."""
    with opened() as (settings, database):
        if lists:
            with database.reading() as session:
                return _list(session, as_json)
        if not output or (not plan and layout != Layout.TEMPLATE.value):
            raise click.UsageError("请写明计划和 -o 输出文件；查看计划用 --list。")
        if layout == Layout.TEMPLATE.value:
            with database.reading() as session:
                names = [department.name for department in session.exec(standing())]
            return _write(output, template(names))
        now, today = present(settings)
        with database.reading() as session:
            made = export_plan(
                session, _plan(session, plan or ""), Layout(layout),
                department=_department(session, department, today), by=COMMAND_LINE, at=now,
                today=today, settings=settings,
            )  # fmt: skip
        with database.writing() as session:
            keep(session, made.export, made.event)
            return _write(output, made.content)


def _write(output: str, content: bytes) -> int:
    """The workbook on disk. Raises InputError naming the file."""
    try:
        Path(output).write_bytes(content)
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
