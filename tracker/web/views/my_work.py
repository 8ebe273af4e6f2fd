"""我的待办: what the department must do, most pressing first."""

from collections import defaultdict
from functools import cache
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.paging import Page
from tracker.plans.assignment import AssignmentState
from tracker.web.asked import number_asked
from tracker.web.context import actor, reading, today
from tracker.web.gate import policy
from tracker.web.progresswords import again_mark, receipt_mark, report_mark
from tracker.web.workdays import receipt_clock, report_window, working_calendar
from tracker.work import todo
from tracker.work.rhythm import ReportDue
from tracker.work.todo import Desk
from tracker.workdays import WorkingCalendar

blueprint = Blueprint("my_work", __name__)
ASKED_FOR = (ReportDue.LATE, ReportDue.DUE)


@blueprint.get("/my-work")
@policy("my_work.read")
def page() -> ResponseReturnValue:
    """The desk, or one group of it, or those whose report is due or late."""
    asked, waits = request.args.get("group", ""), request.args.get("report", "")
    if (asked and asked not in set(Desk)) or (waits and waits not in ASKED_FOR):
        return redirect(url_for("my_work.page"))
    report = ReportDue(waits) if waits else None
    desk = Desk(asked) if asked and not report else None
    mine, number = actor().department_ids, number_asked()
    with reading() as session:
        days = working_calendar(session)
        window = report_window(days)
        counted = todo.counts(session, mine, today=today(), at=window)
        rows = todo.page(
            session, mine, today=today(), at=window, number=number, desk=desk, report=report
        )
    return render_template(
        "pages/my_work/page.html", rows=rows, counts=counted.groups, unsigned=counted.unsigned,
        desk=desk, report=report, marks=_marks(rows, days), groups=_grouped(rows, desk), Desk=Desk,
        reports={due: counted.reports.get(due, 0) for due in ASKED_FOR},
        page=Page(number, _total(counted, desk, report), todo.PAGE),
    )  # fmt: skip


def _total(counts: todo.DeskCounts, desk: Desk | None, report: ReportDue | None) -> int:
    """How many rows the list has; group and report are not asked for together."""
    if report:
        return counts.reports.get(report, 0)
    if desk == Desk.UNSIGNED:
        return counts.unsigned
    return counts.groups.get(desk, 0) if desk else counts.total


def _marks(rows: Any, days: WorkingCalendar) -> dict[int, list[tuple[str, str]]]:
    """By part its lights and their words: the receipt's of what waits for one, the day on which a
    returned task is wanted again, the report's of what is due or late. Many rows have the same:
    each is made once."""
    signing = cache(lambda issued_at: receipt_mark(receipt_clock(issued_at, None, days)))
    reporting = cache(lambda due, next_on: report_mark(due, days.moved(next_on)))
    marks: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        mine = marks[row.assignment_id]
        if row.state == AssignmentState.ISSUED and not row.refusal_waits:
            mine.append(signing(row.issued_at))
        if row.desk == Desk.RETURNED and row.again_by:
            mine.append(again_mark(row.again_by))
        if row.report in ASKED_FOR:
            mine.append(reporting(row.report, row.next_report_on))
    return marks


def _grouped(rows: object, asked: Desk | None) -> list[tuple[Desk, list[object]]]:
    """The rows by group; all that wait for a receipt, when asked for, are one."""
    if asked == Desk.UNSIGNED:
        return [(asked, list(rows))] if rows else []  # type: ignore[call-overload]
    found: dict[Desk, list[object]] = {desk: [] for desk in Desk}
    for row in rows:  # type: ignore[attr-defined]
        found[Desk(row.desk)].append(row)
    return [(desk, mine) for desk, mine in found.items() if mine]
