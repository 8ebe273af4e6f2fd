"""A department's copy as a form: what it may fill in is open and yellow, the rest is locked, drop-downs
offer what may stand there, and a line above the headings says how it goes back.

Locked without a password: it keeps from slips; what may be changed is decided when the copy returns.
"""

from collections.abc import Mapping, Sequence

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange.cells import put
from tracker.exchange.looks import Looks
from tracker.exchange.merging.fields import ASKED, RECEIVED

GUIDE = (
    "填表说明：只填黄色的格子。状态改为“办理中”表示签收，改为“办结待审”表示申请办结；“佐证材料”一栏"
    "写文件名，一行一个。填好后保存，和佐证文件一起在网页“交回填好的表”上传。行可以整行排序，"
    "不要改动隐藏的行标识。"
)
OPEN = ("state", "percent", "progress", "difficulties", "next_step", "done_on", "evidence")
"""The fields a department fills in."""
_YELLOW = PatternFill("solid", fgColor="FFFBE6")
_UNLOCKED = Protection(locked=False)


def guide(sheet: Worksheet, row: int, last_column: int) -> None:
    """The line that says how the copy is filled in, across the table."""
    cell = sheet.cell(row, 1)
    put(cell, GUIDE)
    cell.font, cell.fill = Font(color="7A5B00"), _YELLOW
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=last_column)
    sheet.row_dimensions[row].height = 32


def guard(sheet: Worksheet, rows: Sequence[int], columns: Mapping[str, int]) -> None:
    """Open the fields' cells in these rows, by the fields' columns, and lock the sheet."""
    looks = Looks()
    for field in OPEN:
        for row in rows:
            cell = sheet.cell(row, columns[field])
            assert isinstance(cell, Cell)
            looks.put(cell, "open", open_cell)
    lock(sheet, (min(rows), max(rows)) if rows else (1, 0), columns)


def open_cell(cell: Cell) -> None:
    """It may be filled in, and shows it."""
    cell.protection, cell.fill = _UNLOCKED, _YELLOW


def lock(sheet: Worksheet, span: tuple[int, int], columns: Mapping[str, int]) -> None:
    """Lock the sheet but for the cells that are open; drop-downs and limits as `rule`."""
    rule(sheet, span, columns)
    sheet.protection.sheet = True
    # False means that it may be done in spite of the lock
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.protection.autoFilter = sheet.protection.sort = False


def rule(sheet: Worksheet, span: tuple[int, int], columns: Mapping[str, int]) -> None:
    """What may stand in the fields' columns from the first row to the last: a drop-down of states, a
    share."""
    if span[0] <= span[1]:
        _offer(sheet, columns["state"], span)
        _limit(sheet, columns["percent"], span)


def _offer(sheet: Worksheet, column: int, rows: tuple[int, int]) -> None:
    wanted = DataValidation(
        type="list", formula1=f'"{RECEIVED},{ASKED}"', allow_blank=True, showErrorMessage=True,
        errorStyle="warning", errorTitle="状态", error=f"请选“{RECEIVED}”或“{ASKED}”。",
    )  # fmt: skip
    _reach(sheet, wanted, column, rows)


def _limit(sheet: Worksheet, column: int, rows: tuple[int, int]) -> None:
    wanted = DataValidation(
        type="decimal", operator="between", formula1="0", formula2="1", allow_blank=True,
        showErrorMessage=True, errorTitle="完成比例", error="请写 0% 到 100%。",
    )  # fmt: skip
    _reach(sheet, wanted, column, rows)


def _reach(sheet: Worksheet, wanted: DataValidation, column: int, rows: tuple[int, int]) -> None:
    letter = get_column_letter(column)
    wanted.add(f"{letter}{rows[0]}:{letter}{rows[1]}")
    sheet.add_data_validation(wanted)
