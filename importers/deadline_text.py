"""A deadline cell in one plain form: one width, digits for numerals, one dash, four-digit years.

What only surrounds a day goes too: labels (完成时限：), intentions (力争, 确保), times of day,
brackets that hold no day of their own.
"""

from __future__ import annotations

import re
import unicodedata

from importers.lookalikes import unified
from importers.numerals import DIGITS, number
from importers.republic import in_common_years
from importers.traditional import simplified

_DASHES = str.maketrans(dict.fromkeys("—–―－~～〜至‐‑−", "-") | {"○": "〇", "零": "〇"})
_CLOCK = re.compile(r"(?<=[\d日号])[\sT]+\d{1,2}:\d{2}(?::\d{2})?")
_UNTIL = re.compile("到(?![位期达岗场])")
_LEAD_IN = re.compile(
    r"(?:(?:完成|整改|办结|截止|结束|计划|要求)?(?:时限|时间|日期|期限)(?:要求)?[:为]"
    r"|分(?:阶段|步骤?|批次?|期|类|年度?)(?:有序)?(?:推进|实施|完成|整改|落实|组织|开展)?[,;、](?=.*(?:\d|年))"
    r"|截止-?(?!.*(?:数据|统计|情况|已))|原则上|力争|确保|务必|争取|计划|预计|暂定|初定|必须|最迟"
    r"|最晚|不迟于|不晚于|不得迟于|不得晚于|应当|要求|大约|[拟约应须需于在])+[,:]?(?=.)"
)
_BRACKETED = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]+)[)\]】〕]")
_BRACKETS = frozenset("([【〔〖")
_REMARK = re.compile(r"[(\[【〔〖][^()\[\]【】〔〕〖〗]*[)\]】〕〗]")
_HOLDS_A_DAY = re.compile(
    r"\d\s*[年月日号天周]|\d{4}|年[底末内]|季度|半年|[一二三四五六七八九十两]个?(?:月|周|天|工作日)|工作日"
    r"|小时|每|[Xx×*_?]"
)
_NUMERAL = "(?:[二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九])"
_LONE = "(?<![〇一二三四五六七八九十廿每第个两])"
_CHINESE = re.compile(
    rf"(?P<year>[一二][〇Oo一二三四五六七八九]{{3}})(?=年)|{_LONE}(?P<first>{_NUMERAL})(?=[-、]{_NUMERAL}月)"
    rf"|(?:{_LONE}(?P<month>{_NUMERAL}|元)月(?![之以]?内)|(?<=\d月))(?P<day>{_NUMERAL}(?=[日号前]|$))?"
)
_ANY_NUMERAL = re.compile("[〇一二三四五六七八九十廿元]")
_NAMED_YEAR = re.compile(
    r"(?:(今|本|当)|([明来次翌])|(?<![以今之此])(后)|([去上]))年度?(?!代)(?:年(?=[底末中初]))?"
)
_SHORT_YEAR = re.compile(
    r"(?<!\d)['‘’]?(\d\d)年(?=\d{1,2}月|[底末内]|年[底末]|[上下]半年|第?[一二三四1-4]季)"
)
_NEAR = 10
"""Years that a two-digit year may lie from the plan's."""
_PARTS = ("底", "末", "内", "中", "初")


def plain(text: str, year: int | None) -> str:
    """The plain form; `year` (the plan's) is what 今年, 明年 and 26年 are reckoned from."""
    wide = _CLOCK.sub("", unicodedata.normalize("NFKC", unified(text)))
    folded = _UNTIL.sub("-", simplified("".join(wide.split())).translate(_DASHES))
    if _ANY_NUMERAL.search(folded):
        folded = _CHINESE.sub(_arabic, folded)
    folded = in_common_years(folded, year)
    if "年" in folded:
        folded = _SHORT_YEAR.sub(lambda m: _long_year(m, year), folded)
        folded = _NAMED_YEAR.sub(lambda m: _numbered_year(m, year), folded)
    if not _BRACKETS.isdisjoint(folded):
        whole = _BRACKETED.fullmatch(folded)
        folded = whole.group(1) if whole else _REMARK.sub(_without_remark, folded)
    return _LEAD_IN.sub("", folded, count=1) if _LEAD_IN.match(folded) else folded


def _arabic(match: re.Match[str]) -> str:
    """二〇二六 → 2026, 十二月 → 12月, 三十日 → 30日."""
    if match["year"]:
        return "".join(str(DIGITS.get(c, 0)) for c in match["year"])
    if match["first"]:
        return str(number(match["first"]))
    said = match["month"]
    month = "" if not said else "1月" if said == "元" else f"{number(said)}月"
    return month + (str(number(match["day"])) if match["day"] else "")


def _long_year(match: re.Match[str], year: int | None) -> str:
    """26年6月 → 2026年6月, if that is near the plan's year."""
    whole = 2000 + int(match.group(1))
    return f"{whole}年" if year is None or abs(whole - year) <= _NEAR else match.group()


def _numbered_year(match: re.Match[str], year: int | None) -> str:
    """今年 → the plan's year, 明年 the next; without one, 今年 goes and the others stay."""
    this, following, third, last = match.groups()
    if year is None:
        after = match.string[match.end() : match.end() + 1]
        return ("年" if after in _PARTS else "") if this else match.group()
    return f"{year + (1 if following else 2 if third else -1 if last else 0)}年"


def _without_remark(match: re.Match[str]) -> str:
    return match.group() if _HOLDS_A_DAY.search(match.group()) else ""
