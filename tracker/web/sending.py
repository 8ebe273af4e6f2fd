"""Files that a form sent as evidence."""

from flask import request
from flask_babel import gettext as _
from sqlmodel import Session, SQLModel
from werkzeug.datastructures import FileStorage

from tracker.errors import InputError, NotFound
from tracker.plans.assignment import Assignment
from tracker.storage import StoredFile
from tracker.web import loading
from tracker.web.asked import id_sent
from tracker.web.context import actor, at, tracker
from tracker.work.evidence import Evidence, at_part, attach, count_at, current, same_at
from tracker.work.receiving import Received, receive
from tracker.work.requirement import Requirement


def sent_files() -> list[FileStorage]:
    """The files of the form's field `evidence`."""
    return [file for file in request.files.getlist("evidence") if file.filename]


def received(sent: FileStorage, files: list[StoredFile]) -> Received:
    """The file in the store; its row is kept later. Raises as `receiving.receive`."""
    return receive(
        sent.stream, name=sent.filename or "", settings=tracker().settings, by=actor(), at=at(),
        files=files,
    )  # fmt: skip


def all_received(sent: list[FileStorage], files: list[StoredFile]) -> list[Received]:
    """All files of a form that stands or falls with them. Raises InputError naming each that cannot be
    taken."""
    pieces, refused = [], []
    for file in sent:
        try:
            pieces.append(received(file, files))
        except InputError as error:
            refused.append(error.message)
    if refused:
        raise InputError("\n".join(refused), "evidence")
    return pieces


def refuse_too_many(session: Session, part: Assignment, more: int) -> None:
    """Raises InputError when so many more are more than a part may have."""
    most = tracker().settings.evidence_files_per_task
    if count_at(session, part) + more > most:
        raise InputError(f"一项任务最多 {most} 份佐证材料，没有写入。", "evidence")


def new_ones(
    session: Session, part: Assignment, pieces: list[Received]
) -> tuple[list[Received], list[str]]:
    """Those whose content is not at the part yet, and a sentence for each of the others."""
    known = same_at(session, part, {piece.file.sha256 for piece in pieces})
    fresh, said = [], []
    for piece in pieces:
        if (same := known.get(piece.file.sha256)) is not None:
            said.append(
                _(
                    "“%(name)s”与已有的“%(same)s”内容相同，没有再存一份。",
                    name=piece.file.name,
                    same=same.name,
                )
            )
            continue
        known[piece.file.sha256] = piece.file
        fresh.append(piece)
    return fresh, said


def attached(
    part: Assignment, pieces: list[Received], *, report_id: int | None = None,
    requirement: Requirement | None = None, replaces: Evidence | None = None,
) -> list[SQLModel]:  # fmt: skip
    """The rows of pieces whose files are kept already."""
    return [
        row
        for piece in pieces
        for row in attach(
            part, piece.file, by=actor(), at=at(), report_id=report_id, requirement=requirement,
            replaces=replaces, previews=piece.previews,
        )
    ]  # fmt: skip


def requirement_sent(session: Session, replaces: Evidence | None = None) -> Requirement | None:
    """What the form says its files are for; a newer version is for what the older one was for."""
    if ident := id_sent("requirement"):
        return loading.requirement(session, actor(), ident)
    if replaces is None or replaces.requirement_id is None:
        return None
    inherited = loading.requirement(session, actor(), replaces.requirement_id)
    return inherited if inherited.removed_at is None else None


def replaced_sent(session: Session, part: Assignment) -> Evidence | None:
    """The piece that the form's file is a newer version of. Raises InputError for one that is not
    in force any more."""
    if not request.form.get("replaces"):
        return None
    ident = id_sent("replaces")
    pieces = at_part(session, part)
    if ident not in {one.id for one in pieces}:
        raise NotFound()
    found = next((one for one in current(pieces) if one.id == ident), None)
    if found is None:
        raise InputError("这份佐证材料已经有更新的版本，或者已经撤回。请刷新页面再看。", "replaces")
    return found
