"""Settling many rows at once: what is known beforehand of all of them, and their deeds, kept together."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from sqlmodel import Session, SQLModel

from importers.rhythm_rule import Rhythm
from tracker.events import keep
from tracker.exchange.rows import NOTHING, newest_reports
from tracker.plans.assignment import Assignment
from tracker.plans.holding import Held
from tracker.work.reporting import rules_of
from tracker.work.requirement import with_some


class Deeds:
    """Rows and events in the order in which the verbs made them. Nothing is written before `write`, which
    whoever needs a row's id, or changes more than the part at hand, calls first."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._rows: list[SQLModel] = []

    def add(self, *rows: SQLModel) -> None:
        """What a verb made."""
        self._rows += rows

    def write(self) -> None:
        """Keep all of it so far, chained in its order."""
        rows, self._rows = self._rows, []
        if rows:
            keep(self.session, *rows)


class Known:
    """What the verbs ask about some held tasks, read for all of them by one query each, when the first
    asks. Of each part the newest report counts that was there before this workbook."""

    def __init__(self, session: Session, rows: Iterable[Held]) -> None:
        held = list(rows)
        self._session = session
        self._tasks = [one.task.id or 0 for one in held]
        self._parts = [part.id or 0 for one in held for part in one.parts]

    def rule(self, part: Assignment) -> Rhythm | None:
        """The rhythm that a part reports in."""
        return self._rules.get(part.task_id)

    def newest(self, part: Assignment) -> tuple[str, str, str]:
        """Text, difficulties and next step of its newest report; three times nothing without one."""
        return self._newest.get(part.id or 0, NOTHING)

    def wants_evidence(self, task_id: int) -> bool:
        """Whether completion is only granted with evidence."""
        return task_id in self._demanding

    @cached_property
    def _rules(self) -> Mapping[int, Rhythm | None]:
        return rules_of(self._session, self._tasks)

    @cached_property
    def _newest(self) -> Mapping[int, tuple[str, str, str]]:
        return newest_reports(self._session, self._parts)

    @cached_property
    def _demanding(self) -> set[int]:
        return with_some(self._session, self._tasks)
