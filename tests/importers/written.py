"""Writes readings down as offices do, so that reading them again can be held against them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

DIGITS = "〇一二三四五六七八九"
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
ROMANS = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"


def numeral(n: int) -> str:
    """A number below 100 in characters: 12 is 十二."""
    tens, ones = divmod(n, 10)
    return (
        ("" if tens < 2 else DIGITS[tens]) + ("十" if tens else "") + (DIGITS[ones] if ones else "")
    )


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def days(d: date) -> list[str]:
    """One day with its year."""
    y, m, n = d.year, d.month, d.day
    chinese = "".join(DIGITS[int(c)] for c in str(y))
    plain = [
        f"{y}年{m}月{n}日",
        f"{y}年{m:02}月{n:02}日",
        d.isoformat(),
        f"{y}.{m}.{n}",
        f"{y}/{m}/{n}",
    ]
    plain += [f"{y}年{m}月{n}", f"{y}{m:02}{n:02}", f"{chinese}年{numeral(m)}月{numeral(n)}日"]
    plain += [
        f"{y} 年 {m} 月 {n} 日",
        f"{y}年{m}月{n}日".translate(WIDE),
        f"{d:%d/%m/%Y}" if n > 12 else f"{y}-{m}-{n}",
    ]
    more = [
        f"{y}年{m}月{n}日前",
        f"{y}年{m}月{n}号之前",
        f"{y}年{m}月{n}日17:00前",
        f"{y}年{m}月{n}日前完成",
    ]
    more += [
        f"截止{y}年{m}月{n}日",
        f"不迟于{y}年{m}月{n}日",
        f"力争{y}年{m}月{n}日前办结（含当日）",
    ]
    more += [
        f"{d:%B} {n}, {y}",
        f"{n} {d:%b} {y}",
        f"by {n}-{d:%b}-{y}",
        f"{d.isoformat()} 18:00:00",
    ]
    return plain + more


def months(year: int, month: int) -> list[str]:
    """A whole month, due on its last day."""
    texts = [
        f"{year}年{month}月",
        f"{year}年{month}月底",
        f"{year}年{month}月底前",
        f"{year}年{month}月份",
    ]
    texts += [f"{year}-{month:02}", f"{year}.{month}", f"{year}/{month}", f"{year}{month:02}"]
    texts += [
        f"{year}年{numeral(month)}月底前",
        f"{year}年{month}月末",
        f"{year}年{month}月底前完成并长期坚持",
    ]
    return texts + [f"{date(year, month, 1):%b %Y}", f"end of {date(year, month, 1):%B %Y}"]


def parts_of_a_year(year: int) -> dict[str, date]:
    """Words for the end of a year, its halves and quarters."""
    texts = {
        f"{year}{word}": date(year, 12, 31)
        for word in ("年底", "年底前", "年内", "年末", "年下半年")
    }
    texts |= {f"{year}年上半年": date(year, 6, 30), f"H1 {year}": date(year, 6, 30)}
    for n in range(1, 5):
        end = month_end(year, n * 3)
        texts |= {f"{year}年第{DIGITS[n]}季度": end, f"{year}年{n}季度末": end, f"Q{n} {year}": end}
    return texts


def spans(first: date, last: date) -> dict[str, date]:
    """From one month or day to another, with both years written."""
    a, b = f"{first.year}年{first.month}月", f"{last.year}年{last.month}月"
    end = month_end(last.year, last.month)
    texts = {f"{a}{dash}{b}": end for dash in "-—–～~至到"}
    texts |= {f"自{a}起至{b}底": end, f"{first.year}.{first.month}-{last.year}.{last.month}": end}
    texts |= {
        f"{a}{first.day}日至{b}{last.day}日": last,
        f"{first.isoformat()}至{last.isoformat()}": last,
    }
    return texts


def counted(n: int) -> list[str]:
    """A limit that begins to run when something happens."""
    return [
        f"{n}个工作日内",
        f"{n}天内",
        f"{n}日内",
        f"收到通知后{n}个工作日内",
        f"{n}个月内",
        f"within {n} days",
    ]


def cells(leads: Sequence[str], helpers: Sequence[str]) -> list[str]:
    """A department cell that says who leads and who helps, both not empty."""
    a, b = "、".join(leads), "、".join(helpers)
    texts = [
        f"{a}牵头，{b}配合",
        f"由{a}共同牵头，{b}协助",
        f"牵头单位：{a}；配合单位：{b}",
        f"{a}牵头、{b}参与",
    ]
    texts += [
        f"牵头单位：{a}\n责任单位：{b}",
        f"牵头：{a}，配合：{b}",
        f"{a}为牵头单位，{b}为配合单位",
    ]
    texts += [
        f"{a}牵头负责，{b}按职责分工负责",
        f"{a}牵头\n{b}配合",
        f"{a}会同{b}" if len(leads) == 1 else f"{a}牵头，会同{b}",
    ]
    marked = [f"{name}（牵头）" for name in leads] + [f"{name}（配合）" for name in helpers]
    return [*texts, "、".join(marked), "".join(marked), "\n".join(marked)]


def lists(names: Sequence[str]) -> list[str]:
    """A department cell that only names."""
    joined = [mark.join(names) for mark in ("、", "，", "；", "/", "\n", " ", "　", "、\n", " / ")]
    numbers = ["；".join(f"{i}.{name}" for i, name in enumerate(names, 1))]
    numbers += ["".join(f"{CIRCLES[i]}{name}" for i, name in enumerate(names))]
    return (
        joined
        + numbers
        + ["、".join(names) + end for end in ("、", "。", "按职责分工负责", "分别负责")]
    )


def scores(pairs: Sequence[tuple[str, float]]) -> list[str]:
    """A scoring cell: modes with their points."""
    styles = ("{}（{:g}分）", "{} ({:g} 分)", "{}{:g}分", "{}：{:g}分", "{}（满分{:g}分）")
    marks = ("、", "；", "\n", "+", "/")
    texts = [mark.join(style.format(*pair) for pair in pairs) for style in styles for mark in marks]
    return texts + [text.translate(WIDE) for text in texts]


def numbers(n: int) -> dict[str, str]:
    """The ways of numbering a heading, by style; n from 1 to 12."""
    return {
        "chapter": f"第{numeral(n)}章 ",
        "number": f"{numeral(n)}、",
        "bracket": f"（{numeral(n)}）",
        "digit": f"{n}.",
        "round": f"（{n}）",
        "circle": CIRCLES[n - 1],
        "roman": f"{ROMANS[n - 1]}、",
        "letter": f"{chr(96 + n)})",
    }
