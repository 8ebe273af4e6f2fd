"""Hands offline: an export is taken out, its workbook edited, and handed in again."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlmodel import Session, select

from importers.book import read_book
from tests.conftest import NOON, Office
from tracker.actor import Actor
from tracker.directory.department import Department
from tracker.events import keep
from tracker.exchange.export import Layout
from tracker.exchange.exporting import export_plan
from tracker.exchange.merging import together
from tracker.exchange.merging.applying import Choice
from tracker.exchange.merging.comparing import Merged, compare, export_of
from tracker.exchange.merging.fields import BY_KEY
from tracker.exchange.merging.merge import Kind
from tracker.exchange.merging.rowmark import HEADER, read_mark
from tracker.exchange.merging.settling import HandIn
from tracker.exchange.merging.together import Sent
from tracker.plans.plan import Plan
from tracker.reminders import calendar

CIVIL = "文明县城创建迎检任务分解表"
EDU = "清河县教育体育局"
SERVICE = "政务服务提升年重点工作台账"


def take_out(
    office: Office, login: str = "office", plan: str = CIVIL, layout: Layout = Layout.LEDGER,
    department: str | None = None,
) -> bytes:  # fmt: skip
    with office.database.writing() as session:
        found = session.exec(select(Plan).where(Plan.name == plan)).one()
        whose = session.exec(select(Department).where(Department.name == department)).first()
        made = export_plan(
            session, found, layout, department=whose, by=office.actor(login), at=NOON,
            today=NOON.date(), settings=office.settings,
        )  # fmt: skip
        keep(session, made.export, made.event)
    return made.content


@dataclass
class Edited:
    """A workbook open on somebody's desk."""

    book: Workbook

    @property
    def sheet(self) -> Worksheet:
        found = self.book.worksheets[0]
        assert isinstance(found, Worksheet)
        return found

    @property
    def columns(self) -> dict[str, int]:
        """By the words of the lowest heading row."""
        return {
            str(cell.value): cell.column
            for row in self.sheet.iter_rows(max_row=12)
            for cell in row
            if cell.value and (cell.value == HEADER or cell.value in HEADERS)
        }

    def rows(self) -> list[int]:
        marks = self.columns[HEADER]
        return [
            row for row in range(1, self.sheet.max_row + 1)
            if read_mark(str(self.sheet.cell(row, marks).value or ""))
        ]  # fmt: skip

    def row_of(self, part: int | None) -> int:
        marks = self.columns[HEADER]
        return next(
            row for row in self.rows()
            if (mark := read_mark(str(self.sheet.cell(row, marks).value))) and mark.part == part
        )  # fmt: skip

    def write(self, row: int, field: str, value: object) -> None:
        self.sheet.cell(row, self.columns[BY_KEY[field].header]).value = value  # type: ignore[assignment]

    def saved(self) -> bytes:
        target = BytesIO()
        self.book.save(target)
        return target.getvalue()


HEADERS = {field.header for field in BY_KEY.values()}


def opened(content: bytes) -> Edited:
    return Edited(load_workbook(BytesIO(content)))


def look(office: Office, content: bytes, login: str = "office", name: str = "台账.xlsx") -> Merged:
    """What handing the file in would do."""
    sheets = read_book(content, filename=name)
    with office.database.reading() as session:
        export, found = export_of(session, sheets)
        return compare(
            session, export, found, by=office.actor(login), today=NOON.date(),
            zone=office.settings.timezone,
        )  # fmt: skip


def hand_in(
    office: Office, content: bytes, login: str = "office", choice: Choice | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> Merged:  # fmt: skip
    """Look at what the file would do, then confirm it; what is not chosen of conflicts is left.

    `meanwhile` happens between the look and the confirmation.
    """
    merged = look(office, content, login)
    conflicts = {change.cell for change in merged.of(Kind.CONFLICT)}
    taken = set(choice.take) if choice else set()
    decided = Choice(taken, {*(choice.leave if choice else ()), *(conflicts - taken)})
    meanwhile()
    by: Actor = office.actor(login)
    with office.database.writing() as session:
        hand_in = HandIn(by, NOON, NOON.date(), calendar.load(session, NOON.date()))
        confirmed(session, content, merged, decided, hand_in, zone=office.settings.timezone)
    return merged


def confirmed(
    session: Session, content: bytes, merged: Merged, choice: Choice, hand_in: HandIn, *, zone: str
) -> None:
    """Confirm what `look` showed."""
    export, found = export_of(session, read_book(content, filename="台账.xlsx"))
    sent = [Sent(1, "台账.xlsx", export, found, hand_in.by, choice, merged=merged)]
    sent[0].seen = together.said_by(merged)
    together.confirm(session, sent, seen=together.shown(sent), hand_in=hand_in, zone=zone)
