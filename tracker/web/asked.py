"""Numbers an address asks for; what makes no sense counts as not asked."""

from flask import request

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
