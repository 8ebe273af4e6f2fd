"""The judges can find fault: a wrong reading is called wrong, a dropped cell is found."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from importers import Reading

from . import xml_count
from .fixtures import FIXTURES
from .fixtures.drawing import draw
from .fixtures.fixture import Book
from .golden import faults
from .judging import judge, missing, needless

PLAN = FIXTURES["merges.category_department_and_deadline_merged_down"]
HEADER_WORDS = [
    "序号",
    "序",
    "编号",
    "任务编号",
    "NO.",
    "ID",
    "类别",
    "板块",
    "领域",
    "场景领域",
    "项目",
    "子项目",
    "章节",
    "重点工程",
    "重点举措",
    "一级指标",
    "下沉模式",
    "联动领域",
    "group",
    "category",
    "工作任务",
    "任务",
    "重点任务",
    "具体任务",
    "任务名称",
    "任务内容",
    "具体工作",
    "工作内容",
    "重点工作内容",
    "实施路径",
    "工作举措",
    "推进措施",
    "工作目标",
    "目标任务",
    "工作指标",
    "二级指标",
    "交办事项",
    "督办事项",
    "联动事项",
    "细则内容",
    "问题描述",
    "Task",
    "Action",
    "Initiative",
    "Deliverable",
    "牵头单位",
    "牵头部门",
    "牵头责任单位",
    "主要责任单位",
    "主办单位",
    "主办部门",
    "主责部门",
    "责任部门",
    "责任单位",
    "责任主体",
    "责任处室",
    "建设主体",
    "责任",
    "owner",
    "配合单位",
    "配合部门",
    "协办单位",
    "协办部门",
    "协同配合单位",
    "其他责任单位",
    "参与单位",
    "承办单位",
    "涉及部门",
    "co",
    "Support",
    "责任人",
    "负责人",
    "经办人",
    "联系人",
    "责任领导",
    "牵头领导",
    "分管市领导",
    "包保领导",
    "完成时限",
    "完成时间",
    "完成",
    "时间节点",
    "时限",
    "整改时限",
    "办结时限",
    "拟投入运营时间",
    "达标时间",
    "计划完成时间",
    "测评方式",
    "测评方法",
    "考核方式",
    "分值",
    "得分",
    "自评分",
    "权重",
    "标准要求",
    "测评标准",
    "考核标准",
    "考核要点",
    "工作标准",
    "达标标准",
    "目标值",
    "2027年目标值",
    "站点设置",
    "点位",
    "进展情况",
    "具体进展",
    "工作进展",
    "存在的困难或问题",
    "下一步工作计划",
    "完成情况",
    "任务状态",
    "是否完成",
    "整改情况",
    "销号情况",
    "佐证材料",
    "需上传材料",
    "任务来源",
    "备注",
]
SPACED_WORDS = ["Lead Department", "Lead Agency", "Accountable", "Due date", "Target Completion"]


def drawn_texts() -> set[str]:
    books = [fixture.book for fixture in FIXTURES.values() if isinstance(fixture.book, Book)]
    cells = [
        cell for book in books for block in book.sheets.values() for cell in block.cells.values()
    ]
    return {str(cell) for cell in cells}


def test_every_header_word_of_the_field_stands_in_a_fixture():
    assert set(HEADER_WORDS + SPACED_WORDS) - drawn_texts() == set()


def test_there_is_a_wide_choice_of_authors_and_matrices():
    themes = [name.split(".")[0] for name in FIXTURES]
    assert len(FIXTURES) >= 90
    assert sum(theme.startswith("authors") for theme in themes) >= 25
    assert themes.count("matrices") >= 12


def read_otherwise(**changes: object) -> Reading:
    """The reading of PLAN with its second task changed."""
    (table,) = PLAN.reading.tables
    tasks = list(table.tasks)
    tasks[1] = dataclasses.replace(tasks[1], **changes)
    return Reading("x", [dataclasses.replace(table, tasks=tasks)])


@pytest.mark.parametrize(
    ("aspect", "changes"),
    [
        ("text", {"text": "另一件事"}),
        ("number", {"number": "7"}),
        ("outline", {"outline": ()}),
        ("departments", {"assignments": ()}),
        ("deadline", {"deadline": PLAN.reading.tables[0].tasks[4].deadline}),
        ("scoring", {"scoring": (("明查", 2),)}),
        ("status", {"status": "done"}),
    ],
)
def test_one_wrong_fact_is_one_wrong_verdict(aspect, changes):
    wrong = [v.aspect for v in judge(PLAN.tables, read_otherwise(**changes)) if not v.right]
    assert wrong == [aspect]
    assert all(v.right for v in judge(PLAN.tables, PLAN.reading))


def test_a_department_too_many_or_in_the_wrong_role_is_wrong():
    (first, *_) = PLAN.reading.tables[0].tasks[1].assignments
    for people in [(first, first._replace(name="别的科")), (first._replace(role="support"),)]:
        wrong = [v for v in judge(PLAN.tables, read_otherwise(assignments=people)) if not v.right]
        assert {v.aspect for v in wrong} == {"departments"}


def test_a_lost_task_loses_its_own_facts_only():
    (table,) = PLAN.reading.tables
    less = Reading("x", [dataclasses.replace(table, tasks=[table.tasks[0], *table.tasks[2:]])])
    wrong = [v for v in judge(PLAN.tables, less) if not v.right]
    assert sum(v.aspect == "text" for v in wrong) == 1
    assert sum(v.aspect == "tasks" for v in wrong) == 1


def test_questions_are_needless_without_and_missing_with_a_reason():
    asking = FIXTURES["deadlines.a_range_over_new_year"].reading
    assert needless((), asking) == ["over_new_year"]
    assert needless(("over_new_year",), asking) == []
    assert missing(("over_new_year", "hidden_rows"), asking) == ["hidden_rows"]
    assert faults(FIXTURES["deadlines.a_range_over_new_year"]) == []


def test_a_cell_that_is_nowhere_is_found_at_its_place():
    fixture = FIXTURES["notes.notes_and_legend_below"]
    (table,) = fixture.reading.tables
    silent = Reading("x", [dataclasses.replace(table, skipped=table.skipped[1:])])
    assert xml_count.lost(fixture.data, fixture.reading) == []
    assert len(xml_count.lost(fixture.data, silent)) == 1
    fewer = Reading("x", [dataclasses.replace(table, tasks=table.tasks[1:])])
    assert len(xml_count.lost(fixture.data, fewer)) >= 3


def test_a_drawing_says_what_stands_where_and_what_it_means():
    block = draw(
        """
        = 标题
        ~ 类别 | 工作任务 | 责任单位 | 完成时限
        : outline | text | lead | due
        | 甲 | 修路 | 交通科、水利科 => 交通科 & 水利科 | 6月底 => 2026-06-30
        | ^ | 架桥 | 工程科 | !2026-07-01 => range 2026-07-01
        """
    )
    assert block.areas() == ["A1:D1", "A3:A4"]
    assert (block.cells[2, 1], block.cells[3, 3]) == ("修路", date(2026, 7, 1))
    road, bridge = block.tables[0].tasks
    assert (road.leads, road.supports, road.deadline) == (
        ("交通科",),
        ("水利科",),
        ("date", "2026-06-30"),
    )
    assert (bridge.outline, bridge.deadline) == (("甲",), ("range", "2026-07-01"))
