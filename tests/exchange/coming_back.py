"""A plan's export taken out and read back as a returned workbook, without the demo world."""

import shutil
import subprocess
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from sqlmodel import select

from importers.book import read_book
from tests.conftest import NOON
from tracker.actor import COMMAND_LINE
from tracker.db import Database
from tracker.directory.department import Department
from tracker.events import keep
from tracker.exchange.export import Layout
from tracker.exchange.exporting import export_plan
from tracker.exchange.merging.comparing import Merged, compare, export_of
from tracker.exchange.merging.merge import Kind
from tracker.plans.plan import Plan
from tracker.settings import Settings

SOFFICE = shutil.which("soffice")
Told = tuple[set[Kind], list[Any], list[Any], list[Any]]
"""kinds of changes; rows missing, rows of others, rows without marks"""


def taken_out(
    database: Database, settings: Settings, plan: str = "", layout: Layout = Layout.ORIGINAL,
    department: str | int | None = None,
) -> bytes:  # fmt: skip
    """The export of the plan, or of the only one."""
    with database.writing() as session:
        wanted = select(Plan).where(Plan.name == plan) if plan else select(Plan)
        found = session.exec(wanted).one()
        column = Department.id if isinstance(department, int) else Department.name
        whose = session.exec(select(Department).where(column == department)).first()
        made = export_plan(
            session, found, layout, department=whose, by=COMMAND_LINE, at=NOON, today=NOON.date(),
            settings=settings,
        )  # fmt: skip
        keep(session, made.export, made.event)
    return made.content


def changes_of(
    database: Database, settings: Settings, content: bytes, name: str = "表.xlsx"
) -> Merged:
    """What handing the file in would do."""
    sheets = read_book(content, filename=name)
    with database.reading() as session:
        export, found = export_of(session, sheets)
        return compare(
            session, export, found, by=COMMAND_LINE, today=NOON.date(), zone=settings.timezone
        )


def merged_of(
    database: Database, settings: Settings, content: bytes, name: str = "表.xlsx"
) -> Told:
    merged = changes_of(database, settings, content, name)
    kinds = {change.kind for change in merged.changes}
    if merged.unchanged:  # these are only counted
        kinds.add(Kind.UNCHANGED)
    strange = [*merged.foreign, *merged.astray]
    return kinds, merged.missing, strange, [*merged.pairs, *merged.new]


def saved_anew(content: bytes) -> bytes:
    """The workbook as openpyxl saves it."""
    target = BytesIO()
    load_workbook(BytesIO(content), rich_text=True).save(target)
    return target.getvalue()


def saved_by_libreoffice(files: Sequence[Path], form: str = "xlsx") -> dict[str, bytes]:
    """Workbooks of one folder as LibreOffice writes them, by their stems; one start for all."""
    folder = files[0].parent / f"by-libreoffice-{form}"
    profile = f"-env:UserInstallation=file://{files[0].parent}/profile"
    subprocess.run(
        [str(SOFFICE), "--headless", profile, "--convert-to", form, "--outdir", str(folder), *map(str, files)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return {file.stem: (folder / f"{file.stem}.{form}").read_bytes() for file in files}
