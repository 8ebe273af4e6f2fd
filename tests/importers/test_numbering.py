"""How headings are numbered; and what begins like a number and is none."""

from __future__ import annotations

import pytest

from importers.numbering import above, numbered, style_of


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("第三章 保障措施", "chapter"),
        ("第12条", "chapter"),
        ("一、总体要求", "number"),
        ("一 爱国卫生", "number"),
        ("三市容环境", "number"),
        ("（十二）其他", "bracket"),
        ("㈠总则", "bracket"),
        ("壹、总则", "formal"),
        ("1、前期准备", "digit"),
        ("1 前期准备", "digit"),
        ("（1）前期准备", "round"),
        ("1) 前期准备", "round"),
        ("⑴前期准备", "round"),
        ("①前期准备", "circle"),
        ("1.1 前期准备", "dotted2"),
        ("1.2.3征求意见", "dotted3"),
        ("Ⅲ、保障", "roman"),
        ("IV. Plan", "roman"),
        ("A. Plan", "letter"),
        ("★1.任务", "digit"),
        ("重点任务", "plain"),
    ],
)
def test_the_style_of_a_heading(text, style):
    assert style_of(text) == style


@pytest.mark.parametrize(
    "text", ["2026年重点任务", "一般公共服务", "十五五规划", "三农工作", "五一活动", "1.5万元", "3个项目", "12.5%", "一网通办", "6月行动"]
)  # fmt: skip
def test_what_only_begins_like_a_number(text):
    assert numbered(text) is None


def test_a_number_says_what_it_stands_under():
    assert numbered("1.10 入户") == ("dotted", (1, 10), "入户")
    assert above("2.3.1") == (2, 3)
    assert above("2") == above("二、") == ()
