"""Pages of a list."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """Where a reader is in a list; numbers count from 1. `uneven` is the number of pages where they
    are not all of one size."""

    number: int
    total: int
    size: int
    uneven: int | None = None

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size) if self.uneven is None else self.uneven)
