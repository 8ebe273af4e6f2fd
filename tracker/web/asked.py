"""What an address asks for; what makes no sense counts as not asked."""

from urllib.parse import urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException

LAST_PAGE = 100_000


def number_asked() -> int:
    """The page of a list; 1 by default."""
    asked = request.args.get("page", "1")
    return (
        int(asked)
        if asked.isascii() and asked.isdecimal() and 0 < int(asked[:9]) <= LAST_PAGE
        else 1
    )


def id_asked(name: str) -> int | None:
    """An id, or none."""
    asked = request.args.get(name, "")
    return int(asked) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 10 else None


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
