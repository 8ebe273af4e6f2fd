"""What a cell holds: dates, errors, formulas, hidden and merged text, encodings; none is lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from importers import ReadingRefused, read

from . import build
from .coverage import lost_cells
from .read_table import problem, table, texts

HEADER = build.HEADER


def book() -> tuple[openpyxl.Workbook, Worksheet]:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "计划"
    for row in (HEADER, build.ROW, (2, "清点资产", "财务科", "5月底")):
        sheet.append(row)
    return made, sheet


def test_hidden_rows_and_columns_are_read_and_asked_about():
    made, sheet = book()
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["D"].hidden = True
    found = table(build.saved(made))
    assert len(found.tasks) == 2
    assert problem(found, "hidden_rows").source == "计划!3:3"
    assert problem(found, "hidden_columns").source == "计划!D:D"
    assert found.grid.hidden_rows == {2}


def test_a_hidden_sheet_is_listed_and_not_read():
    made, _ = book()
    made.create_sheet("字典").append(["选项"])
    made["字典"].sheet_state = "hidden"
    first, second = read(build.saved(made), year=2026).tables
    assert (first.kind, second.kind) == ("plan", "not_a_plan")
    assert second.skipped[0].source == "字典!A1"


def test_error_cells_and_formulas_without_a_value_are_named():
    made, sheet = book()
    sheet["C2"] = "#REF!"
    sheet["C2"].data_type = "e"
    sheet["B3"] = "=A1"
    found = table(build.saved(made))
    assert problem(found, "error_cell").source == "计划!C2"
    assert problem(found, "formula_without_value").source == "计划!B3"
    assert "=A1" not in texts(found)


def prefixed() -> bytes:
    """The same small sheet as a library writes it that puts x: before every name."""
    plain = build.cells(HEADER, ("1", "修路", "交通科", "3月底"))
    for name in ("c", "is", "t", "row", "sheetData"):
        plain = plain.replace(f"<{name}>", f"<x:{name}>").replace(f"<{name} ", f"<x:{name} ")
        plain = plain.replace(f"</{name}>", f"</x:{name}>")
    plain = plain.replace('<x:row r="2">', '<x:row r="2" hidden="true">')
    rest = '<x:row r="3"><x:c r="A3"><x:v>2</x:v></x:c><x:c r="B3" t="inlineStr"><x:is><x:t>巡查</x:t></x:is></x:c>'
    rest += '<x:c r="C3" t="e"><x:v>#REF!</x:v></x:c><x:c r="D3"><x:f>A1</x:f></x:c></x:row>'
    plain = plain.replace("</x:sheetData>", rest + "</x:sheetData>")
    sheet = f'<x:cols><x:col min="4" max="4" hidden="1"/></x:cols>{plain}'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    whole = f'<x:worksheet xmlns:x="{main}">{sheet}</x:worksheet>'
    return build.raw("", extra={"xl/worksheets/sheet1.xml": whole})


def test_what_is_hidden_or_wrong_is_seen_in_a_sheet_with_prefixed_names():
    found = table(prefixed())
    assert texts(found) == ["修路", "巡查"]
    assert problem(found, "hidden_rows").source == "Sheet1!2:2"
    assert problem(found, "hidden_columns").source == "Sheet1!D:D"
    assert (problem(found, "error_cell").source, problem(found, "error_cell").value) == (
        "Sheet1!C3",
        "#REF!",
    )
    assert problem(found, "formula_without_value").source == "Sheet1!D3"


def test_cells_without_an_address_are_marked_where_they_stand():
    heads = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in HEADER)
    row = "<c><v>1</v></c><c t=\"inlineStr\"><is><t>修路</t></is></c><c t='e'><v>#N/A</v></c>"
    found = table(
        build.raw(f'<sheetData><row>{heads}</row><row hidden="1">{row}</row></sheetData>')
    )
    assert problem(found, "hidden_rows").source == "Sheet1!2:2"
    assert problem(found, "error_cell").source == "Sheet1!C2"


@pytest.mark.parametrize("epoch", ["1900", "1904"])
@pytest.mark.parametrize("number_format", ["yyyy-mm-dd", "m月d日"])
def test_excel_dates_are_dates_in_either_epoch(epoch, number_format):
    made, sheet = book()
    if epoch == "1904":
        made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet["D2"] = date(2026, 4, 30)
    sheet["D2"].number_format = number_format
    assert table(build.saved(made)).tasks[0].deadline.due_on == date(2026, 4, 30)


@pytest.mark.parametrize("number", [27, 31, 36, 50, 57, 58])
def test_built_in_chinese_date_formats_are_dates(number):
    styles = f'<styleSheet {build.NAMESPACE}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs></styleSheet>'
    rows = build.cells(HEADER, ("1", "修路", "交通科"))
    rows = rows.replace("</row></sheetData>", '<c r="D2" s="1"><v>46142</v></c></row></sheetData>')
    relation = '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>'
    parts = {
        "xl/styles.xml": styles,
        "xl/_rels/workbook.xml.rels": build._RELS.replace("</Relationships>", relation),
    }
    found = table(build.raw(rows, extra=parts))
    shows_a_month = number in (27, 36, 50, 57)
    assert found.tasks[0].deadline == (
        "2026年4月" if shows_a_month else "2026-04-30",
        "date",
        date(2026, 4, 30),
        None,
        "Sheet1!D2",
        False,
    )


def test_text_hidden_under_a_merge_is_reported():
    data = build.raw(
        build.cells(HEADER, ("1", "修路", "交通科", "3月底"), ("2", "架桥", "工程科", "4月底"))
        + '<mergeCells count="1"><mergeCell ref="D2:D3"/></mergeCells>'
    )
    found = table(data)
    assert problem(found, "text_under_merge").value == "4月底"
    assert found.tasks[1].deadline.text == "3月底"


def test_control_characters_are_taken_out_and_told():
    found = table(build.raw(build.cells(HEADER, ("1", "修路_x0001_", "交通科", "3月底"))))
    assert texts(found) == ["修路"]
    assert problem(found, "bad_character").source == "Sheet1!B2"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_the_encodings_offices_send(encoding, delimiter):
    lines = [HEADER, ("1", "整理“会议”资料", "综合科、财务科", "3月底")]
    data = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)
    (found,) = read(data, filename="计划.csv", year=2026).tables
    assert texts(found) == ["整理“会议”资料"]
    assert found.tasks[0].source == "计划!B2"


def test_a_quote_that_is_never_closed_is_refused_with_its_line():
    data = '序号,工作任务,责任单位\n1,"修路,交通科\n2,架桥,工程科\n'.encode()
    with pytest.raises(ReadingRefused, match="引号未成对") as refused:
        read(data, filename="计划.csv")
    assert refused.value.code == "bad_csv"


def test_gb18030_with_its_own_byte_order_mark():
    data = "\ufeff序号,工作任务,责任单位\n1,修路,交通科\n".encode("gb18030")
    assert read(data, filename="计划.csv").tables[0].columns["number"] == "A"


def test_nothing_is_dropped_silently(tmp_path: Path):
    rows = (["附件2"], ["某表"], ["单位：某科"], ("类别", *HEADER, "备注"), ("甲", *build.ROW, "急"), ["二、乙"],
            (None, None, None, "财务科"), (None, 9, "巡查", "相关科室", "44月底", "x"), ["注：略"], [None, "散落", None, None, None, None, "边上"])  # fmt: skip
    path = tmp_path / "计划.xlsx"
    path.write_bytes(build.workbook(*rows))
    assert lost_cells(path, read(path, year=2026)) == []
