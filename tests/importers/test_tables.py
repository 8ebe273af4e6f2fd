"""How a sheet becomes tables and rows become tasks, over small tables in our own words."""

from __future__ import annotations

from datetime import date

import pytest

from importers import read

from . import build
from .read_table import codes, problem, table, texts

HEADER = build.HEADER


def test_a_task_carries_its_sources_down_to_the_cell():
    (task,) = table(build.workbook(["某计划"], HEADER, (1, "修订制度", "综合科", "6月底前"))).tasks
    assert (task.source, task.number, task.deadline.source) == ("计划!B3", "1", "计划!D3")
    assert task.assignments[0] == ("综合科", "lead", "计划!C3")


def test_a_title_gives_the_year_and_the_document_number_is_kept():
    rows = ["附件1"], ["示例政办发〔2025〕7号"], ["2025年重点工作任务分解表"], HEADER, build.ROW
    found = table(build.workbook(*rows), year=None)
    assert (found.title, found.year) == ("2025年重点工作任务分解表", 2025)
    assert found.document == "示例政办发〔2025〕7号"
    assert found.tasks[0].deadline.due_on == date(2025, 3, 31)


def test_the_day_of_issue_says_the_year_before_the_title_does():
    found = table(
        build.workbook(["2024年计划"], HEADER, build.ROW), year=None, issued_on=date(2025, 1, 3)
    )
    assert found.year == 2025


def test_without_any_year_the_deadline_is_a_question():
    assert "deadline_without_year" in codes(table(build.workbook(HEADER, build.ROW), year=None))


def test_merged_categories_and_deadlines_reach_every_row():
    rows = (
        ("类别", *HEADER),
        ("甲类", *build.ROW),
        (None, 2, "清点资产", "财务科"),
        ("乙类", 3, "核对", "财务科", "5月底"),
    )
    found = table(build.workbook(*rows, merges=["A2:A3", "E2:E3"]))
    assert [t.outline for t in found.tasks] == [("甲类",), ("甲类",), ("乙类",)]
    assert found.tasks[1].deadline.source == "计划!E2"
    assert found.cells(found.tasks[1])["category"] == "A2"


def test_blank_categories_are_filled_down_and_blank_departments_are_not():
    rows = ("类别", *HEADER), ("甲类", *build.ROW), (None, 2, "清点资产", None, "5月底")
    found = table(build.workbook(*rows))
    assert found.tasks[1].outline == ("甲类",)
    assert found.tasks[1].assignments == ()
    assert problem(found, "no_department").source == "计划!D3"


def test_group_rows_across_become_the_outline():
    rows = (
        HEADER,
        ["一、制度建设"],
        build.ROW,
        ["（一）日常管理"],
        (2, "巡查", "综合科", "4月"),
        ["二、队伍建设"],
        (3, "培训", "人事科", "5月"),
    )
    found = table(build.workbook(*rows, merges=["A2:D2", "A4:D4", "A6:D6"]))
    assert [t.outline for t in found.tasks] == [
        ("一、制度建设",),
        ("一、制度建设", "（一）日常管理"),
        ("二、队伍建设",),
    ]


def test_a_group_row_of_a_number_and_a_name_is_a_heading():
    found = table(build.workbook(HEADER, ["一", "特色赛道"], build.ROW))
    assert [t.outline for t in found.tasks] == [("一 特色赛道",)]


def test_a_header_in_two_rows_is_read_by_its_lower_words():
    rows = (
        ("序号", "工作任务", "责任单位", None, "完成时限"),
        (None, None, "牵头单位", "配合单位"),
        (1, "修路", "交通科", "财务科", "6月"),
    )
    found = table(build.workbook(*rows, merges=["A1:A2", "B1:B2", "C1:D1", "E1:E2"]))
    assert [(a.name, a.role) for a in found.tasks[0].assignments] == [
        ("交通科", "lead"),
        ("财务科", "support"),
    ]
    assert found.header == ["A1:E2"]


def test_a_responsible_department_beside_a_lead_only_helps():
    found = table(
        build.workbook(("工作任务", "牵头部门", "责任部门"), ("修路", "交通科", "财务科"))
    )
    assert [a.role for a in found.tasks[0].assignments] == ["lead", "support"]


def test_a_repeated_header_after_a_page_break_is_skipped():
    found = table(build.workbook(HEADER, build.ROW, HEADER, (2, "清点资产", "财务科", "5月")))
    assert len(found.tasks) == 2
    assert {s.why for s in found.skipped} == {"重复的表头"}


def test_notes_and_totals_are_skipped_with_a_reason():
    found = table(build.workbook(HEADER, build.ROW, ("合计", "1项"), ["注：时限以文件为准"]))
    assert len(found.tasks) == 1
    assert [s.why for s in found.skipped] == ["合计行", "合计行", "表下注释"]


def test_a_row_cut_in_two_by_a_page_break_completes_the_row_above():
    found = table(
        build.workbook(
            HEADER, (1, "建立档案管理", "综合科", "2026年12"), (None, "制度并执行", None, "月底前")
        )
    )
    assert texts(found) == ["建立档案管理制度并执行"]
    assert found.tasks[0].deadline.due_on == date(2026, 12, 31)
    assert codes(found) == ["continued_row"]


def test_a_task_merged_over_rows_gathers_their_departments():
    rows = HEADER, (1, "联合检查", "综合科", "6月"), (None, None, "财务科")
    found = table(build.workbook(*rows, merges=["A2:A3", "B2:B3", "D2:D3"]))
    assert [a.name for a in found.tasks[0].assignments] == ["综合科", "财务科"]


def test_the_rest_of_a_task_whose_rows_were_gathered_loses_nobody():
    rows = (
        HEADER, (1, "联合检查", "综合科", "6月"), (None, None, "财务科"), (None, "并建立台账", None, None)
    )  # fmt: skip
    found = table(build.workbook(*rows, merges=["B2:B3", "D2:D3"]))
    (task,) = found.tasks
    assert (task.text, task.last_row) == ("联合检查并建立台账", 4)
    assert [a.name for a in task.assignments] == ["综合科", "财务科"]
    assert codes(found) == ["continued_row"]


def test_a_scoring_mode_in_the_department_column_is_nobody():
    found = table(build.workbook(HEADER, (1, "巡查", "明查 (2 分)", "6月")))
    assert found.tasks[0].assignments == ()
    assert problem(found, "not_a_department").value == "明查 (2 分)"


def test_a_row_without_a_task_is_named():
    found = table(build.workbook(HEADER, build.ROW, (2, None, "财务科", "5月")))
    assert problem(found, "no_task").source == "计划!A3"


def test_a_wide_header_over_an_empty_column_is_one_column():
    rows = ("工作任务", None, "责任单位", None), ("修路", None, "交通科")
    found = table(build.workbook(*rows, merges=["A1:B1", "C1:D1", "A2:B2", "C2:D2"]))
    assert [(t.text, t.assignments[0].name) for t in found.tasks] == [("修路", "交通科")]
    assert codes(found) == []


def test_the_finer_of_two_task_columns_holds_the_tasks():
    rows = (
        ("重点任务", "具体措施", "责任单位"),
        ("修路", "勘测", "交通科"),
        (None, "施工", "工程科"),
    )
    found = table(build.workbook(*rows, merges=["A2:A3"]))
    assert [(t.outline, t.text) for t in found.tasks] == [(("修路",), "勘测"), (("修路",), "施工")]


def test_two_tables_on_a_sheet_are_two_tables():
    rows = (
        ["甲表"],
        HEADER,
        build.ROW,
        [],
        ["乙表"],
        ("序号", "督办事项", "主办单位"),
        (1, "复核台账", "财务科"),
    )
    first, second = read(build.workbook(*rows), year=2026).tables
    assert (first.title, second.title) == ("甲表", "乙表")
    assert (texts(first), texts(second)) == (["整理会议资料"], ["复核台账"])


def test_a_table_may_start_anywhere():
    found = table(build.workbook([], [None, *HEADER], [None, *build.ROW]))
    assert found.columns["task"] == "C"
    assert found.tasks[0].source == "计划!C3"


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([("姓名", "电话"), ("甲", "1")], "表头"),
        ([("序号", "项目名称", "总投资", "责任单位"), (1, "桥", 5, "交通科")], "总投资"),
        ([("序号", "工作任务", "建议责任单位"), (1, "修路", "交通科")], "征求意见"),
        ([("序号", "工作任务", "备注"), (1, "修路", "")], "责任单位"),
    ],
)
def test_a_table_that_is_no_plan_says_why(rows, word):
    found = table(build.workbook(*rows))
    assert found.kind == "not_a_plan"
    assert word in found.reason
    assert found.skipped


def test_a_matrix_gives_each_department_its_role():
    rows = (
        ("序号", "工作任务", "财务科", "综合科", "人事科"),
        (1, "预算", "A", "C", "-"),
        (2, "培训", "-", "R", "A"),
    )
    found = table(build.workbook(*rows))
    assert found.kind == "matrix"
    assert [[(a.name, a.role) for a in t.assignments] for t in found.tasks] == [
        [("财务科", "lead"), ("综合科", "support")],
        [("综合科", "support"), ("人事科", "lead")],
    ]


def test_columns_of_a_matrix_with_one_name_are_told_apart_by_what_stands_above():
    rows = (
        ("序号", "工作任务", "东河县", None, "西河县", None),
        (None, None, "卫生局", "财政局", "卫生局", "财政局"),
        (1, "预算", "C", "A", "R", "-"),
    )
    merges = ["A1:A2", "B1:B2", "C1:D1", "E1:F1"]
    (task,) = table(build.workbook(*rows, merges=merges)).tasks
    assert [(a.name, a.role) for a in task.assignments] == [
        ("东河县卫生局", "support"), ("东河县财政局", "lead"), ("西河县卫生局", "support"),
    ]  # fmt: skip
    assert task.fields == {
        "东河县卫生局": "C",
        "东河县财政局": "A",
        "西河县卫生局": "R",
        "西河县财政局": "-",
    }


def test_a_matrix_row_below_a_merged_task_gives_its_roles_too():
    rows = (
        ("序号", "工作任务", "财务科", "综合科", "人事科"),
        (1, "预算", "A", "-", "-"),
        (None, None, "-", "C", "-"),
        (2, "培训", "-", "-", "A"),
    )
    task, _ = table(build.workbook(*rows, merges=["A2:A3", "B2:B3"])).tasks
    assert [(a.name, a.role) for a in task.assignments] == [
        ("财务科", "lead"),
        ("综合科", "support"),
    ]
    assert task.fields == {"财务科": "A\n-", "综合科": "-\nC", "人事科": "-\n-"}


def test_a_lead_named_in_a_column_and_marked_in_the_matrix_acts_once():
    rows = (
        ("序号", "工作任务", "牵头单位", "财务科", "综合科", "人事科"),
        (1, "预算", "财务科", "●", "○", "-"),
        (2, "培训", "人事科", "○", "○", "●"),
    )
    found = table(build.workbook(*rows))
    assert [[(a.name, a.role) for a in task.assignments] for task in found.tasks] == [
        [("财务科", "lead"), ("综合科", "support")],
        [("人事科", "lead"), ("财务科", "support"), ("综合科", "support")],
    ]


def test_ticked_quarters_beside_a_department_are_no_matrix():
    rows = (
        ("序号", "工作任务", "责任单位", "一季度", "二季度", "三季度", "四季度"),
        (1, "修路", "交通科", "√", "√", None, None),
        (2, "架桥", "工程科", None, None, "√", "√"),
    )
    found = table(build.workbook(*rows))
    assert found.kind == "plan"
    assert [[a.name for a in task.assignments] for task in found.tasks] == [["交通科"], ["工程科"]]
    assert found.tasks[0].fields == {"一季度": "√", "二季度": "√"}


def test_a_table_is_as_wide_as_the_merges_of_its_rows():
    rows = ("工作任务", "责任单位", None), ("修路", "交通科")
    assert table(build.workbook(*rows, merges=["B1:C1", "B2:C2"])).last_column == 3
    titled = ["通知"], ("工作任务", "责任单位"), ("修路", "交通科")
    assert table(build.workbook(*titled, merges=["A1:H1"])).last_column == 2


def test_a_directory_gives_names_and_no_tasks():
    found = table(build.workbook(("序号", "单位全称"), (1, "示例县财政局"), (2, "示例县教育局")))
    assert found.kind == "directory"
    assert found.names == [("示例县财政局", "计划!B2"), ("示例县教育局", "计划!B3")]


def test_a_points_column_joins_its_mode():
    found = table(
        build.workbook(
            ("工作任务", "责任单位", "测评方式", "分值"), ("巡查", "综合科", "明查", 2.5)
        )
    )
    assert found.tasks[0].scoring == (("明查", 2.5),)


def test_a_status_column_is_read_and_progress_text_is_kept():
    rows = (
        ("工作任务", "责任单位", "完成情况"),
        ("甲", "综合科", "未完成"),
        ("乙", "综合科", "完成率稳步提高"),
    )
    found = table(build.workbook(*rows))
    assert [t.status for t in found.tasks] == ["open", None]
    assert found.tasks[1].fields == {"完成情况": "完成率稳步提高"}


def test_columns_nobody_knows_are_kept_as_fields():
    found = table(build.workbook((*HEADER, "投放点", None), (*build.ROW, "东门", "备查")))
    assert found.tasks[0].fields == {"投放点": "东门", "（F列）": "备查"}


def test_a_lead_repeated_among_the_helpers_acts_once():
    found = table(
        build.workbook(("工作任务", "牵头单位", "配合单位"), ("修路", "交通科", "交通科、财务科"))
    )
    assert [(a.name, a.role) for a in found.tasks[0].assignments] == [
        ("交通科", "lead"),
        ("财务科", "support"),
    ]
    assert problem(found, "repeated_name").value == "交通科"
