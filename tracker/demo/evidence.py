"""Evidence in the demo world: what the office requires of one task, and how far it is met."""

from datetime import datetime, timedelta
from io import BytesIO

from sqlmodel import Session, col, select

from tracker.actor import Actor
from tracker.demo import files
from tracker.events import keep
from tracker.files.kinds import Group
from tracker.plans.assignment import Assignment
from tracker.plans.task import Task
from tracker.settings import Settings
from tracker.work.evidence import Evidence, attach
from tracker.work.receiving import receive
from tracker.work.requirement import Requirement, Wanted, require

TASK = "推行“一件事”联办"
WANTED = (
    Wanted("窗口照片", (Group.IMAGE,), 2),
    Wanted("会议纪要", (Group.DOCUMENT,)),
    Wanted("办件台账"),
)


def lay_out(
    session: Session, settings: Settings, *, office: Actor, clerk: Actor, at: datetime
) -> None:
    """Photos of which one is still missing, and minutes in a second version."""
    task = session.exec(select(Task).where(col(Task.text).startswith(TASK))).one()
    part = session.exec(
        select(Assignment).where(
            Assignment.task_id == task.id,
            col(Assignment.department_id).in_(clerk.department_ids),
        )
    ).one()
    present: list[Requirement] = []
    for wanted in WANTED:
        row, event = require(task, wanted, present, by=office, at=at - timedelta(hours=5))
        keep(session, row, event)
        present.append(row)
    photos, minutes, _register = present
    _sent(session, settings, part, clerk, at - timedelta(hours=4), photos, "综合窗口.png")
    first = _sent(
        session, settings, part, clerk, at - timedelta(hours=3), minutes, "联席会议纪要.pdf"
    )
    _sent(
        session, settings, part, clerk, at - timedelta(hours=2), minutes, "联席会议纪要（定稿）.pdf",
        replaces=first,
    )  # fmt: skip


def _sent(
    session: Session, settings: Settings, part: Assignment, by: Actor, at: datetime,
    requirement: Requirement, name: str, replaces: Evidence | None = None,
) -> Evidence:  # fmt: skip
    is_photo = name.endswith("png")
    content = files.picture(150, 120, 90) if is_photo else files.page(f"Minutes, {at:%H:%M}")
    piece = receive(BytesIO(content), name=name, settings=settings, by=by, at=at, files=[])
    keep(session, *piece.files)
    row, event = attach(
        part, piece.file, by=by, at=at, requirement=requirement, replaces=replaces,
        previews=piece.previews,
    )  # fmt: skip
    keep(session, row, event)
    return row
