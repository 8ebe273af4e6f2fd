"""A file is read again when an answer changes how it is read; other answers stay.

The file is read before anything is locked: `plan` says with what, `read` reads, `put` writes, and
if somebody has chosen otherwise meanwhile, says so that the caller plans anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from importers import Reading
from tracker.actor import Actor
from tracker.directory.resolve import Names
from tracker.errors import AlreadyDone
from tracker.events import deed, keep
from tracker.intake import answering, applying, choices, comparing, kept, uploading
from tracker.intake.answers import CHANGES_READING, NO_YEAR, SAME_TASK
from tracker.intake.batch import Batch, BatchState
from tracker.intake.choices import Choices
from tracker.intake.question import Question
from tracker.intake.questions import raise_questions
from tracker.settings import Settings
from tracker.storage import StoredFile, at_hand
from tracker.stores.chosen import store_of

Given = Mapping[int, Mapping[str, Any]]
"""Answers by question id."""


@dataclass(frozen=True)
class Wanted:
    """What to read and with which choices."""

    file: StoredFile
    issued_on: date | None
    choices: Choices


def plan(session: Session, batch: Batch, given: Given, settings: Settings) -> Wanted | None:
    """The reading that these answers call for; None where they change nothing of it."""
    if batch.state != BatchState.PREVIEW:
        raise AlreadyDone("这一批已经导入或撤销，问题不能再改。")
    now = wanted = choices.of_batch(batch)
    for ident, answer in given.items():
        question = answering.question_of(session, batch, ident)
        wanted = _with(wanted, question, answer)
    if wanted == now:
        return None
    file = session.get_one(StoredFile, batch.file_id)
    return Wanted(file, batch.issued_on, wanted)


def _with(now: Choices, question: Question, answer: Mapping[str, Any]) -> Choices:
    """The choices after one more answer: another year, none any more, another option."""
    shaped = answering.shaped(question, answer)
    if question.code == NO_YEAR:
        return Choices(now.answers, shaped.get("year"))
    if shaped["take"] not in CHANGES_READING or _is_read_so(question, shaped):
        return now
    return now.and_(shaped)


def _is_read_so(question: Question, shaped: Mapping[str, Any]) -> bool:
    """Whether the reading already has it so: a choice is read by its proposal until answered."""
    return shaped["take"] == "choice" and shaped == question.proposed and question.answer is None


def choices_of(
    now: Choices, asked: Sequence[Question], given: Sequence[Mapping[str, Any]], *, accept: bool
) -> Choices:
    """What to read with when these answers of a file, or all proposals, are taken."""
    asked = [one for one in asked if one.proposed["take"] in CHANGES_READING]
    answers: list[tuple[Question, Mapping[str, Any]]] = list(answering.matching(asked, given))
    for question, answer in [(one, one.proposed) for one in asked if accept] + answers:
        now = _with(now, question, answer)
    return now


def proposals(session: Session, batch: Batch) -> dict[int, dict[str, Any]]:
    """The proposals of the open questions whose answers change the reading."""
    return {
        one.id: one.proposed
        for one in applying.open_questions(session, batch)
        if one.id is not None and one.proposed["take"] in CHANGES_READING
    }


def read(wanted: Wanted, settings: Settings) -> Reading:
    """The file, read with these choices. Raises FileRefused."""
    with at_hand(wanted.file, store_of(settings)) as path:
        reading = uploading.read_kept(
            path, wanted.file.name, settings=settings, issued_on=wanted.issued_on,
            choices=wanted.choices,
        )  # fmt: skip
    uploading.require_plan(reading)
    return reading


def put(
    session: Session, batch: Batch, reading: Reading, wanted: Wanted, *, by: Actor, at: datetime,
    on: date,
) -> None:  # fmt: skip
    """The batch's reading and its questions are now these; answers to the same questions stay."""
    batch.choices = wanted.choices.to_json()
    replace(session, batch, reading, on=on)
    event = deed(
        by, "batch.reread", "batch", batch.id or 0, at=at, plan_id=batch.plan_id,
        file_id=batch.file_id, choices=len(wanted.choices.answers), year=wanted.choices.year,
    )  # fmt: skip
    keep(session, batch, event)


def replace(session: Session, batch: Batch, reading: Reading, *, on: date) -> None:
    """Another reading for a batch: kept, compared with the plan, its questions raised anew."""
    found = applying.plan_named(session, batch)
    batch.reading = kept.pack(reading)
    batch.plan_id, batch.plan_version = (found.id, found.version) if found else (None, None)
    names = Names.load(session, on=on)
    _ask_again(session, batch, raise_questions(reading, names, on=on))
    comparing.pair(session, batch, on=on, names=names)


def _ask_again(session: Session, batch: Batch, questions: list[Question]) -> None:
    """Questions that stand as they stood keep their rows and answers; others come and go."""
    before = {
        _identity(one): one
        for one in answering.questions_of(session, batch)
        if one.code != SAME_TASK
    }
    for question in questions:
        old = before.pop(_identity(question), None)
        if old is None:
            question.batch_id = batch.id or 0
            session.add(question)
            continue
        old.code, old.value = question.code, question.value
        old.message, old.sources = question.message, question.sources
        old.proposed, old.options = question.proposed, question.options
        old.answer = question.answer or _still_said(old, question)
        session.add(old)
    year = choices.of_batch(batch).year
    for gone in before.values():
        if year is None or gone.answer != {"take": "year", "year": year}:
            session.delete(gone)
    session.flush()


def _still_said(old: Question, question: Question) -> dict[str, Any] | None:
    """The answer given before, unless the file is not read by it: then it is asked again."""
    if old.answer is None or old.answer["take"] not in CHANGES_READING:
        return old.answer
    return (
        old.answer if old.answer == question.proposed and old.answer["take"] == "choice" else None
    )


def _identity(question: Question) -> tuple[str, ...]:
    """What a question is known by in another reading: its key, else its code and words."""
    key = question.proposed.get("key")
    return ("key", key) if key else (question.code, question.value)
