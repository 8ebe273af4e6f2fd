"""Pages of a list."""

from dataclasses import dataclass


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
