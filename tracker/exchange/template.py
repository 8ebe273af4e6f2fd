"""A blank plan form (空白任务表): headers the reader knows, drop-downs, and how to fill it in."""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange.cells import put
from tracker.exchange.ledger import BORDER, HEAD

COLUMNS = (
    # header, width
    ("序号", 6), ("类别", 16), ("工作任务", 48), ("标准要求", 30), ("牵头单位", 24), ("配合单位", 28),
    ("完成时限", 16), ("测评方式", 12), ("分值", 8), ("备注", 20),
)  # fmt: skip
MODES = ("明查", "暗访", "材料审核", "实地考察", "问卷调查")
BLANK_ROWS = 200
HINTS = (
    "怎样填写",
    "一行一项任务；同一类别可以合并单元格。",
    "牵头单位、配合单位用顿号隔开，例如：县教体局、县公安局。下拉表里是名录现有单位，也可以直接写。",
    "完成时限可以写日期，也可以写：6月底前、年底前、每月28日前、长期坚持。",
    "不需要的列可以留空，不要改动表头的文字。",
)
_LEAD, _SUPPORT, _MODE = 5, 6, 8


def template(departments: list[str]) -> bytes:
    """The form's bytes; `departments` fill its drop-downs from a hidden sheet."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "任务"
    _head(sheet)
    _hints(book.create_sheet("填写说明"))
    lists = book.create_sheet("选项")
    lists.sheet_state = "hidden"
    _choices(sheet, lists, 1, departments, (_LEAD, _SUPPORT))
    _choices(sheet, lists, 2, list(MODES), (_MODE,))
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _head(sheet: Worksheet) -> None:
    for column, (title, width) in enumerate(COLUMNS, 1):
        cell = sheet.cell(1, column, title)
        cell.font, cell.fill, cell.border = Font(bold=True), HEAD, BORDER
        cell.alignment = Alignment(horizontal="center", vertical="center")
        sheet.column_dimensions[get_column_letter(column)].width = width
        for row in range(2, BLANK_ROWS + 2):
            body = sheet.cell(row, column)
            body.border = BORDER
            body.alignment = Alignment(vertical="center", wrap_text=True)
    sheet.row_dimensions[1].height = 26
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _hints(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 90
    for row, words in enumerate(HINTS, 1):
        put(sheet.cell(row, 1), words)
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True)
    sheet["A1"].font = Font(bold=True, size=14)


def _choices(
    sheet: Worksheet, lists: Worksheet, at: int, words: list[str], columns: tuple[int, ...]
) -> None:
    """A list on the hidden sheet: one written into the rule itself may be 255 characters at most."""
    if not words:
        return
    for row, word in enumerate(words, 1):
        put(lists.cell(row, at), word)
    letter = get_column_letter(at)
    rule = DataValidation(
        type="list", formula1=f"选项!${letter}$1:${letter}${len(words)}", allow_blank=True,
        showErrorMessage=False,
    )  # fmt: skip
    sheet.add_data_validation(rule)
    for column in columns:
        name = get_column_letter(column)
        rule.add(f"{name}2:{name}{BLANK_ROWS + 1}")
