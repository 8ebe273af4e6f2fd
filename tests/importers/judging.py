"""Facts held against a reading: one verdict a fact, so that a score can be counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from importers import QUESTIONS, Reading, Table, Task

from .fixtures.facts import TableFacts, TaskFacts

ASPECTS = [
    "tables",
    "tasks",
    "text",
    "number",
    "outline",
    "departments",
    "deadline",
    "scoring",
    "status",
    "names",
]


class Verdict(NamedTuple):
    """One fact: which aspect, whether it was read so, and a line for a person."""

    aspect: str
    right: bool
    detail: str


def judge(facts: Sequence[TableFacts], reading: Reading) -> list[Verdict]:
    """A verdict for every fact, and a wrong one for everything read that is not so."""
    found = [table for table in reading.tables if table.kind != "not_a_plan"]
    said = [(table.sheet, table.kind) for table in facts]
    read = [(table.sheet if any(t.sheet for t in facts) else "", table.kind) for table in found]
    verdicts = [
        _equal("tables", pair, pair if pair in read else None, "") for pair in sorted(set(said))
    ]
    if sorted(said) != sorted(read):
        verdicts.append(_equal("tables", said, read, ""))
    for table in facts:
        same = next((t for t in found if table.sheet in ("", t.sheet)), None)
        verdicts += _table(table, same)
        found = [t for t in found if t is not same]
    return verdicts


def questions(reading: Reading) -> Counter[str]:
    """How often each question is asked."""
    return Counter(p.code for t in reading.tables for p in t.problems if p.code in QUESTIONS)


def _told(reading: Reading) -> set[str]:
    return {p.code for t in reading.tables for p in t.problems}


def needless(asks: Iterable[str], reading: Reading) -> list[str]:
    """Questions asked without a reason, one entry each."""
    return sorted((questions(reading) - Counter(dict.fromkeys(asks, 10**6))).elements())


def missing(asks: Iterable[str], reading: Reading) -> list[str]:
    """Questions a careful reader would have asked."""
    return sorted(set(asks) - _told(reading))


def _table(facts: TableFacts, table: Table | None) -> Iterator[Verdict]:
    tasks = table.tasks if table else []
    if facts.kind == "directory":
        names = [name for name, _ in table.names] if table else []
        yield _equal("names", list(facts.names), names, "")
        return
    yield _equal("tasks", len(facts.tasks), len(tasks), table.sheet if table else "")
    texts = [bare(wanted.text) for wanted in facts.tasks], [bare(task.text) for task in tasks]
    for wanted, j in zip(facts.tasks, aligned(*texts), strict=True):
        where = f"{facts.sheet}“{wanted.text[:16]}” "
        yield from _task(wanted, tasks[j] if j is not None else None, where)


def aligned(wanted: Sequence[str], found: Sequence[str]) -> list[int | None]:
    """For each wanted text the index of the found one: by what it says, in between by its order."""
    places: list[int | None] = []
    matcher = SequenceMatcher(None, wanted, found, autojunk=False)
    for _, i1, i2, j1, j2 in matcher.get_opcodes():
        places += [j1 + k if j1 + k < j2 else None for k in range(i2 - i1)]
    return places


def _task(facts: TaskFacts, task: Task | None, where: str) -> Iterator[Verdict]:
    """Every fact of one task; all are wrong where there is no such task."""
    yield _equal("text", bare(facts.text), bare(task.text) if task else None, where)
    if facts.number is not None:
        yield _equal("number", facts.number, task and task.number, where)
    if facts.outline is not None:
        outline = [_group(group) for group in task.outline] if task else None
        yield _equal("outline", [_group(group) for group in facts.outline], outline, where)
    yield from _people(facts, task, where)
    yield _equal("deadline", facts.deadline, _deadline(facts, task), where)
    scores = [tuple(score) for score in task.scoring] if task else None
    if facts.scoring or scores:
        yield _equal("scoring", list(facts.scoring), scores, where)
    yield _equal("status", facts.status, task.status if task else "no task", where)


def _deadline(facts: TaskFacts, task: Task | None) -> tuple[str, str | None] | None:
    if task is None:
        return None
    due = task.deadline
    asked = facts.deadline[0] != "recurring" and due.due_on
    return due.kind, due.due_on.isoformat() if asked else None


def _people(facts: TaskFacts, task: Task | None, where: str) -> Iterator[Verdict]:
    """Each department with its role; one too many is a wrong fact of its own."""
    wanted = [(n, "lead") for n in facts.leads] + [(n, "support") for n in facts.supports]
    read = [(a.name, a.role) for a in task.assignments] if task else []
    for pair in wanted:
        yield Verdict("departments", pair in read, f"{where}{' '.join(pair)} is not in {read}")
    for pair in read:
        if pair not in wanted:
            yield Verdict("departments", False, f"{where}{' '.join(pair)} is too much")


def _equal(aspect: str, wanted: object, read: object, where: str) -> Verdict:
    return Verdict(aspect, wanted == read, f"{where}{aspect}: {wanted!r}, read as {read!r}")


def bare(text: str) -> str:
    """A text without any space: where a line wraps says nothing."""
    return re.sub(r"\s", "", text)


def _group(text: str) -> str:
    """A group without layout, and without the count some offices write behind it."""
    return re.sub(r"[（(](共)?\d+[项条][）)]$", "", bare(text))
