"""Making an export: the workbook with its mark, the row that remembers it, the event."""

import secrets
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

from openpyxl import Workbook
from sqlmodel import Session

from importers.collection import no_collection
from tracker.actor import Actor
from tracker.directory.department import Department
from tracker.errors import InputError
from tracker.events import Event, deed
from tracker.exchange import ledger, ledger_csv, ledger_file
from tracker.exchange.added import Placed, mark_of, shown
from tracker.exchange.export import Export, Layout
from tracker.exchange.ledger import Heading, add_ledger, flat, saved
from tracker.exchange.marking import mark
from tracker.exchange.merging.base import Writer
from tracker.exchange.merging.fields import Of
from tracker.exchange.merging.merge import Cell, Said
from tracker.exchange.merging.saying import PART_KEYS, of_part, value_of
from tracker.exchange.original import can_be_written, with_status
from tracker.exchange.reopening import Opened
from tracker.exchange.rows import Scope, TaskLine, lines, stream
from tracker.exchange.sheets import hidden
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
    """A finished export; `export` and `event` are still to be kept. `file` is a temporary one that
    ends when it is closed; it stands at its beginning."""

    file: IO[bytes]
    file_name: str
    export: Export
    event: Event

    @property
    def content(self) -> bytes:
        """The whole file."""
        self.file.seek(0)
        return self.file.read()


def export_plan(
    session: Session, plan: Plan, layout: Layout, *, department: Department | None, by: Actor,
    at: datetime, today: date, settings: Settings, opened: Opened | None = None,
) -> Made:  # fmt: skip
    """A workbook of the plan, or of one department's part in it; `opened` is what several copies share.

    Raises InputError when the plan did not come from an .xlsx workbook and its own layout is asked.
    """
    assert plan.id is not None
    ident = department.id if department else None
    scope = Scope(plan.id, today, settings.timezone, ident)
    key, base = secrets.token_hex(16), Writer()
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  whoever sends it closes it
    if layout == Layout.ORIGINAL:
        found = lines(session, plan, today=today, zone=settings.timezone, department_id=ident)
        content = _original(
            session, plan, found, store_of(settings), key=key, department=department, today=today,
            opened=opened or Opened(),
        )  # fmt: skip
        file.write(content)
        base.add(found, _shown(found))
    else:
        heading = Heading(plan, today, department.name if department else None)
        with no_collection():
            told = _told(stream(session, scope), base)
            if layout == Layout.CSV:
                ledger_csv.write(file, told, key=key)
            else:
                ledger_file.write(file, told, key=key, heading=heading)
    file.seek(0)
    export = Export(
        key=key, plan_id=plan.id, department_id=ident, layout=layout, at=at,
        by=by.user_id, base=base.packed(),
    )  # fmt: skip
    event = deed(
        by, "plan.exported", "plan", plan.id, at=at, plan_id=plan.id, department_id=ident,
        layout=layout.value, tasks=base.tasks, key=key,
    )  # fmt: skip
    return Made(file, _file_name(plan, department, layout, today), export, event)


def _told(blocks: Iterable[list[TaskLine]], base: Writer) -> Iterator[list[TaskLine]]:
    """The same blocks; what they say becomes the base on their way."""
    for block in blocks:
        base.add(block)
        yield block


def _file_name(plan: Plan, department: Department | None, layout: Layout, today: date) -> str:
    kind = "任务表" if layout == Layout.ORIGINAL else "台账"
    ending = "csv" if layout == Layout.CSV else "xlsx"
    whose = f"-{department.name}" if department else ""
    return clean_file_name(f"{plan.name}{whose}-{kind}-{today:%Y%m%d}.{ending}")


def _shown(found: list[TaskLine]) -> dict[Cell, Said]:
    """What the columns beside the plan's own layout say, where it is more than the fields' texts."""
    said: dict[Cell, Said] = {}
    for line in found:
        (only,) = line.parts if len(line.parts) == 1 else (None,)
        own = dict(zip(PART_KEYS, of_part(only), strict=True)) if only else {}
        for field, text in shown(line).items():
            if only and text == own[field]:
                continue
            # a row of several departments speaks for none of them
            of, ident = (Of.PART, only.assignment.id) if only else (Of.TASK, line.task.id)
            said[Cell(of, ident, field)] = Said(text, value_of(field, own.get(field, text)))
    return said


def _original(
    session: Session, plan: Plan, found: list[TaskLine], store: Store, *, key: str,
    department: Department | None, today: date, opened: Opened,
) -> bytes:  # fmt: skip
    """The file applied last; tasks that only an earlier one had follow on a sheet of their own."""
    batch, file = _source(session, plan)
    by_key = {line.task.match_key: line for line in found}
    with at_hand(file, store) as path:
        if not can_be_written(path):
            raise InputError(NO_LAYOUT, "layout")
        placed = _placed(batch, by_key)
        rest = list(by_key.values())
        book = Workbook()
        if department is not None:
            book = slice_of(opened.of(file.id, path), placed, key)
        if rest:
            name = department.name if department else None
            add_ledger(book, REST, plan, rest, key=key, today=today, department=name)
        hidden.add(book, key, _entries(placed, rest, key))
        if department is None:
            return with_status(path, placed, key, saved(book))
    mark(book, key)
    return saved(book)


def _entries(placed: list[Placed], rest: list[TaskLine], key: str) -> Iterator[hidden.Entry]:
    """The marks of the rows beside the plan's own layout, then of the tasks on a sheet of their own."""
    for table in placed:
        for line in table.rows.values():
            yield hidden.Entry(str(mark_of(line, key)), line.task.number, line.task.text)
    for line, part in flat(rest):
        yield hidden.Entry(str(ledger.mark_of(line, part, key)), line.task.number, line.task.text)


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
