"""What the checking page shows: the reading beside the original grid, and what applying will do.

The figures are those of the real import, not committed (intake.outcome).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from importers import Problem, Reading, Skipped, Table, Task
from importers.asking import ANSWERED
from tracker.directory.department import Department
from tracker.intake import applying, comparing, kept
from tracker.intake.batch import Batch, BatchState
from tracker.intake.decide import Decisions, Row, plan_tables, rows
from tracker.intake.differences import KINDS, Change, listed, of_applied
from tracker.intake.sheetview import NOTHING, lights, stretch
from tracker.paging import Page

ROWS_SHOWN = 60
MOST_NOTES = 200
LISTED = 12


@dataclass(frozen=True)
class Preview:
    """See the fields' makers below; plain dicts and lists for the page. `lists` are the first rows
    of each kind of intake.differences, where a plan is there to compare with."""

    outcome: Mapping[str, Any]
    lists: Mapping[str, list[Change]]
    plan_version: int | None
    stats: dict[str, Any]
    tables: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    page: Page
    grid: dict[str, Any]
    problems: list[Problem]
    skipped: list[Skipped]
    problem_count: int
    skipped_count: int


def preview_of(session: Session, batch: Batch, *, on: date, page: int = 1) -> Preview:
    """The batch as it would be applied now; of one that was, what applying it did."""
    reading = kept.unpack(batch.reading)
    decisions = applying.decisions(session, batch, on=on)
    decided = list(rows(reading, decisions))
    plan = applying.plan_named(session, batch)
    outcome, lists = _against(session, batch, decided, decisions, is_later=plan is not None)
    read = [(table, task) for table in plan_tables(reading) for task in table.tasks]
    leaves = _leaves(read)
    page = min(page, max(len(leaves), 1))
    leaf = leaves[page - 1] if leaves else range(0)
    shown = [(decided[i], *read[i]) for i in leaf]
    new = _to_be_made(decisions)
    problems = sorted(reading.problems, key=lambda one: one.code != ANSWERED)
    skipped = [s for t in reading.tables for s in t.skipped]
    return Preview(
        outcome=outcome,
        lists=lists,
        plan_version=plan.version if plan else None,
        stats=_stats(decided, new),
        tables=[
            {"sheet": t.sheet, "kind": t.kind, "title": t.title, "reason": t.reason}
            for t in reading.tables
        ],
        rows=[_row(row, decisions, new, lights(table, task)) for row, table, task in shown],
        page=Page(page, len(decided), ROWS_SHOWN, len(leaves)),
        grid=_beside(reading, [(table, task) for _, table, task in shown]),
        problems=problems[:MOST_NOTES],
        skipped=skipped[:MOST_NOTES],
        problem_count=len(problems),
        skipped_count=len(skipped),
    )


def _against(
    session: Session, batch: Batch, rows: list[Row], decisions: Decisions, *, is_later: bool
) -> tuple[Mapping[str, Any], Mapping[str, list[Change]]]:
    """What applying would do, or did, in figures and with the first rows of each kind."""
    first, departments = slice(LISTED), decisions.names.departments
    if batch.state != BatchState.PREVIEW:
        done = of_applied(session, batch, rows, departments)
        return batch.counts, {"changed": done[first]} if done else {}
    outcome = comparing.compared(session, batch, rows)
    if not is_later:
        return outcome.counts(), {}
    reworded = sum("text" in before for _task, _row, before in outcome.changed)
    lists = {kind: listed(outcome, kind, departments, first) for kind in KINDS}
    return outcome.counts() | {"reworded": reworded}, lists


def _leaves(read: list[tuple[Table, Task]]) -> list[range]:
    """The pages, as stretches of the rows read; a page's rows all stand on one sheet."""
    leaves: list[range] = []
    for i, (table, _task) in enumerate(read):
        here = leaves[-1] if leaves else range(0)
        if here and len(here) < ROWS_SHOWN and read[here.start][0].sheet == table.sheet:
            leaves[-1] = range(here.start, i + 1)
        else:
            leaves.append(range(i, i + 1))
    return leaves


def _beside(reading: Reading, shown: list[tuple[Table, Task]]) -> dict[str, Any]:
    if not shown:
        return NOTHING
    sheet = shown[0][0].sheet
    tables = [table for table in plan_tables(reading) if table.sheet == sheet]
    return stretch(tables, [task for _table, task in shown])


def _to_be_made(decisions: Decisions) -> dict[str, str]:
    """Departments that applying will make, by the words as written."""
    return {
        written: answer["name"]
        for (kind, written), answer in decisions.answers.items()
        if kind == "name" and answer["take"] == "new" and "department_id" not in answer
    }


def _stats(decided: list[Row], new: Mapping[str, str]) -> dict[str, Any]:
    modes: Counter[str] = Counter()
    mode_points: dict[str, Decimal] = defaultdict(Decimal)
    categories: Counter[str] = Counter()
    for row in decided:
        points = row.points or Decimal(0)
        modes[row.modes] += 1
        mode_points[row.modes] += points
        categories[row.outline[0] if row.outline else ""] += 1
    made = {new[name] for row in decided for name, _, _ in row.unresolved if name in new}
    return {
        "tasks": len(decided),
        "points": sum((row.points or Decimal(0) for row in decided), Decimal(0)),
        "modes": [(mode, count, mode_points[mode]) for mode, count in modes.items() if mode],
        "categories": [(title, count) for title, count in categories.items() if title],
        "departments": len({p.department_id for row in decided for p in row.parts}) + len(made),
        "unresolved": sum(any(n not in new for n, _, _ in row.unresolved) for row in decided),
        "made": len(made),
        "completed": sum(row.is_done for row in decided),
        "deadlines": Counter(row.due_on for row in decided if row.due_on).most_common(5),
    }


def _row(row: Row, decisions: Decisions, new: Mapping[str, str], cells: str) -> dict[str, Any]:
    known: Mapping[int, Department] = decisions.names.departments
    return {
        "source": row.source,
        "number": row.number,
        "outline": row.outline,
        "text": row.text,
        "parts": [
            (known[p.department_id].label, p.role, p.name)
            for p in row.parts
            if p.department_id in known
        ]
        + [(new[name], role, name) for name, role, _source in row.unresolved if name in new],
        "unresolved": [name for name, _role, _source in row.unresolved if name not in new],
        "deadline_text": row.deadline_text,
        "due_on": row.due_on,
        "modes": row.modes,
        "points": row.points,
        "is_done": row.is_done,
        "lights": cells,
    }
