"""Rows into tables, in bulk: sections, tasks, assignments, names still unresolved."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, SQLModel

from tracker import bulk
from tracker.db import reserve_ids
from tracker.intake.assigning import assign
from tracker.intake.batch import Batch
from tracker.intake.decide import Row
from tracker.intake.placing import Path, Placed, make_room, paths_of
from tracker.plans.plan import Plan, Section
from tracker.plans.task import Task, UnresolvedName

TASK_COLUMNS = (
    "id", "plan_id", "section_id", "batch_id", "position", "number", "text", "standard", "modes",
    "points", "points_by_mode", "deadline_text", "deadline_kind", "deadline_version", "due_on", "original_due_on",
    "match_key", "source", "fields", "completed_on", "is_complete",
)  # fmt: skip


def table_of(model: type[SQLModel]) -> Any:
    """The table behind a model."""
    return model.__table__  # type: ignore[attr-defined]


def write_new(
    session: Session, plan: Plan, batch: Batch, rows: list[Row], placed: Sequence[Placed], *,
    at: datetime,
) -> None:  # fmt: skip
    """Write tasks that were not there, with all that hangs on them; `placed` says where they stand
    and which of the plan's own move. A plan without tasks has them in the file's order."""
    places = make_room(session, plan, placed) if placed else range(1, len(rows) + 1)
    if not rows:
        return
    sections = ensure_sections(session, plan, [row.outline for row in rows])
    ids = reserve_ids(session, table_of(Task), len(rows))
    bulk.insert(
        session, table_of(Task), TASK_COLUMNS,
        (
            _task(plan, batch, row, ident, sections.get(row.outline), place)
            for row, ident, place in zip(rows, ids, places, strict=True)
        ),
    )  # fmt: skip
    assign(session, ids, [row.parts for row in rows], at=at)
    bulk.insert(
        session, table_of(UnresolvedName), ("plan_id", "task_id", "name", "role", "source"),
        (
            (plan.id, ident, name, role, source)
            for row, ident in zip(rows, ids, strict=True)
            for name, role, source in row.unresolved
        ),
    )  # fmt: skip


def _task(
    plan: Plan, batch: Batch, row: Row, ident: int, section: int | None, position: int
) -> tuple[Any, ...]:
    return (
        ident, plan.id, section, batch.id, position, row.number, row.text, row.standard, row.modes,
        row.points, row.points_by_mode, row.deadline_text, row.deadline_kind, 1, row.due_on, row.due_on, row.key,
        row.source, row.fields, None, row.is_done,
    )  # fmt: skip


def ensure_sections(session: Session, plan: Plan, outlines: list[Path]) -> dict[Path, int]:
    """The plan's headings by their path from the top; headings not there yet are written."""
    paths = paths_of(session, plan.id).items()
    known = {path: ident for ident, path in paths if ident is not None}
    wanted = dict.fromkeys(
        outline[:depth]
        for outline in dict.fromkeys(outlines)
        for depth in range(1, len(outline) + 1)
    )
    new = [path for path in wanted if path not in known]
    ids = reserve_ids(session, table_of(Section), len(new)) if new else []
    position = len(known)
    known.update(zip(new, ids, strict=True))
    bulk.insert(
        session, table_of(Section), ("id", "plan_id", "parent_id", "title", "depth", "position"),
        [
            (known[path], plan.id, known.get(path[:-1]), path[-1], len(path) - 1, position + index)
            for index, path in enumerate(new, 1)
        ],
    )  # fmt: skip
    return known
