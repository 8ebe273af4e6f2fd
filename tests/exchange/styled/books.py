"""Plans as offices dress them up, one workbook for each thing that openpyxl would lose or that is easily
broken. Made by script, in words of our own; what no writer offers is put into the package by hand."""

from collections.abc import Callable, Mapping
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.styles import Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.colors import Color
from PIL import Image

from tests.exchange.styled.parts import changed, prefixed, strict, with_pivot, with_threads

HEAD = ("序号", "工作任务", "责任单位", "完成时限")
TASKS = (
    (1, "更换老旧路灯并登记编号", "教体局", "2026年6月底前"),
    (2, "补种行道树一百株", "财政局", "2026年7月底前"),
    (3, "疏通雨水管网", "教体局、财政局", "2026年8月底前"),
    (4, "公示月度用水量", "财政局", "2026年9月底前"),
)
Sheet = Any
Book = Any


def made(fill: Callable[[Book], None], **options: Any) -> bytes:
    target = BytesIO()
    book = xlsxwriter.Workbook(target, options)
    fill(book)
    book.close()
    return target.getvalue()


def table(book: Book, sheet: Sheet, top: int = 0, left: int = 0, **look: Any) -> None:
    """A title, a header and the tasks, framed."""
    frame = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter", **look})
    bold = book.add_format({"border": 1, "bold": True, "bg_color": "#E8EDF5", "align": "center"})
    sheet.merge_range(
        top,
        left,
        top,
        left + 3,
        "河湾镇年度任务",
        book.add_format({"align": "center", "font_size": 18}),
    )
    sheet.write_row(top + 1, left, HEAD, bold)
    for n, row in enumerate(TASKS, top + 2):
        sheet.write_row(n, left, row, frame)
    sheet.set_column(left + 1, left + 1, 40)


def headers_in_two_rows() -> bytes:
    """Merged heads and categories, a text with runs, theme colours, readings of characters."""

    def fill(book: Book) -> None:
        sheet = book.add_worksheet("任务")
        head = book.add_format({"border": 2, "bold": True, "align": "center", "rotation": 0})
        wrap = book.add_format({"border": 1, "text_wrap": True, "font_name": "仿宋"})
        red = book.add_format({"font_color": "red", "bold": True})
        sheet.merge_range(
            "A1:F1", "河湾镇年度任务", book.add_format({"font_size": 20, "align": "center"})
        )
        for column, title in zip("ABCD", ("类别", *HEAD[:3]), strict=True):
            sheet.merge_range(f"{column}2:{column}3", title, head)
        sheet.merge_range("E2:F2", "完成时限", head)
        sheet.write_row("E3", ("月份", "备注"), head)
        sheet.merge_range("A4:A7", "市政", wrap)
        for n, (number, task, who, when) in enumerate(TASKS, 4):
            sheet.write_row(f"B{n}", (number, task, who, when, ""), wrap)
        sheet.write_rich_string("C4", "更换", red, "老旧路灯", "并登记编号", wrap)
        sheet.set_column("C:C", 44)
        sheet.set_row(3, 48)

    def reading(texts: str) -> str:
        run = '<rPh sb="0" eb="1"><t>shu</t></rPh><phoneticPr fontId="0"/></si>'
        return texts.replace("疏通雨水管网</t></si>", f"疏通雨水管网</t>{run}")

    return changed(made(fill), {"xl/sharedStrings.xml": reading})


def charts_and_pictures() -> bytes:
    """A chart and a picture beside the table, a chart sheet's worth on another sheet, a text box."""

    def fill(book: Book) -> None:
        sheet, other = book.add_worksheet("任务"), book.add_worksheet("图")
        table(book, sheet)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=任务!$A$3:$A$6", "name": "序号"})
        sheet.insert_chart("F3", chart)
        other.insert_chart("B2", _copy(book))
        picture = BytesIO()
        Image.new("RGB", (40, 20), "teal").save(picture, "PNG")
        sheet.insert_image("B1", "徽.png", {"image_data": picture, "description": "徽标"})
        other.insert_textbox("B20", "说明：按月更新")

    return made(fill)


def _copy(book: Book) -> Any:
    chart = book.add_chart({"type": "pie"})
    chart.add_series({"values": "=任务!$A$3:$A$6"})
    return chart


def rules() -> bytes:
    """Conditional formats old and new, drop-downs old and new, sparklines."""

    def fill(book: Book) -> None:
        sheet, lists = book.add_worksheet("任务"), book.add_worksheet("下拉")
        table(book, sheet)
        lists.write_column("A1", ("教体局", "财政局"))
        lists.hide()
        sheet.conditional_format("A3:A6", {"type": "data_bar", "data_bar_2010": True})
        sheet.conditional_format("A3:A6", {"type": "icon_set", "icon_style": "3_traffic_lights"})
        late = book.add_format({"bg_color": "#FFC7CE"})
        sheet.conditional_format(
            "D3:D6", {"type": "text", "criteria": "containing", "value": "6月", "format": late}
        )
        sheet.data_validation(
            "C3:C6", {"validate": "list", "source": "=下拉!$A$1:$A$2", "error_type": "warning"}
        )
        sheet.data_validation("A3:A6", {"validate": "integer", "criteria": ">", "value": 0})
        sheet.add_sparkline("A8", {"range": "任务!A3:A6"})

    def newer(sheet: str) -> str:
        rule = (
            '<ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
            'uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:dataValidations '
            'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1">'
            '<x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>下拉!$A$1:$A$2</xm:f>'
            "</x14:formula1><xm:sqref>D3:D6</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
        )
        return sheet.replace("</extLst>", rule)

    return changed(made(fill), {"xl/worksheets/sheet1.xml": newer})


def notes_and_threads() -> bytes:
    """Notes, a discussion on a cell, hyperlinks."""

    def fill(book: Book) -> None:
        sheet = book.add_worksheet("任务")
        table(book, sheet)
        sheet.write_comment("B3", "先排查再更换", {"author": "镇办"})
        sheet.write_url("B4", "https://example.test/trees", string="补种行道树一百株")
        sheet.write_comment("D5", "汛期前", {"visible": True})

    return with_threads(made(fill))


def pivot() -> bytes:
    """A pivot table on a sheet of its own, over the plan's table."""

    def fill(book: Book) -> None:
        table(book, book.add_worksheet("任务"))
        book.add_worksheet("透视").write_row("A3", ("责任单位", "计数"))

    return with_pivot(made(fill))


def formulas() -> bytes:
    """Results kept beside formulas: plain, shared, of arrays; names; a list of what is computed."""

    def fill(book: Book) -> None:
        sheet = book.add_worksheet("任务")
        table(book, sheet)
        for row in range(3, 7):
            sheet.write_formula(f"A{row}", "=ROW()-2", None, row - 2)
        sheet.write_array_formula("A9:A9", "{=SUM(A3:A6*1)}", None, 10)
        sheet.write_formula("B9", '=TEXT(A9,"0")&"项"', None, "10项")
        book.define_name("任务数", "=任务!$A$9")

    def shared(sheet: str) -> str:
        for row in range(3, 7):
            first = ' ref="A3:A6"' if row == 3 else ""
            inner = "ROW()-2" if row == 3 else ""
            sheet = sheet.replace("<f>ROW()-2</f>", f'<f t="shared"{first} si="0">{inner}</f>', 1)
        return sheet

    return changed(made(fill), {"xl/worksheets/sheet1.xml": shared})


def print_set_up() -> bytes:
    """Hidden rows and columns, groups, a filter, frozen panes, titles, areas, breaks, a printer's own
    settings; everything to the right of the table hidden."""

    def fill(book: Book) -> None:
        sheet = book.add_worksheet("任务")
        table(book, sheet)
        sheet.write_column("E2", ("内部编号", "甲", "乙", "丙", "丁"))
        sheet.set_column("E:E", 9, None, {"level": 1, "hidden": True, "collapsed": True})
        sheet.set_column("F:XFD", None, None, {"hidden": True})
        sheet.set_row(7, 20, None, {"hidden": True})
        sheet.set_row(4, 33.5, None, {"level": 1})
        sheet.write("B8", "合计四项")
        sheet.freeze_panes(2, 2)
        sheet.autofilter("A2:E6")
        sheet.repeat_rows(0, 1)
        sheet.print_area("A1:E8")
        sheet.set_h_pagebreaks([4])
        sheet.set_paper(8)
        sheet.set_landscape()
        sheet.set_footer('&C第 &P 页&R&"仿宋"河湾镇')
        sheet.set_margins(left=0.3)

    return changed(made(fill), {}, {"xl/printerSettings/printerSettings1.bin": b"\0\1printer"})


def named_styles() -> bytes:
    """Named styles, theme colours with tints, days counted from 1904, real dates as deadlines."""
    book = load_workbook(BytesIO(made(lambda b: table(b, b.add_worksheet("任务")), date_1904=True)))
    sheet = book.worksheets[0]
    own = NamedStyle("任务行", font=Font(name="楷体", sz=14, color=Color(theme=4, tint=-0.25)))
    own.border = Border(bottom=Side("double", color="FF00B050"), left=Side("hair"))
    own.fill = PatternFill("lightGrid", fgColor=Color(theme=9, tint=0.6))
    book.add_named_style(own)
    for row in range(3, 7):
        for column in range(1, 5):
            sheet.cell(row, column).style = "任务行"
        day = sheet.cell(row, 4)
        day.value, day.number_format = date(2026, 5 + row, 30), 'yyyy"年"m"月"d"日"'
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def several_tables() -> bytes:
    """Two tables on a sheet with a remark to their right, a list (ListObject) on another, a plain third."""

    def fill(book: Book) -> None:
        sheet, listed = book.add_worksheet("镇区"), book.add_worksheet("村居")
        book.add_worksheet("说明").write("A1", "本表由镇办汇总，请勿外传。")
        table(book, sheet)
        sheet.write("G4", "数量以清单为准")
        sheet.merge_range("A9:D9", "补充任务")
        sheet.write_row("A10", HEAD)
        sheet.write_row("A11", (1, "粉刷候车亭", "财政局", "2026年10月底前"))
        rows = [(n, f"{task}（村居）", who, when) for n, task, who, when in TASKS]
        columns = [{"header": title} for title in HEAD]
        listed.add_table("B3:E7", {"data": rows, "columns": columns, "name": "村居任务"})

    return made(fill)


def in_the_strict_dialect() -> bytes:
    """What Excel saves as “Strict Open XML”."""
    return strict(made(lambda book: table(book, book.add_worksheet("任务"))))


def with_prefixes() -> bytes:
    """Prefixes on every tag, apostrophes round attributes, CDATA, cells and rows without addresses."""
    return prefixed(made(lambda book: table(book, book.add_worksheet("任务"), left=1)))


def locked() -> bytes:
    """A protected sheet, the office's own XML inside, a property of its own, custom properties."""

    def fill(book: Book) -> None:
        sheet = book.add_worksheet("任务")
        table(book, sheet, locked=True)
        sheet.protect("", {"select_locked_cells": True})
        book.set_custom_property("密级", "内部")
        book.set_properties({"title": "年度任务", "company": "河湾镇"})

    item = b'<?xml version="1.0"?><office xmlns="urn:test:office"><no>7</no></office>'
    return changed(made(fill), {}, {"customXml/item1.xml": item})


STYLED: Mapping[str, Callable[[], bytes]] = {
    one.__name__: one
    for one in (
        headers_in_two_rows, charts_and_pictures, rules, notes_and_threads, pivot, formulas,
        print_set_up, named_styles, several_tables, in_the_strict_dialect, with_prefixes, locked,
    )
}  # fmt: skip
