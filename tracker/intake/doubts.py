"""What is still doubtful in a file, cell by cell, in words: for a copy that goes back to its author."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from importers import Reading
from tracker.directory.department import Department
from tracker.intake.answers import NAME_CODES, SAME_TASK
from tracker.intake.decide import plan_tables
from tracker.intake.question import Question

_CELL = re.compile(r"([A-Z]{1,3})([0-9]+)(?::[A-Z]{1,3}[0-9]+)?")
_ROWS = re.compile(r"([0-9]+):[0-9]+")
_COLUMNS = re.compile(r"([A-Z]{1,3}):[A-Z]{1,3}")


class Doubt(NamedTuple):
    """What is asked about a place: a cell, a row (no `column`) or a column (no `row`)."""

    sheet: str
    column: str
    row: int
    words: str


def doubts_of(
    reading: Reading, questions: Iterable[Question], departments: Mapping[int, Department]
) -> list[Doubt]:
    """The open questions at every cell they are about, with what is proposed."""
    places = _Places(reading)
    found = []
    for question in questions:
        if question.answer is None:
            words = _ended(question.message) + _proposal(question, departments)
            for source in places.of(question):
                if (place := _place(source)) is not None:
                    found.append(Doubt(*place, words))
    return found


class _Places:
    """Where a reading's names and doubts stand; sorted once, since each may be one of thousands."""

    def __init__(self, reading: Reading) -> None:
        self._names: dict[str, list[str]] = defaultdict(list)
        for table in plan_tables(reading):
            for name, cells in table.tasks.cells_of(table.tasks.names()).items():
                self._names[name] += cells
        self._kinds: dict[str, list[str]] = defaultdict(list)
        self._words: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._keys: dict[str, list[str]] = defaultdict(list)
        for table in reading.tables:
            for one in table.problems:
                self._kinds[one.code].append(one.source)
                self._words[one.code, one.value or ""].append(one.source)
                self._keys[one.key].append(one.source)

    def of(self, question: Question) -> Iterable[str]:
        """All cells of a question; it may itself name only the first of very many."""
        if question.code in NAME_CODES:
            return dict.fromkeys(self._names.get(question.value, question.sources))
        same = self._doubts(question)
        return dict.fromkeys(same if len(same) > len(question.sources) else question.sources)

    def _doubts(self, question: Question) -> list[str]:
        """The reader's doubts of the question's kind; of deadlines, of the same words; of what can be
        chosen, of the same key."""
        if key := question.proposed.get("key"):
            return self._keys.get(key, [])
        if question.proposed.get("take") in ("date", "none"):
            return self._words.get((question.code, question.value), [])
        return self._kinds.get(question.code, [])


def _place(source: str) -> tuple[str, str, int] | None:
    sheet, _, where = source.rpartition("!")
    if found := _CELL.fullmatch(where):
        return sheet, found[1], int(found[2])
    if found := _ROWS.fullmatch(where):
        return sheet, "", int(found[1])
    found = _COLUMNS.fullmatch(where)
    return (sheet, found[1], 0) if found else None


def _proposal(question: Question, departments: Mapping[int, Department]) -> str:
    said = _said(question, departments)
    return f"建议：{said}。" if said else ""


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(("。", "？", "！", "）")) else f"{sentence}。"


def _said(question: Question, departments: Mapping[int, Department]) -> str:
    proposed, options = question.proposed, question.options
    if question.code == SAME_TASK:
        return "算同一项任务" if proposed["take"] == "same" else "算新任务"
    dates = [one["date"] for one in options if one["take"] == "date"]
    if dates:
        return f"写成 {dates[0]}"
    idents = [one["department_id"] for one in options if one["take"] == "department"]
    known = [departments[ident] for ident in idents if ident in departments]
    if known:
        return "写成" + "或".join(f"“{one.name}”" for one in known[:3])
    words = {
        "new": f"名录里加上“{proposed.get('name', '')}”，或改成名录里的单位",
        "nobody": "删去这几个字，或改成单位名称",
        "open": "写明是哪些单位",
        "none": "写成 2026-06-30 这样的日期，没有时限就留空",
    }
    return words.get(str(proposed.get("take")), "")
