"""Look-alike characters become the ordinary ones; nothing else changes."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from importers.lookalikes import has_look_alike, unified

SUPPLEMENT = [chr(c) for c in range(0x2E80, 0x2F00)]
KANGXI = [chr(c) for c in range(0x2F00, 0x2FD6)]
NO_SINGLE_IDEOGRAPH = {"\u2e80"}


def test_words_as_a_pdf_gives_them():
    assert unified("⺠政局、总⼯会公布办事⼿册") == "民政局、总工会公布办事手册"
    assert unified("3⽉底，⻋辆⻔前三包，⻓期") == "3月底，车辆门前三包，长期"
    assert unified("\uf98e度計劃\uf90a額") == "年度計劃金額"


def test_every_radical_has_its_ideograph():
    assigned = [c for c in SUPPLEMENT if unicodedata.name(c, "") and c not in NO_SINGLE_IDEOGRAPH]
    for c in assigned + KANGXI:
        assert unified(c) != c, hex(ord(c))
        assert unicodedata.name(unified(c)).startswith("CJK UNIFIED IDEOGRAPH")
    for c in KANGXI:
        assert unified(c) == unicodedata.normalize("NFKC", c)


def test_the_decompositions_that_unicode_has_are_kept():
    for c in SUPPLEMENT:
        folded = unicodedata.normalize("NFKC", c)
        assert folded == c or unified(c) == folded


def test_wide_forms_and_punctuation_stay():
    text = "（Ａ）１２３，。：；％～“”《》①Ⅳ㎡ﬁ"
    assert unified(text) == text
    assert not has_look_alike(text)


@given(st.text())
def test_a_text_stays_as_long_and_is_folded_once(text):
    once = unified(text)
    assert len(once) == len(text)
    assert unified(once) == once
    assert has_look_alike(text) or once == text
