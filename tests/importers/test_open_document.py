"""OpenDocument spreadsheets (.ods): spans, repeats, hidden parts, typed values, formulas."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

from importers import Table, read

from .coverage import lost
from .open_document import HEADER, cell, ods, row, sheet, typed

ROW = ("1", "整理会议资料", "综合科", "3月底")
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"


def only(*rows: str, **said: str) -> Table:
    (table,) = read(ods(sheet(*rows, **said)), filename="计划.ods", year=2026).tables
    return table


def test_spans_are_merges_and_covered_cells_are_empty():
    down = cell("综合科", 'table:number-rows-spanned="2" table:number-columns-spanned="1"')
    table = only(
        row(
            cell("2026年任务清单", 'table:number-columns-spanned="4"'),
            *[cell("", covered=True)] * 3,
        ),
        row(*HEADER),
        row("1", "整理会议资料", down, "3月底"),
        row("2", "印发会议纪要", cell("", covered=True), "4月底"),
    )
    assert table.grid.merges == [(0, 0, 0, 3), (2, 2, 3, 2)]
    assert [t.assignments[0].source for t in table.tasks] == ["计划!C3", "计划!C3"]


def test_text_below_a_span_is_asked_about():
    down = cell("综合科", 'table:number-rows-spanned="2"')
    table = only(
        row(*HEADER),
        row("1", "整理会议资料", down, "3月底"),
        row("2", "印发会议纪要", cell("财务科", covered=True), "4月底"),
    )
    assert [(p.code, p.value) for p in table.problems] == [("text_under_merge", "财务科")]


def test_values_are_given_as_in_other_formats():
    table = only(
        row(*HEADER, "目标", "占比", "是否"),
        row(typed("float", "1", "1.00"), "整理会议资料", "综合科", typed("date", "2026-06-30T00:00:00", "六月三十"),
            typed("float", "12.5", "12,5"), typed("percentage", "0.3", "30%"), typed("boolean", "true", "真")),
    )  # fmt: skip
    assert table.grid.rows[1] == [
        "1",
        "整理会议资料",
        "综合科",
        "2026-06-30",
        "12.5",
        "0.3",
        "TRUE",
    ]


def test_repeats_that_hold_nothing_go_as_far_as_they_like():
    blank = cell("", 'table:number-columns-repeated="16380"')
    table = only(
        row(*HEADER, blank),
        row(*ROW, blank),
        row(blank, said='table:number-rows-repeated="1048574"'),
    )
    assert (len(table.grid.rows), table.grid.width) == (2, 4)


def test_repeats_that_hold_something_are_written_out():
    twice = cell("/", 'table:number-columns-repeated="2"')
    table = only(
        row("序号", "工作任务", "责任单位", "完成时限", "备注"),
        row("1", "整理会议资料", "综合科", twice),
        row("2", "印发会议纪要", "综合科", "4月底", said='table:number-rows-repeated="2"'),
    )
    assert table.grid.rows[1][3:] == ["/", "/"]
    assert [t.row for t in table.tasks] == [2, 3, 4]


def test_hidden_rows_columns_and_sheets_are_told():
    columns = '<table:table-column table:number-columns-repeated="3"/><table:table-column table:visibility="collapse"/>'
    hidden = '<style:style style:name="ta9"><style:table-properties table:display="false"/></style:style>'
    plan = sheet(
        row(*HEADER), row(*ROW), row(*ROW, said='table:visibility="filter"'), columns=columns
    )
    drawer = sheet(row("甲"), name="字典", said='table:style-name="ta9"')
    first, second = read(ods(plan, drawer, styles=hidden), filename="计划.ods", year=2026).tables
    assert {(p.code, p.source) for p in first.problems} == {
        ("hidden_rows", "计划!3:3"),
        ("hidden_columns", "计划!D:D"),
    }
    assert [p.code for p in second.problems] == ["hidden_sheet"]


def test_formulas_and_errors_are_told():
    said = 'table:formula="of:=[.A1]" office:value-type="string"'
    table = only(
        row(*HEADER),
        row("1", "整理会议资料", cell("综合科", said), cell("#REF!", 'calcext:value-type="error"')),
    )
    assert {(p.code, p.source, p.value) for p in table.problems} >= {
        ("formula", "计划!C2", "综合科"),
        ("error_cell", "计划!D2", "#REF!"),
    }


def test_spaces_breaks_and_comments():
    inner = "<text:p>整理<text:s text:c='2'/>资料<text:line-break/>并归档<text:span>。</text:span></text:p>"
    note = "<office:annotation><text:p>旁批</text:p></office:annotation>"
    table = only(
        row(*HEADER),
        row("1", f"<table:table-cell>{note}{inner}</table:table-cell>", "综合科", "3月底"),
    )
    assert table.grid.rows[1][1] == "整理  资料\n并归档。"


def test_every_text_is_read_or_listed():
    data = ods(
        sheet(
            row("任务清单"),
            row("填报单位：综合科"),
            row(*HEADER),
            row(*ROW),
            row("", "", "", "散字"),
            row("备注：另发"),
        ),
        sheet(row(""), row("", "请按时报送"), name="说明"),
    )
    found = read(data, filename="计划.ods", year=2026)
    root = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("content.xml"))
    cells = [
        (t.sheet, r + 1, c + 1, text)
        for t in found.tables
        for r, line in enumerate(t.grid.rows)
        for c, text in enumerate(line)
        if text
    ]
    assert sorted(text for *_, text in cells) == sorted(p.text for p in root.iter(_TEXT) if p.text)
    assert lost(cells, found) == []
