"""How a list of names is cut: by 、 and line breaks, never inside brackets or inside a name."""

from __future__ import annotations

import re
from collections.abc import Callable

from importers.grid import says_nothing
from importers.roles import CLOSE, OPEN

Joined = Callable[[str, str], None]
"""Called with a text as written and the one name it was put together to."""

_SEPARATORS = "、/／|\\"
_BODY = re.compile(
    r"[局委办会院府室队心社科股组联庭司部处厅所站校团镇乡村区县市旗盟州党行厂场馆台段园库馆门位关构會辦隊組聯處廳團鄉縣區黨廠場臺園庫館門關構]$"
    r"|[)）〕】\]]$|苏木$|街道$|公司$|单位$|[小中大]学$|[科作消]协$|红十字$|专班$"
)
_TAIL = re.compile(
    r"^(?:人民政府|政府|委员会|办公室|管委会|管理局|执法局|服务中心|大队|支队|中心|分局|局|委|办)$"
)
_ONLY_BRACKET = re.compile(r"[（(〔【\[].*[)）〕】\]]", re.DOTALL)
_SPACES = re.compile(r"[ \t\u3000\xa0\u200b]+")
_NUMBER = re.compile(
    r"(?:^|(?<=[\s，,；;、。\u3400-\u9fff]))(?:\d{1,2}[.．)）](?!\d)|(?:(?<![\u3400-\u9fff])|(?<=[。；;，,、]))\d{1,2}、"
    r"|[（(]\d{1,2}[)）]|[①-⑳])[ \t\u3000]*"
)
_KIND = (
    r"(?:[局厅部院]|(?<![党省市县区旗州盟镇乡])委|中心|[大支总]队|公司|集团|政府|办公室|街道|委员会"
    r"|[)）]|(?<=.)[镇乡])"
)
_AND = re.compile(
    rf"^(.{{1,40}}{_KIND})(?:以及|[和与及])((?:各|所有|相关|有关|其[他它]).{{1,20}}|.{{1,40}}{_KIND})$"
)
_AND_WORD = re.compile("[和与及]")
_ENGLISH_BETWEEN = re.compile(r"[,;/|\n]|\band\b|&")
_OFFICE = re.compile(
    r"(?i:\b(?:office|department|dept\.?|division|bureau|agency|unit|team|committee|ministry|council|commission"
    r"|section|cent(?:re|er)|directorate|services?|authority|board|secretariat|school|faculty|hospital)$|^(?:HR|IT|PMO|QA)$)"
)
_LONGEST_NAME = 60
_LONGEST = 2000
"""Characters of one part; what is longer is no name that a page has wrapped."""


def ends_as_body(name: str) -> bool:
    """Whether a name ends as those of offices, schools, firms and places do (局, 委, 小学 …)."""
    return _BODY.search(name, max(len(name) - 3, 0)) is not None


def is_english_office(text: str) -> bool:
    """Whether a text lists nothing but English offices: Finance Office, HR Department."""
    parts = [part.strip() for part in _ENGLISH_BETWEEN.split(text) if part.strip()]
    return bool(parts) and all(len(p) <= _LONGEST_NAME and _OFFICE.search(p) for p in parts)


def without_numbers(text: str) -> str:
    """1.甲；2.乙 and ①甲②乙 without their numbers; each still stands apart."""
    if not _NUMBER.match(text):
        return text
    return _NUMBER.sub("；", text).strip("； ")


def outside_brackets(text: str, separators: str) -> list[str]:
    """Split at the separators, never inside brackets; an unclosed one does not hide the rest."""
    if not any(c in text for c in separators):
        return [text]
    parts, depth, start = [], 0, 0
    balanced = sum(map(text.count, OPEN)) == sum(map(text.count, CLOSE))
    for i, c in enumerate(text):
        if c in OPEN and balanced:
            depth += 1
        elif c in CLOSE and balanced:
            depth = max(depth - 1, 0)
        elif c in separators and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    return [*parts, text[start:]]


def split_names(clause: str, joined: Joined) -> list[str]:
    """The names of a clause; cells that say nothing (/, 无) name nobody."""
    names: list[str] = []
    for part in outside_brackets(clause, _SEPARATORS):
        for name in _by_spaces(part, joined):
            names += _by_conjunction(name)
    return [name for name in names if not says_nothing(name)]


def _by_conjunction(name: str) -> list[str]:
    """财政局和教育局 are two; 文化和旅游局 is one: what stands before its 和 is no body."""
    if len(name) > 80 or not _AND_WORD.search(name):
        return [name]
    match = _AND.match(name)
    return [*_by_conjunction(match.group(1)), match.group(2)] if match else [name]


def _by_spaces(part: str, joined: Joined) -> list[str]:
    """'财政局 爱卫办' is two names, '市 容 办' and '嘎镇\\n人民政府' are one."""
    part = part.strip()
    if not re.search(r"\s", _SPACES.sub(" ", part)):
        return [part] if part else []
    if len(part) > _LONGEST:
        return part.split()
    words = [w for line in part.split("\n") for w in outside_brackets(_SPACES.sub(" ", line), " ")]
    names: list[str] = []
    for word in (w.strip() for w in words if w.strip()):
        if names and _goes_on(names[-1], word):
            gap = " " if word.isascii() and names[-1].isascii() else ""
            whole = names[-1] + gap + word
            if not gap and len(names[-1]) > 1 and len(word) > 1 and not _TAIL.match(word):
                joined(part, whole)
            names[-1] = whole
        else:
            names.append(word)
    return names


def _goes_on(before: str, word: str) -> bool:
    """Whether `word` only continues the name before it: layout, a wrapped line, a mere ending."""
    if _ONLY_BRACKET.fullmatch(word):
        return False
    if word.isascii() and before.isascii():
        return True
    if len(before) > 2 and ends_as_body(before):
        return bool(_TAIL.match(word)) and len(word) > 1 and not before.endswith(("局", "委", "办"))
    return True
