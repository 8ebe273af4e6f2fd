"""What an address asks for; what makes no sense counts as not asked."""

from datetime import date
from urllib.parse import urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map

from tracker.db import LARGEST_ID
from tracker.errors import InputError

LAST_PAGE = 100_000
YEARS = range(2000, 2101)


class IdConverter(IntegerConverter):
    """`<int:…>` in our addresses: a number that no row can bear leads nowhere (404)."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST_ID)


def number_asked(name: str = "page") -> int:
    """The page of a list; 1 by default. `name` tells several lists of a page apart."""
    number = _number(request.args.get(name, ""))
    return number if number is not None and 0 < number <= LAST_PAGE else 1


def id_asked(name: str) -> int | None:
    """An id in the address, or none."""
    return _id(request.args.get(name, ""))


def id_sent(name: str) -> int | None:
    """An id in the form, or none."""
    return _id(request.form.get(name, ""))


def chosen_part() -> int:
    """The assignment chosen in the form. Raises InputError where none is."""
    ident = id_sent("assignment")
    if ident is None:
        raise InputError("请选择单位。", "assignment")
    return ident


def ids_sent(name: str) -> list[int]:
    """The ids in the form; what is none is passed over."""
    return [ident for sent in request.form.getlist(name) if (ident := _id(sent)) is not None]


def _id(written: str) -> int | None:
    number = _number(written)
    return number if number is not None and number <= LARGEST_ID else None


def _number(written: str) -> int | None:
    fits = written.isascii() and written.isdecimal() and len(written) <= len(str(LARGEST_ID))
    return int(written) if fits else None


def day_of_words(written: str, what: str, field: str) -> date | None:
    """A date as forms send it, or none for empty words. Raises InputError saying what it is of."""
    if not written:
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        day = date.min
    if day.year not in YEARS:
        raise InputError(f"{what}“{written[:20]}”不是日期。请按 2026-03-31 的样子填写。", field)
    return day


def own_path(wanted: str) -> str | None:
    """A path that one of our own pages answers, rebuilt by us; none for anything else."""
    if not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return None
    try:
        parts = urlsplit(wanted)
        adapter = current_app.url_map.bind("localhost")
        endpoint, arguments = adapter.match(parts.path, method="GET")
    except (HTTPException, ValueError):
        return None
    if endpoint in ("static", "signin.form", "home.front"):
        return None
    query = f"?{parts.query}" if parts.query and parts.query.isprintable() else ""
    return url_for(endpoint, **arguments) + query


def page_of_form() -> str | None:
    """The page of ours that this form was sent from; None for what is no form of ours."""
    came, here = request.referrer or "", request.host_url
    if request.method != "POST" or not came.startswith(here):
        return None
    return own_path("/" + came.removeprefix(here))
