"""Making an export: the workbook with its mark, the row that remembers it, the event."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import Workbook
from sqlmodel import Session

from tracker.actor import Actor
from tracker.directory.department import Department
from tracker.errors import InputError
from tracker.events import Event, deed
from tracker.exchange.added import Placed, shown
from tracker.exchange.export import Export, Layout
from tracker.exchange.ledger import add_ledger, ledger, saved
from tracker.exchange.marking import mark
from tracker.exchange.merging import saying
from tracker.exchange.merging.fields import Of, value_of
from tracker.exchange.merging.merge import Cell, Said
from tracker.exchange.original import can_be_written, with_status
from tracker.exchange.rows import TaskLine, lines
from tracker.exchange.slices import slice_of
from tracker.intake import kept
from tracker.intake.batch import Batch, newest_applied
from tracker.intake.decide import Standing, where_tables_stand
from tracker.plans.plan import Plan
from tracker.settings import Settings
from tracker.storage import StoredFile, at_hand
from tracker.stores.chosen import store_of
from tracker.stores.store import Store
from tracker.text import clean_file_name

REST = "本表以外的任务"
NO_LAYOUT = "这份计划不是从 .xlsx 工作簿导入的，没有原表格式。请改用台账格式导出。"


@dataclass(frozen=True)
class Made:
    """A finished export; `export` and `event` are still to be kept."""

    content: bytes
    file_name: str
    export: Export
    event: Event


def export_plan(
    session: Session, plan: Plan, layout: Layout, *, department: Department | None, by: Actor,
    at: datetime, today: date, settings: Settings,
) -> Made:  # fmt: skip
    """A workbook of the plan, or of one department's part in it.

    Raises InputError when the plan did not come from an .xlsx workbook and its own layout is asked.
    """
    ident = department.id if department else None
    found = lines(session, plan, today=today, zone=settings.timezone, department_id=ident)
    key = secrets.token_hex(16)
    if layout == Layout.ORIGINAL:
        content = _original(
            session, plan, found, store_of(settings), key=key, department=department, today=today
        )
    else:
        name = department.name if department else None
        book = ledger(plan, found, key=key, today=today, department=name)
        mark(book, key)
        content = saved(book)
    assert plan.id is not None
    export = Export(
        key=key, plan_id=plan.id, department_id=ident, layout=layout, at=at,
        by=by.user_id, base=saying.packed(_base(found, layout)),
    )  # fmt: skip
    event = deed(
        by, "plan.exported", "plan", plan.id, at=at, plan_id=plan.id, department_id=ident,
        layout=layout.value, tasks=len(found), key=key,
    )  # fmt: skip
    return Made(content, _file_name(plan, department, layout, today), export, event)


def _file_name(plan: Plan, department: Department | None, layout: Layout, today: date) -> str:
    kind = {"original": "任务表", "ledger": "台账"}[layout.value]
    whose = f"-{department.name}" if department else ""
    return clean_file_name(f"{plan.name}{whose}-{kind}-{today:%Y%m%d}.xlsx")


def _base(found: list[TaskLine], layout: Layout) -> dict[Cell, Said]:
    """What the workbook said, for merging it when it returns."""
    said = {cell: Said(value, value) for cell, value in saying.values(found).items()}
    for line in found if layout == Layout.ORIGINAL else ():
        (only,) = line.parts if len(line.parts) == 1 else (None,)
        for field, text in shown(line).items():
            # a row of several departments speaks for none of them
            own = Cell(Of.PART, only.assignment.id or 0, field) if only else None
            cell = own or Cell(Of.TASK, line.task.id or 0, field)
            said[cell] = Said(text, said[own].value if own else value_of(field, text))
    return said


def _original(
    session: Session, plan: Plan, found: list[TaskLine], store: Store, *, key: str,
    department: Department | None, today: date,
) -> bytes:  # fmt: skip
    """The file applied last; tasks that only an earlier one had follow on a sheet of their own."""
    batch, file = _source(session, plan)
    by_key = {line.task.match_key: line for line in found}
    with at_hand(file, store) as path:
        if not can_be_written(path):
            raise InputError(NO_LAYOUT, "layout")
        placed = _placed(batch, by_key)
        rest = list(by_key.values())
        if department is None:
            return with_status(path, placed, key, _rest(plan, rest, key, today) if rest else None)
        book = slice_of(path, placed, key)
    if rest:
        add_ledger(book, REST, plan, rest, key=key, today=today, department=department.name)
    mark(book, key)
    return saved(book)


def _rest(plan: Plan, lines: list[TaskLine], key: str, today: date) -> bytes:
    """A workbook of the tasks that the file does not hold."""
    book = Workbook()
    book.remove(book.worksheets[0])
    add_ledger(book, REST, plan, lines, key=key, today=today, department=None)
    return saved(book)


def _placed(batch: Batch, by_key: dict[str, TaskLine]) -> list[Placed]:
    """Where the file's tables stand; their tasks are taken out of `by_key`."""
    placed: list[Placed] = []
    for stands in where_tables_stand(kept.unpack(batch.reading)):
        if not stands.header[0]:  # a text on a sheet has no columns to put a status beside
            continue
        if any(_side_by_side(stands, other) for other in placed):
            continue
        rows = {row: by_key.pop(key) for row, key in stands.keys.items() if key in by_key}
        placed.append(
            Placed(
                stands.sheet,
                stands.top,
                stands.header,
                stands.reaches,
                stands.last_column,
                rows,
                stands.ends,
            )
        )
    return placed


def _side_by_side(stands: Standing, other: Placed) -> bool:
    """Whether a table shares its rows with another: only one can have marks in them, the tasks of the
    other follow on a sheet of their own."""
    ends = max([other.header[1], *other.ends.values()])
    begins = other.header[0]
    own = stands.header[0], max([stands.header[1], *stands.ends.values()])
    return stands.sheet == other.sheet and own[0] <= ends and begins <= own[1]


def _source(session: Session, plan: Plan) -> tuple[Batch, StoredFile]:
    """The file applied last."""
    assert plan.id is not None
    batch = session.exec(newest_applied(plan.id)).first()
    file = session.get_one(StoredFile, batch.file_id) if batch else None
    if batch is None or file is None:
        raise InputError(NO_LAYOUT, "layout")
    return batch, file
