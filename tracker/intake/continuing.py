"""A corrected copy goes on where its batch stood: same address, same plan, the answers that still fit.

A mark alone decides nothing: the batch must still be a preview and the file still its table. Any
other file is laid out as a new one, and the sentence says why.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlmodel import Session

from importers import Reading
from tracker.actor import Actor
from tracker.events import deed, keep
from tracker.intake import choices, kept, rereading, returned, uploading
from tracker.intake.batch import Batch, BatchState
from tracker.intake.choices import NO_CHOICES
from tracker.intake.uploading import Recalled, Upload
from tracker.text import clean_line


class Copy(StrEnum):
    """What became of a file: an ordinary one, a copy that went on, or why a marked one did not."""

    NONE = "none"
    GOES_ON = "goes_on"
    UNKNOWN = "unknown"
    OTHER_TABLE = "other_table"
    APPLIED = "applied"
    UNDONE = "undone"
    OTHER_NAME = "other_name"


SENTENCES = {
    Copy.NONE: "",
    Copy.GOES_ON: "已读入改好的副本，接着原来的批次核对；没有变的问题，回答都还在。",
    Copy.UNKNOWN: "文件带有批次标记，但这里没有那一批，已按新文件核对。",
    Copy.OTHER_TABLE: "文件带有“{plan}”一批的标记，但内容是另一份表，已按新文件核对。",
    Copy.APPLIED: "这份副本所属的批次已经导入，已作为同一计划的新版本另起一批核对。",
    Copy.UNDONE: "这份副本所属的批次已经撤销，已另起一批核对。",
    Copy.OTHER_NAME: "您填的计划名称与副本所属的“{plan}”不同，已按新文件核对。",
}


class TakenIn(NamedTuple):
    """The batch a file went into; what became of it as a copy of the plan named `plan`."""

    batch: Batch
    copy: Copy = Copy.NONE
    plan: str = ""

    @property
    def said(self) -> str:
        """What is to be said of it; empty for an ordinary file."""
        return SENTENCES[self.copy].format(plan=self.plan)


def recalled(session: Session, key: str, reading: Reading) -> Recalled | None:
    """With what the batch with this key is read, if the reading is of its file; of one that goes on
    no more the day of issue only."""
    batch = returned.batch_of(session, key)
    if batch is None or not returned.is_copy_of(reading, kept.unpack(batch.reading)):
        return None
    is_open = batch.state == BatchState.PREVIEW
    return Recalled(batch.issued_on, choices.answered(session, batch) if is_open else NO_CHOICES)


def take_in(
    session: Session, upload: Upload, *, plan_name: str, issued_on: date | None, by: Actor,
    at: datetime, on: date,
) -> TakenIn:  # fmt: skip
    """Lay the file out as a new batch, or go on with the one whose corrected copy it is."""
    by.require("plan.import")
    uploading.require_plan(upload.reading)
    issued_on = issued_on or upload.issued_on
    batch = returned.batch_of(session, upload.key, lock=True) if upload.key else None
    copy = _copy(upload, batch, plan_name) if upload.key else Copy.NONE
    plan = batch.plan_name if batch else ""
    if batch is not None and copy is Copy.GOES_ON:
        _go_on(session, batch, upload, issued_on=issued_on, by=by, at=at, on=on)
        return TakenIn(batch, copy, plan)
    if copy in (Copy.APPLIED, Copy.UNDONE):
        plan_name = plan_name or plan
    made = uploading.lay_out(
        session, upload, plan_name=plan_name, issued_on=issued_on, by=by, at=at, on=on
    )
    return TakenIn(made, copy, plan)


def _copy(upload: Upload, batch: Batch | None, plan_name: str) -> Copy:
    """Whether a marked file goes on with its batch, or why not."""
    if batch is None:
        return Copy.UNKNOWN
    if not returned.is_copy_of(upload.reading, kept.unpack(batch.reading)):
        return Copy.OTHER_TABLE
    if batch.state != BatchState.PREVIEW:
        return Copy.APPLIED if batch.state == BatchState.APPLIED else Copy.UNDONE
    wanted = clean_line(plan_name, field="计划名称", longest=200)
    return Copy.OTHER_NAME if wanted and wanted != batch.plan_name else Copy.GOES_ON


def _go_on(
    session: Session, batch: Batch, upload: Upload, *, issued_on: date | None, by: Actor,
    at: datetime, on: date,
) -> None:  # fmt: skip
    """The batch's reading is replaced; its questions are those of the new one."""
    keep(session, upload.file)
    assert upload.file.id is not None and batch.id is not None
    before = batch.file_id
    batch.file_id, batch.choices = upload.file.id, upload.choices.to_json()
    batch.issued_on = issued_on or batch.issued_on
    rereading.replace(session, batch, upload.reading, on=on)
    event = deed(
        by, "batch.reread", "batch", batch.id, at=at, plan_id=batch.plan_id,
        sha256=upload.file.sha256, file_id=upload.file.id, before=before,
    )  # fmt: skip
    keep(session, batch, event)
