"""Chinese numerals as offices write them in dates, points and headings: 十二, 廿五, 一百零三."""

from __future__ import annotations

DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰", "一二三四五六七八九十百")


def number(numeral: str) -> int:
    """The number below 1,000 that a well-formed numeral says; what is no digit counts as nothing."""
    hundreds, hundred, rest = _plain(numeral).rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    whole = DIGITS.get(hundreds, 1) * 100 if hundred else 0
    whole += DIGITS.get(tens[-1:], 1) * 10 if ten else 0
    return whole + DIGITS.get(ones[-1:], 0)


def _plain(numeral: str) -> str:
    return numeral.translate(_FORMAL).replace("廿", "二十").replace("卅", "三十")
