"""A file comes in: kept, read in a child process, and laid out as a batch with its questions.

Reading happens before the database is locked; the batch is written in one short transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, NamedTuple

from sqlmodel import Session, select

import importers
from importers import Reading
from tracker.actor import Actor
from tracker.directory.resolve import Names
from tracker.errors import FileRefused, InputError
from tracker.events import deed, keep
from tracker.intake import comparing, kept, returned
from tracker.intake.batch import Batch, BatchState
from tracker.intake.choices import NO_CHOICES, Choices
from tracker.intake.question import Question
from tracker.intake.questions import blocking, raise_questions
from tracker.plans.plan import Plan
from tracker.settings import Settings
from tracker.storage import StoredFile, at_hand, drop, write
from tracker.stores.chosen import store_of
from tracker.text import clean_line

WORKBOOK = "application/octet-stream"
Check = Callable[[Reading], None]


class Recalled(NamedTuple):
    """With what a batch's file is read: its day of issue, and what was answered for it."""

    issued_on: date | None
    choices: Choices


Recall = Callable[[str, Reading], Recalled | None]
"""The same for a corrected copy with this key, if the reading is of its batch's file."""


@dataclass(frozen=True)
class Upload:
    """A kept file and what the reader saw in it. `key` is that of the batch whose corrected copy it
    says it is; then `issued_on` may be that batch's."""

    file: StoredFile
    reading: Reading
    issued_on: date | None = None
    key: str | None = None
    choices: Choices = NO_CHOICES


def receive(
    stream: IO[bytes], *, name: str, settings: Settings, at: datetime, by: Actor,
    issued_on: date | None = None, check: Check | None = None, recall: Recall | None = None,
    choices: Choices = NO_CHOICES,
) -> Upload:  # fmt: skip
    """Keep the file and read it, with the `choices` of earlier files. Raises FileRefused with the
    reader's sentence, or what `check` raises of the reading; then the kept file is removed again."""
    store = store_of(settings)
    file = write(
        stream, store=store, name=name, media_type=WORKBOOK,
        limit=settings.upload_limit, at=at, by=by.user_id,
    )  # fmt: skip
    try:
        with at_hand(file, store) as path:
            reading = read(
                path, name=file.name, settings=settings, issued_on=issued_on, choices=choices
            )
            key = returned.key_of(path)
            upload = Upload(file, reading, issued_on, key, choices.answering(reading))
            if upload.key is not None:
                upload = _read_again(upload, path, settings, recall, choices)
        if check is not None:
            check(upload.reading)
        return upload
    except InputError:
        drop(file, store)
        raise


def _read_again(
    upload: Upload, path: Path, settings: Settings, recall: Recall | None, choices: Choices
) -> Upload:
    """A copy of ours, read without what we had added, by its batch's day of issue and with what was
    answered for it, which counts before what other batches taught."""
    assert upload.key is not None
    issued_on = upload.issued_on
    known = recall(upload.key, upload.reading) if recall is not None else None
    if known is not None:
        issued_on, choices = issued_on or known.issued_on, choices.under(known.choices)
    content = returned.without_ours(path, upload.reading)
    reading = read(
        content, name=upload.file.name, settings=settings, issued_on=issued_on, choices=choices
    )
    return Upload(upload.file, reading, issued_on, upload.key, choices.answering(reading))


def read(
    file: Path | bytes, *, name: str, settings: Settings, issued_on: date | None,
    choices: Choices = NO_CHOICES,
) -> Reading:  # fmt: skip
    """What the reader sees in a file. Raises FileRefused."""
    limits = limits_of(settings)
    try:
        return importers.read(
            file, filename=name, year=choices.year, issued_on=issued_on, limits=limits,
            answers=choices.answers,
        )  # fmt: skip
    except importers.ReadingRefused as refused:
        raise FileRefused(refused.message, refused.code) from refused


def limits_of(settings: Settings) -> importers.Limits:
    """The bounds in which a file is read."""
    return importers.Limits(
        file_bytes=settings.upload_limit,
        child_memory=settings.read_memory,
        child_wall_seconds=settings.read_seconds,
    )


def read_kept(
    path: Path, name: str, *, settings: Settings, issued_on: date | None,
    choices: Choices = NO_CHOICES,
) -> Reading:  # fmt: skip
    """What the reader sees in a kept file; in a corrected copy of ours without what we had added."""
    reading = read(path, name=name, settings=settings, issued_on=issued_on, choices=choices)
    if returned.key_of(path) is None:
        return reading
    content = returned.without_ours(path, reading)
    return read(content, name=name, settings=settings, issued_on=issued_on, choices=choices)


def require_plan(reading: Reading) -> None:
    """Raises FileRefused when the file holds no table that can be imported."""
    if sentence := blocking(reading):
        raise FileRefused(sentence, "no_plan")


def lay_out(
    session: Session, upload: Upload, *, plan_name: str, issued_on: date | None, by: Actor,
    at: datetime, on: date,
) -> Batch:  # fmt: skip
    """The batch with its open questions, in the caller's transaction."""
    require_plan(upload.reading)
    plan_name = clean_line(plan_name, field="计划名称", longest=200) or title_of(upload)
    plan = session.exec(select(Plan).where(Plan.name == plan_name)).first()
    keep(session, upload.file)
    assert upload.file.id is not None
    batch = Batch(
        file_id=upload.file.id, plan_name=plan_name, plan_version=plan.version if plan else None,
        plan_id=plan.id if plan else None, issued_on=issued_on, state=BatchState.PREVIEW,
        reading=kept.pack(upload.reading), choices=upload.choices.to_json(), created_at=at, created_by=by.user_id,
    )  # fmt: skip
    keep(session, batch)
    assert batch.id is not None
    names = Names.load(session, on=on)
    _ask(session, batch.id, raise_questions(upload.reading, names, on=on))
    comparing.pair(session, batch, on=on, names=names)
    sha256 = upload.file.sha256
    keep(
        session,
        deed(
            by, "batch.uploaded", "batch", batch.id, at=at, plan_id=batch.plan_id, sha256=sha256
        ),
    )  # fmt: skip
    return batch


def _ask(session: Session, batch_id: int, questions: list[Question]) -> None:
    for question in questions:
        question.batch_id = batch_id
    session.add_all(questions)
    session.flush()


def title_of(upload: Upload) -> str:
    """A plan's name where nobody gave one: the table's title, else the file's name."""
    titles = (table.title for table in upload.reading.tables if table.tasks)
    title = next((title for title in titles if title), "") or upload.file.name.rsplit(".", 1)[0]
    return clean_line(title, field="计划名称", longest=200)


def names_in(reading: Reading) -> list[str]:
    """The departments a directory file lists."""
    return [
        name for table in reading.tables if table.kind == "directory" for name, _cell in table.names
    ]
