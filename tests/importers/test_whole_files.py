"""What one part of a file says for another: years, first-named leads, columns of the page before."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

import openpyxl
import pytest

from importers import Limits, Reading, Table
from importers.plain import read_plain
from importers.reading import from_plain
from importers.years import plan_year, year_in_name, year_of

from .word import docx, p, tbl

HEADER = ("序号", "重点任务", "牵头部门", "参与部门", "时间节点")


def reading(data: bytes, name: str = "计划.docx", issued_on: date | None = None) -> Reading:
    return from_plain(name, read_plain(data, name, None, issued_on, Limits()))


def book(*sheets: tuple[str, Sequence[Sequence[str]]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def days(table: Table) -> list[str | None]:
    return [task.deadline.to_json()["due_on"] for task in table.tasks]


def codes(table: Table) -> set[str]:
    return {problem.code for problem in table.problems}


PLAN = [("序号", "工作内容", "责任科室", "完成时间"), ("1", "修订报销办法", "财务科", "3月底")]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2026年重点工作", 2026),
        ("２０２６年度任务", 2026),
        ("二〇二六年工作安排", 2026),
        ("川政办〔2026〕5号", 2026),
        ("Action Plan 2026", 2026),
        ("2025—2027年三年行动", None),
        ("2025-2026学年工作历", None),
        ("三年行动（2024-2026年）2025年任务", 2025),
        ("完成120项任务", None),
    ],
)
def test_the_year_of_a_title(text, year):
    assert year_of(text) == year


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("2026年重点工作", 2026),
        ("2026任务表", 2026),
        ("2026", 2026),
        ("2025-2027三年行动", None),
        ("2025年和2026年对比", None),
        ("20260305台账", None),
        ("2026-03台账", None),
        ("台账", None),
    ],
)
def test_the_year_a_file_or_sheet_is_called_by(name, year):
    assert year_in_name(name) == year


@pytest.mark.parametrize(
    ("issued_on", "named", "year"),
    [
        (None, 2026, 2026),
        (date(2026, 2, 1), None, 2026),
        (date(2025, 12, 20), 2026, 2026),
        (date(2026, 2, 1), 2025, 2026),
        (date(2026, 2, 1), 2030, 2026),
    ],
)
def test_a_plan_issued_in_december_is_for_the_year_it_names(issued_on, named, year):
    assert plan_year(None, issued_on, named) == year
    assert plan_year(2020, issued_on, named) == 2020


def test_the_file_name_says_the_year_where_nothing_else_does():
    data = book(("Sheet1", PLAN))
    assert days(reading(data, "2026年台账.xlsx").tables[0]) == ["2026-03-31"]
    unsaid = reading(data, "台账.xlsx").tables[0]
    assert days(unsaid) == [None]
    assert "deadline_without_year" in codes(unsaid)


def test_title_goes_before_sheet_and_sheet_before_file():
    titled = [("2024年台账",), *PLAN]
    data = book(("2025年", PLAN), ("2026年", titled), ("其他", PLAN))
    read = [days(table) for table in reading(data, "2023年.xlsx").tables]
    assert read == [["2025-03-31"], ["2024-03-31"], ["2024-03-31"]]


def test_a_word_table_without_header_goes_on_after_a_page_number():
    first = tbl(
        HEADER, ("1", "开展食品抽检两千批次", "区市场监管局", "区农业农村局", "2026年11月底")
    )
    rest = tbl(("2", "整治校园周边食品店", "区市场监管局", "区教育局", "2026年4月底"))
    tables = reading(docx(p("任务安排表") + first + p("—2—") + rest)).tables
    plans = [table for table in tables if table.tasks]
    assert [task.text for table in plans for task in table.tasks] == [
        "开展食品抽检两千批次",
        "整治校园周边食品店",
    ]
    assert codes(plans[1]) == {"continued_table"}
    assert plans[1].header_rows == (0, 0)


def test_a_list_of_other_things_does_not_go_on():
    contacts = tbl(("张某", "科长", "区市场监管局", "0000-1234567", "上班时间"))
    first = tbl(
        HEADER, ("1", "开展食品抽检两千批次", "区市场监管局", "区农业农村局", "2026年11月底")
    )
    tables = reading(docx(first + p("联系人") + contacts)).tables
    assert [len(table.tasks) for table in tables if table.sheet.startswith("表")] == [1, 0]


def test_the_text_says_for_its_tables_that_the_first_leads():
    table = tbl(
        ("序号", "任务", "责任单位", "完成时限"),
        ("1", "编制达峰方案", "市发展改革委、市生态环境局", "2026年6月"),
    )
    said = p("责任单位中排在第一位的为牵头单位。", "") + p("一、请抓好落实。")
    people = [
        [(a.name, a.role) for a in reading(docx(text + table)).tasks[0].assignments]
        for text in (said, p("请抓好落实。"))
    ]
    assert people[0] == [("市发展改革委", "lead"), ("市生态环境局", "support")]
    assert {role for _, role in people[1]} == {"lead"}


def shown(fmt: str, value: object, label: str = "完成时间") -> Table:
    """One task whose last cell holds this value in this number format."""
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.append(["序号", "工作内容", "责任科室", label])
    sheet.append([1, "修订报销办法", "财务科", value])
    sheet["D2"].number_format = fmt
    stream = io.BytesIO()
    made.save(stream)
    return reading(stream.getvalue(), "计划.xlsx").tables[0]


@pytest.mark.parametrize("fmt", ['yyyy"年"m"月"', '[$-804]yyyy"年"m"月";@', "yyyy/m", "mmm-yy"])
def test_a_day_that_is_shown_as_a_month_is_due_at_its_end(fmt):
    assert days(shown(fmt, date(2026, 6, 1))) == ["2026-06-30"]


@pytest.mark.parametrize("fmt", ['yyyy"年"m"月"d"日"', "yyyy-mm-dd", 'm"月"d"日"', "d-mmm-yy"])
def test_a_day_that_is_shown_as_a_day_is_that_day(fmt):
    assert days(shown(fmt, date(2026, 6, 1))) == ["2026-06-01"]


def test_a_weight_is_read_as_the_share_it_shows():
    assert [score.points for score in shown("0%", 0.15, "权重").tasks[0].scoring] == [15]
    assert [score.points for score in shown("0.00", 0.15, "权重").tasks[0].scoring] == [0.15]


def test_progress_is_kept_as_it_is_shown():
    assert shown("0%", 0.6, "完成率").tasks[0].fields["完成率"] == "60%"
