"""A task as a file says it, with its departments and its deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from importers.scoring import Score


class Assignment(NamedTuple):
    """A department as written, its role ('lead' or 'support') and its cell."""

    name: str
    role: str
    source: str


class Deadline(NamedTuple):
    """What the deadline cell says. `due_on` is certain enough to act on; `proposed` is not."""

    text: str = ""
    kind: str = "none"
    due_on: date | None = None
    proposed: date | None = None
    source: str = ""
    approximate: bool = False

    def to_json(self) -> dict[str, Any]:
        """With ISO dates."""
        return {
            **self._asdict(),
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "proposed": self.proposed.isoformat() if self.proposed else None,
        }


@dataclass(slots=True)
class Task:
    """One task. `row` to `last_row` count from 1 as on the sheet; `outline` goes from the top down.

    Deadlines, scores, outlines and empty `fields` are shared between tasks: do not write to them.
    """

    source: str
    row: int
    number: str
    outline: tuple[str, ...]
    text: str
    assignments: tuple[Assignment, ...]
    deadline: Deadline
    scoring: tuple[Score, ...]
    status: str | None
    fields: dict[str, str]
    last_row: int

    def to_json(self) -> dict[str, Any]:
        """As `tracker read --json` prints it."""
        return {
            "source": self.source,
            "number": self.number,
            "outline": list(self.outline),
            "text": self.text,
            "assignments": [a._asdict() for a in self.assignments],
            "deadline": self.deadline.to_json(),
            "scoring": [s._asdict() for s in self.scoring],
            "status": self.status,
            "fields": self.fields,
        }
