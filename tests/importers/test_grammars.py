"""The grammars of cells: departments, scoring, status, header words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from importers.columns import meaning_of
from importers.grid import without_layout
from importers.names import read_names
from importers.scoring import read_points, read_scoring
from importers.status import read_status

from .field_text import FIELD_TEXT

NAMES = {
    "财务科、综合科": ["财务科", "综合科"],
    "财务科，综合科；档案室": ["财务科", "综合科", "档案室"],
    "财务科\n综合科": ["财务科", "综合科"],
    "财政局 爱卫办": ["财政局", "爱卫办"],
    "财政局/教体局": ["财政局", "教体局"],
    "市 容 环 境 办": ["市容环境办"],
    "市 财政局": ["市财政局"],
    "河口镇\n人民政府": ["河口镇人民政府"],
    "各县（市、区）政府": ["各县（市、区）政府"],
    "文化和旅游局": ["文化和旅游局"],
    "财政局、": ["财政局"],
    "省科技厅、工业和信息化厅": ["省科技厅", "省工业和信息化厅"],
    "东河市、西河市人民政府": ["东河市人民政府", "西河市人民政府"],
    "市场监督管理局、教体局": ["市场监督管理局", "教体局"],
    "财政局、教体局按职责分工负责": ["财政局", "教体局"],
    "/": [],
    "无": [],
    "—": [],
    "": [],
}
ROLES = {
    "财政局牵头，教体局、水利局配合": [
        ("财政局", "lead"),
        ("教体局", "support"),
        ("水利局", "support"),
    ],
    "财政局牵头，相关部门参与": [("财政局", "lead"), ("相关部门", "support")],
    "牵头单位:财政局 责任单位:教体局": [("财政局", "lead"), ("教体局", "support")],
    "牵头单位：财政局\n配合单位：教体局、水利局": [
        ("财政局", "lead"),
        ("教体局", "support"),
        ("水利局", "support"),
    ],
    "财政局（牵头）、教体局（配合）": [("财政局", "lead"), ("教体局", "support")],
    "财政局（牵头）、教体局": [("财政局", "lead"), ("教体局", "support")],
    "由财政局牵头，教体局协同配合": [("财政局", "lead"), ("教体局", "support")],
    "财政局、教体局共同牵头": [("财政局", "lead"), ("教体局", "lead")],
    "重点工程（牵头单位：财政局）": [("重点工程", "lead"), ("财政局", "lead")],
}


@pytest.mark.parametrize("text", NAMES)
def test_a_department_cell_is_split_into_its_names(text):
    assert [name for name, _ in read_names(text).people] == NAMES[text]


@pytest.mark.parametrize("text", ROLES)
def test_roles_said_in_the_cell_are_heard(text):
    assert list(read_names(text).people) == ROLES[text]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("综合科 (按职能)", "not_a_department"),
        ("责任单位", "open_group"),
        ("各相关单位", "open_group"),
        ("有关部门", "open_group"),
        ("省科技厅、教育厅", "completed_name"),
        ("综合科、综合科", "repeated_name"),
        ("财政局牵头，教体局", "role_assumed"),
        ("财政局（牵头）、教体局", "role_assumed"),
        ("宣传思想\n工作小组", "joined_name"),
    ],
)
def test_a_guess_about_a_department_is_told(text, code):
    assert code in [doubt.code for doubt in read_names(text).doubts]


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        ("明查 (2 分)", [("明查", 2)]),
        ("暗访（4分）", [("暗访", 4)]),
        ("明查(2.5 分)", [("明查", 2.5)]),
        ("材料审核、问卷调查", [("材料审核", None), ("问卷调查", None)]),
        ("明查2分/暗访3分", [("明查", 2), ("暗访", 3)]),
        ("明 查 (2 分)", [("明查", 2)]),
        ("/", []),
        ("明查、暗访（各2分）", [("明查", 2), ("暗访", 2)]),
        ("明查、暗访（共4分）", [("明查", None), ("暗访", 4)]),
        ("2分（明查）", [("明查", 2)]),
        ("明查2分暗访3分", [("明查", 2), ("暗访", 3)]),
        ("明查 2", [("明查", 2)]),
        ("1.材料审核\n2.问卷调查", [("材料审核", None), ("问卷调查", None)]),
        ("1、材料审核\n2、问卷调查", [("材料审核", None), ("问卷调查", None)]),
        ("明查（查阅资料，2分）", [("明查(查阅资料)", 2)]),
        ("明查（1-2分）", [("明查(1-2分)", None)]),
        ("明查2分，每缺一项扣0.5分", [("明查", 2), ("每缺一项扣0.5分", None)]),
        ("材料审核(40%)", [("材料审核(40%)", None)]),
    ],
)
def test_scoring_cells(text, scores):
    assert list(read_scoring(text)) == scores


def test_points_alone():
    assert [read_points(t) for t in ("2", "（6分）", "2.5 分", "若干", "²")] == [2, 6, 2.5, None, 2]


@pytest.mark.parametrize(
    ("text", "points"),
    [("１０分", 10), ("满分10分", 10), ("分值：5", 5), ("两分", 2), ("2.50", 2.5), ("最高5分", 5)]
    + [
        (text, None) for text in ("每项1分共5分", "0-5分", "5分/项", "扣2分", "+2分", "5%", "10000")
    ],
)
def test_points_are_one_number_or_asked_about(text, points):
    assert read_points(text) == points


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("已完成", "done"),
        ("未完成", "open"),
        ("未达到序时进度", "open"),
        ("超过序时进度", "open"),
        ("已整改", "done"),
        ("整改到位", "done"),
        ("整改完成", "done"),
        ("整改", None),
        ("按期整改", None),
        ("基本完成", None),
        ("逾期办结", "done"),
        ("逾期未完成", "open"),
        ("已完成（3月15日）", "done"),
        ("已完成（部分未验收）", "open"),
        ("已完成，持续推进", None),
        ("已完成80%", "open"),
        ("完成率100%", "done"),
        ("已启动", "open"),
        ("待验收", "open"),
        ("验收合格", "done"),
        ("办结待审", "open"),
        ("Completed", "done"),
        ("Not completed", "open"),
        ("incomplete", "open"),
        ("已取消", None),
        ("", None),
    ],
)
def test_status_words_that_contain_each_other(text, status):
    assert read_status(text) == status


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("完成时 限", "deadline"),
        ("责任\n单位", "responsible"),
        ("牵头责任单位", "lead"),
        ("Target Completion", "deadline"),
        ("分值（分）", "points"),
        ("2027年目标值", "standard"),
        ("联动领域", "category"),
        ("联动事项", "task"),
        ("没有听说过", None),
    ],
)
def test_header_words(header, meaning):
    assert meaning_of(header) == meaning


def test_layout_spaces_go_and_an_enumerators_space_stays():
    assert without_layout("三 市 容 环 境") == "三 市容环境"
    assert without_layout("市\n容\n环\n境") == "市容环境"
    assert without_layout("two words") == "two words"


@settings(deadline=None)
@given(FIELD_TEXT)
def test_no_text_makes_the_names_grammar_raise(text):
    named = read_names(text)
    assert len({name for name, _ in named.people}) == len(named.people)
    assert all(role in ("lead", "support") and name.strip() for name, role in named.people)


@settings(deadline=None)
@given(FIELD_TEXT)
def test_no_text_makes_the_other_grammars_raise(text):
    read_scoring(text), read_points(text), read_status(text), meaning_of(text), without_layout(text)
