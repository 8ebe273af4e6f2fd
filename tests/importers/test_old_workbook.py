"""Old Excel (.xls) and WPS (.et) workbooks: the same container, read like an .xlsx."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
import xlrd
import xlwt

from importers import Reading, Table, read

from .coverage import lost
from .ole_file import biff5, container, label, number

HEADER = ("序号", "工作任务", "责任单位", "完成时限")
ROWS = ((1, "整理会议资料", "综合科", "3月底"), (2, "印发会议纪要", "综合科", "4月底"))


def book(*rows: tuple[Any, ...], epoch_1904: bool = False) -> tuple[xlwt.Workbook, xlwt.Worksheet]:
    made = xlwt.Workbook(encoding="utf-8")
    made.dates_1904 = epoch_1904
    sheet = made.add_sheet("计划")
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is not None:
                sheet.write(r, c, value)
    return made, sheet


def saved(made: xlwt.Workbook) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def reading(made: xlwt.Workbook, name: str = "计划.xls") -> Reading:
    return read(saved(made), filename=name, year=2026)


def only(made: xlwt.Workbook) -> Table:
    (table,) = reading(made).tables
    return table


@pytest.mark.parametrize("name", ["计划.xls", "计划.et", "计划.xlsx", "计划"])
def test_it_is_told_by_what_it_is_not_by_its_name(name):
    made, _ = book(HEADER, *ROWS)
    (table,) = reading(made, name).tables
    assert [t.text for t in table.tasks] == ["整理会议资料", "印发会议纪要"]
    assert table.tasks[0].source == "计划!B2"


def test_merges_and_whole_numbers():
    made, sheet = book(("2026年窗口任务清单",), HEADER, *((n, t, None, d) for n, t, _, d in ROWS))
    sheet.merge(0, 0, 0, 3)
    sheet.write_merge(2, 3, 2, 2, "财务科")
    table = only(made)
    assert sorted(table.grid.merges) == [(0, 0, 0, 3), (2, 2, 3, 2)]
    assert [t.assignments[0].name for t in table.tasks] == ["财务科", "财务科"]
    assert [t.number for t in table.tasks] == ["1", "2"]


@pytest.mark.parametrize(
    "shown", ["yyyy-mm-dd", 'yyyy"年"m"月"d"日"', 'm"月"d"日"', "[$-804]yyyy/m/d"]
)
def test_dates_are_days_however_they_are_shown(shown):
    made, sheet = book(HEADER, ROWS[0][:3])
    sheet.write(1, 3, date(2026, 6, 30), xlwt.easyxf(num_format_str=shown))
    assert only(made).tasks[0].deadline.due_on == date(2026, 6, 30)


def test_a_workbook_of_the_1904_system_means_the_same_day():
    made, sheet = book(HEADER, ROWS[0][:3], epoch_1904=True)
    day = date(2026, 6, 30)
    sheet.write(1, 3, (day - date(1904, 1, 1)).days, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    assert only(made).tasks[0].deadline.due_on == day


def test_hidden_rows_columns_and_sheets_are_told():
    made, sheet = book((*HEADER, "备注"), (*ROWS[0], "甲"), (*ROWS[1], "乙"))
    sheet.row(2).hidden = True
    sheet.col(4).hidden = True
    drawer = made.add_sheet("字典")
    drawer.write(0, 0, "甲")
    drawer.visibility = 1
    plan, hidden = reading(made).tables
    assert {(p.code, p.source) for p in plan.problems} == {
        ("hidden_rows", "计划!3:3"),
        ("hidden_columns", "计划!E:E"),
    }
    assert [p.code for p in hidden.problems] == ["unread_sheet"]


def test_formulas_are_told_and_errors_are_asked_about():
    made, sheet = book(HEADER, (1, "整理会议资料", None, "3月底"), (2, "印发会议纪要", "综合科"))
    sheet.write(1, 2, xlwt.Formula('"综合"&"科"'))
    sheet.row(2).set_cell_error(3, "#REF!")
    codes = {(p.code, p.source, p.value) for p in only(made).problems}
    assert ("formula_without_value", "计划!C2", "") in codes
    assert ("error_cell", "计划!D3", "#REF!") in codes


def test_a_lone_cell_far_out_costs_nothing():
    made, sheet = book(HEADER, *ROWS)
    sheet.write(65_535, 99, "末")
    (table,) = reading(made).tables
    assert len(table.tasks) == 2
    assert len(table.grid.rows) == 65_536
    assert "计划!CV65536" in {s.source for s in table.skipped}


def test_an_excel_95_workbook_in_the_old_encoding():
    cells = [label(0, c, text) for c, text in enumerate(HEADER)]
    cells += [number(1, 0, 1), *(label(1, c, text) for c, text in enumerate(ROWS[0]) if c)]
    (table,) = read(container({"Book": biff5(*cells)}), filename="旧.xls", year=2026).tables
    assert [(t.number, t.text, t.source) for t in table.tasks] == [("1", "整理会议资料", "plan!B2")]


def test_every_cell_is_read_or_listed():
    made, sheet = book(
        ("标题一览",),
        ("填报单位：综合科",),
        HEADER,
        *ROWS,
        (None, None, None, "散字"),
        ("备注：另发",),
    )
    second = made.add_sheet("说明")
    second.write(3, 2, "请按时报送")
    found = reading(made)
    counted = xlrd.open_workbook(file_contents=saved(made))
    cells = [
        (
            s.name,
            r + 1,
            c + 1,
            s.cell_value(r, c) if s.cell_type(r, c) == 1 else str(int(s.cell_value(r, c))),
        )
        for s in counted.sheets()
        for r in range(s.nrows)
        for c in range(s.ncols)
        if s.cell_type(r, c) not in (0, 6)
    ]
    assert len(cells) == 17
    assert lost(cells, found) == []
