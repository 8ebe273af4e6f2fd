"""The ledger (台账): one row per assignment, ready to print on A4 landscape. What its columns are and
how they look; `add_ledger` puts it into a workbook in memory, `ledger_file` streams one of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange import guarding, heights
from tracker.exchange.cells import Value, put
from tracker.exchange.merging import rowmark
from tracker.exchange.merging.fields import HEADINGS
from tracker.exchange.rows import LIGHT_WORDS, ROLE_WORDS, STATE_WORDS, PartLine, TaskLine
from tracker.plans.light import Light
from tracker.plans.plan import Plan

COLUMNS = (
    # header, width
    ("序号", 5), ("编号", 6), ("类别", 16), ("工作任务", 40), ("责任单位", 18), ("分工", 5),
    ("时限", 13), ("截止日期", 11), ("灯", 9), ("状态", 9), ("完成比例", 6), ("进展情况", 26),
    ("存在困难", 20), ("下一步计划", 20), ("佐证材料", 18), ("签收日期", 11), ("办结日期", 11),
    ("测评方式", 6), ("分值", 5), (rowmark.HEADER, 4),
)  # fmt: skip
WIDTHS = [width for _title, width in COLUMNS]
FILLS = {
    Light.NORMAL: "DDF4E4",
    Light.DUE_SOON: "FFF1CC",
    Light.OVERDUE: "FFDFDC",
    Light.COMPLETED: "DCEBFF",
    Light.NONE: "EEEFF1",
}
_THIN = Side(style="thin", color="C9CCD1")
BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
HEAD = PatternFill("solid", fgColor="E8EDF5")
SHEET = "台账"
MARGIN = 0.3
"""Inches; nineteen columns need the width."""
LIGHT_COLUMN, PERCENT_COLUMN, MARK_COLUMN = 9, 11, len(COLUMNS)
DATES, CENTRED = (8, 16, 17), (1, 2, 6, 8, 9, 10, 11, 16, 17, 18, 19)
_WRAPPED = [(n, heights.room_in(WIDTHS[n])) for n in (3, 11, 12, 13, 14, 2, 4, 6, 17, 1)]
"""Columns whose text may need several lines, from 0, with their room, the longest first; the others hold
numbers, days and
short words."""
LONG = (0, 3, 11, 12, 13, 14)
"""Columns whose values hardly recur, from 0."""
OPEN_COLUMNS = {
    key: place
    for place, (title, _width) in enumerate(COLUMNS, 1)
    if (key := HEADINGS[rowmark.Form.LEDGER].get(title)) in guarding.OPEN
}


@dataclass(frozen=True)
class Heading:
    """What stands above the rows; with a department the sheet is a form for it to fill in."""

    plan: Plan
    today: date
    department: str | None = None

    @property
    def row(self) -> int:
        """The row with the columns' headings, above the first of the ledger's rows."""
        return 4 if self.department else 3


def add_ledger(
    book: Workbook, title: str, plan: Plan, lines: list[TaskLine], *, key: str, today: date,
    department: str | None,
) -> None:  # fmt: skip
    """A sheet with the ledger of these tasks; `key` is the export's, which every row bears."""
    heading = Heading(plan, today, department)
    rows = list(flat(lines))
    sheet = add_frame(book, title, heading, heading.row + len(rows))
    for number, (line, part) in enumerate(rows, 1):
        row = heading.row + number
        told = values(number, line, part)
        for column, value in enumerate(told, 1):
            cell = _cell(sheet, row, column)
            dress(cell, column, light=light_of(line, part), opened=department is not None)
            put(cell, value)
        put(_cell(sheet, row, MARK_COLUMN), str(mark_of(line, part, key)))
        sheet.row_dimensions[row].height = height_of(told)


def add_frame(book: Workbook, title: str, heading: Heading, last_row: int) -> Worksheet:
    """The sheet but for its rows, which reach from below `heading.row` to `last_row`."""
    sheet = book.create_sheet(title)
    assert isinstance(sheet, Worksheet)
    _head(sheet, heading)
    _print_setup(sheet, heading.row, last_row)
    if heading.department:
        guarding.guide(sheet, heading.row - 1, MARK_COLUMN - 1)
        guarding.lock(sheet, (heading.row + 1, last_row), OPEN_COLUMNS)
    else:
        guarding.rule(sheet, (heading.row + 1, last_row), OPEN_COLUMNS)
    return sheet


def dress(cell: Cell, column: int, *, light: Light, opened: bool) -> None:
    """The looks of a cell below the headings; `opened` where a department may fill in its own."""
    horizontal = "center" if column in CENTRED else "left"
    cell.border = BORDER
    cell.alignment = Alignment(horizontal=horizontal, vertical="center", wrap_text=True)
    if column in DATES:
        cell.number_format = "yyyy-mm-dd"
    elif column == PERCENT_COLUMN:
        cell.number_format = "0%"
    if column == LIGHT_COLUMN:
        cell.fill = PatternFill("solid", fgColor=FILLS[light])
    elif opened and column in OPEN_COLUMNS.values():
        guarding.open_cell(cell)


def saved(book: Workbook) -> bytes:
    """A workbook's bytes."""
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _head(sheet: Worksheet, heading: Heading) -> None:
    last = get_column_letter(MARK_COLUMN - 1)  # the marks are hidden
    put(_cell(sheet, 1, 1), title_of(heading.plan))
    sheet.merge_cells(f"A1:{last}1")
    _cell(sheet, 1, 1).font = Font(size=16, bold=True)
    _cell(sheet, 1, 1).alignment = Alignment(horizontal="center", vertical="center")
    put(_cell(sheet, 2, 1), subtitle(heading))
    sheet.merge_cells(f"A2:{last}2")
    for index, (title, width) in enumerate(COLUMNS, 1):
        cell = _cell(sheet, heading.row, index)
        put(cell, title)
        cell.font, cell.fill, cell.border = Font(bold=True), HEAD, BORDER
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.row_dimensions[1].height, sheet.row_dimensions[heading.row].height = 30, 34


def title_of(plan: Plan) -> str:
    """The ledger's title; a plan that is called one already is not called so twice."""
    return plan.name if plan.name.endswith(SHEET) else f"{plan.name}{SHEET}"


def subtitle(heading: Heading) -> str:
    """The line below the title: document, day, whose rows."""
    document = f"文号：{heading.plan.document}　" if heading.plan.document else ""
    whose = f"　单位：{heading.department}" if heading.department else ""
    return f"{document}统计日期：{heading.today.isoformat()}{whose}"


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def flat(lines: Iterable[TaskLine]) -> Iterator[tuple[TaskLine, PartLine | None]]:
    """A row for every part, and one more for names that stand for nobody yet."""
    for line in lines:
        for part in line.parts:
            yield line, part
        if line.unresolved or not line.parts:
            yield line, None


def mark_of(line: TaskLine, part: PartLine | None, key: str) -> rowmark.RowMark:
    """The mark of a row; `key` is the export's."""
    ident = part.assignment.id if part else 0
    return rowmark.of_row(rowmark.Form.LEDGER, key, line.task.id, ident)


def light_of(line: TaskLine, part: PartLine | None) -> Light:
    """The light of a row."""
    return part.light if part else line.light


def height_of(told: list[Value]) -> float:
    """A row's height by its values."""
    return heights.height_of(told, _WRAPPED)


def values(number: int, line: TaskLine, part: PartLine | None) -> list[Value]:
    """A row's values but for its mark, by column."""
    task = line.task
    start: list[Value] = [number, task.number, " / ".join(line.outline), task.text]
    end: list[Value] = [task.modes, None if task.points is None else float(task.points)]
    if part is None:
        who = "待定：" + "、".join(line.unresolved) if line.unresolved else "未写明"
        middle: list[Value] = [
            who,
            "",
            task.deadline_text,
            task.due_on,
            LIGHT_WORDS[line.light],
            "待定",
        ]
        return [*start, *middle, None, "", "", "", "", None, None, *end]
    own = part.assignment
    return [
        *start, part.department, ROLE_WORDS[own.role], task.deadline_text, own.due_on,
        LIGHT_WORDS[part.light], STATE_WORDS[own.state], own.percent / 100, part.progress,
        part.difficulties, part.next_step, "\n".join(part.evidence), part.received_on, own.completed_on, *end,
    ]  # fmt: skip


def _print_setup(sheet: Worksheet, header: int, last_row: int) -> None:
    last = get_column_letter(MARK_COLUMN)
    sheet.column_dimensions[last].hidden = True
    sheet.freeze_panes = f"E{header + 1}"
    sheet.auto_filter.ref = f"A{header}:{last}{last_row}"
    sheet.print_title_rows = f"{header}:{header}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = MARGIN
    sheet.page_margins.top = sheet.page_margins.bottom = 2 * MARGIN
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
