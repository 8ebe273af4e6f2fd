"""Blank forms handed out: filled with the directory of the day and, for a plan, its headings."""

from datetime import date

from sqlmodel import Session, col, select

from tracker.directory.department import standing
from tracker.directory.group import Group
from tracker.exchange.template import Lists, blank_name, template
from tracker.plans.plan import Plan, Section


def blank(session: Session, plan: Plan | None, *, on: date) -> bytes:
    """A form's workbook, for further rows of a plan or for a new one."""
    top = select(Section.title).where(Section.depth == 0).order_by(col(Section.position))
    lists = Lists(
        departments=[one.name for one in session.exec(standing(on))],
        groups=list(session.exec(select(Group.name).order_by(col(Group.id)))),
        categories=list(session.exec(top.where(Section.plan_id == plan.id))) if plan else (),
    )
    return template(plan.name if plan else blank_name(on.year), lists)


def file_name(plan: Plan | None) -> str:
    """What the form is called at download."""
    return f"{plan.name}-空白表.xlsx" if plan else "空白任务表.xlsx"
