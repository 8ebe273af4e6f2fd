"""The grammars of cells: deadlines, departments, scoring, status, header words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.columns import meaning_of
from importers.deadlines import Context, read_deadline
from importers.grid import EPOCH_1904, without_layout
from importers.names import read_names
from importers.scoring import read_points, read_scoring
from importers.status import read_status

CONTEXT = Context(year=2026, issued_on=date(2026, 1, 8))

DATES = {
    "2026年12月": "2026-12-31",
    "2026年8月底前": "2026-08-31",
    "12 月底": "2026-12-31",
    "6月底前": "2026-06-30",
    "4月30日前整改完成": "2026-04-30",
    "4 月 30 日前整 改完成": "2026-04-30",
    "9月15日之前": "2026-09-15",
    "11月30号": "2026-11-30",
    "2027.06.15": "2027-06-15",
    "２０２７年１２月３１日": "2027-12-31",
    "年底": "2026-12-31",
    "年底前": "2026-12-31",
    "年内": "2026-12-31",
    "全年": "2026-12-31",
    "下半年": "2026-12-31",
    "上半年": "2026-06-30",
    "一季度": "2026-03-31",
    "第三季度": "2026-09-30",
    "2027年四季度": "2027-12-31",
    "4月初": "2026-04-10",
    "4月上旬": "2026-04-10",
    "4月中旬": "2026-04-20",
    "4月下旬": "2026-04-30",
    "2026年6月持续跟踪": "2026-06-30",
    "2026年底前，并长期坚持": "2026-12-31",
    "2026-04-30": "2026-04-30",
    "46142": "2026-04-30",
    "2026年2月": "2026-02-28",
    "2028年2月底": "2028-02-29",
    "6⽉底": "2026-06-30",
}
RANGES = {
    "3-4月": "2026-04-30",
    "3月—4月": "2026-04-30",
    "4月～5月": "2026-05-31",
    "1月至4月": "2026-04-30",
    "2026年5-7月": "2026-07-31",
    "3月1日-4月15日": "2026-04-15",
    "2026年3月1日至2027年5月31日": "2027-05-31",
}
KINDS = {
    "长期坚持": "ongoing",
    "持续推进": "ongoing",
    "常态化": "ongoing",
    "按需": "ongoing",
    "适时": "ongoing",
    "立行立改": "at_once",
    "即知即改": "at_once",
    "每月28日前": "recurring",
    "每季度末": "recurring",
    "每年": "recurring",
    "每半年": "recurring",
    "每周": "recurring",
    "30个工作日内": "relative",
    "15天内": "relative",
    "3日内": "relative",
    "到2027年": "horizon",
    "“十五五”期间": "horizon",
    "已完成": "done",
    "完成": "done",
    "已完成整改": "done",
    "": "none",
    "/": "none",
    "—": "none",
    "无": "none",
    "有效期至2027年3月1日": "none",
    "截至3月25日": "none",
    "X日": "damaged",
    "4月X日": "damaged",
    "尽快研究": "damaged",
}
DAMAGED = {
    "2026年44月底": "2026-04-30",
    "2026年月底": None,
    "1129日": "2026-11-29",
    "2月30日": "2026-02-28",
    "13月底": None,
}


@pytest.mark.parametrize("text", DATES)
def test_a_written_deadline_is_that_day(text):
    found = read_deadline(text, CONTEXT)
    assert (found.kind, found.due_on, found.code) == ("date", date.fromisoformat(DATES[text]), "")


@pytest.mark.parametrize("text", RANGES)
def test_a_range_is_due_at_its_end(text):
    found = read_deadline(text, CONTEXT)
    assert (found.kind, found.due_on) == ("range", date.fromisoformat(RANGES[text]))


@pytest.mark.parametrize("text", KINDS)
def test_what_is_no_day_has_its_kind(text):
    assert read_deadline(text, CONTEXT).kind == KINDS[text]


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_deadline_has_no_day_only_a_proposal(text):
    found = read_deadline(text, CONTEXT)
    assert (found.kind, found.due_on, found.code) == ("damaged", None, "damaged_deadline")
    assert (found.proposed and found.proposed.isoformat()) == DAMAGED[text]


def test_a_range_over_new_year_is_questioned():
    found = read_deadline("12-1月", CONTEXT)
    assert (found.due_on, found.code) == (date(2027, 1, 31), "over_new_year")


@pytest.mark.parametrize("text", ["4月初", "4月中旬", "到2027年"])
def test_a_loose_day_is_marked_approximate(text):
    assert read_deadline(text, CONTEXT).approximate


def test_a_deadline_without_any_year_is_a_question():
    found = read_deadline("6月底前", Context())
    assert (found.kind, found.due_on, found.code) == ("date", None, "deadline_without_year")


def test_a_day_before_the_issue_proposes_the_next_year():
    found = read_deadline("3月底", Context(2026, date(2026, 11, 20)))
    assert (found.code, found.proposed) == ("before_issue", date(2027, 3, 31))


def test_a_year_far_from_the_plans_is_questioned():
    assert read_deadline("2062年6月", CONTEXT).code == "implausible_date"


def test_two_dates_in_one_cell_are_left_to_the_person():
    found = read_deadline("6月底前建成一期，10月底前建成二期", CONTEXT)
    assert (found.due_on, found.proposed, found.code) == (
        None,
        date(2026, 10, 31),
        "several_deadlines",
    )


def test_a_recurring_deadline_has_its_next_day():
    assert read_deadline("每月28日前", CONTEXT).due_on == date(2026, 1, 28)
    assert read_deadline("每月5日前", CONTEXT).due_on == date(2026, 2, 5)


def test_a_serial_number_follows_the_epoch_of_its_workbook():
    serial = str((date(2026, 4, 30) - EPOCH_1904).days)
    assert read_deadline(serial, Context(2026, epoch=EPOCH_1904)).due_on == date(2026, 4, 30)


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
    ],
)
def test_scoring_cells(text, scores):
    assert list(read_scoring(text)) == scores


def test_points_alone():
    assert [read_points(t) for t in ("2", "（6分）", "2.5 分", "若干", "²")] == [2, 6, 2.5, None, 2]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("已完成", "done"),
        ("未完成", "open"),
        ("未达到序时进度", "open"),
        ("超过序时进度", "open"),
        ("", None),
    ],
)
def test_status_words_that_contain_each_other(text, status):
    assert read_status(text) == (status, True)


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


FIELD_TEXT = st.text(
    alphabet=st.sampled_from(
        "0123456789年月日底前-—至~（）()、，；/ \n上中下旬季度每个工作局委办牵头配合单位：:X分明查已未完成持续十五"
    )
    | st.characters()
)


@settings(deadline=None)
@given(FIELD_TEXT)
def test_no_text_makes_the_deadline_grammar_raise_or_guess(text):
    found = read_deadline(text, CONTEXT)
    assert found.due_on is None or found.kind in ("date", "range", "recurring", "horizon")
    assert found.kind != "damaged" or found.code


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


@settings(deadline=None)
@given(st.dates(date(2022, 1, 1), date(2035, 12, 31)))
def test_every_day_is_read_back_as_itself(day):
    for text in (f"{day.year}年{day.month}月{day.day}日前", day.isoformat(), f"{day:%Y.%m.%d}"):
        assert read_deadline(text, Context(day.year)).due_on == day
