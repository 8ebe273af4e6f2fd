"""The one gate: which rows a person may see, as queries.

A row that a query leaves out does not exist for that person (404); a row that is seen without the
power to act on it (actor.POWERS) is refused (403). Nothing else in the tracker decides this.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, false, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.actor import DEPARTMENTAL, OFFICE, READERS, Actor, Role
from tracker.directory.department import Department
from tracker.directory.post import Holding, Post
from tracker.directory.user import User
from tracker.exchange.export import Export
from tracker.intake.batch import Batch
from tracker.mail.message import Message
from tracker.plans.assignment import Assignment, AssignmentRole
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.work.completion import Completion
from tracker.work.evidence import Evidence


def actor_for(session: Session, user_id: int, *, on: date) -> Actor | None:
    """The person with the posts held on a day; None when disabled or unknown."""
    user = session.exec(
        select(User.name, User.locale).where(User.id == user_id, col(User.disabled_at).is_(None))
    ).first()
    if user is None:
        return None
    rows = session.execute(
        sa.select(
            col(Post.role), col(Post.title), col(Department.id), col(Department.short_name),
            col(Department.name),
        )
        .join(Holding, col(Holding.post_id) == Post.id)
        .join(Department, col(Post.department_id) == Department.id, isouter=True)
        .where(
            col(Holding.user_id) == user_id,
            col(Holding.from_on) <= on,
            or_(col(Holding.until_on).is_(None), col(Holding.until_on) > on),
        )
        .order_by(col(Holding.id))
    ).all()  # fmt: skip
    name, locale = user
    departments = {
        ident: short_name or full_name
        for role, _, ident, short_name, full_name in rows
        if ident and role in DEPARTMENTAL
    }
    return Actor(
        user_id=user_id,
        name=name,
        roles=frozenset(Role(row[0]) for row in rows),
        department_ids=frozenset(departments),
        post_title=rows[0][1] if rows else "",
        department_name="、".join(departments.values()),
        locale=locale,
    )


def sees_all(actor: Actor) -> bool:
    """Whether the person reads every department's work: the office, leaders, inspectors."""
    return bool(actor.roles & (OFFICE | READERS))


def plans_for(actor: Actor) -> SelectOfScalar[Plan]:
    """Plans the person may see: all, or those with a part for the person's department."""
    if sees_all(actor):
        return select(Plan)
    mine = select(Assignment.plan_id).where(col(Assignment.department_id).in_(actor.department_ids))
    return select(Plan).where(col(Plan.id).in_(mine))


def tasks_for(actor: Actor) -> SelectOfScalar[Task]:
    """Tasks the person may see: all, or those in which the department has a part."""
    if sees_all(actor):
        return select(Task)
    mine = select(Assignment.task_id).where(col(Assignment.department_id).in_(actor.department_ids))
    return select(Task).where(col(Task.id).in_(mine))


def assignments_for(actor: Actor) -> SelectOfScalar[Assignment]:
    """Assignments whose work the person may see: all, or the department's own."""
    if sees_all(actor):
        return select(Assignment)
    return select(Assignment).where(col(Assignment.department_id).in_(actor.department_ids))


def evidence_for(actor: Actor) -> SelectOfScalar[Evidence]:
    """Evidence: all, the department's own, and that of those who help it on tasks it leads."""
    if sees_all(actor):
        return select(Evidence)
    led = aliased(Assignment)
    own = col(Assignment.department_id).in_(actor.department_ids)
    leads = (
        select(led.id)
        .where(
            led.task_id == Assignment.task_id,
            led.role == AssignmentRole.LEAD,
            col(led.department_id).in_(actor.department_ids),
        )
        .exists()
    )
    return (
        select(Evidence)
        .join(Assignment, col(Evidence.assignment_id) == Assignment.id)
        .where(or_(own, leads))
    )


def completions_for(actor: Actor) -> SelectOfScalar[Completion]:
    """Completion requests: all for the office, the department's own."""
    if actor.is_office:
        return select(Completion)
    return (
        select(Completion)
        .join(Assignment, col(Completion.assignment_id) == Assignment.id)
        .where(col(Assignment.department_id).in_(actor.department_ids))
    )


def batches_for(actor: Actor) -> SelectOfScalar[Batch]:
    """Imports are the office's."""
    return select(Batch) if actor.is_office else select(Batch).where(false())


def exports_for(actor: Actor) -> SelectOfScalar[Export]:
    """A workbook is handed only to whoever asked for it."""
    return select(Export).where(Export.by == actor.user_id)


def messages_for(actor: Actor) -> SelectOfScalar[Message]:
    """The log of mail is the office's."""
    return select(Message) if actor.is_office else select(Message).where(false())
