"""The grammar of department cells: who is named, in which role, and what is doubtful about it.

Names come out as written, without layout spaces, with shared prefixes and suffixes completed and
brackets kept. Never raises.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache, partial
from typing import NamedTuple

from importers.completion import complete
from importers.grid import says_nothing
from importers.scoring import says_how_scored

LEAD, SUPPORT = "lead", "support"


class Doubt(NamedTuple):
    """A code of problems.py, what is written and what is proposed (None: to leave it out)."""

    code: str
    value: str
    proposed: str | None = None


class Named(NamedTuple):
    """The departments of one cell in their order, each with its role."""

    people: tuple[tuple[str, str], ...] = ()
    doubts: tuple[Doubt, ...] = ()


_OPEN, _CLOSE = "（(〔【[《“", "）)〕】]》”"
_CLAUSE = "，,；;。"
_NAME = "、/／|"
_LEAD_WORDS = "牵头|主办|主责|主抓"
_SUPPORT_WORDS = "配合|协办|协助|协同|参与|参加"
_LABEL = re.compile(
    rf"((?:主要|第一)?(?P<lead>{_LEAD_WORDS})?(?P<support>{_SUPPORT_WORDS}|其他责任)?"
    r"(?:责任)?(?:单位|部门|主体))\s*[:：]\s*"
)
_LEADS, _SUPPORTS = tuple(_LEAD_WORDS.split("|")), tuple(_SUPPORT_WORDS.split("|"))
_SPOKEN = (
    (LEAD, ("负责", "落实", "单位", "部门"), _LEADS, ("负责", "共同", "联合")),
    (SUPPORT, ("落实", "单位", "工作"), _SUPPORTS, ("按职责", "分工", "共同", "积极", "做好")),
)
"""A role, the words that may follow it at a clause's end, the words that say it, those before."""
_DUTY_END = re.compile(
    r"(?:[,，]?(?:按照?|根据)?(?:各自)?(?:职责|职能|责任)?(?:分工)?(?:具体|共同|分别|组织)?负责(?:落实)?)$"
)
_ROLE_BRACKET = re.compile(
    rf"[（(](?:(?P<lead>{_LEAD_WORDS})|(?:{_SUPPORT_WORDS}))(?:单位|部门)?[)）]$"
)
_ONLY_BRACKET = re.compile(r"[（(〔【\[].*[)）〕】\]]", re.DOTALL)
_GENERIC = re.compile(
    r"相关|有关|涉事|涉及|^各?责任(?:单位|部门|主体)$|^其[他它]|等(?:单位|部门|地|镇|局)?$|^指定|[XxＸ]单位|成员单位$"
)
_WHOLE = re.compile(
    r"[局委办会院府室队心社科股组联庭司部处厅所站校团镇乡村区县市旗盟州党行厂场馆台段园库馆门位关构]$|[)）〕】\]]$|苏木$|街道$|公司$|单位$"
)
_TAIL = re.compile(
    r"^(?:人民政府|政府|委员会|办公室|管委会|管理局|执法局|服务中心|大队|支队|中心|分局|局|委|办)$"
)
_LONGEST = 60
"""Characters of a name; what is longer is a remark."""
_SHOWN = 200
_LETTER = re.compile(r"[^\W\d_]")
_PLAIN = re.compile(r"[\u3400-\u9fff、]+")
_ROLE_WORD = re.compile(rf"{_LEAD_WORDS}|{_SUPPORT_WORDS}|负责")
_IN_BRACKETS = re.compile(r"[（(〔【\[][^（(〔【\[）)〕】\]]*[)）〕】\]]")
_BETWEEN = re.compile(rf"[{_CLAUSE}{_NAME}\s]+")
_SPACES = re.compile(r"[ \t\u3000\xa0\u200b]+")


def read_names(text: str, role: str = LEAD) -> Named:
    """Read one cell whose column means `role`; words in the cell itself may say otherwise."""
    text = text.strip()
    if says_nothing(text):
        return Named()
    if says_how_scored(text):
        return Named(doubts=(Doubt("not_a_department", text),))
    doubts: list[Doubt] = []
    if _PLAIN.fullmatch(text) and not _ROLE_WORD.search(text):
        names = complete([name for name in text.split("、") if name], partial(_report, doubts))
        return _named([(name, role) for name in names], doubts)
    people: list[tuple[str, str]] = []
    for clause, spoken in _clauses(text, role, doubts):
        names = complete(_split(clause, doubts), partial(_report, doubts))
        people += _with_roles(names, spoken, doubts)
    return _named(people, doubts)


@lru_cache(maxsize=8192)
def looks_like_department(text: str) -> bool:
    """Whether a cell holds nothing but names that end as offices' names do (局, 委, 办 …)."""
    bare = _IN_BRACKETS.sub("", text)
    parts = [part for part in _BETWEEN.split(bare) if part]
    return bool(parts) and all(2 <= len(p) <= 30 and _WHOLE.search(p) for p in parts)


def _named(people: list[tuple[str, str]], doubts: list[Doubt]) -> Named:
    doubts += [Doubt(*doubt) for name, _ in people if (doubt := _doubt_of(name))]
    return Named(_once(people, doubts), tuple(doubts))


def _report(doubts: list[Doubt], value: str, proposed: str) -> None:
    """How `complete` tells of a name it has made longer."""
    doubts.append(Doubt("completed_name", value, proposed))


def _clauses(text: str, role: str, doubts: list[Doubt]) -> list[tuple[str, str]]:
    """(clause, role): by labels, by words at a clause's end, else by the column."""
    if _LABEL.search(text):
        return _labelled(text, role)
    parts = [p for p in _outside_brackets(text, _CLAUSE) if p.strip()]
    spoken = [_spoken(part) for part in parts]
    led = any(said == LEAD for _, said in spoken)
    result: list[tuple[str, str]] = []
    for clause, said in spoken:
        if led and said is None and result:
            doubts.append(Doubt("role_assumed", clause, "配合"))
        result.append((clause, said or (SUPPORT if led and result else role)))
    return result


def _spoken(clause: str) -> tuple[str, str | None]:
    """The clause without its role words, and the role they say."""
    clause = clause.strip()
    for role, after, words, before in _SPOKEN:
        end = _cut(clause, len(clause), after)
        start = _cut(clause, end, words)
        if start < end:
            named = clause[: _cut(clause, start, before)]
            named = (named.removeprefix("由") if role == LEAD else named).strip()
            if len(named) > 1 and "\n" not in named:
                return named, role
    return _DUTY_END.sub("", clause), None


def _cut(text: str, end: int, words: tuple[str, ...]) -> int:
    """Where the words end that stand right before `end`, one after the other."""
    while text.endswith(words, 0, end):
        end -= next(len(word) for word in words if text.endswith(word, 0, end))
    return end


def _labelled(text: str, role: str) -> list[tuple[str, str]]:
    """'牵头单位:甲 责任单位:乙' → 甲 leads, 乙 helps; a lone 责任单位 keeps the column's role."""
    labels = list(_LABEL.finditer(text))
    led = any(label.group("lead") for label in labels)
    head = text[: labels[0].start()].strip(" \n，,；;（(")
    result = [(head, role)] if head else []
    ends = [label.start() for label in labels[1:]] + [len(text)]
    for label, end in zip(labels, ends, strict=True):
        helps = label.group("support") or (led and not label.group("lead"))
        spoken = LEAD if label.group("lead") else SUPPORT if helps else role
        result.append((text[label.end() : end].strip(" \n，,；;。)）"), spoken))
    return [
        (part, said)
        for clause, said in result
        for part in _outside_brackets(clause, _CLAUSE)
        if part
    ]


def _outside_brackets(text: str, separators: str) -> list[str]:
    """Split at the separators, never inside brackets; an unclosed one does not hide the rest."""
    if not any(c in text for c in separators):
        return [text]
    parts, depth, start = [], 0, 0
    balanced = sum(map(text.count, _OPEN)) == sum(map(text.count, _CLOSE))
    for i, c in enumerate(text):
        if c in _OPEN and balanced:
            depth += 1
        elif c in _CLOSE and balanced:
            depth = max(depth - 1, 0)
        elif c in separators and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    return [*parts, text[start:]]


def _split(clause: str, doubts: list[Doubt]) -> list[str]:
    names: list[str] = []
    for part in _outside_brackets(clause, _NAME):
        names += _by_spaces(part, doubts)
    return [name for name in names if not says_nothing(name)]


def _by_spaces(part: str, doubts: list[Doubt]) -> list[str]:
    """'财政局 爱卫办' is two names, '市 容 办' and '嘎镇\\n人民政府' are one."""
    part = part.strip()
    if not re.search(r"\s", _SPACES.sub(" ", part)):
        return [part] if part else []
    words = [w for line in part.split("\n") for w in _outside_brackets(_SPACES.sub(" ", line), " ")]
    names: list[str] = []
    joined: set[int] = set()
    for word in (w.strip() for w in words if w.strip()):
        if names and _goes_on(names[-1], word):
            gap = " " if word.isascii() and names[-1].isascii() else ""
            if not gap and len(names[-1]) > 1 and len(word) > 1 and not _TAIL.match(word):
                joined.add(len(names) - 1)
            names[-1] += gap + word
        else:
            names.append(word)
    doubts += [Doubt("joined_name", part[:_SHOWN], names[n]) for n in sorted(joined)]
    return names


def _goes_on(before: str, word: str) -> bool:
    """Whether `word` only continues the name before it: layout, a wrapped line, a mere ending."""
    if len(before) > _LONGEST or _ONLY_BRACKET.fullmatch(word):
        return False
    if word.isascii() and before.isascii():
        return True
    if _WHOLE.search(before) and len(before) > 2:
        return bool(_TAIL.match(word)) and len(word) > 1 and not before.endswith(("局", "委", "办"))
    return True


def _with_roles(names: list[str], role: str, doubts: list[Doubt]) -> list[tuple[str, str]]:
    """The clause's names in the role of their bracket; beside 甲（牵头） a bare name only helps."""
    spoken = [_bracketed_role(name) for name in names]
    led = any(said == LEAD for _, said in spoken)
    for name, said in spoken:
        if led and said is None:
            doubts.append(Doubt("role_assumed", name, "配合"))
    return [(name, said or (SUPPORT if led else role)) for name, said in spoken]


def _bracketed_role(name: str) -> tuple[str, str | None]:
    match = _ROLE_BRACKET.search(name)
    if match is None or match.start() == 0:
        return name, None
    return name[: match.start()], LEAD if match.group("lead") else SUPPORT


@lru_cache(maxsize=4096)
def _doubt_of(name: str) -> tuple[str, str, str | None] | None:
    """What is doubtful about one name, as the fields of a Doubt."""
    folded = unicodedata.normalize("NFKC", name)
    if _ONLY_BRACKET.fullmatch(name) or not _LETTER.search(folded) or len(name) > _LONGEST:
        return "not_a_department", name, None
    return ("open_group", name, name) if _GENERIC.search(name) else None


def _once(people: list[tuple[str, str]], doubts: list[Doubt]) -> tuple[tuple[str, str], ...]:
    """A department named twice in one cell acts once, in the role named first."""
    first: dict[str, str] = {}
    for name, role in people:
        if name in first:
            doubts.append(Doubt("repeated_name", name))
        first.setdefault(name, role)
    return tuple(first.items())
