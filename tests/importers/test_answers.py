"""What the reader cannot tell it asks once for a header; an answer changes how the table is read."""

from __future__ import annotations

from importers.asking import Asking

from . import build
from .build import HEADER
from .read_table import codes, problem, table

TWO_LEADS = build.workbook(("工作任务", "责任单位", "责任部门"), ("修路", "交通科", "财务科"))


def test_of_two_lead_columns_the_first_is_taken_and_asked_about():
    found = table(TWO_LEADS)
    asked = problem(found, "ambiguous_header")
    assert asked.value == "B列“责任单位”、C列“责任部门”"
    assert (asked.proposed, asked.options[:2]) == ("责任单位", ("责任单位", "责任部门"))
    assert [(a.name, a.role) for a in found.tasks[0].assignments] == [
        ("交通科", "lead"), ("财务科", "support"),
    ]  # fmt: skip


def test_an_answer_chooses_the_column_and_holds_for_the_next_file_with_these_headers():
    asked = problem(table(TWO_LEADS), "ambiguous_header")
    later = build.workbook(("工作任务", "责任单位", "责任部门"), ("架桥", "城建科", "审计科"))
    found = table(later, answers={asked.key: "责任部门"})
    assert codes(found) == ["answered_before"]
    assert {(a.name, a.role) for a in found.tasks[0].assignments} == {
        ("审计科", "lead"), ("城建科", "support"),
    }  # fmt: skip


def test_an_answer_for_other_headers_changes_nothing():
    asked = problem(table(TWO_LEADS), "ambiguous_header")
    other = build.workbook(("任务", "责任单位", "责任部门"), ("架桥", "城建科", "审计科"))
    assert codes(table(other, answers={asked.key: "责任部门"})) == ["ambiguous_header"]


def test_two_rows_of_headers_that_say_the_same_are_one_header():
    found = table(build.workbook(HEADER, ("No.", "Task", "Owner", "Due date"), build.ROW))
    assert (found.header, len(found.tasks), codes(found)) == (["A1:D2"], 1, [])


def test_two_rows_of_headers_that_differ_are_read_together_and_asked_about():
    found = table(build.workbook(HEADER, ("编号", "重点任务", "牵头单位", "时间节点"), build.ROW))
    assert len(found.tasks) == 1
    assert "第 1 行和第 2 行" in problem(found, "ambiguous_header").message


def test_two_task_columns_that_fit_equally_are_a_question():
    found = table(build.workbook(("工作任务", "重点任务", "责任单位"), ("修路", "架桥", "交通科")))
    asked = problem(found, "ambiguous_header")
    assert asked.value == "A列“工作任务”、B列“重点任务”"
    assert asked.proposed == found.tasks[0].text.replace("修路", "工作任务")


def test_a_table_without_a_word_for_its_tasks_is_read_by_what_stands_in_it():
    rows = (
        ("干什么", "谁来干", "什么时候"),
        ("修补村口的路面", "交通科", "3月底"),
        ("清理河道漂浮物", "水利科", "6月底"),
    )
    found = table(build.workbook(*rows), year=2026)
    assert [t.text for t in found.tasks] == ["修补村口的路面", "清理河道漂浮物"]
    assert [t.assignments[0].name for t in found.tasks] == ["交通科", "水利科"]
    assert codes(found) == ["guessed_column"] * 3


def test_a_guessed_column_that_a_person_denies_is_not_read():
    rows = (
        ("工作任务", "谁来干", "测评方式"),
        ("修补路面", "交通科", "明查"),
        ("清理河道", "水利科", "暗访"),
    )
    asked = problem(table(build.workbook(*rows), year=2026), "guessed_column")
    found = table(build.workbook(*rows), year=2026, answers={asked.key: "没有这一列"})
    assert all(t.assignments == () for t in found.tasks)
    assert [t.fields["谁来干"] for t in found.tasks] == ["交通科", "水利科"]


def test_the_only_departments_beside_a_task_and_a_deadline_are_no_question():
    rows = (
        ("工作任务", "谁来干", "完成时限"),
        ("修补路面", "交通科", "3月底"),
        ("清理河道", "水利科", "6月底"),
    )
    found = table(build.workbook(*rows), year=2026)
    assert codes(found) == []
    assert [t.assignments[0].name for t in found.tasks] == ["交通科", "水利科"]


def test_an_answer_says_what_a_strange_mark_means():
    rows = (
        ("工作任务", "水利科", "应急科", "气象科"),
        ("查堤", "●", "○", "○"),
        ("预警", "◎", "○", "●"),
    )
    asked = problem(table(build.workbook(*rows)), "unclear_role")
    assert asked.options == ("配合", "牵头", "没有任务")
    roles = {
        said: [
            a.role
            for a in table(build.workbook(*rows), answers={asked.key: said}).tasks[1].assignments
            if a.name == "水利科"
        ]
        for said in asked.options
    }
    assert roles == {"配合": ["support"], "牵头": ["lead"], "没有任务": []}


def test_an_answer_says_whether_a_department_leads_too():
    rows = HEADER, (1, "整理档案", "综合科（牵头）、财务科", "3月底")
    asked = problem(table(build.workbook(*rows)), "role_assumed")
    found = table(build.workbook(*rows), answers={asked.key: "牵头"})
    assert {a.role for a in found.tasks[0].assignments} == {"lead"}
    assert codes(found) == ["answered_before"]


def test_an_answer_leaves_blank_deadlines_blank_and_slid_rows_alone():
    rows = (
        HEADER,
        *((i, f"整理第{i}册档案目录", "综合科", "3月底" if i == 1 else None) for i in range(1, 6)),
    )
    asked = problem(table(build.workbook(*rows)), "blank_deadline")
    due = {
        said: [
            t.deadline.kind for t in table(build.workbook(*rows), answers={asked.key: said}).tasks
        ]
        for said in asked.options
    }
    assert due == {"沿用上一格": ["date"] * 5, "留空": ["date"] + ["none"] * 4}


def test_a_key_stays_short_and_still_tells_long_marks_apart():
    one, other = (Asking(("甲", "乙")).key(f"mark.{'长' * 30_000}{end}") for end in "一二")
    assert one != other
    assert max(len(one), len(other)) < 80
