"""Photos of findings: handed out by place in a list, never by an id or a name that tells more."""

from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from tracker.plans.task import Task
from tracker.scoring.finding import Finding, FindingPhoto
from tracker.scoring.rectification import Rectification, shuffled
from tracker.storage import StoredFile


class Shown(NamedTuple):
    """A finding as departments may see it; `photos` are numbers in the item's list of photos.

    Neither visit, inspector, day nor hour is here: what a department reads is made of this alone.
    """

    text: str
    place: str
    points_off: object
    is_clear: bool
    photos: list[int]
    task_id: int | None
    is_complete: bool


def findings_of(session: Session, item_id: int) -> list[Finding]:
    """The item's findings in an order that says nothing of when they were made."""
    found = session.exec(select(Finding).where(Finding.item_id == item_id)).all()
    return sorted(found, key=shuffled)


def photos_of(session: Session, item_id: int) -> list[tuple[int, StoredFile]]:
    """(finding's id, file) of all photos at an item; the place in this list is the photo's number."""
    rows = session.execute(
        sa.select(Finding, FindingPhoto, StoredFile)
        .join(FindingPhoto, col(FindingPhoto.finding_id) == Finding.id)
        .join(StoredFile, col(StoredFile.id) == FindingPhoto.file_id)
        .where(col(Finding.item_id) == item_id)
    ).all()
    ordered = sorted(rows, key=lambda row: (shuffled(row[0]), row[1].number))
    return [(finding.id, file) for finding, _photo, file in ordered]


def shown(session: Session, item_id: int) -> list[Shown]:
    """The item's findings for whoever may see the published round."""
    photos = photos_of(session, item_id)
    tasks = {
        finding_id: (task_id, is_complete)
        for finding_id, task_id, is_complete in session.execute(
            sa.select(col(Rectification.finding_id), col(Task.id), col(Task.is_complete))
            .join(Task, col(Task.id) == Rectification.task_id)
            .join(Finding, col(Finding.id) == Rectification.finding_id)
            .where(col(Finding.item_id) == item_id)
        )
    }
    return [
        Shown(
            one.text, one.place, one.points_off, one.is_clear,
            [number for number, (owner, _file) in enumerate(photos, 1) if owner == one.id],
            *tasks.get(one.id or 0, (None, False)),
        )
        for one in findings_of(session, item_id)
    ]  # fmt: skip
