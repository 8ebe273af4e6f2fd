"""Which pieces of evidence a person takes out, in the plan's order, and where each lies in the zip."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from tracker.directory.department import Department
from tracker.exchange.windows_names import Folder
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.plan import Section
from tracker.plans.task import Task
from tracker.storage import StoredFile
from tracker.work.evidence import Evidence, current
from tracker.work.requirement import Requirement

HEADING, TASK, DEPARTMENT, FILE = 16, 30, 20, 60
"""UTF-16 units of a name; with three headings a path stays far under Windows' 260."""
DEEPEST = 3
"""Headings above a task that become folders."""


@dataclass(frozen=True)
class Line:
    """A piece of evidence with where it belongs; `path` is its place in the zip."""

    path: str
    task: Task
    department: str
    requirement: str
    file: StoredFile
    at: datetime


def lines(session: Session, rows: Sequence[tuple[Evidence, Assignment]]) -> list[Line]:
    """The pieces in force among these, as access lets the person see them, in the plan's order."""
    parts = {piece.id: part for piece, part in rows if part.state != AssignmentState.WITHDRAWN}
    wanted = [one for one in current(piece for piece, _part in rows) if one.id in parts]
    tasks = {ident: session.get_one(Task, ident) for ident in {p.task_id for p in parts.values()}}
    names = _Names(session)

    def order(piece: Evidence) -> tuple[int, int, int, int]:
        part = parts[piece.id]
        task = tasks[part.task_id]
        return task.position, task.id or 0, part.id or 0, piece.id or 0

    found = []
    for piece in sorted(wanted, key=order):
        part = parts[piece.id]
        file = session.get_one(StoredFile, piece.file_id)
        requirement = session.get(Requirement, piece.requirement_id or 0)
        found.append(
            Line(
                names.path(tasks[part.task_id], part.department_id, file.name),
                tasks[part.task_id], names.department(part.department_id),
                requirement.name if requirement else "", file, piece.at,
            )
        )  # fmt: skip
    return found


class _Names:
    """Gives every heading, task and department its folder, once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._folders: dict[str, Folder] = defaultdict(Folder)
        self._known: dict[tuple[str, object], str] = {}

    def path(self, task: Task, department_id: int, file: str) -> str:
        """Where a file of this name lies."""
        above = ""
        for section in list(self._above(task))[::-1][-DEEPEST:]:
            above = self._below(above, ("section", section.id), section.title, HEADING)
        number = f"{task.number}. " if task.number else ""
        first = task.text.split("\n", 1)[0]
        above = self._below(above, ("task", task.id), f"{number}{first}", TASK)
        department = self.department(department_id)
        above = self._below(above, (f"at {task.id}", department_id), department, DEPARTMENT)
        return above + self._folders[above].name(file, FILE)

    def department(self, ident: int) -> str:
        """Its short name, if it has one."""
        found = self._session.get_one(Department, ident)
        return found.short_name or found.name

    def _above(self, task: Task) -> Iterator[Section]:
        """The headings above a task, nearest first."""
        section = self._session.get(Section, task.section_id or 0)
        while section is not None:
            yield section
            section = self._session.get(Section, section.parent_id or 0)

    def _below(self, above: str, what: tuple[str, object], wanted: str, longest: int) -> str:
        if what not in self._known:
            self._known[what] = f"{above}{self._folders[above].name(wanted, longest)}/"
        return self._known[what]
