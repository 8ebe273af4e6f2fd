"""One way to take a plan out, or back in, in a process of its own: python -m tests.bench.outgoing WAY FOLDER.

Prints {"seconds": s} for the work alone, the statements compiled by a first block.
"""

import csv
import json
import random
import re
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel

from tests.bench import world
from tests.bench.world import PART, TASK
from tracker import bulk, models
from tracker.actor import COMMAND_LINE
from tracker.db import Database
from tracker.directory.department import Department
from tracker.events import keep
from tracker.exchange import ledger
from tracker.exchange.export import Layout
from tracker.exchange.exporting import Made, export_plan
from tracker.exchange.rows import Scope, stream
from tracker.plans.light import Light
from tracker.plans.plan import Plan
from tracker.settings import Settings

TODAY = date(2026, 3, 10)
AT = datetime(2026, 3, 10, 4, tzinfo=UTC)
ZONE = "Asia/Shanghai"
PLAN = 1
EDITS_OF, FIRST_EDITED = 100, 5
"""One row in so many is filled in, from this one on."""
HANDS, ROWS_OF_ONE = 60, 172
SENT = "sent"
"""The folder of the workbooks that come back."""
_EMPTY = re.compile(r'<c r="L(\d+)" s="(\d+)"/>')


def prepare(folder: Path, tasks: int) -> None:
    """A base with one plan of so many tasks, of one department each, in turn."""
    folder.mkdir()
    made = world.make(folder, 0, today=TODAY)
    chance, database = random.Random(3), Database(made.settings.database)
    tables = SQLModel.metadata.tables
    with database.writing() as session:
        session.add(Plan(id=PLAN, name="计划", created_at=AT))
        session.flush()
        world._sections(session, PLAN)
        rows = list(_rows(tasks, chance))
        bulk.insert(session, tables["task"], TASK, [task for task, _part in rows])
        bulk.insert(session, tables["assignment"], PART, [part for _task, part in rows])
    database.close()


def _rows(tasks: int, chance: random.Random) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    for ident in range(1, tasks + 1):
        due_on = TODAY + timedelta(days=chance.randint(-60, 300))
        task = list(world._task(PLAN, ident, due_on, False, chance))
        task[2:5] = 1 + ident * world.SECTIONS_IN_A_PLAN // (tasks + 1), ident, str(ident)
        state = chance.choice(("issued", "in_progress"))
        department = 1 + ident % HANDS
        yield tuple(task), (
            PLAN, ident, department, "lead", state, False, due_on, AT, 40 * (state != "issued"), 0, "",
        )  # fmt: skip


def _opened(folder: Path) -> tuple[Settings, Database]:
    settings = Settings(
        instance=folder, database_url=f"sqlite:///{folder}/tracker.db", secret_key="bench"
    )
    return settings, Database(settings.database)


def _made(folder: Path, layout: Layout, department: int | None = None) -> Made:
    settings, database = _opened(folder)
    with database.reading() as session:
        whose = session.get(Department, department) if department else None
        return export_plan(
            session, session.get_one(Plan, PLAN), layout, department=whose, by=COMMAND_LINE,
            at=AT, today=TODAY, settings=settings,
        )  # fmt: skip


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def a_ledger(folder: Path) -> float:
    """Ours, with its base and its hidden sheet."""
    return _timed(lambda: _made(folder, Layout.LEDGER).file.close())


def our_csv(folder: Path) -> float:
    """Ours as CSV, with its base."""
    return _timed(lambda: _made(folder, Layout.CSV).file.close())


def bare_csv(folder: Path) -> float:
    """The reference: the same query and the same values through csv.writer."""

    def write() -> None:
        with tempfile.TemporaryFile("w+", newline="") as target:
            csv.writer(target).writerows(_values(folder))

    return _timed(write)


def xlsxwriter(folder: Path) -> float:
    """The reference: the same query, values and looks by XlsxWriter's constant_memory."""

    def write() -> None:
        with tempfile.TemporaryDirectory() as name:
            _by_xlsxwriter(folder, Path(name) / "ledger.xlsx")

    return _timed(write)


def _values(folder: Path) -> Iterator[list[Any]]:
    _settings, database = _opened(folder)
    number = 0
    with database.reading() as session:
        for block in stream(session, Scope(PLAN, TODAY, ZONE)):
            for line, part in ledger.flat(block):
                number += 1
                told = ledger.values(number, line, part)
                yield [
                    *told,
                    ledger.light_of(line, part),
                    str(ledger.mark_of(line, part, "a" * 32)),
                ]


def _by_xlsxwriter(folder: Path, file: Path) -> None:
    import xlsxwriter as library

    book = library.Workbook(str(file), {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("台账")
    looks = {"border": 1, "text_wrap": True, "valign": "vcenter"}
    plain = [book.add_format({**looks, "align": _align(c), "num_format": _format(c)})
             for c in range(1, len(ledger.COLUMNS))]  # fmt: skip
    lights = {
        light: book.add_format({**looks, "bg_color": f"#{ledger.FILLS[light]}"}) for light in Light
    }
    for column, (_title, width) in enumerate(ledger.COLUMNS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 4)
    sheet.write_row(0, 0, [title for title, _width in ledger.COLUMNS])
    for row, (*told, light, mark) in enumerate(_values(folder), 1):
        sheet.set_row(row, ledger.height_of(told))
        for column, value in enumerate(told):
            form = lights[light] if column == ledger.LIGHT_COLUMN - 1 else plain[column]
            _put(sheet, row, column, value, form)
        sheet.write_string(row, len(told), mark)
    book.close()


def _put(sheet: Any, row: int, column: int, value: Any, form: Any) -> None:
    if isinstance(value, str) and value:
        sheet.write_string(row, column, value, form)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, form)
    elif value:
        sheet.write_number(row, column, value, form)
    else:
        sheet.write_blank(row, column, None, form)


def _align(column: int) -> str:
    return "center" if column in ledger.CENTRED else "left"


def _format(column: int) -> str:
    if column == ledger.PERCENT_COLUMN:
        return "0%"
    return "yyyy-mm-dd" if column in ledger.DATES else "General"


def send_whole(folder: Path) -> float:
    """The plan's ledger goes out and is filled in: a workbook that comes back."""
    _send(folder, None)
    return 0.0


def send_slices(folder: Path) -> float:
    """Every department's."""
    for department in range(1, HANDS + 1):
        _send(folder, department)
    return 0.0


def _send(folder: Path, department: int | None) -> None:
    made = _made(folder, Layout.LEDGER, department)
    _settings, database = _opened(folder)
    with database.writing() as session:
        keep(session, made.export, made.event)
    place = folder / SENT
    place.mkdir(exist_ok=True)
    (place / f"{department or 'whole'}.xlsx").write_bytes(_filled_in(made.content))


def _filled_in(content: bytes) -> bytes:
    """Progress written into some rows, spread over the sheet."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(target, "w", 8) as copy:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("sheet1.xml"):
                text = data.decode()
                data = _EMPTY.sub(_cell, text).encode()
            copy.writestr(name, data)
    return target.getvalue()


def _cell(found: re.Match[str]) -> str:
    if int(found[1]) % EDITS_OF != FIRST_EDITED:
        return found[0]
    said = f"本月已经核对第{found[1]}行"
    return f'<c r="L{found[1]}" s="{found[2]}" t="inlineStr"><is><t>{said}</t></is></c>'


def look(folder: Path) -> float:
    """The workbooks that came back, read and compared with what is here."""
    return _timed(lambda: _collected(folder, writes=False))


def collect(folder: Path) -> float:
    """The same, confirmed and written."""
    return _timed(lambda: _collected(folder, writes=True))


def _collected(folder: Path, *, writes: bool) -> None:
    from importers.book import read_books
    from tracker.exchange.merging import collecting
    from tracker.exchange.merging.settling import HandIn
    from tracker.reminders import calendar

    files = sorted((folder / SENT).iterdir())
    sheets = list(zip((file.name for file in files), read_books(files), strict=True))
    _settings, database = _opened(folder)
    with database.writing() as session:
        books = collecting.recognised(session, sheets)
        collecting.merge_all(session, books, by=COMMAND_LINE, today=TODAY, zone=ZONE, writes=writes)
        changes = sum(len(book.merged.changes) for book in books if book.merged)
        if not changes or collecting.blocking(books):
            raise RuntimeError(f"{changes} changes, {collecting.blocking(books)} in the way")
        if writes:
            hand_in = HandIn(COMMAND_LINE, AT, TODAY, calendar.load(session, TODAY))
            collecting.apply_all(session, books, hand_in)
    database.close()


WAYS: dict[str, Callable[[Path], float]] = {
    way.__name__: way
    for way in (a_ledger, our_csv, bare_csv, xlsxwriter, send_whole, send_slices, look, collect)
}  # fmt: skip

if __name__ == "__main__":
    assert models.TABLES  # every table is known
    print(json.dumps({"seconds": WAYS[sys.argv[1]](Path(sys.argv[2]))}))
