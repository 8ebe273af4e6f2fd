"""One way to take a workbook in, in a process of its own: python -m tests.bench.reading WAY FILE.

Prints {"seconds": s} for the work alone: a server has its modules loaded already.
"""

import json
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from xml.parsers import expat

from tests.importers import big_workbook

ISSUED = date(2026, 1, 5)
AT = datetime(2026, 3, 10, 4, tzinfo=UTC)


def ours(file: Path) -> float:
    """From the closed upload to committed tasks, assignments and event; as the web does it.

    A small plan goes first: a server that has run a while has its statements compiled.
    """
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.xlsx"
        big_workbook.write(small, 40)
        _ours(small)
    return _ours(file)


def _ours(file: Path) -> float:
    from tracker import schema
    from tracker.db import Database
    from tracker.directory.department import Department
    from tracker.settings import Settings

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(
            instance=folder, database_url=f"sqlite:///{folder}/tracker.db", secret_key="bench"
        )
        database = Database(settings.database)
        schema.migrate(database)
        with database.writing() as session:
            session.add_all(
                Department.named(d, at=AT, position=1) for d in big_workbook.DEPARTMENTS
            )
        begun = time.perf_counter()
        confirm(database, lay_out(file, settings, database, "计划"))
        took = time.perf_counter() - begun
        database.close()
        return took


def lay_out(file: Path, settings, database, plan_name: str) -> int:
    """Take the file in as the web does; the batch's number."""
    from tracker.actor import COMMAND_LINE
    from tracker.intake import uploading

    with file.open("rb") as stream:
        upload = uploading.receive(
            stream, name="plan.xlsx", settings=settings, at=AT, by=COMMAND_LINE, issued_on=ISSUED
        )
    with database.writing() as session:
        batch = uploading.lay_out(
            session,
            upload,
            plan_name=plan_name,
            issued_on=ISSUED,
            by=COMMAND_LINE,
            at=AT,
            on=AT.date(),
        )
        assert batch.id is not None
        return batch.id


def confirm(database, ident: int) -> None:
    """Answer the batch's questions as proposed and apply it."""
    from tracker.actor import COMMAND_LINE
    from tracker.intake import answering, applying
    from tracker.intake.batch import Batch

    with database.writing() as session:
        answering.accept_proposals(session, session.get_one(Batch, ident), by=COMMAND_LINE, at=AT)
    with database.writing() as session:
        applying.apply(session, session.get_one(Batch, ident), by=COMMAND_LINE, at=AT, on=AT.date())


def openpyxl_full(file: Path) -> float:
    """The reference: everything openpyxl knows, merges included."""
    import openpyxl

    begun = time.perf_counter()
    openpyxl.load_workbook(file)
    return time.perf_counter() - begun


def openpyxl_read_only(file: Path) -> float:
    """Values only: merges and hidden rows are lost."""
    import openpyxl

    begun = time.perf_counter()
    for sheet in openpyxl.load_workbook(file, read_only=True):
        for _row in sheet.iter_rows(values_only=True):
            pass
    return time.perf_counter() - begun


def calamine(file: Path) -> float:
    """A floor: values and merges by the parser we use, with nothing made of them."""
    import python_calamine

    begun = time.perf_counter()
    book = python_calamine.CalamineWorkbook.from_path(str(file))
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        sheet.to_python()
        _ = sheet.merged_cell_ranges
    return time.perf_counter() - begun


def unzip_and_expat(file: Path) -> float:
    """The lowest floor: every byte unpacked and every tag seen."""
    begun = time.perf_counter()
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):
                parser = expat.ParserCreate()
                with archive.open(name) as stream:
                    parser.ParseFile(stream)
    return time.perf_counter() - begun


WAYS: dict[str, Callable[[Path], float]] = {
    way.__name__: way
    for way in (ours, openpyxl_full, openpyxl_read_only, calamine, unzip_and_expat)
}

if __name__ == "__main__":
    print(json.dumps({"seconds": WAYS[sys.argv[1]](Path(sys.argv[2]))}))
