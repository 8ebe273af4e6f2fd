"""What a plan says now: the side of a comparison that is not the file."""

from collections import defaultdict
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import Session, col, select

from tracker.intake.placing import Path, paths_of
from tracker.plans.assignment import Assignment
from tracker.plans.task import Task, UnresolvedName


@dataclass
class Present:
    """The plan's tasks in their order; the headings by the ids of their sections; of each task the
    roles of the departments that the plan's file names, whoever works on it now, and the names that
    stand for nobody yet."""

    tasks: list[Task] = field(default_factory=list)
    headings: dict[int | None, Path] = field(default_factory=dict)
    parts: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    unresolved: dict[int, list[list[str]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def load(cls, session: Session, plan_id: int | None) -> "Present":
        """The plan as it stands; nothing where there is none yet."""
        if plan_id is None:
            return cls()
        tasks = select(Task).where(Task.plan_id == plan_id)
        found = cls(
            list(session.exec(tasks.order_by(col(Task.position), col(Task.id)))),
            paths_of(session, plan_id),
        )
        named = select(Assignment.task_id, Assignment.department_id, Assignment.role).where(
            Assignment.plan_id == plan_id, col(Assignment.in_plan).is_(sa.true())
        )
        for task_id, department_id, role in session.exec(named):
            found.parts[task_id][department_id] = role
        names = select(UnresolvedName).where(UnresolvedName.plan_id == plan_id)
        for name in session.exec(names.order_by(col(UnresolvedName.id))):
            found.unresolved[name.task_id].append([name.name, name.role, name.source])
        return found

    def outline(self, task: Task) -> Path:
        """The headings a task stands under, from the top down."""
        return self.headings.get(task.section_id, ())
