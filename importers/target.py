"""Numeric targets in a task's words: 不少于150个, 达到90%以上, 压减30%, 控制在5件以内, 零事故.

A value counts only where words beside it say how it is meant; years, document numbers, days and
plain counts (一个) are no targets. What is read is a proposal for the office to confirm.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from importers.numerals import number

AT_LEAST, AT_MOST, EXACTLY = "at_least", "at_most", "exactly"
LONGEST = 4000
"""Characters of a text that are looked at."""
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d{1,6})?"
_NUMERAL = "[一二两三四五六七八九十百]{1,7}"
_SINGLE = (
    r"个(?!工作日|自然日|月|小时|季度|年|星期|周|百分点|别|人|体|性)|家(?!庭|属|长|具)|户(?!籍|外|口)"
    r"|人次|场次|批次|班次|件次|户次|人(?!民|员|才|口|大|均|事|社)|名(?!录|称|单|义)|次(?!月|日|年|性|生)"
    r"|件(?!套)|项|场(?!所|景|地|馆)|批(?!准|复|示)|座(?!谈)|处(?!理|置|级|室|罚)|所(?!有|在|属)"
    r"|平方公里|平方米|立方米|公里|千米|米|公顷|亩|吨|公斤|千克|美元|元|起(?!草|来|点)|宗|例(?!如|外|会)"
    r"|台(?!账)|套(?!餐)|辆|艘|条(?!件|例|款)|篇|期(?!间|限|末)|册|本(?!年|月|级)|份|张|块|栋|幢|间(?!隔)"
    r"|床|株|棵|头|只|千瓦时|千瓦|兆瓦|村(?!委|级|民)|对|支|组|类|节|课时|学时|分(?!钟|之|别|局|级|批|期"
    r"|类|步|阶|管|工|数|区|析|解|公|值|行|支)"
)
_UNIT = rf"%|‰|个?百分点|[十百千]?[万亿]?(?:{_SINGLE})"
_VALUE = re.compile(
    rf"(?<![\d.,第〔\[A-Za-z/-])(?:百分之(?P<percent>{_NUMBER}|{_NUMERAL})"
    rf"|(?P<tenths>[一二两三四五六七八九])成(?P<half>半)?(?![都立果效员就本品])"
    rf"|(?P<number>{_NUMBER}|{_NUMERAL})(?P<unit>{_UNIT}))"
)
_ZERO = re.compile(
    r"零(?P<what>事故|死亡|伤亡|投诉|差错|失误|欠薪|积压|上访|违规|感染|发生|污染)|(?P<before>[一-鿿]{2,12})为零"
)
_ZERO_UNITS = {"事故": "起", "死亡": "人", "伤亡": "人", "上访": "起", "感染": "例", "发生": "起"}
_DOING = "[一-鿿]{0,6}"
_NOT = "不(?:得|能|应|可|宜)?"
_STRONG = (
    (
        AT_LEAST,
        re.compile(rf"(?:{_NOT}(?:少|低|小)于|至少|最少|≥|>=|大于等于|大于或等于){_DOING}$"),
    ),
    (
        AT_MOST,
        re.compile(rf"(?:{_NOT}(?:超过?|高于|多于|大于|突破)|至多|最多|≤|<=|小于等于){_DOING}$"),
    ),
    (
        AT_MOST,
        re.compile(r"(?:控制在|(?:压[减缩降]|减少|下降|降低|削减)[到至]|降[到至]|低于|少于)$"),
    ),
)
_WEAK = re.compile(
    r"(?:(?:应|须|要|均|总体|全部)?达(?:到|成)?了?|(?:提[高升]|增加|增长|上升|扩大|扩展|升|增)[到至]|超过|突破|>)$"
)
_MOVES = re.compile(r"(?:压[减缩降]|减少|下降|降低|削减|提高|提升|增长|增加|上升)了?$")
_MADE = re.compile(
    r"(?:(?:新[建增改设]|建成|建设|改造|培训|完成|培育|引进|打造|创建)[一-鿿]{0,8}|目标值?[:为]?|率|度|占比)$"
)
_OVER = re.compile("(?:及|或)?其?以上")
_UNDER = re.compile("(?:及|或)?其?(?:以[下内]|之内)")
_ABOUT = re.compile("左右|上下|多(?!于)|余")
_RANGE = re.compile(r"[-~—–～至到]\d")
_AND = re.compile("[、和及,]|以及")
_EDGE = re.compile(r"[，。；：、,;:!?！？\n()（）【】\[\]“”《》]")
_PAST = re.compile("已|目前|现有|现状|截至|截止|累计完成")
_DAY = r"(?:\d{1,2}日|[底末初中内])?[之以]?前?"
_LEAD_IN = re.compile(
    rf"^(?:(?:[到至]?(?:20\d\d|今|本|全|明)年(?:\d{{1,2}}月)?|[到至]?\d{{1,2}}月){_DAY}|年[底末内]前?"
    "|每[年月季周]度?|分别|确保|力争|务必|实现|保持|努力|争取|要求|其中|并|使|将|的|应|要|且|各|均|达到|目标)+"
)
_TAIL = re.compile(
    "(?:力争|确保|务必|应|要|须|均|必须|原则上|总体|平均|保持|稳定|全部|都|在|也|目标值?|为|的)+$"
)
_FROM = re.compile(r"[由从][\d.]+[^\d]{0,4}$")
_TARGET_COLUMN = re.compile("目标值|目标数|指标值|年度目标$|^目标$|计划数|任务数")
_CELL = re.compile(
    rf"(?P<sign>[≥≤=>]|>=|<=|<)?(?P<number>{_NUMBER})(?P<unit>{_UNIT})?(?P<after>以[上下内])?"
)
_SIGNS = {"≤": AT_MOST, "<=": AT_MOST, "<": AT_MOST, "=": EXACTLY}


class Proposal(NamedTuple):
    """A target that the words may say. `measured` is what is counted, '' when unsaid; `words` the
    place in the text; not `sure` where the relation is not written or several stand together."""

    relation: str
    value: Decimal
    unit: str
    measured: str
    words: str
    sure: bool


def read_targets(text: str) -> tuple[Proposal, ...]:
    """Every target that a task's words name, in their order. Any text at all is accepted."""
    plain = _plain(text)
    found: list[Proposal] = []
    last_end = -1
    for match in _VALUE.finditer(plain):
        beside = bool(found) and _AND.fullmatch(plain[last_end : match.start()]) is not None
        one = _one(plain, match) or (_inherited(found[-1], match) if beside else None)
        if one is None:
            continue
        if beside:
            found[-1] = found[-1]._replace(sure=False)
            one = one._replace(sure=False)
        found.append(one)
        last_end = match.end()
    found += _zeros(plain)
    return tuple({(p.relation, p.value, p.unit, p.measured): p for p in found}.values())


def read_fields(fields: Mapping[str, str]) -> tuple[Proposal, ...]:
    """Targets in the table's own columns: a bare value counts under 目标值, words count anywhere."""
    found: list[Proposal] = []
    for head, said in fields.items():
        bare = _CELL.fullmatch(_plain(said)) if _TARGET_COLUMN.search(head) else None
        found += [_bare(bare, said.strip())] if bare else read_targets(said)
    return tuple(found)


def clear_one(proposals: Sequence[Proposal]) -> Proposal | None:
    """The target, where exactly one is said and said clearly."""
    return proposals[0] if len(proposals) == 1 and proposals[0].sure else None


def read_all(texts: Iterable[str], fields: Mapping[str, str]) -> tuple[Proposal, ...]:
    """What a task's texts and columns name, each target once; the same value said twice (once
    with what is measured) counts as one."""
    found: dict[tuple[str, Decimal, str], Proposal] = {}
    for one in [p for text in texts for p in read_targets(text)] + list(read_fields(fields)):
        known = found.get((one.relation, one.value, one.unit))
        if known is None or (one.measured and not known.measured):
            found[one.relation, one.value, one.unit] = one
    return tuple(found.values())


def _plain(text: str) -> str:
    wide = unicodedata.normalize("NFKC", text[:LONGEST]).replace("，", ",")
    return "\n".join("".join(line.split()) for line in wide.splitlines())


def _one(text: str, match: re.Match[str]) -> Proposal | None:
    """The value with the relation that the words around it say; None where they say none."""
    clause = _clause(text, match.start())
    after = text[match.end() : match.end() + 8]
    if _PAST.search(clause) or _RANGE.match(after) or _ABOUT.match(after):
        return None
    relation, sure, marker = _relation(clause, after, match)
    if relation is None:
        return None
    value, unit = _value(match)
    suffix = _OVER.match(after) or _UNDER.match(after)
    end = match.end() + (suffix.end() if suffix else 0)
    if suffix and match["number"] and match["unit"] != "%" and text[end : end + 1] == "的":
        return None  # 50人以上的单位 says which units, not how many
    before = clause[: len(clause) - len(marker)]
    measured = _name(before) or _noun_after(text, end, has_suffix=suffix is not None)
    words = text[match.start() - len(clause) : end].strip(",、")
    return Proposal(relation, value, unit, measured, words[-60:], sure)


def _relation(clause: str, after: str, match: re.Match[str]) -> tuple[str | None, bool, str]:
    """The relation, whether it is written out, and the words before the value that say it."""
    for relation, pattern in _STRONG:
        if said := pattern.search(clause):
            return relation, True, said.group()
    suffix = AT_LEAST if _OVER.match(after) else AT_MOST if _UNDER.match(after) else None
    if said := _WEAK.search(clause):
        return suffix or AT_LEAST, True, said.group()
    in_percent = (
        bool(match["percent"] or match["tenths"])
        or "%" in match.group()
        or "百分点" in match.group()
    )
    if in_percent and _MOVES.search(clause):
        return suffix or AT_LEAST, True, ""
    if suffix:
        ends = not after[2:3] or _EDGE.match(after[2:3]) is not None
        return suffix, ends and bool(clause), ""
    if _MADE.search(clause) and match["number"] not in ("一", "1"):
        return AT_LEAST, False, ""
    return None, False, ""


def _inherited(before: Proposal, match: re.Match[str]) -> Proposal:
    """90%、95%: the second is meant as the first."""
    value, unit = _value(match)
    return Proposal(before.relation, value, unit, "", match.group(), False)


def _value(match: re.Match[str]) -> tuple[Decimal, str]:
    if match["percent"]:
        return _decimal(match["percent"]), "%"
    if match["tenths"]:
        return Decimal(number(match["tenths"]) * 10 + (5 if match["half"] else 0)), "%"
    return _decimal(match["number"]), match["unit"]


def _decimal(written: str) -> Decimal:
    plain = written.replace(",", "")
    return Decimal(plain) if plain[0].isdigit() else Decimal(number(plain))


def _clause(text: str, end: int) -> str:
    """What stands before the value in its clause."""
    before = text[max(0, end - 40) : end]
    edges = [edge.end() for edge in _EDGE.finditer(before)]
    return before[edges[-1] :] if edges else before


def _name(before: str) -> str:
    """What is measured, from the words before: 确保覆盖率应 → 覆盖率."""
    bare = _TAIL.sub("", _FROM.sub("", _LEAD_IN.sub("", before)))
    return bare[-20:] if len(bare) > 1 else ""


def _noun_after(text: str, start: int, *, has_suffix: bool) -> str:
    """不少于150个点位: what stands behind the unit, as far as the clause goes."""
    after = text[start : start + 20]
    edge = _EDGE.search(after)
    noun = after[: edge.start()] if edge else after
    return "" if has_suffix and noun.startswith("的") else noun.lstrip("的")[:12]


def _zeros(text: str) -> Iterator[Proposal]:
    """零事故 and 投诉为零: none at all."""
    for match in _ZERO.finditer(text):
        what = match["what"] or _name(match["before"])
        if not _PAST.search(_clause(text, match.start())) and what:
            unit = next((u for word, u in _ZERO_UNITS.items() if word in what), "件")
            yield Proposal(AT_MOST, Decimal(0), unit, what, match.group(), True)


def _bare(match: re.Match[str], words: str) -> Proposal:
    """A cell of a target column that holds a value alone."""
    sign, after = match["sign"], match["after"] or ""
    relation = _SIGNS.get(sign or "", AT_MOST if after in ("以下", "以内") else AT_LEAST)
    sure = bool(sign or after)
    return Proposal(relation, _decimal(match["number"]), match["unit"] or "", "", words, sure)
