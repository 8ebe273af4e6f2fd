"""Evidence (佐证材料): a file that shows what was done. Belongs to the report it came with."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, func, select

from tracker.actor import Actor
from tracker.db import UtcDateTime
from tracker.errors import InputError
from tracker.events import Event, deed
from tracker.plans.assignment import Assignment
from tracker.storage import StoredFile
from tracker.work.report import refuse_unless_working

KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    # ending: media type, what the file must begin with
    "pdf": ("application/pdf", (b"%PDF-",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        (b"PK\x03\x04",),
    ),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        (b"PK\x03\x04",),
    ),
    "ofd": ("application/ofd", (b"PK\x03\x04",)),
    "zip": ("application/zip", (b"PK\x03\x04",)),
    "doc": ("application/msword", (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)),
    "xls": ("application/vnd.ms-excel", (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)),
}
LONGEST_BEGINNING = 16


class Evidence(SQLModel, table=True):
    """One file at one assignment."""

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


def media_type_of(name: str, beginning: bytes) -> str:
    """The media type to store, by ending and by content; both must agree.

    `beginning` is the first LONGEST_BEGINNING bytes. Raises InputError naming the file.
    """
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending not in KINDS:
        kinds = "、".join(sorted(set(KINDS) - {"jpeg"}))
        raise InputError(f"佐证材料“{name}”的类型不能上传。可以上传：{kinds}。", "evidence")
    media_type, beginnings = KINDS[ending]
    if not beginning:
        raise InputError(f"佐证材料“{name}”是空文件。", "evidence")
    if not beginning.startswith(beginnings):
        raise InputError(
            f"佐证材料“{name}”的内容不是 {ending} 文件。请用原来的程序另存后再上传。", "evidence"
        )
    return media_type


def attach(
    part: Assignment, file: StoredFile, *, by: Actor, at: datetime, report_id: int | None = None
) -> tuple[Evidence, Event]:
    """Put a stored file to the part, with the report it belongs to."""
    by.require("work.report")
    refuse_unless_working(part)
    assert part.id is not None and file.id is not None
    row = Evidence(
        assignment_id=part.id, report_id=report_id, file_id=file.id, at=at, by=by.user_id
    )
    return row, deed(
        by, "evidence.attached", "assignment", part.id, at=at, plan_id=part.plan_id,
        task_id=part.task_id, department_id=part.department_id, name=file.name,
        sha256=file.sha256,
    )  # fmt: skip


def count_at(session: Session, part: Assignment) -> int:
    """How many pieces of evidence the part has."""
    return session.exec(
        select(func.count()).select_from(Evidence).where(Evidence.assignment_id == part.id)
    ).one()
