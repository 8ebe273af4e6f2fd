"""tracker import: a plan table in, from the command line."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlmodel import Session

import importers
from tracker import clock
from tracker.actor import COMMAND_LINE
from tracker.cli.ground import day, load_answers, opened, present, show
from tracker.db import Database
from tracker.directory.resolve import Names
from tracker.errors import InputError
from tracker.intake import (
    answering,
    applying,
    choices,
    comparing,
    continuing,
    rereading,
    uploading,
)
from tracker.intake.batch import Batch, BatchState, take_turn
from tracker.intake.decide import rows
from tracker.intake.question import Question
from tracker.intake.questions import raise_questions
from tracker.intake.twins import Twin, twins_of
from tracker.settings import Settings
from tracker.storage import at_hand, drop, dropped_if_refused
from tracker.stores.chosen import store_of
from tracker.text import printable


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
        upload = _received(file, settings, database, issued)
        with dropped_if_refused(store_of(settings)) as files:
            files.append(upload.file)
            upload = _with_answers(upload, settings, database, given, accept_proposals)
            result, code = _imported(
                settings, database, upload, plan_name, issued, given, accept_proposals, applies
            )
        if not result["applied"]:
            drop(upload.file, store_of(settings))
    _say(result, as_json)
    return code


def _received(
    file: str, settings: Settings, database: Database, issued: date | None
) -> uploading.Upload:
    now, _today = present(settings)

    def recall(key: str, seen: importers.Reading) -> uploading.Recalled | None:
        with database.reading() as session:
            return continuing.recalled(session, key, seen)

    with database.reading() as session:
        known = choices.remembered(session)
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
                recall=recall,
                choices=known,
            )
    except OSError as error:
        why = "文件不存在" if isinstance(error, FileNotFoundError) else error.strerror
        raise InputError(f"文件“{file}”不能打开：{why}。") from error


def _with_answers(
    upload: uploading.Upload, settings: Settings, database: Database,
    given: list[dict[str, Any]], accept: bool,
) -> uploading.Upload:  # fmt: skip
    """The upload, read again with those answers of the file that change the reading. An answer may
    bring a question that another entry answers, so once for each at most."""
    _now, today = present(settings)
    for _ in range(len(given) + 1):
        with database.reading() as session:
            names = Names.load(session, on=today)
        asked = raise_questions(upload.reading, names, on=today)
        wanted = rereading.choices_of(upload.choices, asked, given, accept=accept)
        if wanted == upload.choices:
            break
        with at_hand(upload.file, store_of(settings)) as path:
            reading = uploading.read_kept(
                path, upload.file.name, settings=settings, issued_on=upload.issued_on,
                choices=wanted,
            )  # fmt: skip
        uploading.require_plan(reading)
        upload = replace(upload, reading=reading, choices=wanted)
    return upload


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
            taken = continuing.take_in(
                session,
                upload,
                plan_name=plan_name,
                issued_on=issued,
                by=COMMAND_LINE,
                at=now,
                on=today,
            )
            batch = taken.batch
            answering.answer_from_file(session, batch, given, by=COMMAND_LINE, at=now)
            if accept:
                answering.accept_proposals(session, batch, by=COMMAND_LINE, at=now)
            waiting = applying.open_questions(session, batch)
            result = {
                "batch": None, "plan": batch.plan_name,
                "questions": [_question(q) for q in answering.questions_of(session, batch)],
                "open": len(waiting), "applied": False,
                "same_file": [_twin(one, settings) for one in twins_of(session, batch)], "said": taken.said,
            }  # fmt: skip
            if waiting or not applies:
                result |= _looked_at(session, batch, upload.reading, today)
                raise _NotApplied
            done = applying.apply(session, batch, by=COMMAND_LINE, at=now, on=today)
            result |= {"batch": batch.id, **done.outcome.counts(), "applied": True}
    except _NotApplied:
        pass
    return result, 1 if result["open"] else 0


def _looked_at(
    session: Session, batch: Batch, reading: importers.Reading, today: date
) -> dict[str, int]:
    decided = rows(reading, applying.decisions(session, batch, on=today))
    return comparing.compared(session, batch, list(decided)).counts()


def _twin(twin: Twin, settings: Settings) -> dict[str, Any]:
    """Another batch with the same file; its moment by the office's clock."""
    at = clock.local(twin.at, settings.timezone).isoformat(timespec="minutes")
    return {"batch": twin.batch_id, "state": twin.state.value, "at": at, "by": twin.by}


def _question(question: Question) -> dict[str, Any]:
    read = next((option["date"] for option in question.options if option["take"] == "date"), None)
    said = question.proposed
    own = said.get("name") or said.get("text") or said.get("option") or said.get("year")
    return {
        "code": question.code,
        "source": question.sources[0] if question.sources else "",
        "value": question.value,
        "proposed": own or read,
        "sources": question.sources,
        "message": question.message,
    }


def _say(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show({key: value for key, value in result.items() if key not in ("open", "said")})
    else:
        click.echo(
            f"计划“{result['plan']}”：新建 {result['new']} 项，变更 {result['changed']} 项，"
            f"不变 {result['unchanged']} 项，文件里没有的 {result['missing']} 项，"
            f"不能读的 {result['invalid']} 项。{'已导入。' if result['applied'] else '没有写入。'}"
        )
    _say_of_the_file(result)
    if result["open"]:
        for question in result["questions"]:
            place = printable(question["source"])
            click.echo(f"{place}  {question['code']}  {printable(question['message'])}", err=True)
        click.echo(
            f"还有 {result['open']} 个问题没有回答，没有写入。用 --answers 文件回答，"
            "或用 --accept-proposals 采用建议。",
            err=True,
        )


def _say_of_the_file(result: dict[str, Any]) -> None:
    if result["said"]:
        click.echo(result["said"], err=True)
    for twin in result["same_file"]:
        done = "已导入" if twin["state"] == BatchState.APPLIED else "已上传，还没有确认"
        click.echo(
            f"这份文件与批次 {twin['batch']} 的完全相同：{twin['at'][:16].replace('T', ' ')} "
            f"由{twin['by']}{done}。",
            err=True,
        )
