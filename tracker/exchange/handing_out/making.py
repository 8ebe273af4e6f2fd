"""Making the copies of a hand-out by mail, each by itself.

A copy is made in one transaction with the mails that carry it, so whatever dies on the way leaves a copy
that waits or one that is posted, and never two mails to one person.
"""

from datetime import date, datetime
from io import SEEK_END
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from tracker import clock, logs
from tracker.actor import Actor
from tracker.db import Database
from tracker.directory.actors import actor_for
from tracker.directory.department import Department
from tracker.errors import AlreadyDone, NotKept, StoreSilent, TrackerError
from tracker.events import keep
from tracker.exchange.exporting import Made, export_plan
from tracker.exchange.handing_out.audience import NOBODY, Reached, audience
from tracker.exchange.handing_out.hand_out import HandOut, HandOutCopy
from tracker.failpoints import failpoint
from tracker.mail import catalogue, outbox
from tracker.mail.standing import HANDED_OUT
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.plan import Plan
from tracker.settings import Settings
from tracker.storage import StoredFile, dropped_if_refused, write
from tracker.stores.chosen import store_of

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST = 10 * 1024 * 1024
"""Bytes that mail servers still take as an attachment."""
BROKEN = "制表时出错（{kind}），没有做成。请下载压缩包，或告诉管理员。"
TIMETABLE = Actor(None, "时间表", frozenset())


class _Waiting(NamedTuple):
    """A copy to be made, with what it is made of; `parts` are the ids of the department's parts, read
    before the workbook is made, so that the last look before sending covers every row in it."""

    copy: HandOutCopy
    hand_out: HandOut
    plan: Plan
    department: Department
    by: Actor
    parts: list[int]


def make_next(database: Database, settings: Settings, *, at: datetime) -> bool:
    """Make the copy that waits longest and post its mails; says whether one waited.

    Any number of workers may do so at once: the second to make a copy drops its own. Raises NotKept
    and StoreSilent, after which the copy still waits.
    """
    today = clock.day_of(at, settings.timezone)
    with database.reading() as session:
        waiting = _first(session, today)
        if waiting is None:
            return False
        try:
            made = _made(session, waiting, settings, at=at, today=today)
        except (NotKept, StoreSilent):
            raise
        except TrackerError as refused:
            made = refused.message
        except SQLAlchemyError:
            raise
        except Exception as error:  # one copy must never stop the others
            logs.get().error("copy-failed", copy=waiting.copy.id, error=type(error).__name__)
            made = BROKEN.format(kind=type(error).__name__)
    if isinstance(made, str):
        _give_up(database, waiting, made, at=at)
    else:
        _post(database, settings, waiting, made, at=at, today=today)
    return True


def _first(session: Session, today: date) -> _Waiting | None:
    wanted = (
        sa.select(HandOutCopy, HandOut, Plan, Department)
        .join(HandOut, col(HandOut.id) == HandOutCopy.hand_out_id)
        .join(Plan, col(Plan.id) == HandOut.plan_id)
        .join(Department, col(Department.id) == HandOutCopy.department_id)
        .where(col(HandOutCopy.made_at).is_(None))
        .order_by(col(HandOutCopy.id))
    )
    row = session.execute(wanted.limit(1)).first()
    if row is None:
        return None
    copy, found, plan, department = row
    by = actor_for(session, found.by, on=today) if found.by else None
    parts = parts_of(session, found.plan_id, copy.department_id)
    return _Waiting(copy, found, plan, department, by or TIMETABLE, parts)


def _made(
    session: Session, waiting: _Waiting, settings: Settings, *, at: datetime, today: date
) -> Made | str:
    """The workbook, or why there is none to send."""
    made = export_plan(
        session, waiting.plan, waiting.hand_out.layout, department=waiting.department,
        by=waiting.by, at=at, today=today, settings=settings,
    )  # fmt: skip
    if made.file.seek(0, SEEK_END) > LARGEST:
        made.file.close()
        return f"这份表超过 {LARGEST // 1024 // 1024} MB，不能随邮件发送，请下载压缩包转交。"
    made.file.seek(0)
    return made


def _give_up(database: Database, waiting: _Waiting, reason: str, *, at: datetime) -> None:
    logs.get().warning("copy-not-made", copy=waiting.copy.id)
    with database.writing() as session:
        _claim(session, waiting.copy, at=at, reason=reason)


def _post(
    database: Database, settings: Settings, waiting: _Waiting, made: Made, *, at: datetime,
    today: date,
) -> None:  # fmt: skip
    store = store_of(settings)
    try:
        with made.file, dropped_if_refused(store) as files:
            file = write(
                made.file, store=store, name=made.file_name, media_type=WORKBOOK,
                limit=LARGEST, at=at, by=waiting.hand_out.by,
            )  # fmt: skip
            files.append(file)
            with database.writing() as session:
                _claim(session, waiting.copy, at=at)
                keep(session, file, made.export)
                _write_down(session, settings, waiting, made, file, at=at, today=today)
                failpoint("copy-before-commit")
    except AlreadyDone:
        return  # another worker was faster; ours was dropped
    failpoint("copy-posted")


def _claim(session: Session, copy: HandOutCopy, *, at: datetime, reason: str = "") -> None:
    """Raises AlreadyDone when the copy is made by now."""
    taken = session.execute(
        sa.update(HandOutCopy)
        .where(col(HandOutCopy.id) == copy.id, col(HandOutCopy.made_at).is_(None))
        .values(made_at=at, reason=reason)
        .execution_options(synchronize_session=False)
    )
    if not taken.rowcount:  # type: ignore[attr-defined]
        raise AlreadyDone("这份表已经做好。")


def _write_down(
    session: Session, settings: Settings, waiting: _Waiting, made: Made, file: StoredFile, *,
    at: datetime, today: date,
) -> None:  # fmt: skip
    """The letters into the outbox, the copy's facts beside them, the export's event last."""
    plan_id, ident = waiting.hand_out.plan_id, waiting.copy.department_id
    reached = next(iter(audience(session, plan_id, on=today, only=[ident])), None)
    posted: dict[str, int] = {}
    if reached is not None:
        letters = _letters(settings, waiting, reached, file, today)
        posted = outbox.post(session, letters, sender=settings.mail_from, at=at)
    session.execute(
        sa.update(HandOutCopy)
        .where(col(HandOutCopy.id) == waiting.copy.id)
        .values(
            export_id=made.export.id, file_id=file.id, mails=len(posted),
            reason="" if posted else NOBODY,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    keep(session, made.event)


def _letters(
    settings: Settings, waiting: _Waiting, reached: Reached, file: StoredFile, today: date
) -> list[outbox.Letter]:
    return [
        outbox.Letter(
            key=f"{HANDED_OUT}:{waiting.copy.id}:{reader.user_id}", kind=HANDED_OUT, address=reader.address,
            day=today, user_id=reader.user_id, department_id=waiting.copy.department_id,
            parts=tuple(waiting.parts), attachment_id=file.id,
            contents=words(
                reached, waiting.plan.name, waiting.hand_out.back_by, name=reader.name, on=today,
                settings=settings, locale=reader.locale or settings.locale,
            ),
        )
        for reader in reached.readers
    ]  # fmt: skip


def parts_of(session: Session, plan_id: int, department_id: int) -> list[int]:
    """The ids of a department's parts in a plan, as they stand."""
    wanted = select(Assignment.id).where(
        Assignment.plan_id == plan_id, Assignment.department_id == department_id,
        Assignment.state != AssignmentState.WITHDRAWN,
    )  # fmt: skip
    return [ident for ident in session.exec(wanted.order_by(col(Assignment.id))) if ident]


def words(
    reached: Reached, plan: str, back_by: date | None, *, name: str, on: date, settings: Settings,
    locale: str,
) -> outbox.Contents:  # fmt: skip
    """The mail that goes with a copy."""
    return catalogue.handed_out(
        name=name, department=reached.department.name, plan=plan, tasks=reached.tasks,
        unfinished=reached.open, nearest=reached.nearest, back_by=back_by,
        by_reply=bool(settings.mailbox), on=on, address=settings.address, locale=locale,
    )  # fmt: skip
