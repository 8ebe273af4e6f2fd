"""No text makes a grammar raise, and none makes it slow."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from datetime import date
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.deadlines import Context, read_deadline
from importers.grid import without_layout
from importers.leading import first_leads, lead_of_group
from importers.lookalikes import unified
from importers.names import looks_like_department, read_names
from importers.numbering import above, numbered, style_of
from importers.scoring import read_points, read_scoring, says_how_scored
from importers.status import read_status

CONTEXT = Context(2026, date(2026, 1, 8))
GRAMMARS: dict[str, Callable[[str], object]] = {
    "deadline": lambda text: read_deadline(text, CONTEXT),
    "deadline without a year": lambda text: read_deadline(text, Context()),
    "lead": read_names,
    "support": lambda text: read_names(text, "support"),
    "looks like a department": looks_like_department.__wrapped__,
    "scoring": read_scoring,
    "says how scored": says_how_scored,
    "points": read_points,
    "status": read_status,
    "numbered": numbered,
    "style": style_of,
    "above": above,
    "first leads": first_leads,
    "lead of a group": lead_of_group,
    "look-alikes": unified,
    "layout": without_layout,
}
_WORDS = """年 月 日 号 底 前 初 上旬 季度 半年 每 每月 每年 个 工作日 内 长期 持续 立即 至 到 - — ~ 截至 有效期 已 未 完成 办结 今年
明年 本月 即日起 起 春节 十五五 1 2026 12 30 ０ ２ 〇 二 十 廿 零 Q3 June 30th end of within ( ) （ ） 〔 、 ， ； ： / . % : X × * “
局 委 县 市 镇 人民政府 和 以及 等 等部门 各 相关 牵头 配合 负责 会同 由 按职责分工 （牵头） 牵头单位： 责任人： 第一位 为牵头单位 1. ① （1）
明查 暗访 分 2分 各 满分 扣 每 第 章 Ⅳ A. ⺠ ⼯ \u200b \ud800 ﷺ 🏛"""
WORDS = [*_WORDS.split(), " ", "\n", "\u3000"]
ANY = st.lists(st.one_of(st.sampled_from(WORDS), st.characters()), max_size=40).map("".join)
LONG = ["完成", "年", "（", "）", "（）", "1月", "1月、", "牵头", "牵头，", "配合", "负责", "、", "，", " ", "\n", " a", "局 ", "局和",
        "等部门、", "（牵头）", "（牵头单位：", "牵头单位：甲", "甲会同", "1.", "①", "明查2分", "明查（", "扣", "（1）", "每", "-", "为",
        "东河、", "县委办、", "第一", "排首位", "共同", "按职责分工", "⺠", "9", "十", "未", "整改", "%", "ﷺ", "e\u0301"]  # fmt: skip
LENGTH = 20_000
TIMES, LINEAR = 4, 9.0
"""Four times the text may take nine times as long; a square law takes sixteen."""


@pytest.mark.parametrize("grammar", GRAMMARS)
@settings(deadline=None, max_examples=200)
@given(text=ANY)
def test_no_text_makes_a_grammar_raise(grammar, text):
    GRAMMARS[grammar](text)
    GRAMMARS[grammar](text * 3)


@settings(deadline=None, max_examples=300)
@given(text=ANY)
def test_no_text_makes_a_grammar_say_what_cannot_be(text):
    due = read_deadline(text, CONTEXT)
    assert due.due_on is None or due.kind in ("date", "range", "recurring", "horizon")
    assert due.kind != "damaged" or due.code
    assert due.due_on or due.kind not in ("date", "range")
    for role in ("lead", "support"):
        people = read_names(text, role).people
        assert len({name for name, _ in people}) == len(people)
        assert all(said in ("lead", "support") and name.strip() for name, said in people)
    assert all(score.points is None or score.points >= 0 for score in read_scoring(text))
    assert len(unified(text)) == len(text)


@pytest.mark.parametrize("piece", LONG)
def test_time_grows_no_faster_than_the_text(piece):
    slow = {name: growth(grammar, piece) for name, grammar in GRAMMARS.items()}
    assert {name: ratio for name, ratio in slow.items() if ratio >= LINEAR} == {}


def test_a_square_law_would_be_seen():
    assert growth(re.compile("甲*乙").search, "甲", 4000) >= LINEAR


def growth(grammar: Callable[[str], object], piece: str, length: int = LENGTH) -> float:
    """How many times as long four times the text takes; 0 where the time is too short to tell."""
    short, long = (piece * (n // len(piece)) for n in (length // 2, length // 2 * TIMES))
    again = int(0.002 / max(spent(grammar, short, 1), 1e-5)) + 1
    if again > 20:
        return 0.0
    ratio = spent(grammar, long, again) / spent(grammar, short, again)
    if ratio < LINEAR - 1:
        return ratio
    # Whatever else the machine does only adds time, so the least of several is the truest.
    of_long, of_short = (
        min(spent(grammar, text, again) for _ in range(7)) for text in (long, short)
    )
    return of_long / of_short


def spent(grammar: Callable[[str], object], text: str, times: int) -> float:
    """Processor time for so many readings, without the collector's, which comes when it likes."""
    gc.disable()
    start = process_time()
    for _ in range(times):
        grammar(text)
    gc.enable()
    return process_time() - start
