"""What a plan says now of the tasks that returned workbooks are about: read once for all of them."""

from collections.abc import Collection, Iterable, Mapping

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.exchange.rows import Scope, TaskLine, of_tasks, stream
from tracker.plans.assignment import Assignment


class Present:
    """Reads the tasks that are asked for; `shared` are read at once and kept, for several workbooks of
    one plan that are compared one after the other."""

    def __init__(self, session: Session, scope: Scope, shared: Iterable[int] = ()) -> None:
        self._session, self.scope = session, scope
        self._shared = dict.fromkeys(shared)
        self._kept: dict[int, TaskLine] = {}
        if self._shared:
            self._kept = {line.task.id: line for line in of_tasks(session, scope, self._shared)}

    def lines(self, idents: Collection[int]) -> Mapping[int, TaskLine]:
        """The tasks by their ids, as far as they are there."""
        if self._shared.keys() >= set(idents):
            return {ident: self._kept[ident] for ident in idents if ident in self._kept}
        return {line.task.id: line for line in of_tasks(self._session, self.scope, idents)}

    def whole(self) -> list[TaskLine]:
        """The whole plan, in its order."""
        return [line for block in stream(self._session, self.scope) for line in block]

    def standing(self, parts: Collection[int]) -> set[int]:
        """Which of these parts are there, withdrawn ones too: undoing an import takes some away."""
        if not parts:
            return set()
        wanted = sa.select(col(Assignment.id)).where(col(Assignment.id).in_(parts))
        return set(self._session.scalars(wanted))
