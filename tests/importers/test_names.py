"""Department cells: how lists are cut, what is kept open, completed, joined, and never guessed."""

from __future__ import annotations

import pytest

from importers.leading import first_leads, lead_of_group
from importers.names import looks_like_department, read_names

NAMES = {
    "县委办、财政局": ["县委办", "财政局"],
    "县政府办、司法局": ["县政府办", "司法局"],
    "县财政局、教育局": ["县财政局", "县教育局"],
    "县财政局、团县委": ["县财政局", "团县委"],
    "第一小学\n实验中学": ["第一小学", "实验中学"],
    "1.教育局；2.水利局": ["教育局", "水利局"],
    "1、教育局 2、水利局": ["教育局", "水利局"],
    "（1）教育局（2）水利局": ["教育局", "水利局"],
    "12345热线办、110指挥中心": ["12345热线办", "110指挥中心"],
    "财政局和教育局": ["财政局", "教育局"],
    "财政局、教育局以及各镇": ["财政局", "教育局", "各镇"],
    "财政局及相关部门": ["财政局", "相关部门"],
    "人力资源和社会保障局": ["人力资源和社会保障局"],
    "市委和市政府督查室": ["市委和市政府督查室"],
    "党委和政府": ["党委和政府"],
    "中等职业学校、高等法院": ["中等职业学校", "高等法院"],
    "财政局、教育局等": ["财政局", "教育局", "等"],
    "发改委、财政局等部门按职责分工负责": ["发改委", "财政局", "等部门"],
    "东河、西河、南河镇": ["东河镇", "西河镇", "南河镇"],
    "水利、南坪镇": ["水利", "南坪镇"],
    "妇联、残联、城关镇": ["妇联", "残联", "城关镇"],
    "财政局、教育局（按职责分工负责）": ["财政局", "教育局"],
    "财政局（张某）": ["财政局（张某）"],
    "财政局\\教育局": ["财政局", "教育局"],
    "市财经委员会同教育局": ["市财经委员会同教育局"],
}
ROLES = {
    "财政局牵头教育局配合": ("财政局", "教育局"),
    "财政局牵头、教育局配合": ("财政局", "教育局"),
    "财政局（牵头）教育局（配合）": ("财政局", "教育局"),
    "（牵头）财政局、（配合）教育局": ("财政局", "教育局"),
    "牵头单位财政局，配合单位教育局": ("财政局", "教育局"),
    "以财政局为主，教育局配合": ("财政局", "教育局"),
    "财政局会同教育局": ("财政局", "教育局"),
    "财政局（配合单位：教育局）": ("财政局", "教育局"),
    "主要责任单位：财政局；协同单位：教育局": ("财政局", "教育局"),
    "财政局、公安局（共同牵头），教育局配合": ("财政局、公安局", "教育局"),
    "财政局牵头，教育局，水利局，林业局配合": ("财政局", "教育局、水利局、林业局"),
    "财政局牵头负责，教育局、水利局按职责分工负责": ("财政局", "教育局、水利局"),
    "财政局牵头，会同教育局、水利局": ("财政局", "教育局、水利局"),
    "财政局、教育局，共同牵头": ("财政局、教育局", ""),
}
FIRST_LEADS = """注：列第一位的为牵头单位，下同。 | （排在第一位的为牵头部门） | 第一个单位为牵头单位 | 首位为牵头
责任单位（排首位的为牵头单位） | 责任单位中列首位的为牵头单位 | 第一家为牵头单位 | 排在最前面的为牵头单位
排名第一位的责任单位为牵头单位 | 责任部门（首个为牵头部门） | 位列第一的为牵头单位，其余为配合单位
牵头单位排在第一位 | 牵头单位列首位，其他为配合单位 | 各项任务排第一位的单位负责牵头 | 第一责任单位为牵头单位
责任单位（第一个为主办单位） | 备注：责任单位栏中，排序第一的为牵头单位 | 排 在 第 一 位 的 为 牵 头 单 位"""
NOT_FIRST_LEADS = """第一批任务由财政局牵头 | 第一项牵头单位为财政局 | 第一季度牵头单位 | 牵头单位应第一时间响应 | 牵头单位：财政局
牵头单位名单 | 首位牵头领导 | 第一牵头单位 | 排名第一的单位予以表彰 | 牵头单位第一次会议 | 第一步由牵头单位摸底
首先由牵头单位组织 | 考核排名第一的单位，由牵头单位通报 | 各牵头单位要列出清单"""


def sentences(lines: str) -> list[str]:
    return [part.strip() for line in lines.splitlines() for part in line.split("|")]


@pytest.mark.parametrize("text", NAMES)
def test_a_cell_is_cut_into_its_names(text):
    assert [name for name, _ in read_names(text).people] == NAMES[text]


@pytest.mark.parametrize("text", ROLES)
def test_roles_in_every_form_are_heard_without_a_question(text):
    leads, helpers = ROLES[text]
    named = read_names(text)
    assert "、".join(name for name, role in named.people if role == "lead") == leads
    assert "、".join(name for name, role in named.people if role == "support") == helpers
    assert named.doubts == ()


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("财政局（牵头），有关部门", [("role_assumed", "有关部门"), ("open_group", "有关部门")]),
        ("财政局等部门", [("open_group", "等部门")]),
        ("XX局", [("open_group", "XX局")]),
        ("各牵头单位", [("open_group", "各牵头单位")]),
        ("责任单位：财政局；责任人：张某", [("not_a_department", "责任人：张某")]),
        ("督办单位：督查室；承办单位：财政局", [("role_assumed", "督查室")]),
        ("东河、西河镇", [("completed_name", "东河")]),
    ],
)
def test_what_is_doubtful_is_told(text, doubts):
    assert [(doubt.code, doubt.value) for doubt in read_names(text).doubts] == doubts


@pytest.mark.parametrize(
    "text",
    [
        "财政局",
        "第一小学、实验中学",
        "供电公司\n水务集团",
        "城管局牵头，公安局配合",
        "各镇（街道）",
    ],
)
def test_a_department_looks_like_one(text):
    assert looks_like_department(text)


@pytest.mark.parametrize(
    "text",
    [
        "更新公示牌",
        "建立台账，每月报送",
        "6月底前",
        "明查（2分）",
        "",
        "牵头",
        "由财政局负责编制手册",
    ],
)
def test_a_task_does_not(text):
    assert not looks_like_department(text)


@pytest.mark.parametrize("text", sentences(FIRST_LEADS))
def test_the_sentence_that_the_first_named_leads(text):
    assert first_leads(text)


@pytest.mark.parametrize("text", sentences(NOT_FIRST_LEADS))
def test_sentences_that_do_not_say_so(text):
    assert not first_leads(text)


def test_a_group_names_its_lead():
    assert (
        lead_of_group("清洁工程（牵头单位：公安局（交警大队）、城管局）")
        == "公安局（交警大队）、城管局"
    )
    assert lead_of_group("清洁工程") == ""
