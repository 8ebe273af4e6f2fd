"""Rows that lost their marks (typed again, or copied without the hidden column): which task and part
each one seems to be of, by number, text and department. A proposal, never taken silently. Pure.

Rows and tasks are paired as those of a later version of a plan are (`intake/pairing.py`), within each
department.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tracker.exchange.merging.fields import BY_KEY, Of
from tracker.exchange.merging.merge import Cell, Written
from tracker.exchange.merging.recognising import Loose
from tracker.exchange.rows import TaskLine
from tracker.intake.pairing import Said, paired
from tracker.text import match_key

BY_WORDS = "这一行没有行标识，按编号和文字对到这项任务。"
ALIKE = "这一行没有行标识，文字也不一样，看起来是这项任务，请核对。"
NO_BASE = "这份表没有导出标识，不知道填表时系统里是什么，请选择。"
Row = tuple[int, int]
"""A task's id and a part's, 0 for a row that stands for nobody yet"""


@dataclass(frozen=True)
class Candidate:
    """A row that an export of the plan has."""

    task: int
    part: int
    department: str
    said: Said


@dataclass(frozen=True)
class Pair:
    """A row without a mark and the row it seems to be; `is_exact` when its words are the same."""

    loose: Loose
    task: int
    part: int
    is_exact: bool

    def cells(self) -> dict[Cell, Written]:
        """What the row says; an empty cell of a table typed again says nothing."""
        found = {}
        for key, written in self.loose.written.items():
            if key in BY_KEY and written.text.strip():
                of_part = BY_KEY[key].of is Of.PART and self.part
                row = (Of.PART, self.part) if of_part else (Of.TASK, self.task)
                found[Cell(*row, key)] = written
        return found


def candidates(present: Sequence[TaskLine]) -> list[Candidate]:
    """The rows of a plan as it stands."""
    found = []
    for line in present:
        task, said = line.task.id or 0, Said(line.task.number, line.outline, line.task.text)
        for part in line.parts:
            name = match_key(part.department)
            found.append(Candidate(task, part.assignment.id or 0, name, said))
        if line.unresolved or not line.parts:
            found.append(Candidate(task, 0, match_key(nobody(line)), said))
    return found


def nobody(line: TaskLine) -> str:
    """What the ledger says in the place of a department that is not known yet."""
    return "待定：" + "、".join(line.unresolved) if line.unresolved else "未写明"


def pair(
    loose: Sequence[Loose], rows: Sequence[Candidate], taken: Collection[Row]
) -> tuple[list[Pair], list[Loose]]:
    """The pairs, and the rows that are like none; `taken` are the rows that a mark spoke for."""
    left = [row for row in rows if (row.task, row.part) not in taken]
    pairs: list[Pair] = []
    for department, own in _by_department(loose).items():
        theirs = [row for row in left if row.department == department or not department]
        pairs += _paired(own, theirs)
    known = {id(one.loose) for one in pairs}
    return pairs, [one for one in loose if id(one) not in known]


def _by_department(loose: Sequence[Loose]) -> dict[str, list[Loose]]:
    found: dict[str, list[Loose]] = defaultdict(list)
    for one in loose:
        found[match_key(one.text("department"))].append(one)
    return found


def _paired(loose: Sequence[Loose], rows: Sequence[Candidate]) -> list[Pair]:
    said = [
        Said(one.text("number").strip(), _outline(one), one.text("text").strip()) for one in loose
    ]
    return [
        Pair(
            loose[one.row], rows[one.task].task, rows[one.task].part,
            is_exact=said[one.row].folded == rows[one.task].said.folded,
        )
        for one in paired(said, [row.said for row in rows])
        if one.is_likely
    ]  # fmt: skip


def _outline(one: Loose) -> tuple[str, ...]:
    """As the ledger writes the headings above a task."""
    return tuple(part.strip() for part in one.text("section").split(" / ") if part.strip())
