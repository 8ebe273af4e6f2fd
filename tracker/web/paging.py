"""Pages of a list."""

from dataclasses import dataclass

from flask import request

LAST_PAGE = 100_000


@dataclass(frozen=True)
class Page:
    """Where a reader is in a list; numbers count from 1."""

    number: int
    total: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


def number_asked() -> int:
    """The page the address asks for; 1 where it makes no sense."""
    asked = request.args.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdecimal() and 0 < int(asked[:9]) <= LAST_PAGE else 1


def id_asked(name: str) -> int | None:
    """An id the address asks for; None where it makes no sense."""
    asked = request.args.get(name, "")
    return int(asked) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 10 else None
