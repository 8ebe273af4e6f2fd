"""Whether a notice still holds in the moment before it is sent."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from tracker.directory.department import Department
from tracker.directory.user import User
from tracker.mail import catalogue
from tracker.mail.message import Message
from tracker.mail.outbox import Contents
from tracker.mail.outcome import Dropped
from tracker.plans.assignment import Assignment, AssignmentState, SentBack
from tracker.plans.plan import Plan, PlanState
from tracker.plans.task import Task
from tracker.settings import Settings
from tracker.work.completion import waiting_for_head
from tracker.work.extension import waiting_extensions
from tracker.work.urge import Urge

NO_LONGER_THEIRS = "任务已不由这个单位办理，或已不需要它再做，未发送。"
COMPLETION_KEPT_BACK, EXTENSION_KEPT_BACK = "completion_kept_back", "extension_kept_back"
HANDED_OUT = "handed_out"
OUT_OF_DATE = "做好以后单位的任务有变动，这份表已过时，未发送。请重新分发。"
NOTHING_TO_FILL_IN = "单位的任务已全部办结，或计划已归档，不用再填，未发送。"
ASKS_FOR_WORK = frozenset({"urged", "returned"})
"""Kinds that ask a department to move: moot once it has, or has asked for completion again."""


def look_again(session: Session, message: Message, settings: Settings) -> Contents | Dropped | None:
    """None when all its parts still stand, other words when some do, Dropped when none does."""
    if not message.parts:
        return None
    if message.kind == HANDED_OUT:
        return _copy_is_outdated(_parts(session, message), message, session)
    at_heads = waiting_for_head(session, message.parts)
    asking = waiting_extensions(session, message.parts)
    holding = [
        part
        for part in _parts(session, message)
        if _is_wanted(message.kind, part, at_heads, asking)
    ]
    if not holding:
        return Dropped(NO_LONGER_THEIRS)
    if len(holding) == len(message.parts):
        return None
    return _urged_anew(session, message, holding, settings)


def _copy_is_outdated(
    parts: Sequence[Assignment], message: Message, session: Session
) -> Dropped | None:
    """A workbook cannot leave rows out: it goes whole, while all its parts are still the department's
    and one of them is still to be done."""
    if len(parts) < len(message.parts) or not all(part.is_standing for part in parts):
        return Dropped(OUT_OF_DATE)
    archived = session.get_one(Plan, parts[0].plan_id).state == PlanState.ARCHIVED
    return Dropped(NOTHING_TO_FILL_IN) if archived or all(part.done for part in parts) else None


def _parts(session: Session, message: Message) -> Sequence[Assignment]:
    wanted = select(Assignment).where(
        col(Assignment.id).in_(message.parts), Assignment.department_id == message.department_id
    )
    return session.exec(wanted.order_by(col(Assignment.id))).all()


def _is_wanted(kind: str, part: Assignment, at_heads: set[int], asking: set[int]) -> bool:
    """`at_heads` and `asking` are parts whose completion waits for the head, whose extension for
    anybody."""
    if kind == COMPLETION_KEPT_BACK:
        is_working = part.state == AssignmentState.IN_PROGRESS
        return is_working and part.sent_back == SentBack.KEPT_BACK
    if kind == EXTENSION_KEPT_BACK:
        return part.state == AssignmentState.IN_PROGRESS and part.id not in asking
    if kind in ASKS_FOR_WORK:
        return not part.done and (part.state != AssignmentState.SUBMITTED or part.id in at_heads)
    return part.is_standing


def _urged_anew(
    session: Session, message: Message, parts: Sequence[Assignment], settings: Settings
) -> Contents:
    """Only an urging speaks of several parts; what was said stands with each."""
    user = session.get_one(User, message.user_id)
    idents = [part.id for part in parts]
    said = session.exec(
        select(Urge.text).where(col(Urge.assignment_id).in_(idents), Urge.on == message.day)
    )
    return catalogue.urged(
        [_named(session, part) for part in parts], name=user.name,
        department=session.get_one(Department, message.department_id).name,
        said=next(iter(said), ""), on=message.day, address=settings.address,
        locale=user.locale or settings.locale,
    )  # fmt: skip


def _named(session: Session, part: Assignment) -> catalogue.Named:
    task = session.get_one(Task, part.task_id)
    return catalogue.Named(part.task_id, task.number, task.text, part.due_on)
