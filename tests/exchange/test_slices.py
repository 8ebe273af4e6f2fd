"""A department's copy: all rows of its tasks, nothing of the others', formulas as their results."""

from io import BytesIO

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText

from tests.exchange.coming_back import taken_out
from tests.exchange.test_exports import exported
from tests.intake.sheets import HEAD
from tests.intake.test_applying import apply, lay_out
from tracker.db import Database
from tracker.exchange.export import Layout
from tracker.exchange.guarding import GUIDE
from tracker.settings import Settings


def plan() -> bytes:
    """Two tasks under one merged category; the first over two rows, numbered by a formula."""
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("任务")
        sheet.merge_range("A1:E1", "2026年重点任务")
        sheet.write_row("A2", ("类别", *HEAD))
        sheet.merge_range("A3:A5", "教育")
        sheet.write_formula("B3", "=ROW()-2", None, 1)
        sheet.merge_range("C3:C4", "核对校车线路并公示")
        sheet.write_row("D3", ("教体局", "6月底"))
        sheet.write("D4", "财政局")
        sheet.write("B5", 2)
        sheet.write_row("C5", ("走访偏远教学点", "教体局", "年底"))
    return target.getvalue()


def copy_of(database: Database, settings: Settings, department: str) -> list[list[object]]:
    sheet = exported(database, settings, "计划", Layout.ORIGINAL, department)
    return [[cell.value for cell in row[:5]] for row in sheet.iter_rows(min_row=2)]


def test_a_line_on_top_says_how_it_is_filled_in(database: Database, settings: Settings) -> None:
    apply(database, lay_out(database, settings, plan()))
    sheet = exported(database, settings, "计划", Layout.ORIGINAL, "清河县财政局")
    assert sheet["A1"].value == GUIDE
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$3:$3", "A4")


def test_every_row_of_a_task_comes_along(database: Database, settings: Settings) -> None:
    apply(database, lay_out(database, settings, plan()))
    assert copy_of(database, settings, "清河县财政局") == [
        ["2026年重点任务", None, None, None, None],
        ["类别", *HEAD],
        ["教育", 1, "核对校车线路并公示", "教体局", "6月底"],
        [None, None, None, "财政局", None],
    ]


def test_merges_are_cut_to_what_is_shown(database: Database, settings: Settings) -> None:
    apply(database, lay_out(database, settings, plan()))
    sheet = exported(database, settings, "计划", Layout.ORIGINAL, "清河县财政局")
    merges = {str(area) for area in sheet.merged_cells.ranges}
    assert merges == {"A1:M1", "A2:E2", "A4:A5", "C4:C5"}


def test_a_table_whose_last_column_is_merged_wider_gets_its_status_beside_it(
    database: Database, settings: Settings
) -> None:
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("任务")
        sheet.write_row("A1", HEAD[:2])
        sheet.merge_range("C1:D1", HEAD[2])
        sheet.write_row("A2", (1, "核对校车线路并公示"))
        sheet.merge_range("C2:D2", "教体局")
    apply(database, lay_out(database, settings, target.getvalue()))
    found = exported(database, settings, "计划", Layout.ORIGINAL)
    assert [found.cell(1, c).value for c in range(3, 7)] == ["责任单位", None, "灯", "状态"]
    assert found.cell(2, 6).value == "待签收"


def dressed() -> bytes:
    """One width for several columns, a hidden one, a text with runs, a paper of its own."""
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("任务")
        red = book.add_format({"font_color": "red"})
        sheet.write_row("A1", HEAD)
        sheet.write_row("A2", (1, "", "教体局", "6月底"), book.add_format({"num_format": '0"号"'}))
        sheet.write_rich_string("B2", "核对", red, "校车", "线路")
        sheet.set_column("A:C", 21.5)
        sheet.set_column("D:D", 12, None, {"hidden": True})
        sheet.set_paper(8)
        sheet.set_margins(left=0.25)
        sheet.freeze_panes(1, 2)
    return target.getvalue()


def test_widths_looks_and_paper_come_along(database: Database, settings: Settings) -> None:
    apply(database, lay_out(database, settings, dressed()))
    sheet = exported(database, settings, "计划", Layout.ORIGINAL, "清河县教育体育局")
    widths = {round(sheet.column_dimensions[letter].width, 1) for letter in "ABC"}
    assert len(widths) == 1 and 21.5 < widths.pop() < 22.5  # the writer adds the cell's margins
    assert sheet.column_dimensions["D"].hidden
    assert sheet["A3"].number_format == '0"号"'
    assert (sheet.page_setup.paperSize, sheet.page_margins.left) == (8, 0.25)
    assert sheet.freeze_panes == "C3"


def test_a_text_keeps_its_runs(database: Database, settings: Settings) -> None:
    apply(database, lay_out(database, settings, dressed()))
    content = taken_out(database, settings, department="清河县教育体育局")
    text = load_workbook(BytesIO(content), rich_text=True).worksheets[0]["B3"].value
    assert isinstance(text, CellRichText)
    assert [str(run) for run in text] == ["核对", "校车", "线路"]
    assert text[1].font.color.rgb == "FFFF0000"
