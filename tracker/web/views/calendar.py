"""工作日历: which days of a year are free and which weekends are worked, as the office writes it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.errors import InputError, NotFound
from tracker.reminders import arrangement
from tracker.web.asked import YEARS
from tracker.web.context import actor, at, reading, today, writing
from tracker.web.gate import policy

blueprint = Blueprint("calendar", __name__)


@blueprint.get("/calendar/<int:year>")
@policy("calendar.change")
def page(year: int) -> ResponseReturnValue:
    """A year's arrangement, to be read and rewritten."""
    return _page(year)


@blueprint.post("/calendar/<int:year>/arrangement")
@policy("calendar.change")
def replace(year: int) -> ResponseReturnValue:
    """The whole year anew; what cannot be read is said at its field and nothing is written."""
    resting, worked = (request.form.get(name, "") for name in ("resting", "worked"))
    try:
        days = arrangement.read(_known(year), resting, worked)
    except InputError as error:
        return _page(year, (resting, worked), error), 422
    with writing() as session:
        arrangement.rule(session, year, days, by=actor(), at=at())
    flash(_("%(year)s 年的工作日历已保存。", year=year), "success")
    return redirect(url_for("calendar.page", year=year))


def _known(year: int) -> int:
    if year not in YEARS:
        raise NotFound()
    return year


def _page(year: int, typed: tuple[str, str] | None = None, error: InputError | None = None) -> str:
    with reading() as session:
        found = arrangement.of_year(session, _known(year))
    resting, worked = typed or arrangement.written(found.days)
    years = sorted({year, *range(today().year - 1, today().year + 2)})
    return render_template(
        "pages/calendar/page.html", found=found, resting=resting, worked=worked, error=error,
        years=years, OFFICE=arrangement.OFFICE,
    )  # fmt: skip
