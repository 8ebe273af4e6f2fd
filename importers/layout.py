"""Which column does which job in one table. A choice that is not certain is a question."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from importers import persons
from importers.asking import Answers, Asking
from importers.calendar_columns import Calendar, find_calendar, phases
from importers.choosing import Choosing
from importers.columns import PLAN_MARKS
from importers.grid import column_letter
from importers.headers import Header
from importers.matrix import Roles, find_matrix
from importers.names import looks_like_department
from importers.problems import Problem
from importers.scoring import read_points
from importers.spread import Spread
from importers.status import read_status

_SINGLE = {"deadline": "完成时限", "points": "分值", "status": "完成情况"}
_READS = {"status": read_status, "points": read_points}
_OVERSEES = re.compile(r"^(?:行业|直接|业务|属地)?(?:主管|监管|监督管理|归口管理)")
"""Beside whoever has to act, 主管部门 and 监管部门 only look on."""
_FORCE = re.compile("(?:工作|专项|行动)?(?:专班|小组|工作组|组)(?:名称)?")
"""Beside a 牵头 column the task forces are what the duties are grouped by."""
_RESPONSIBLE = re.compile("责任|负责|承办|落实|实施|建设|施工|整改")
_BOUND = re.compile("包联|包保|包抓|帮扶|结对|挂联|挂钩")
"""Who is bound to a village or firm helps it, and where nobody else is named the work is theirs."""
_PLACE = re.compile(
    "(?:所[在属])?(?:乡镇|镇街|街镇|街道|县区|区县|镇|乡|村|村居|社区|片区|地区)"
    "|属地(?:镇街|街镇|街道|乡镇|单位)?"
)
"""Beside a column that says who is responsible it is where the task lies."""
_WORD = 8
"""Characters of a word of status; what is longer tells of progress."""
_FIELDS = ("person", "score", "standard", "site", "progress", "evidence", "origin", "note")


@dataclass(slots=True)
class Layout:
    """Columns by job, counted from 0; -1 where a table has none. `fields` are all the others."""

    number: int = -1
    task: int = -1
    deadline: int = -1
    points: int = -1
    status: int = -1
    categories: list[int] = field(default_factory=list)
    departments: list[tuple[int, str]] = field(default_factory=list)
    modes: list[int] = field(default_factory=list)
    fields: list[tuple[int, str]] = field(default_factory=list)
    matrix: list[tuple[int, str]] = field(default_factory=list)
    roles: Roles = field(default_factory=Roles)
    names: int = -1
    asking: Asking = field(default_factory=Asking)
    with_persons: set[int] = field(default_factory=set)
    """department columns whose cells name persons too"""
    calendar: Calendar = field(default_factory=Calendar)
    """months or quarters as columns, in a table without a deadline column"""
    has_leads: bool = False
    """a column of its own names the leads"""
    given: tuple[str, str] = ("", "")
    """who the whole table is given to, and the cell that says so (`given`)"""
    first_leads: bool = False
    """the sheet says that of several departments in a cell the first leads"""

    def letters(self, header: Header) -> dict[str, str]:
        """Meaning → column letter; a second column of a meaning is 'category_2' and so on."""
        jobs = [("number", self.number), ("task", self.task), ("deadline", self.deadline)]
        jobs += [("points", self.points), ("status", self.status), ("name", self.names)]
        jobs += [("category", c) for c in self.categories]
        jobs += [(role, c) for c, role in self.departments] + [("mode", c) for c in self.modes]
        jobs += [(m, c) for c, _ in self.fields if (m := header.meanings[c]) in _FIELDS and m]
        found: dict[str, str] = {}
        for job, column in jobs:
            if column >= 0:
                _add(found, job, column_letter(column))
        return found


def _add(found: dict[str, str], job: str, letter: str) -> None:
    number, key = 1, job
    while key in found:
        number += 1
        key = f"{job}_{number}"
    found[key] = letter


def lay_out(
    spread: Spread, header: Header, last: int, answers: Answers, is_deadline: Callable[[str], bool]
) -> tuple[Layout, list[Problem]]:
    """The layout of a table whose body ends at row `last`, and the questions it raises."""
    matrix, roles = find_matrix(spread, header, last)
    layout = Layout(matrix=matrix, roles=roles, asking=Asking(header.labels, answers))
    taken = {column for column, _ in matrix}
    choosing = Choosing(spread, header, last, taken, layout.asking)
    layout.number = next(iter(choosing.sure("number")), -1)
    layout.modes = choosing.sure("mode")
    _choose_departments(layout, choosing, header)
    for job, word in _SINGLE.items():
        columns = (
            choosing.clearest(choosing.sure(job), _READS[job])
            if job in _READS
            else choosing.sure(job)
        )
        setattr(layout, job, choosing.only(job, columns, word))
    if layout.status < 0:
        told = choosing.free("progress")
        layout.status = next((c for c in told if _tells_status(choosing, c)), -1)
    workers = {c for c, _ in layout.departments}
    layout.task, layout.categories = choosing.task(workers | {layout.deadline}, _used(layout))
    _guess(layout, choosing, header, is_deadline)
    if layout.task < 0:
        layout.names = next(iter(header.columns("name")), -1)
    if layout.deadline < 0:
        layout.calendar = find_calendar(spread, header, last)
    _rest_are_fields(layout, header, taken)
    for c, _ in layout.departments:
        if persons.stand_in(header.labels[c], choosing.texts(c)):
            layout.with_persons.add(c)
            layout.fields.append((c, header.labels[c]))
    return layout, choosing.problems


def _tells_status(choosing: Choosing, column: int) -> bool:
    """Whether a column called 进度 holds nothing but clear words of status."""
    texts = set(choosing.texts(column))
    return len(texts) > 1 and all(
        len(t) <= _WORD and "%" not in t and read_status(t) for t in texts
    )


def is_plan(layout: Layout, header: Header) -> bool:
    """A task column, and beside it a department, a deadline or a scoring mode."""
    marked = any(m in PLAN_MARKS for m in header.meanings if m)
    worked = marked or bool(layout.departments) or bool(layout.given[0])
    return layout.task >= 0 and (worked or layout.deadline >= 0)


def _choose_departments(layout: Layout, choosing: Choosing, header: Header) -> None:
    """责任单位 leads where it stands alone and helps beside a 牵头 column."""
    lead, responsible, support = (choosing.free(m) for m in ("lead", "responsible", "support"))
    if lead and (forces := [c for c in responsible if _FORCE.fullmatch(header.labels[c])]):
        responsible = [c for c in responsible if c not in forces]
        for c in forces:
            header.meanings[c] = "category"
    if len(responsible) > 1 and any(_RESPONSIBLE.search(header.labels[c]) for c in responsible):
        places = [c for c in responsible if _PLACE.fullmatch(header.labels[c])]
        responsible = [c for c in responsible if c not in places]
        for c in places:
            header.meanings[c] = "category"
    working = [c for c in responsible if not _OVERSEES.search(header.labels[c])]
    responsible = working or responsible
    leads, layout.has_leads = lead or responsible, bool(lead)
    if not leads and header.columns("task", "content", "measure", "issue"):
        leads = choosing.free("name")
    if not leads and (bound := [c for c in support if _BOUND.search(header.labels[c])]):
        leads, support = bound[:1], [c for c in support if c != bound[0]]
    helpers = sorted(support + responsible) if lead else support
    chosen = choosing.only("lead", leads, "牵头单位" if lead else "责任单位")
    layout.departments = [(chosen, "lead")] if chosen >= 0 else []
    layout.departments += [(c, "support") for c in helpers]
    layout.departments += [(c, "support") for c in leads if c != chosen]
    layout.departments.sort(key=lambda one: (one[1] != "lead", one[0]))


def _guess(
    layout: Layout, choosing: Choosing, header: Header, is_deadline: Callable[[str], bool]
) -> None:
    """Where no header word says it, what stands in the columns may.

    A table of which no word is known needs all three: a task, who does it, and by when.
    """
    if layout.matrix:
        _guess_beside_marks(layout, choosing, is_deadline)
        return
    told = bool(layout.departments) and layout.deadline >= 0
    unknown = (header.by_shape and not told) or (layout.task < 0 and not layout.departments)
    used = {layout.number, layout.deadline, layout.task, *layout.modes}
    used |= {c for c, _ in layout.departments}
    if layout.deadline < 0 and (unknown or layout.task >= 0 or layout.departments):
        layout.deadline = choosing.guess_deadline(used, is_deadline, not unknown)
        layout.categories = [c for c in layout.categories if c != layout.deadline]
        used.add(layout.deadline)
    used |= set(layout.categories) if layout.task >= 0 else set()
    if unknown and layout.deadline < 0 and layout.task < 0:
        return
    led = any(role == "lead" for _, role in layout.departments)
    if not led and (layout.task >= 0 or unknown):
        known = layout.task >= 0 and layout.deadline >= 0 and not unknown
        worker = choosing.guess_departments(used, known)
        layout.departments[:0] = [(worker, "lead")] if worker >= 0 else []
        used.add(worker)
    if layout.task < 0 and layout.departments:
        stages = phases(header)
        dated = layout.deadline >= 0 or bool(layout.modes) or bool(stages)
        layout.task = choosing.guess_task(used.union(stages), dated and not unknown)
        layout.categories = [c for c in layout.categories if c < layout.task]


def _guess_beside_marks(
    layout: Layout, choosing: Choosing, is_deadline: Callable[[str], bool]
) -> None:
    """The task of a matrix of departments without a word for it: the one column of texts left."""
    offices = sum(looks_like_department(name) for _, name in layout.matrix)
    if layout.task >= 0 or 2 * offices < len(layout.matrix):
        return
    used = _used(layout)
    if layout.deadline < 0:
        layout.deadline = choosing.guess_deadline(used, is_deadline, True)
    layout.task = choosing.guess_task(used | {layout.deadline}, True, ("trait", "site"))
    layout.categories = [c for c in layout.categories if c < layout.task]


def _used(layout: Layout) -> set[int]:
    """The columns that have a job already."""
    used = {layout.number, layout.deadline, layout.points, layout.status, *layout.modes}
    return used | {c for c, _ in layout.departments}


def _rest_are_fields(layout: Layout, header: Header, taken: set[int]) -> None:
    used = {layout.number, layout.task, layout.deadline, layout.points, layout.status, layout.names}
    used |= {*layout.categories, *layout.modes, *taken, *(c for c, _ in layout.departments)}
    for column, label in enumerate(header.labels):
        if column not in used:
            layout.fields.append((column, label))
