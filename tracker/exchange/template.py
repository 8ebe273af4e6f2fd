"""A blank plan form (空白任务表): headers the reader knows, drop-downs, and how to fill it in.

Examples stand on the instructions sheet only: an example among the tasks would be imported by whoever
forgets to delete it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tracker.exchange.cells import put
from tracker.exchange.ledger import BORDER, HEAD, saved

SHEET, HELP, CHOICES = "任务表", "填写说明", "选项"
COLUMNS = (
    # header, width
    ("序号", 6), ("类别", 16), ("工作任务", 42), ("牵头单位", 20), ("配合单位", 24),
    ("完成时限", 15), ("测评方式", 11), ("分值", 7), ("标准要求", 26), ("备注", 14),
)  # fmt: skip
MODES = ("明查", "暗访", "材料审核", "实地考察", "问卷调查")
DEADLINES = (
    "3月底前", "6月底前", "9月底前", "年底前", "一季度", "上半年", "三季度", "每月28日前", "每季度末",
    "立行立改", "长期坚持",
)  # fmt: skip
RULED_ROWS = 40
"""Rows with lines, ready to print; the drop-downs reach to LAST_ROW."""
LAST_ROW = 2000
_HEADER = 2
_CATEGORY, _LEAD, _SUPPORT, _DEADLINE, _MODE, _POINTS = 2, 4, 5, 6, 7, 8
_CENTRED = (1, 6, 7, 8)
HELP_TITLE = "怎样填写“任务表”"
RULES = (
    # about, rule, example
    ("标题", "第一行改成计划的名称，写上年份：没有年份的时限按这一年算。", "2026年校园周边整治任务分解表"),
    ("每一行", "一行写一项任务。不要改动第二行的文字，不用的栏目空着就行。", ""),
    ("类别", "同一类的任务写在一起；可以合并单元格，也可以只写第一行。", "一、校园周边"),
    ("任务", "写清做什么、做到什么程度。", "清理校门口占道摊点，每周检查一次"),
    ("单位", "牵头的报结果，配合的报进展。几个单位之间用顿号；下拉表里是名录中的单位和单位组，也可以直接写。",
     "县教体局、县公安局"),
    ("单位组", "名录里有的单位组可以直接写，导入时换成它的成员。“相关单位”这样的说法会再问一次。", "各镇"),
    ("时限", "写日期，或写到月底、季末、年底；每月、每季的任务写清哪一天；没有期限的写长期坚持。",
     "2026年6月底前；每月28日前；长期坚持"),
    ("方式和分值", "不打分的任务空着。几种方式之间用顿号，分值只写数字。", "明查、问卷调查；4"),
    ("其他栏目", "需要时在最右边加一栏，导入后原样保留。", "联系电话"),
    ("填好以后", "保存成 .xlsx，在“导入”页上传；先核对，确认以后才写入。", ""),
)  # fmt: skip


@dataclass(frozen=True)
class Lists:
    """What the drop-downs offer: departments, groups, and the plan's own headings."""

    departments: Sequence[str] = ()
    groups: Sequence[str] = ()
    categories: Sequence[str] = field(default_factory=tuple)


def blank_name(year: int) -> str:
    """The title of a form for no plan in particular; it says the year that deadlines need."""
    return f"{year}年重点工作任务分解表"


def template(title: str, lists: Lists) -> bytes:
    """The form's bytes; `title` is the plan's name."""
    book = Workbook()
    sheet, rules = book.worksheets[0], book.create_sheet(HELP)
    choices = book.create_sheet(CHOICES)
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    _head(sheet, title)
    _rule_rows(sheet)
    _help(rules)
    choices.sheet_state = "hidden"
    who = [*lists.groups, *lists.departments]
    _offer(sheet, choices, 1, who, (_LEAD, _SUPPORT), _many("单位", "名录里没有这个写法"))
    _offer(sheet, choices, 2, MODES, (_MODE,), _many("方式", "下拉表里没有这个写法"))
    _offer(sheet, choices, 3, DEADLINES, (_DEADLINE,), {"showErrorMessage": False})
    _offer(sheet, choices, 4, lists.categories, (_CATEGORY,), {"showErrorMessage": False})
    _only_points(sheet)
    _print_setup(sheet)
    _print_setup(rules)
    return saved(book)


def _head(sheet: Worksheet, title: str) -> None:
    put(sheet.cell(1, 1), title)
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(COLUMNS))
    sheet["A1"].font = Font(size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center", vertical="center")
    for column, (header, width) in enumerate(COLUMNS, 1):
        cell = sheet.cell(_HEADER, column, header)
        cell.font, cell.fill, cell.border = Font(bold=True), HEAD, BORDER
        cell.alignment = Alignment(horizontal="center", vertical="center")
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[1].height, sheet.row_dimensions[_HEADER].height = 32, 26
    sheet.freeze_panes = f"A{_HEADER + 1}"
    sheet.print_title_rows = f"{_HEADER}:{_HEADER}"


def _rule_rows(sheet: Worksheet) -> None:
    for row in range(_HEADER + 1, _HEADER + 1 + RULED_ROWS):
        for column in range(1, len(COLUMNS) + 1):
            cell = sheet.cell(row, column)
            cell.border = BORDER
            horizontal = "center" if column in _CENTRED else "left"
            cell.alignment = Alignment(horizontal=horizontal, vertical="center", wrap_text=True)
            cell.number_format = "@" if column == _DEADLINE else "General"


def _help(sheet: Worksheet) -> None:
    for letter, width in zip("ABC", (14, 78, 40), strict=True):
        sheet.column_dimensions[letter].width = width
    put(sheet["A1"], HELP_TITLE)
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.row_dimensions[1].height = 28
    for row, words in enumerate((("说的是", "怎样写", "举例"), *RULES), 3):
        for column, text in enumerate(words, 1):
            cell = sheet.cell(row, column)
            put(cell, text)
            cell.border, cell.font = BORDER, Font(bold=row == 3 or column == 1)
            cell.alignment = Alignment(vertical="center", wrap_text=True)
        longest = max(len(words[1]) / 36, len(words[2]) / 19)
        sheet.row_dimensions[row].height = 22 if longest <= 1 else 36


def _many(what: str, why: str) -> dict[str, object]:
    """A warning one may pass: several names in a cell are no name of the list."""
    return {
        "errorStyle": "warning", "errorTitle": what, "showErrorMessage": True,
        "error": f"{why}。写了几个{what}，或确认没有写错，请选“是”。",
    }  # fmt: skip


def _offer(
    sheet: Worksheet, choices: Worksheet, at: int, words: Sequence[str], columns: tuple[int, ...],
    more: dict[str, object],
) -> None:  # fmt: skip
    """A drop-down; its list stands on the hidden sheet, since one written into the rule itself may
    be 255 characters at most."""
    if not words:
        return
    for row, word in enumerate(words, 1):
        put(choices.cell(row, at), word)
    letter = get_column_letter(at)
    where = f"'{CHOICES}'!${letter}$1:${letter}${len(words)}"
    rule = DataValidation(type="list", formula1=where, allow_blank=True, **more)
    _reach(sheet, rule, columns)


def _only_points(sheet: Worksheet) -> None:
    rule = DataValidation(
        type="decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True,
        showErrorMessage=True, errorTitle="分值", error="分值只写数字，例如 4 或 2.5。",
    )  # fmt: skip
    _reach(sheet, rule, (_POINTS,))


def _reach(sheet: Worksheet, rule: DataValidation, columns: tuple[int, ...]) -> None:
    sheet.add_data_validation(rule)
    for column in columns:
        letter = get_column_letter(column)
        rule.add(f"{letter}{_HEADER + 1}:{letter}{LAST_ROW}")


def _print_setup(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
