"""The ledger (台账): one row per assignment, ready to print on A4 landscape."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange import guarding
from tracker.exchange.cells import Value, put
from tracker.exchange.heights import height_for
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
_LIGHT, _DATES, _CENTRED = 9, (8, 16, 17), (1, 2, 6, 8, 9, 10, 11, 16, 17, 18, 19)
_PERCENT, _MARK = 11, len(COLUMNS)
OPEN_COLUMNS = {
    key: place
    for place, (title, _width) in enumerate(COLUMNS, 1)
    if (key := HEADINGS[rowmark.Form.LEDGER].get(title)) in guarding.OPEN
}


def ledger(
    plan: Plan, lines: list[TaskLine], *, key: str, today: date, department: str | None
) -> Workbook:
    """The ledger as a workbook of its own; `key` is the export's, which every row bears."""
    book = Workbook()
    book.remove(book.worksheets[0])
    add_ledger(book, "台账", plan, lines, key=key, today=today, department=department)
    return book


def add_ledger(
    book: Workbook, title: str, plan: Plan, lines: list[TaskLine], *, key: str, today: date,
    department: str | None,
) -> None:  # fmt: skip
    """A sheet with the ledger of these tasks."""
    sheet = book.create_sheet(title)
    assert isinstance(sheet, Worksheet)
    header = 4 if department else 3
    _head(sheet, plan, today, department, header)
    row = header
    for number, (line, part) in enumerate(_flat(lines), 1):
        row += 1
        _write(sheet, row, number, line, part)
        ident = (part and part.assignment.id) or 0
        mark = rowmark.of_row(rowmark.Form.LEDGER, key, line.task.id or 0, ident)
        put(_cell(sheet, row, _MARK), str(mark))
    _print_setup(sheet, header, row)
    if department:
        guarding.guide(sheet, header - 1, _MARK - 1)
        guarding.guard(sheet, range(header + 1, row + 1), OPEN_COLUMNS)


def saved(book: Workbook) -> bytes:
    """A workbook's bytes."""
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _head(
    sheet: Worksheet, plan: Plan, today: date, department: str | None, header: int
) -> None:  # fmt: skip
    last = get_column_letter(_MARK - 1)  # the marks are hidden
    put(_cell(sheet, 1, 1), f"{plan.name}台账")
    sheet.merge_cells(f"A1:{last}1")
    _cell(sheet, 1, 1).font = Font(size=16, bold=True)
    _cell(sheet, 1, 1).alignment = Alignment(horizontal="center", vertical="center")
    whose = f"　单位：{department}" if department else ""
    put(_cell(sheet, 2, 1), f"文号：{plan.document or '—'}　统计日期：{today.isoformat()}{whose}")
    sheet.merge_cells(f"A2:{last}2")
    for index, (title, width) in enumerate(COLUMNS, 1):
        cell = _cell(sheet, header, index)
        put(cell, title)
        cell.font, cell.fill, cell.border = Font(bold=True), HEAD, BORDER
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.row_dimensions[1].height, sheet.row_dimensions[header].height = 30, 34


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def _flat(lines: list[TaskLine]) -> Iterator[tuple[TaskLine, PartLine | None]]:
    """A row for every part, and one more for names that stand for nobody yet."""
    for line in lines:
        for part in line.parts:
            yield line, part
        if line.unresolved or not line.parts:
            yield line, None


def _write(sheet: Worksheet, row: int, number: int, line: TaskLine, part: PartLine | None) -> None:
    for column, value in enumerate(_values(number, line, part), 1):
        cell = _cell(sheet, row, column)
        put(cell, value)
        cell.border = BORDER
        horizontal = "center" if column in _CENTRED else "left"
        cell.alignment = Alignment(horizontal=horizontal, vertical="center", wrap_text=True)
        if column in _DATES:
            cell.number_format = "yyyy-mm-dd"
    sheet.row_dimensions[row].height = height_for(
        zip(_values(number, line, part), WIDTHS[: _MARK - 1], strict=True)
    )
    light = part.light if part else line.light
    _cell(sheet, row, _LIGHT).fill = PatternFill("solid", fgColor=FILLS[light])


def _values(number: int, line: TaskLine, part: PartLine | None) -> list[Value]:
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
    last = get_column_letter(len(COLUMNS))
    for row in range(header + 1, last_row + 1):
        sheet.cell(row, _PERCENT).number_format = "0%"
    sheet.column_dimensions[last].hidden = True
    sheet.freeze_panes = f"E{header + 1}"
    sheet.auto_filter.ref = f"A{header}:{last}{last_row}"
    sheet.print_title_rows = f"{header}:{header}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
