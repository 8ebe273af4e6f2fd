"""Numeric targets in a task's words: what is read, and what must not be."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.target import clear_one, read_all, read_fields, read_targets

SAID = [
    # words, relation, value, unit, what is measured
    ("农村公厕达标率不低于95%", "at_least", "95", "%", "农村公厕达标率"),
    ("确保绿地率 ≥ 38 ％", "at_least", "38", "%", "绿地率"),
    ("新增充电桩不少于150个", "at_least", "150", "个", "新增充电桩"),
    ("充电桩150个以上", "at_least", "150", "个", "充电桩"),
    ("改造管网不得少于1,200公里", "at_least", "1200", "公里", "改造管网"),
    ("办事群众满意度达到90%以上", "at_least", "90", "%", "办事群众满意度"),
    ("力争2026年底前归集率达到98%", "at_least", "98", "%", "归集率"),
    ("由80%提高到95%", "at_least", "95", "%", ""),
    ("抽检合格率百分之九十五以上", "at_least", "95", "%", "抽检合格率"),
    ("网办率九成以上", "at_least", "90", "%", "网办率"),
    ("检查次数下降两成", "at_least", "20", "%", "检查次数下降"),
    ("回收率七成半以上", "at_least", "75", "%", "回收率"),
    ("申报材料压减30%", "at_least", "30", "%", "申报材料压减"),
    ("平均用时较上年缩短，投诉下降15%以上", "at_least", "15", "%", "投诉下降"),
    ("就业率提升5个百分点", "at_least", "5", "个百分点", "就业率提升"),
    ("每年至少开展两次应急演练", "at_least", "2", "次", "应急演练"),
    ("培训时间至少40学时", "at_least", "40", "学时", "培训时间"),
    ("到位资金1.5亿元以上", "at_least", "1.5", "亿元", "到位资金"),
    ("平均满意度90分以上", "at_least", "90", "分", "平均满意度"),
    ("重复投诉控制在5件以内", "at_most", "5", "件", "重复投诉"),
    ("每场会议不超过20人", "at_most", "20", "人", "每场会议"),
    ("差错率控制在3‰以下", "at_most", "3", "‰", "差错率"),
    ("漏损率降到8%", "at_most", "8", "%", "漏损率"),
    ("空置率低于10%", "at_most", "10", "%", "空置率"),
    ("全年施工现场零事故", "at_most", "0", "起", "事故"),
    ("年内欠薪投诉为零", "at_most", "0", "件", "欠薪投诉"),
]


@pytest.mark.parametrize(("words", "relation", "value", "unit", "measured"), SAID)
def test_a_target_is_read_with_what_it_measures(words, relation, value, unit, measured):
    (read,) = read_targets(words)
    assert (read.relation, read.value, read.unit) == (relation, Decimal(value), unit)
    assert read.measured == measured
    assert clear_one((read,)) == read


@pytest.mark.parametrize(
    "words",
    [
        "", "2026年6月30日前完成", "6月底前完成整改", "30个工作日内办结", "办理时限不超过3个工作日",
        "不得超过15天", "24小时以内响应", "不少于30分钟", "至少3个月开展一次复查",
        "清政办发〔2026〕15号", "按第12号文执行", "第3项", "落实第5条要求", "1、成立专班", "（2）排查",
        "建立一个工作专班", "每个乡镇一个站点", "配备1名专职人员", "联系电话0555-1234567", "电话 13800000000",
        "邮编 238100", "65岁以上老人体检", "50人以上的单位", "500平方米以上的场所", "3A级以上景区",
        "已完成120个", "目前达到85%", "截至3月底完成90%以上", "现有充电桩150个以上", "不少于10-15个",
        "约200户左右", "100多家", "前50名通报表扬", "2025—2027年", "零容忍", "从零起步", "5G基站", "第一次会议",
        "规模以上企业", "以上内容", "不少于", "达到要求", "覆盖", "满意度", "三个以上", "十三五以上", "PM2.5",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_target_is_none(words):
    assert [one for one in read_targets(words) if one.sure] == []


@pytest.mark.parametrize(
    "words",
    [
        "2026年6月30日前完成", "30个工作日内办结", "办理时限不超过3个工作日", "清政办发〔2026〕15号",
        "建立一个工作专班", "配备1名专职人员", "联系电话0555-1234567", "50人以上的单位", "已完成120个",
        "约200户左右", "不少于10-15个", "零容忍",
    ],
)  # fmt: skip
def test_years_numbers_days_and_plain_counts_are_not_even_proposed(words):
    assert read_targets(words) == ()


@pytest.mark.parametrize(
    "words",
    [
        "城区、乡镇覆盖率分别达到95%、80%",
        "一季度完成30%以上，二季度完成60%以上",
        "新增床位不少于50张，培训不少于200人次",
    ],
)
def test_several_targets_are_proposed_and_none_is_taken(words):
    read = read_targets(words)
    assert len(read) == 2
    assert clear_one(read) is None


@pytest.mark.parametrize(
    "words", ["新建口袋公园12个", "入库率95%", "培训3000人次", "目标值为120户"]
)
def test_a_number_without_a_relation_is_only_proposed(words):
    (read,) = read_targets(words)
    assert (read.relation, read.sure) == ("at_least", False)
    assert clear_one((read,)) is None


@pytest.mark.parametrize(
    ("head", "said", "relation", "value", "unit", "sure"),
    [
        ("目标值", "95%", "at_least", "95", "%", False),
        ("2027年目标值", "≥92%", "at_least", "92", "%", True),
        ("年度目标", "300", "at_least", "300", "", False),
        ("指标值", "≤ 0.5‰", "at_most", "0.5", "‰", True),
        ("目标值", "=100%", "exactly", "100", "%", True),
        ("目标数", "20件以下", "at_most", "20", "件", True),
    ],
)
def test_a_bare_value_counts_in_a_column_of_targets(head, said, relation, value, unit, sure):
    (read,) = read_fields({head: said})
    assert (read.relation, read.value, read.unit, read.sure) == (
        relation, Decimal(value), unit, sure,
    )  # fmt: skip


def test_a_bare_value_elsewhere_is_none():
    assert read_fields({"备注": "95%", "权重": "20", "分值": "5"}) == ()


def test_the_same_target_said_twice_is_one():
    read = read_all(["管网改造不少于30公里", "不少于30公里"], {"目标值": "不少于30公里"})
    assert [(one.value, one.measured) for one in read] == [(Decimal(30), "管网改造")]


@given(
    st.text(
        alphabet="不少于达到至以上下内百分之零一二十成0123456789.,%个件人次元万亿率的、，。-第年月日\n≥≤",
        max_size=80,
    )
)
def test_any_words_are_read_without_harm(words):
    for one in read_targets(words):
        assert one.value >= 0
        assert one.unit
        assert len(one.measured) <= 20


@given(st.integers(0, 10**6), st.sampled_from(["个", "家", "%", "万元", "公里", "人次"]))
def test_what_is_written_plainly_is_read_as_written(value, unit):
    (read,) = read_targets(f"指标不少于{value}{unit}")
    assert (read.relation, read.value, read.unit, read.sure) == ("at_least", value, unit, True)


@pytest.mark.parametrize(
    "words", ["一" * 4000, "不少于" * 1500, "1,000" * 900, "由1" * 2000, "九成" * 2000]
)
def test_long_words_take_no_long_time(words):
    """What grows with the square of the length would not come back here at all."""
    read_targets(words * 3)
