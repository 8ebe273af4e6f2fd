"""我的待办: what the department must do, most pressing first."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.paging import Page
from tracker.web.asked import number_asked
from tracker.web.context import actor, reading, today
from tracker.web.gate import policy
from tracker.work import todo
from tracker.work.todo import Desk

blueprint = Blueprint("my_work", __name__)


@blueprint.get("/my-work")
@policy("my_work.read")
def page() -> ResponseReturnValue:
    """The desk, or one group of it."""
    asked = request.args.get("group", "")
    if asked and asked not in set(Desk):
        return redirect(url_for("my_work.page"))
    desk = Desk(asked) if asked else None
    mine, number = actor().department_ids, number_asked()
    with reading() as session:
        counts = todo.counts(session, mine, today=today())
        rows = todo.page(session, mine, today=today(), number=number, desk=desk)
    total = counts.groups.get(desk, 0) if desk else counts.total
    return render_template(
        "pages/my_work/page.html", rows=rows, counts=counts.groups, total=counts.total, desk=desk,
        groups=_grouped(rows), Desk=Desk, page=Page(number, total, todo.PAGE),
    )  # fmt: skip


def _grouped(rows: object) -> list[tuple[Desk, list[object]]]:
    found: dict[Desk, list[object]] = {desk: [] for desk in Desk}
    for row in rows:  # type: ignore[attr-defined]
        found[Desk(row.desk)].append(row)
    return [(desk, mine) for desk, mine in found.items() if mine]
