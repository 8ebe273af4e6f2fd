"""The words of numbered prose: how a paragraph is numbered, and who is named in it for what.

`（牵头单位：甲；配合单位：乙；完成时限：6月底）`, `责任单位：甲` on a line of its own, `（甲牵头，乙配合）`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from importers.columns import column_meaning, meaning_of
from importers.deadlines import Context, read_deadline

WHO = frozenset({"lead", "responsible", "support"})
DUTIES = WHO | {"deadline"}
"""Labels that make a paragraph a task."""
_LABELS = DUTIES | {"person", "mode", "points", "site", "evidence", "origin", "note", "standard"}
_HAN = "[一二三四五六七八九十百]+"
_STYLES = (
    ("chapter", re.compile(rf"(第(?:{_HAN}|\d+)[章节篇]|第(?:{_HAN}|\d+)部分)[\s、:：]*")),
    ("han", re.compile(rf"({_HAN})\s*[、.．]\s*")),
    ("han bracket", re.compile(rf"([（(]\s*{_HAN}\s*[)）])[、.．]?\s*")),
    ("digits", re.compile(r"(\d{1,2}(?:[.．]\d{1,2}){1,3})[.．、]?\s*(?![\d年月日%])")),
    ("digit", re.compile(r"(\d{1,3})\s*[.．、](?!\d)\s*")),
    ("digit bracket", re.compile(r"([（(]\d{1,3}[)）]|\d{1,3}[)）])[、.．]?\s*")),
    ("circle", re.compile(r"([①-⑳⑴-⒇])\s*")),
    ("letter", re.compile(r"([A-Za-z])[.、)）]\s*")),
)
_BRACKET = re.compile(
    r"[（(〔【\[]((?:[^（）()〔〕【】\[\]]|[（(][^（）()]*[)）])*)[)）〕】\]]\s*([。；;，,.]?)"
)
_LABEL = re.compile(r"(?:^|(?<=[。；;！!，,\s、.]))\s*([\u3400-\u9fff]{2,10})\s*[:：]")
_LABEL_BRACKET = re.compile(r"[【〔\[]\s*([\u3400-\u9fff]{2,10})\s*[】〕\]]\s*[:：]?\s*")
_ROLE_END = re.compile(
    r"(?:牵头|主办|主责|负责|配合|协助|协同|协办|参与|参加|落实|分工负责)(?:落实|实施|推进|单位|部门)?$"
)
_DEPARTMENT = re.compile(
    r"(?:[局委办会院府室队社科股联庭司厅所站镇乡部]|中心|街道|公司|单位|部门|集团|银行|苏木|党校|学校|医院"
    r"|[县市区旗]|[)）])$"
)
_TOLD = frozenset({"goal", "measure", "issue", "standard", "progress", "status", "evidence"})
_FIELD = re.compile(r"([\u3400-\u9fff]{2,10})\s*[:：]\s*(.*)", re.DOTALL)
_SQUARE = str.maketrans("［］", "[]")
_ENDS = "。；;！!\n"
_DAYS = frozenset({"date", "range", "ongoing", "recurring", "at_once"})
_STRIP = " \n\t，,；;。、"


class Said(NamedTuple):
    """One thing a clause says: a meaning of `columns`, the label as written ('' if none), a text."""

    meaning: str
    label: str
    text: str


class Segment(NamedTuple):
    """A stretch of a paragraph and what is said about who does it."""

    text: str
    said: tuple[Said, ...] = ()


def numbered(text: str) -> tuple[str, str, str]:
    """(style, number, rest) of a paragraph; style and number are '' where it has none."""
    for style, pattern in _STYLES:
        match = pattern.match(text)
        if match:
            return style, match.group(1).replace(" ", ""), text[match.end() :].strip()
    return "", "", text


def segments(text: str) -> list[Segment]:
    """The paragraph cut behind each clause that names departments or a deadline."""
    text = _LABEL_BRACKET.sub(_open_label, text.translate(_SQUARE))
    found: list[Segment] = []
    start = 0
    for match in _BRACKET.finditer(text):
        ends = match.end() == len(text) or match.group(2) in tuple("。；;") or _ended(text, match)
        said = _clause(match.group(1)) if ends else ()
        if said:
            body = text[start : match.start()].strip()
            found += _tail(body, said)
            start = match.end()
    rest = text[start:].strip()
    if rest:
        found += _tail(rest, ())
    return found


def field_of(text: str) -> Said | None:
    """What a line like 整改目标：… tells of the task above; its text is '' where items follow."""
    match = _FIELD.fullmatch(text)
    meaning = column_meaning(match.group(1)) if match else None
    if match is None or meaning not in _TOLD:
        return None
    return Said(meaning, match.group(1), match.group(2).strip())


def _ended(text: str, match: re.Match[str]) -> bool:
    return text[: match.start()].rstrip(" ")[-1:] in tuple(_ENDS)


def _open_label(match: re.Match[str]) -> str:
    """【责任单位】甲 is 责任单位：甲."""
    return f" {match.group(1)}：" if meaning_of(match.group(1)) in _LABELS else match.group(0)


def _tail(body: str, said: tuple[Said, ...]) -> list[Segment]:
    """A stretch whose end may hold labels outside brackets."""
    labels = _labels(body)
    if not labels:
        return [Segment(body, said)]
    head = body[: labels[0].start()].rstrip(" 、")
    return [Segment(head, (*_labelled(body, labels), *said))]


def _labels(text: str) -> list[re.Match[str]]:
    """The labels of a clause; there is none unless one says who or by when."""
    found = [m for m in _LABEL.finditer(text) if meaning_of(m.group(1)) in _LABELS]
    first = next((i for i, m in enumerate(found) if meaning_of(m.group(1)) in DUTIES), None)
    if first is None:
        return found if found and found[0].start() == 0 else []
    return found


def _labelled(text: str, labels: list[re.Match[str]]) -> tuple[Said, ...]:
    ends = [m.start() for m in labels[1:]] + [len(text)]
    return tuple(
        Said(meaning_of(m.group(1)) or "", m.group(1), text[m.end() : end].strip(_STRIP))
        for m, end in zip(labels, ends, strict=True)
    )


def _clause(inner: str) -> tuple[Said, ...]:
    """What a bracket says of who and when; () where it is only a remark."""
    labels = _labels(inner)
    if labels:
        head = inner[: labels[0].start()].strip(_STRIP)
        return (*(_unlabelled(head) if head else ()), *_labelled(inner, labels))
    return _unlabelled(inner)


def _unlabelled(inner: str) -> tuple[Said, ...]:
    """'甲牵头，乙配合，6月底前完成' and '甲、乙'."""
    people: list[str] = []
    dates: list[Said] = []
    for piece in re.split(r"[；;，,]", inner):
        piece = piece.strip(_STRIP)
        if piece and _is_deadline(piece):
            dates.append(Said("deadline", "", piece))
        elif piece:
            people.append(piece)
    if not people or not all(map(_names_departments, people)):
        return ()
    return (Said("who", "", "，".join(people)), *dates)


def _is_deadline(piece: str) -> bool:
    if not re.search(
        r"\d|年[底内末]|全年|半年|长期|持续|常态|季度|立即|立行|即知|每[年月季周]", piece
    ):
        return False
    return read_deadline(piece, Context(2000)).kind in _DAYS


def _names_departments(piece: str) -> bool:
    bare = _ROLE_END.sub("", piece)
    bare = re.sub(r"(?:等)?(?:按照?|根据)?(?:各自)?(?:职责|职能)?(?:分工|共同|分别)*$", "", bare)
    return are_departments(bare) and len(piece) <= 200


def are_departments(text: str) -> bool:
    """Whether every name of a list ends as departments do; '其他部门和单位' does too."""
    names = [name.strip() for name in re.split(r"[、，,/]|\s+", text) if name.strip()]
    return bool(names) and all(len(n) <= 24 and _DEPARTMENT.search(n) for n in names)


_HEAD = re.compile(r"([^。；;，,：:]{2,40})[:：]\s*(\S.*)", re.DOTALL)
_GENERAL = re.compile(r"(?:单位|部门)$")
_ALL = re.compile(r"^(?:各|其[他它]|有关|相关|所有)")


def headed(text: str) -> tuple[str, str] | None:
    """('甲局', '负责…') of '甲局：负责…', whatever the words before the colon are."""
    match = _HEAD.fullmatch(text)
    if match is None or meaning_of(match.group(1)):
        return None
    return match.group(1).strip(), match.group(2).strip()


def heads_duty(text: str) -> bool:
    """Whether a paragraph surely begins with the department whose duty it tells."""
    head = headed(text)
    if head is None or len(head[1]) < 8 or not are_departments(head[0]):
        return False
    return not _GENERAL.search(head[0]) or bool(_ALL.match(head[0]))
