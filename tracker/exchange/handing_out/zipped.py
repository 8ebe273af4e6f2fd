"""A plan's slices as one zip, made while it is sent: one piece of a workbook at a time is in memory.

Every copy is written down, as its own export, before a byte of it goes out: whatever comes back can be
recognised. The list 清单.xlsx comes last, when it is known which copies were made.
"""

import secrets
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from tracker.actor import Actor
from tracker.db import Database
from tracker.errors import InputError, TrackerError
from tracker.events import keep
from tracker.exchange.cells import put
from tracker.exchange.export import Layout
from tracker.exchange.exporting import export_plan
from tracker.exchange.handing_out.arranging import remember
from tracker.exchange.handing_out.audience import NOBODY, Reached, audience
from tracker.exchange.handing_out.hand_out import HandOutCopy
from tracker.exchange.ledger import saved
from tracker.exchange.reopening import Opened
from tracker.exchange.windows_names import Folder, safe
from tracker.exchange.zipping import Drain, entry, pieces_of
from tracker.plans.plan import Plan
from tracker.settings import Settings

LIST = "清单.xlsx"
LONGEST = 100
"""UTF-16 units of a name in the zip, so that it unpacks into a deep folder of Windows."""
COLUMNS = (("单位", 30), ("任务", 8), ("未办结", 8), ("最近时限", 12), ("文件", 60), ("收件人", 30),
           ("说明", 40))  # fmt: skip
EMPTY = "这份计划还没有责任单位，没有可分发的表。"


@dataclass(frozen=True)
class Zipping:
    """What a zip is made of: whose plan, which departments, in which layout, by whom and when."""

    database: Database
    settings: Settings
    plan: Plan
    reached: Sequence[Reached]
    layout: Layout
    by: Actor
    at: datetime
    today: date
    key: str
    opened: Opened = field(default_factory=Opened)


def zipping(
    database: Database, settings: Settings, plan: Plan, *, layout: Layout, by: Actor, at: datetime,
    today: date,
) -> Zipping:  # fmt: skip
    """What is to be zipped; nothing is written yet. Raises InputError for a plan without departments."""
    by.require("plan.hand_out")
    assert plan.id is not None
    with database.reading() as session:
        reached = audience(session, plan.id, on=today)
    if not reached:
        raise InputError(EMPTY)
    key = secrets.token_hex(16)
    return Zipping(database, settings, plan, reached, layout, by, at, today, key)


def zip_name(plan: Plan, today: date) -> str:
    """What the zip is called."""
    return safe(f"{plan.name}-各单位任务表-{today:%Y%m%d}.zip", LONGEST)


def streamed(of: Zipping) -> Iterator[bytes]:
    """The zip, piece by piece, a workbook each. What cannot be made is said in the list; when nothing
    can, the last refusal is raised before a byte of it is given."""
    drain, folder = Drain(), Folder()
    folder.name(LIST, LONGEST)
    rows: list[tuple[str, str]] = []
    with zipfile.ZipFile(drain, "w") as archive:
        for one in of.reached:
            try:
                made = _made(of, one)
            except TrackerError as refused:
                rows.append(("", refused.message))
                if len(rows) == len(of.reached) and not any(name for name, _note in rows):
                    raise
                continue
            name = folder.name(f"{one.department.name}.xlsx", LONGEST)
            with archive.open(entry(name, of.at, of.settings.timezone), "w") as member:
                for piece in pieces_of(made):
                    member.write(piece)
                    yield drain.taken()
            rows.append((name, "" if one.readers else NOBODY))
            yield drain.taken()
        archive.writestr(entry(LIST, of.at, of.settings.timezone), _list(of.reached, rows))
        yield drain.taken()
    yield drain.taken()


def _made(of: Zipping, one: Reached) -> IO[bytes]:
    """One workbook, remembered."""
    with of.database.reading() as session:
        made = export_plan(
            session, of.plan, of.layout, department=one.department, by=of.by, at=of.at,
            today=of.today, settings=of.settings, opened=of.opened,
        )  # fmt: skip
    with of.database.writing() as session:
        found = remember(
            session, of.plan.id or 0, of.layout, len(of.reached), key=of.key, by=of.by, at=of.at
        )
        keep(session, made.export)
        copy = HandOutCopy(
            hand_out_id=found.id or 0, department_id=one.department.id or 0,
            export_id=made.export.id, made_at=of.at,
        )  # fmt: skip
        keep(session, copy, made.event)
    return made.file


def _list(reached: Sequence[Reached], rows: Sequence[tuple[str, str]]) -> bytes:
    book = Workbook()
    sheet: Worksheet = book.active
    sheet.title = "各单位任务表清单"
    for number, (head, width) in enumerate(COLUMNS, 1):
        cell = sheet.cell(1, number)
        put(cell, head)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    for row, (one, (name, note)) in enumerate(zip(reached, rows, strict=True), 2):
        said = (one.department.name, one.tasks, one.open, one.nearest, name,
                "、".join(reader.name for reader in one.readers), note)  # fmt: skip
        for number, value in enumerate(said, 1):
            put(sheet.cell(row, number), value)
        sheet.cell(row, 4).number_format = "yyyy-mm-dd"
    sheet.freeze_panes = "A2"
    return saved(book)
