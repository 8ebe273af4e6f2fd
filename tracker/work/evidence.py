"""Evidence (佐证材料): a file that shows what was done, at a department's part, with a report or
without one.

A piece is never deleted: a newer one replaces it, or the department takes it back (撤回).
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, func, select

from tracker.actor import Actor
from tracker.db import UtcDateTime
from tracker.errors import AlreadyDone, Forbidden, InputError, StepRefused
from tracker.events import Event, deed
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.storage import StoredFile
from tracker.work.requirement import GROUP_WORDS, Requirement


class Evidence(SQLModel, table=True):
    """One file at one assignment. `replaces_id` is the piece it is a newer version of,
    `requirement_id` what it was sent for; `small_id`, `large_id` are an image's previews."""

    __tablename__ = "evidence"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True, ondelete="CASCADE")
    report_id: int | None = Field(
        default=None, foreign_key="report.id", index=True, ondelete="CASCADE"
    )
    file_id: int = Field(foreign_key="stored_file.id")
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")
    replaces_id: int | None = Field(default=None, foreign_key="evidence.id")
    requirement_id: int | None = Field(default=None, foreign_key="requirement.id")
    small_id: int | None = Field(default=None, foreign_key="stored_file.id")
    large_id: int | None = Field(default=None, foreign_key="stored_file.id")
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_by: int | None = Field(default=None, foreign_key="user.id")


def attach(
    part: Assignment, file: StoredFile, *, by: Actor, at: datetime, report_id: int | None = None,
    replaces: Evidence | None = None, requirement: Requirement | None = None,
    previews: tuple[StoredFile, StoredFile] | None = None,
) -> tuple[Evidence, Event]:  # fmt: skip
    """Put a stored file to the part, with the report it belongs to, what it replaces, what it is for.

    Raises StepRefused out of turn, InputError for a requirement that wants other files, or for a
    piece to replace that is another part's. Whether that piece is still in force is the caller's
    part: it must be among `current`.
    """
    by.require("work.report")
    refuse_unless_working(part)
    if replaces is not None and replaces.assignment_id != part.id:
        raise InputError("要替换的佐证材料不在这项任务里。", "replaces")
    _refuse_unfit(part, file, requirement)
    assert part.id is not None and file.id is not None
    small, large = previews or (None, None)
    row = Evidence(
        assignment_id=part.id, report_id=report_id, file_id=file.id, at=at, by=by.user_id,
        replaces_id=replaces.id if replaces else None,
        requirement_id=requirement.id if requirement else None,
        small_id=small.id if small else None, large_id=large.id if large else None,
    )  # fmt: skip
    verb = "evidence.replaced" if replaces else "evidence.attached"
    return row, _deed(part, file, verb, by=by, at=at)


def _refuse_unfit(part: Assignment, file: StoredFile, requirement: Requirement | None) -> None:
    if requirement is None:
        return
    if requirement.task_id != part.task_id or requirement.removed_at is not None:
        raise InputError(
            "这条佐证要求已经取消，或者不是这项任务的。请刷新页面再选。", "requirement"
        )
    if not requirement.takes(file.media_type):
        wanted = "或".join(GROUP_WORDS[group] for group in requirement.groups)
        raise InputError(
            f"佐证要求“{requirement.name}”要的是{wanted}，文件“{file.name}”不是。", "requirement"
        )


def withdraw(
    piece: Evidence, part: Assignment, file: StoredFile, *, by: Actor, at: datetime
) -> Event:
    """Take a piece back (撤回); it stays in the history. Raises Forbidden for another department's,
    AlreadyDone for the second time, StepRefused when the part is not worked on."""
    by.require("work.report")
    refuse_unless_own(part, by)
    if piece.withdrawn_at is not None:
        raise AlreadyDone(f"佐证材料“{file.name}”已经撤回了。")
    refuse_unless_working(part)
    piece.withdrawn_at, piece.withdrawn_by = at, by.user_id
    return _deed(part, file, "evidence.withdrawn", by=by, at=at)


def count_for(
    piece: Evidence, part: Assignment, file: StoredFile, requirement: Requirement | None,
    *, by: Actor, at: datetime,
) -> Event:  # fmt: skip
    """Say which requirement a piece meets, or that it meets none. Raises as `attach`, `withdraw`."""
    by.require("work.report")
    refuse_unless_own(part, by)
    refuse_unless_working(part)
    if piece.withdrawn_at is not None:
        raise StepRefused(f"佐证材料“{file.name}”已经撤回了。")
    _refuse_unfit(part, file, requirement)
    piece.requirement_id = requirement.id if requirement else None
    event = _deed(part, file, "evidence.assigned", by=by, at=at)
    event.data = {**event.data, "requirement": requirement.name if requirement else ""}
    return event


def _deed(part: Assignment, file: StoredFile, verb: str, *, by: Actor, at: datetime) -> Event:
    return deed(
        by, verb, "assignment", part.id, at=at, plan_id=part.plan_id, task_id=part.task_id,
        department_id=part.department_id, name=file.name, sha256=file.sha256,
    )  # fmt: skip


def refuse_unless_own(part: Assignment, by: Actor) -> None:
    """Raises Forbidden: who leads a task sees its helpers' evidence but does not change it."""
    if part.department_id not in by.department_ids:
        raise Forbidden("只有上传的单位自己可以改动这份佐证材料。")


def refuse_unless_working(part: Assignment) -> None:
    """Raises StepRefused unless the part is being worked on."""
    if part.state == AssignmentState.ISSUED:
        raise StepRefused("请先签收这项任务，再上传佐证材料。")
    if part.state == AssignmentState.SUBMITTED:
        raise StepRefused("这项任务正在等待审核，佐证材料不能再改。如果退回，可以接着补充。")
    if part.done:
        raise StepRefused("这项任务已经办结或撤销，佐证材料不能再改。")


def current(pieces: Iterable[Evidence]) -> list[Evidence]:
    """The pieces in force: not withdrawn, and not replaced by one that is not withdrawn."""
    standing = [one for one in pieces if one.withdrawn_at is None]
    replaced = {one.replaces_id for one in standing}
    return [one for one in standing if one.id not in replaced]


def at_part(session: Session, part: Assignment) -> list[Evidence]:
    """All that was ever sent for the part, oldest first."""
    wanted = select(Evidence).where(Evidence.assignment_id == part.id)
    return list(session.exec(wanted.order_by(col(Evidence.id))))


def count_at(session: Session, part: Assignment) -> int:
    """How many pieces were sent for the part, those replaced and taken back too."""
    return session.exec(
        select(func.count()).select_from(Evidence).where(Evidence.assignment_id == part.id)
    ).one()


def same_at(session: Session, part: Assignment, hashes: Collection[str]) -> dict[str, StoredFile]:
    """By hash, the files at the part that hold the same content; what was taken back may come again."""
    rows = session.exec(
        select(StoredFile)
        .join(Evidence, col(Evidence.file_id) == StoredFile.id)
        .where(
            Evidence.assignment_id == part.id,
            col(Evidence.withdrawn_at).is_(None),
            col(StoredFile.sha256).in_(hashes),
        )
    )
    return {file.sha256: file for file in rows}
