"""Numbered prose: lines of departments, clauses in brackets, duties under a department."""

from __future__ import annotations

from importers import Table, Task, read

from . import build
from .word import docx, p


def prose(*lines: str, properties: dict[int, str] | None = None) -> Table:
    body = "".join(p(line, (properties or {}).get(i, "")) for i, line in enumerate(lines))
    (table,) = read(docx(body), filename="方案.docx", year=2026).tables
    return table


def who(task: Task) -> list[tuple[str, str]]:
    return [(a.name, a.role) for a in task.assignments]


def test_lines_below_a_task_name_its_departments_and_deadline():
    table = prose(
        "窗口服务提升方案",
        "一、主要任务",
        "（一）优化流程",
        "1. 精简办事材料。编制清单并公布。",
        "牵头单位：政务科",
        "责任单位：综合科、信息科",
        "完成时限：2026年6月底前",
        "2. 开设绿色通道。",
        "责任单位：服务科",
    )
    assert (table.kind, table.title) == ("prose", "窗口服务提升方案")
    first, second = table.tasks
    assert (first.source, first.number, first.row, first.last_row) == ("正文!A4", "1", 4, 7)
    assert first.outline == ("一、主要任务", "（一）优化流程")
    assert first.text == "精简办事材料。编制清单并公布。"
    assert who(first) == [("政务科", "lead"), ("综合科", "support"), ("信息科", "support")]
    assert (first.deadline.due_on.isoformat(), first.deadline.source) == ("2026-06-30", "正文!A7")
    assert who(second) == [("服务科", "lead")]


def test_a_clause_in_brackets_names_them_at_the_end():
    table = prose(
        "一、重点工作",
        "（一）加快窗口改造。完成两处改造。（牵头单位：建设科；配合单位：财务科；完成时限：9月底）",
        "（二）建立台账（责任单位：综合科）。",
    )
    first, second = table.tasks
    assert first.text == "加快窗口改造。完成两处改造。"
    assert who(first) == [("建设科", "lead"), ("财务科", "support")]
    assert first.deadline.due_on.isoformat() == "2026-09-30"
    assert (second.number, who(second)) == ("（二）", [("综合科", "lead")])


def test_a_bracket_may_say_it_in_a_sentence():
    table = prose(
        "1. 推进数据共享。（信息局牵头，财政局、教育局配合，8月底前完成）",
        "2. 开展培训。（人事局、教育局按职责分工负责）",
        "3. 加强宣传。（宣传部）",
    )
    assert [who(t) for t in table.tasks] == [
        [("信息局", "lead"), ("财政局", "support"), ("教育局", "support")],
        [("人事局", "lead"), ("教育局", "lead")],
        [("宣传部", "lead")],
    ]
    assert table.tasks[0].deadline.due_on.isoformat() == "2026-08-31"


def test_a_remark_in_brackets_names_nobody():
    table = prose(
        "1. 修订办法（试行）。", "责任单位：综合科", "2. 汇总数据（含附表）。", "责任单位：综合科"
    )
    assert [t.text for t in table.tasks] == ["修订办法（试行）。", "汇总数据（含附表）。"]


def test_one_paragraph_may_hold_two_tasks():
    table = prose("（一）改善环境。修补路面。（责任单位：建设科）增设座椅。（责任单位：服务科）")
    assert [(t.text, who(t)) for t in table.tasks] == [
        ("改善环境。修补路面。", [("建设科", "lead")]),
        ("增设座椅。", [("服务科", "lead")]),
    ]


def test_labels_in_square_brackets_or_one_line_are_labels():
    table = prose(
        "1. 编制预算。", "【责任单位】财务科", "2. 归档。责任单位：综合科；完成时限：年底"
    )
    assert [who(t) for t in table.tasks] == [[("财务科", "lead")], [("综合科", "lead")]]
    assert table.tasks[1].text == "归档。"
    assert table.tasks[1].deadline.due_on.isoformat() == "2026-12-31"


def test_paragraphs_of_one_task_stay_together():
    table = prose("（一）健全制度", "修订三项制度。", "每季度通报一次。", "责任单位：综合科")
    (task,) = table.tasks
    assert task.text == "健全制度\n修订三项制度。\n每季度通报一次。"


def test_a_department_heads_its_duty():
    table = prose(
        "三、部门分工",
        "1. 教育局：负责校园周边巡查。",
        "2. 各乡镇：负责辖区内宣传。",
        "3. 其他群团组织：按要求做好配合工作。",
    )
    assert [(t.number, t.text, who(t)[0][0]) for t in table.tasks] == [
        ("1", "负责校园周边巡查。", "教育局"),
        ("2", "负责辖区内宣传。", "各乡镇"),
        ("3", "按要求做好配合工作。", "其他群团组织"),
    ]


def test_a_department_may_be_the_heading_of_its_duties():
    table = prose(
        "（一）教育局", "1. 巡查校园周边。", "2. 开设课程。", "（二）财政局", "1. 保障经费。",
    )  # fmt: skip
    assert [(t.text, who(t), t.outline) for t in table.tasks] == [
        ("巡查校园周边。", [("教育局", "lead")], ("（一）教育局",)),
        ("开设课程。", [("教育局", "lead")], ("（一）教育局",)),
        ("保障经费。", [("财政局", "lead")], ("（二）财政局",)),
    ]


def test_one_line_for_several_items_is_asked_about():
    table = prose(
        "（一）宣传工作",
        "1. 张贴海报。",
        "2. 发放手册。",
        "责任单位：宣传科",
        "（二）保障工作",
        "1. 备足物资。",
    )
    assert [who(t) for t in table.tasks] == [[("宣传科", "lead")]] * 2
    asked = [q for q in table.problems if q.code == "shared_departments"]
    assert [q.source for q in asked] == ["正文!A4"]
    assert "正文!A6" in {s.source for s in table.skipped}


def test_details_below_a_task_stay_in_it():
    table = prose(
        "1. 甲项工作。", "责任单位：综合科", "2. 乙项工作：", "（1）先做一步。", "（2）再做一步。", "责任单位：信息科",
    )  # fmt: skip
    assert [t.number for t in table.tasks] == ["1", "2"]
    assert table.tasks[1].text == "乙项工作：\n（1）先做一步。\n（2）再做一步。"
    assert who(table.tasks[1]) == [("信息科", "lead")]


def test_a_task_without_departments_among_others_is_told():
    table = prose("1. 甲事。", "责任单位：综合科", "2. 乙事。", "3. 丙事。", "责任单位：信息科")
    assert [t.text for t in table.tasks] == ["甲事。", "乙事。", "丙事。"]
    assert [q.source for q in table.problems if q.code == "no_department"] == ["正文!A3"]


def test_what_is_no_task_is_skipped_with_a_reason():
    table = prose(
        "工作方案",
        "为做好工作，制定本方案。",
        "一、任务",
        "1. 甲事。（责任单位：综合科）",
        "二、要求",
        "各科室要重视。",
    )
    skipped = {s.source: s.why for s in table.skipped}
    assert sorted(skipped) == ["正文!A2", "正文!A5", "正文!A6"]
    assert len(table.tasks) == 1


def test_headings_by_style_make_the_outline():
    level = {i: f'<w:outlineLvl w:val="{n}"/>' for i, n in {0: 0, 1: 1, 3: 1}.items()}
    table = prose(
        "总方案",
        "宣传",
        "发放手册。（责任单位：宣传科）",
        "保障",
        "备足物资。（责任单位：后勤科）",
        properties=level,
    )
    assert table.title == "总方案"
    assert [t.outline for t in table.tasks] == [("宣传",), ("保障",)]


def test_a_text_without_tasks_says_so():
    table = prose("通知", "请各单位参加会议。")
    assert (table.kind, table.reason) == ("not_a_plan", "正文没有写明责任单位的任务")
    assert [s.source for s in table.skipped] == ["正文!A1:A2"]


def test_no_text_makes_the_grammar_raise():
    odd = [
        "（",
        "责任单位：",
        "一、",
        "：",
        "【责任单位】",
        "1.",
        "（责任单位：）",
        "（、）",
        "负责：",
        "牵头单位：、完成时限：",
    ]
    for line in odd:
        prose(line, f"1. {line}", f"{line}{line}")


def test_a_department_that_heads_its_duty_leads_and_the_clause_helps():
    table = prose("1. 教育局：负责校园周边巡查（各学校配合）。", "2. 财政局：负责保障工作经费。")
    assert who(table.tasks[0]) == [("教育局", "lead"), ("各学校", "support")]


def test_the_first_named_leads_where_the_text_says_so():
    said = "（责任单位列第一位的为牵头单位，下同）"
    table = prose(f"一、重点任务{said}", "1. 甲事。", "责任单位：综合科、信息科")
    assert who(table.tasks[0]) == [("综合科", "lead"), ("信息科", "support")]


def test_a_text_pasted_into_a_sheet_is_read_as_one():
    lines = [
        "工作方案",
        "一、重点任务",
        "1. 甲事。",
        "责任单位：综合科",
        "2. 乙事。（责任单位：信息科）",
    ]
    rows = [(line, "旁批" if i == 2 else None) for i, line in enumerate(lines)]
    (table,) = read(build.workbook(*rows), filename="方案.xlsx", year=2026).tables
    assert (table.kind, table.title) == ("prose", "工作方案")
    assert [(t.source, who(t)) for t in table.tasks] == [
        ("计划!A3", [("综合科", "lead")]),
        ("计划!A5", [("信息科", "lead")]),
    ]
    assert "计划!B3" in {s.source for s in table.skipped}


def test_a_sheet_of_remarks_is_no_text_of_tasks():
    (table,) = read(
        build.workbook(("填表说明",), ("一、请按时报送。",), ("二、逐项填写。",))
    ).tables
    assert (table.kind, list(table.tasks)) == ("not_a_plan", [])


def test_measures_listed_below_a_problem_are_part_of_it():
    table = prose(
        "督察反馈问题整改清单",
        "一、管网破损。",
        "责任单位：水务科",
        "整改时限：2026年6月底前",
        "整改目标：不再渗漏。",
        "整改措施：",
        "（一）逐段检测。",
        "（二）分批更换。",
        "二、台账不全。",
        "整改措施：",
        "（一）补齐台账。",
        "责任单位：档案科",
    )
    assert [task.text for task in table.tasks] == ["管网破损。", "台账不全。"]
    first, second = table.tasks
    assert first.fields["整改措施"] == "（一）逐段检测。\n（二）分批更换。"
    assert first.fields["整改目标"] == "不再渗漏。"
    assert (who(first), who(second)) == ([("水务科", "lead")], [("档案科", "lead")])
    assert table.problems == []


def test_measures_with_departments_of_their_own_are_tasks():
    table = prose(
        "一、管网破损。",
        "整改措施：",
        "1. 检测。（责任单位：水务科）",
        "2. 更换。（责任单位：工程科）",
    )
    assert [task.text for task in table.tasks] == ["检测。", "更换。"]


MINUTES = (
    "一、关于老旧管网",
    "会议明确，由住建局牵头，发改局、财政局配合，于2026年6月底前报批。",
    "二、关于校园周边",
    "会议明确，由公安局负责，会同教育局开展整治，2026年4月15日前完成。",
)


def test_minutes_give_their_tasks_in_sentences():
    first, second = prose(*MINUTES).tasks
    assert who(first) == [("住建局", "lead"), ("发改局", "support"), ("财政局", "support")]
    assert who(second)[0] == ("公安局", "lead")
    assert [str(task.deadline.due_on) for task in (first, second)] == ["2026-06-30", "2026-04-15"]


def test_a_text_that_names_its_departments_plainly_is_not_heard_for_sentences():
    plain = prose("一、保障经费。", "责任单位：审计科", *MINUTES)
    assert [who(task) for task in plain.tasks][:1] == [[("审计科", "lead")]]
    assert ("住建局", "lead") not in [pair for task in plain.tasks for pair in who(task)]


def test_who_explains_a_rule_is_given_no_task():
    table = prose("一、本办法由住建局负责解释。", "二、本办法由财政局负责解释。")
    assert (table.kind, list(table.tasks)) == ("not_a_plan", [])


def test_wide_square_brackets_hold_departments_too():
    table = prose(
        "（一）设施。［责任单位：交通科］", "（二）监管。［牵头单位：安全科；配合单位：法规科］"
    )
    assert [who(task) for task in table.tasks] == [
        [("交通科", "lead")],
        [("安全科", "lead"), ("法规科", "support")],
    ]
