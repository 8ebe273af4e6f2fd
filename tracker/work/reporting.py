"""Which rhythm a task's parts report in, setting it, and keeping their next report's day.

A task's own rhythm comes first, then that of its recurring deadline, then its plan's.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from importers.rhythm_rule import Rhythm, of_code, read_rhythm
from tracker.actor import Actor
from tracker.errors import InputError
from tracker.events import Event, deed
from tracker.plans.assignment import Assignment
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.work.report import Report
from tracker.work.rhythm import ONE_DAY, after_report, first, period_of
from tracker.workdays import WorkingCalendar

NEVER = "none"
RECURRING = "recurring"
_NOT_WANTED = frozenset({"不要求", "不报", "无", "不需要", "不用报", "notrequired"})


def rule_in_force(
    *, plan: str, task: str = "", deadline_kind: str = "", deadline_text: str = ""
) -> Rhythm | None:
    """The rule of a task whose plan and which itself have these codes; None for no reports."""
    if task:
        return of_code(task)
    own = read_rhythm(deadline_text) if deadline_kind == RECURRING else None
    return own or of_code(plan)


def rule_of(plan: Plan, task: Task) -> Rhythm | None:
    """The same of rows."""
    return rule_in_force(
        plan=plan.rhythm, task=task.rhythm, deadline_kind=task.deadline_kind,
        deadline_text=task.deadline_text,
    )  # fmt: skip


def code_written(written: str) -> str:
    """The code of a rhythm in words; '' for none written, NEVER for 不要求. Raises InputError."""
    plain = "".join(written.split())
    if not plain or plain.lower() in _NOT_WANTED:
        return NEVER if plain else ""
    rule = read_rhythm(plain)
    if rule is None:
        raise InputError(
            f"没有看懂“{written[:20]}”。请按“每周五”“每月28日前”“每月底”“每季度末”的样子填写。",
            "rhythm",
        )
    return rule.code


def set_plan_rhythm(plan: Plan, code: str, *, by: Actor, at: datetime) -> Event:
    """How often the plan's departments report, where their task has no rhythm of its own."""
    by.require("rhythm.set")
    before, plan.rhythm = plan.rhythm, "" if code == NEVER else code
    return deed(
        by, "plan.rhythm_set", "plan", plan.id, at=at, plan_id=plan.id, before=before,
        rhythm=plan.rhythm,
    )  # fmt: skip


def set_task_rhythm(task: Task, code: str, *, by: Actor, at: datetime) -> Event:
    """How often the task's departments report; '' goes back to its deadline's or plan's."""
    by.require("rhythm.set")
    before, task.rhythm = task.rhythm, code
    return deed(
        by, "task.rhythm_set", "task", task.id, at=at, plan_id=task.plan_id, task_id=task.id,
        before=before, rhythm=code,
    )  # fmt: skip


def begin(
    session: Session, parts: Iterable[Assignment], *, on: date, calendar: WorkingCalendar
) -> None:
    """Parts that are taken up (signed for, or returned) report from the present period on."""
    parts = [part for part in parts if not part.done]
    rules = rules_of(session, {part.task_id for part in parts})
    for part in parts:
        begin_by(rules.get(part.task_id), part, on=on, calendar=calendar)


def begin_by(rule: Rhythm | None, part: Assignment, *, on: date, calendar: WorkingCalendar) -> None:
    """The same of one open part whose rule is known."""
    named = first(rule, on, calendar)
    stands = named is not None and part.next_report_on is not None
    part.next_report_on = max(named, part.next_report_on) if stands else named  # type: ignore[type-var]


def reported(
    session: Session, part: Assignment, *, on: date, calendar: WorkingCalendar
) -> None:  # fmt: skip
    """A part has reported on a day."""
    rule = rules_of(session, {part.task_id}).get(part.task_id)
    reported_by(rule, part, on=on, calendar=calendar)


def reported_by(
    rule: Rhythm | None, part: Assignment, *, on: date, calendar: WorkingCalendar
) -> None:
    """The same of a part whose rule is known."""
    part.next_report_on = after_report(rule, part.next_report_on, on, calendar)


def rules_of(session: Session, task_ids: Collection[int]) -> dict[int, Rhythm | None]:
    """The rule of each task."""
    rows = session.execute(
        sa.select(
            col(Task.id), col(Task.rhythm), col(Task.deadline_kind), col(Task.deadline_text),
            col(Plan.rhythm),
        )
        .join(Plan, col(Plan.id) == Task.plan_id)
        .where(col(Task.id).in_(task_ids))
    )  # fmt: skip
    return {
        ident: rule_in_force(plan=plan, task=own, deadline_kind=kind, deadline_text=text)
        for ident, own, kind, text, plan in rows
    }


def follow_plan(
    session: Session, plan: Plan, *, on: date, calendar: WorkingCalendar, zone: str
) -> None:
    """The open parts of the plan's tasks without a rhythm of their own go by the plan's new one."""
    own = _with_own_words(session, plan)
    inherits = sa.and_(
        col(Task.plan_id) == plan.id, col(Task.rhythm) == "",
        sa.or_(col(Task.deadline_kind) != RECURRING, col(Task.deadline_text).not_in(own)),
    )  # fmt: skip
    _follow(session, inherits, of_code(plan.rhythm), on=on, calendar=calendar, zone=zone)


def follow_task(
    session: Session, task: Task, rule: Rhythm | None, *, on: date, calendar: WorkingCalendar,
    zone: str,
) -> None:  # fmt: skip
    """The open parts of a task go by its new rule."""
    _follow(session, col(Task.id) == task.id, rule, on=on, calendar=calendar, zone=zone)


def _with_own_words(session: Session, plan: Plan) -> list[str]:
    """The recurring deadlines of the plan's tasks that say a rule."""
    wanted = select(Task.deadline_text).where(
        Task.plan_id == plan.id, Task.deadline_kind == RECURRING
    )
    return [text for text in session.exec(wanted.distinct()) if read_rhythm(text)]


def _follow(
    session: Session, tasks: sa.ColumnElement[bool], rule: Rhythm | None, *, on: date,
    calendar: WorkingCalendar, zone: str,
) -> None:  # fmt: skip
    """Set the next report of signed, open parts: the present period's, or the one after it for
    those who have reported in it."""
    parts = sa.and_(
        col(Assignment.task_id).in_(sa.select(col(Task.id)).where(tasks)),
        col(Assignment.done).is_(sa.false()), col(Assignment.received_at).is_not(None),
    )  # fmt: skip
    session.flush()
    hold = sa.select(col(Assignment.id)).where(parts).order_by(col(Assignment.id))
    session.execute(hold.with_for_update())
    named = first(rule, on, calendar)
    _put(session, parts, named)
    if rule is None or named is None:
        return
    opened = datetime.combine(period_of(rule, named, calendar).opens_on, time(), ZoneInfo(zone))
    told = sa.select(col(Report.assignment_id)).where(col(Report.at) >= opened)
    following = rule.on_or_after(named + ONE_DAY)
    _put(session, sa.and_(parts, col(Assignment.id).in_(told)), following)


def _put(session: Session, parts: sa.ColumnElement[bool], day: date | None) -> None:
    change = sa.update(Assignment).where(parts).values(next_report_on=day)
    session.execute(change.execution_options(synchronize_session=False))
