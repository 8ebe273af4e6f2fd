"""What the office of 清河县 asks of reports: one plan every Friday, two tasks against a number."""

from datetime import datetime

from sqlmodel import Session, col, select

from importers.rhythm_rule import read_rhythm
from importers.target import read_targets
from tracker import clock
from tracker.actor import Actor
from tracker.demo import tables
from tracker.events import keep
from tracker.plans.assignment import Assignment
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.reminders import calendar
from tracker.settings import Settings
from tracker.work import reporting
from tracker.work.report import Report, report
from tracker.work.target import Relation, amount, in_force, set_target

RHYTHM = "每周五"
ASKED = ("梳理高频事项", "校服、教辅收费公示")
"""Tasks whose goal's number is taken as it is written."""


def ask(session: Session, *, by: Actor, at: datetime) -> None:
    """The rhythm of the second plan, and the targets of two of its tasks."""
    plan = session.exec(select(Plan).where(Plan.name == tables.SERVICE)).one()
    rule = read_rhythm(RHYTHM)
    assert rule is not None
    keep(session, plan, reporting.set_plan_rhythm(plan, rule.code, by=by, at=at))
    for beginning in ASKED:
        begins = col(Task.text).startswith(beginning, autoescape=True)
        task = session.exec(select(Task).where(begins)).one()
        (read,) = read_targets(task.standard)
        row, event = set_target(
            task, None, by=by, at=at, relation=Relation(read.relation), value=read.value,
            unit=read.unit, measured=read.measured,
        )  # fmt: skip
        keep(session, row, event)


def begin(session: Session, part: Assignment, settings: Settings, *, at: datetime) -> None:
    """A part just signed for reports in its rhythm."""
    on = clock.day_of(at, settings.timezone)
    reporting.begin(session, [part], on=on, calendar=calendar.load(session, on))


def told(
    session: Session, part: Assignment, settings: Settings, *, by: Actor, at: datetime, words: str,
    percent: int, value: str = "", difficulties: str = "", next_step: str = "",
) -> Report:  # fmt: skip
    """A report as the page would keep it; `value` in the target's unit."""
    wanted, reached = in_force(session, part.task_id), None
    if wanted is not None and value:
        reached = amount(value, wanted.unit)
    row, event = report(
        part, by=by, at=at, text=words, percent=percent, difficulties=difficulties,
        next_step=next_step, value=reached, unit=wanted.unit if wanted else "",
    )  # fmt: skip
    on = clock.day_of(at, settings.timezone)
    reporting.reported(session, part, on=on, calendar=calendar.load(session, on))
    keep(session, part, row, event)
    return row
