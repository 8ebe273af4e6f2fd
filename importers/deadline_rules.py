"""The written forms of a deadline: a pattern for the plain text, and what builds its reading.

The first pattern that fits the whole text decides; forms that begin with a digit are tried apart.
"""

from __future__ import annotations

import re

from importers import deadline_forms as forms
from importers import rhythms
from importers.deadline_forms import Build

Rule = tuple[re.Pattern[str], Build]

_Y = r"(?:(?P<year>\d{4})年?度?)?"
_TO_Y = r"(?:(?P<to_year>\d{4})年度?)?"
_M, _D = r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"
_TO_M, _TO_D = r"(?P<to_month>\d{1,2})", r"(?P<to_day>\d{1,2})"
_PART = r"上旬|中旬|下旬|上中旬|中下旬|上半月|下半月|初|中"
_WEEKDAY = r"(?:(?:星期|周)[一二三四五六日天])?"
_TIME = (
    r"(?:(?:[上下中]午|晚上?|早上?)?(?:1\d|2[0-4]|[1-9])(?:[时点](?:整|半|\d{1,2}分?)?|:\d{2}(?::\d{2})?)"
    r"|下班|当[天日]|[中晚]午?)?"
)
_BY = r"(?:份|之前|以前|前|底|末|止|之?内|以内|左右|为止|期间)"
_FREE = r"(?:(?!不得|不准|禁止)[^\d年月日季周旬每前起]|日常|年度|\d+(?:\.\d+)?%|每(?:个?月|季度?|半?年|周|[日天]))*"
"""Words behind a day that name no other."""
_DO = (
    r"(?:并|均|要|需|应|全部|全面|基本|按时|力争|确保|继续|完成|办结|到位|落实|达标|销号|运营|投用|结束|见效"
    r"|上报|报送|提交|验收|整改|竣工|建成|投入|开展|组织|实现|启用|交付|上线|出台|印发|[,、]?(?:之后|此后|并|后)?"
    r"(?:长期|持续|常态|坚持|推进|跟踪|巩固|保持|动态|不断))"
)
_END = rf"(?:{_BY}+{_FREE}|{_DO}{_FREE})?[。.;,、]*"
_DAY_END = rf"{_WEEKDAY}{_TIME}{_END}"
_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九十两半几]{1,3})"
_COUNT = rf"{_NUMBER}(?:-{_NUMBER})?"
_ANY_UNIT = r"(?:个?半?(?:工作日|自然日|日历[日天]|小时|星期|季度|[日天周年])|个半?月|分钟)"
_CLEAR_UNIT = r"(?:个?半?(?:工作日|自然日|日历[日天]|小时|星期|[天周])|个半?月|个季度)"
_FROM = rf"{_Y}{_M}月?(?:\d{{1,2}}[日号]?|份|底|末|{_PART})?-"
_DONE = (
    r"(?:完成|办结|销号|整改|落实|竣工|交付|建成|达标|结束|到位|完毕|关闭|启用|投用|上线|印发|出台)"
)
_WRITTEN_DAY = r"\d[\d年月日号底前.\-/]*"

_DATED: tuple[tuple[str, Build], ...] = (
    (rf"{_Y}{_M}月{_D}[日号]{_DAY_END}", forms.full_date),
    (rf"{_Y}{_M}月{_END}", forms.month),
    (rf"{_Y}{_M}月{_D}{_END}", forms.full_date),
    (rf"(?P<year>\d{{4}})([-./]){_M}\2{_D}日?{_DAY_END}", forms.full_date),
    (rf"(?P<year>\d{{4}})年{_M}[-./]{_D}日?{_DAY_END}", forms.full_date),
    (r"(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)", forms.full_date),
    (r"(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])", forms.month),
    (rf"(?P<year>\d{{4}})[-./]{_M}月?{_END}", forms.month),
    (rf"{_Y}{_M}月份?(?P<part>{_PART}){_END}", forms.part_of_month),
    (rf"{_FROM}{_TO_Y}{_TO_M}月(?P<to_part>份|底|末|{_PART})?{_END}", forms.span),
    (
        rf"{_Y}{_M}月(?:\d{{1,2}}[日号]?|份|底|末|{_PART})?-(?:{_TO_Y}{_TO_M}月)?{_TO_D}[日号]{_DAY_END}",
        forms.span,
    ),
    (
        rf"(?P<year>\d{{4}})[./]{_M}-(?:(?P<to_year>\d{{4}})[./])?{_TO_M}{_END}",
        forms.span,
    ),
    (
        rf"(?P<year>\d{{4}})([-./]){_M}\2\d{{1,2}}日?-(?:(?P<to_year>\d{{4}})\2)?{_TO_M}\2{_TO_D}日?{_END}",
        forms.span,
    ),
    (rf"{_Y}第?(?P<quarter>[一二三四1-4])季度?{_END}", forms.quarter),
    (
        rf"{_Y}(?:前|第?[一二三四1-4](?:季度?)?(?:[-、和及,]|(?<=[一二三]))(?:{_TO_Y}))第?(?P<to_quarter>[一二三四1-4])季度?{_END}",
        forms.span_of_quarters,
    ),
    (rf"{_Y}(?P<word>年[底末终内中]|(?<=[年度\d])[底末终内]|全年|下半年|上半年|年度内){_END}", forms.year_word),
    (rf"{_Y}年?初{_BY}*", forms.beginning_of_year),
    (r"(?:(?P<year>\d{4})年?)?[Qq](?P<quarter>[1-4])", forms.quarter),
)  # fmt: skip
_RECURRING: tuple[tuple[str, Build], ...] = (
    (r"(?:\d{4}年?)?每个?月(.*)", rhythms.monthly),
    (r"(?:\d{4}年?)?每年度?(?=.*(?:\d月|季度|[上下]半年))(.*)", rhythms.yearly),
    (r"(?:\d{4}年?)?每个?(季度?|半年|年)(.*)", rhythms.periodic),
    (
        r"(?:每个?(?:周|星期|日|天|旬|学[期年]|次|班|[两双单隔]|\d|工作日).*|按(?:[月季周年日旬]|半年)度?.*|定期.*"
        r"|[逐隔][月季周日年].*|(?:全年|年度|[一1]?个?(?:月|季度?|半?年|周|天))(?:开展|组织|召开|不?少于|至少|内)*"
        r"(?:\d{1,2}|[一二三四两])[-\d]*次.*)",
        rhythms.other,
    ),
)
_COUNTED: tuple[tuple[str, Build], ...] = (
    (rf"[^\d]{{0,30}}?{_COUNT}{_ANY_UNIT}(?:之内|以内|内).*", forms.says("relative")),
    (rf"{_COUNT}{_CLEAR_UNIT}(?:左右)?", forms.says("relative")),
    (rf"[^\d]{{1,30}}[后起前],?{_COUNT}{_ANY_UNIT}(?:左右)?", forms.says("relative")),
    (rf"[^\d]{{0,12}}?提前{_COUNT}{_ANY_UNIT}.*", forms.says("relative")),
    (r"[TtDd]\+\d{1,3}(?:个?(?:工作日|[日天]))?", forms.says("relative")),
)
_FAR: tuple[tuple[str, Build], ...] = (
    (
        r"[“\"']?(?P<plan>十[三四五六])五[”\"']?(?:规划)?(?:时期|期间|期末|末|规划期?).*",
        forms.five_years,
    ),
    (r"(?P<to_year>\d{4})年?度?(?:期间)?(?:(?:完成|实现|基本).*)?", forms.horizon),
    (r"\d{4}年?度?-(?P<to_year>\d{4})年?度?[底末]?(?:期间)?", forms.horizon),
    (r"(?P<year>\d{4})年(?:之|以)?前.*", forms.before_year),
    (
        r"(?P<from>[本当下次]月|本季度|[本下]周)(?P<weekday>[一二三四五六日天])?(?:(?P<day>\d{1,2})[日号])?"
        r"(?:份|前|之前|底|末|内)*(?:完成|办结)?",
        forms.from_issue,
    ),
    (
        r"(?:(?P<year>\d{4})年)?(?P<holiday>元旦|春节|清明|五一|劳动|端午|六一|七一|八一|中秋|教师|国庆|十一"
        r"|元宵|重阳)节?(?:之|以)?前.*",
        forms.holiday,
    ),
)
_FINISHED: tuple[tuple[str, Build], ...] = (
    (rf"(?:已|已经|均已|业已|全部已?)(?:按期|按时|如期|提前|全部)?{_DONE}+(?:工作|任务)?。?", forms.says("done")),
    (r"(?:完成|办结|销号|竣工)(?:整改|任务|工作)?。?", forms.says("done")),
    (r"(?:整改|落实|办理|建设)(?:完成|到位|完毕|结束)。?", forms.says("done")),
    (rf"已[^\d]{{0,12}}{_DONE}\([于在]?{_WRITTEN_DAY}{_DONE}*\)", forms.says("done")),
    (rf"(?:已|均已|已经)[于在]?{_WRITTEN_DAY}[^\d]{{0,6}}{_DONE}。?", forms.says("done")),
    (rf"[于在]?{_WRITTEN_DAY}(?:已|均已|已经)[^\d]{{0,6}}{_DONE}。?", forms.says("done")),
)  # fmt: skip
_WORDS: tuple[tuple[str, Build], ...] = (
    (
        r"(?:(?:立行立改|即知即改|边查边改|[立即随说]\S[立即随]\S)(?:[,、;。].*)?|立即.*|马上.*|即时.*|即刻.*|即日起?"
        r"|当[天日](?:内|办结|完成)*|第一时间.*|现场(?:整改|办结|完成)|即办件?)",
        forms.says("at_once"),
    ),
    (
        r"(?:.{0,8}?(?:长期|持续|常态|不间断|贯穿|经常性|长效|常年|动态|滚动).*|按需.*|适时.*|随时.*|不定期.*"
        r"|日常(?:工作|推进|开展|坚持|监管|巡查)?|平时|坚持不懈.*|有序推进|稳步推进|逐步推进|分步(?:实施|推进)|视情.*"
        r"|(?:根据|结合|按照?|依据).{0,16}(?:需要|实际|情况|要求|部署|安排|进度|节点|规定|时限|计划|通知).{0,8}"
        r"|[Oo]ngoing)",
        forms.says("ongoing"),
    ),
)
_NO_DEADLINE: tuple[tuple[str, Build], ...] = (
    (
        r"(?!.*(?:届|期|到期)满?之?前)(?:有效期|保质期|质保期|合同期?|聘期|任期|租期|服务期|公示期|截[至止-](?=.*(?:数据|统计|情况|已))).*"
        r"|截-(?!.*(?:(?<!目)前|完成|办结)).*",
        forms.says("none", "deadline_validity"),
    ),
    (
        r"(?:(?:未(?!来)|尚未|尚在|正在|没有|进行中|推进中|办理中|整改中|处理中|实施中|滞后|超期|逾期).*"
        r"|(?:已|现)?(?:完成|进度)\D{0,4}\d{1,3}(?:\.\d+)?%.*|\d{1,3}(?:\.\d+)?%)",
        forms.says("none", "unclear_status"),
    ),
)
_ODD: tuple[tuple[str, Build], ...] = (
    (r"(?P<serial>\d{5})(?:\.\d+)?", forms.serial),
    (r"(?P<month>\d{1,2})(?P<day>\d{2})[日号]", forms.proposed_day),
    (r"(?P<year>)(?P<month>[1-9]|1[0-2]|0[1-9])/(?P<day>1[3-9]|2\d|3[01])前?", forms.full_date),
    (r"(?P<month>\d{1,2})[-./](?P<day>\d{1,2})前?", forms.proposed_day),
    (r"(?P<one>\d{1,2})([/.-])(?P<other>\d{1,2})\2(?P<year>\d{4})", forms.year_last),
)


def _compiled(*tables: tuple[tuple[str, Build], ...]) -> tuple[Rule, ...]:
    return tuple((re.compile(pattern), build) for table in tables for pattern, build in table)


def _without(table: tuple[tuple[str, Build], ...], *parts: str) -> tuple[tuple[str, Build], ...]:
    """The rules that do without a year in front, or without any month: a month takes a digit."""
    first, *others = parts
    return tuple(
        (pattern, build)
        for pattern, build in table
        if not pattern.startswith(first) and not any(part in pattern for part in others)
    )


_DIGITS = _compiled(_DATED, _RECURRING, _COUNTED, _FAR, _FINISHED, _WORDS, _NO_DEADLINE, _ODD)
_OTHERS = _compiled(
    _NO_DEADLINE, _without(_DATED, "(?P<year>"), _RECURRING, _COUNTED, _FAR, _FINISHED, _WORDS
)
_WORDS_ALONE = _compiled(
    _NO_DEADLINE, _without(_DATED, "(?P<year>", "(?P<month>"), _RECURRING, _COUNTED, _FAR,
    _FINISHED, _WORDS,
)  # fmt: skip
_ANY_DIGIT = re.compile(r"\d")


def rules_for(text: str) -> tuple[Rule, ...]:
    """The rules to try on a plain text, in their order."""
    if text[:1].isdigit():
        return _DIGITS
    return _OTHERS if _ANY_DIGIT.search(text) else _WORDS_ALONE
