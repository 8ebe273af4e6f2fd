"""What the task page says of progress: target, rhythm, receipts, and everybody's latest report."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from importers.rhythm_rule import Rhythm
from importers.target import Proposal, clear_one, read_all
from tracker import access
from tracker.actor import Actor
from tracker.plans.assignment import Assignment
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.web.context import today
from tracker.web.workdays import receipt_clock, report_window, working_calendar
from tracker.work import rhythm, target
from tracker.work.progress import Series, series_of
from tracker.work.receiptclock import ReceiptClock
from tracker.work.report import Report
from tracker.work.reporting import rule_of
from tracker.work.rhythm import Period, ReportDue
from tracker.work.target import Target
from tracker.workdays import WorkingCalendar

FOLDED_FROM = 8
"""Departments in the table of latest reports before it folds."""


@dataclass(frozen=True)
class Due:
    """Whether a part's report is due, by which day, and whether it has come for this period."""

    code: ReportDue
    due_on: date | None
    has_come: bool


@dataclass(frozen=True)
class Progress:
    """Of one task, as one person may see it; parts by their id."""

    target: Target | None
    proposals: tuple[Proposal, ...]
    clear: Proposal | None
    rule: Rhythm | None
    now: Period | None
    receipts: dict[int, ReceiptClock]
    due: dict[int, Due]
    series: dict[int, Series]
    table: list[Any]
    reports: dict[Any, Report]


def of_task(session: Session, person: Actor, task: Task, plan: Plan, parts: list[Any]) -> Progress:
    """Everything; `parts` are the standing parts of the task (listing.parts_of)."""
    days = working_calendar(session)
    wanted, rule = target.in_force(session, task.id or 0), rule_of(plan, task)
    reports = _reports(session, person, task)
    now = rhythm.present(rule, today(), days) if rule else None
    proposals = _proposals(person, task, wanted)
    return Progress(
        target=wanted, proposals=proposals, clear=clear_one(proposals), rule=rule, now=now,
        receipts={
            p.id: receipt_clock(p.issued_at, p.received_at, days)
            for p in parts if not p.refusal_waits
        },
        due={p.id: _due(p, now, days) for p in parts},
        series=series_of(reports), table=_table(session, person, task, parts),
        reports={(one.assignment_id, one.at): one for one in reports},
    )  # fmt: skip


def _proposals(person: Actor, task: Task, wanted: Target | None) -> tuple[Proposal, ...]:
    """What the task's words say, for who may set it, without what is in force already."""
    if not person.may("target.set"):
        return ()
    fields = {head: str(said) for head, said in task.fields.items() if said}
    fields.setdefault("目标值", task.standard)  # a bare 95% stands in for its column
    read = read_all((task.text, task.standard), fields)
    return tuple(one for one in read if not target.is_same(wanted, one))


def _reports(session: Session, person: Actor, task: Task) -> list[Report]:
    found = access.reports_for(person).where(Assignment.task_id == task.id)
    return list(session.exec(found.order_by(col(Report.id))))


def _due(part: Any, now: Period | None, days: WorkingCalendar) -> Due:
    code = rhythm.standing(part, report_window(days))
    next_on = part.next_report_on
    due_on = days.moved(next_on) if next_on and code != ReportDue.NONE else None
    return Due(code, due_on, now is not None and rhythm.has_reported(next_on, now))


def _table(session: Session, person: Actor, task: Task, parts: list[Any]) -> list[Any]:
    """The parts side by side, for who sees all of them; else none."""
    if access.sees_all(person):
        return parts
    leads = sa.select(access.leads(person, task.id))
    return parts if session.execute(leads).scalar_one() else []
