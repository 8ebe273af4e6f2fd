"""What a department cell says about roles: labels (牵头单位：), endings (…牵头), brackets （牵头）.

A part of a cell comes out without the words that say its role. `said` is LEAD, SUPPORT, PERSON
(a person's label, no department), OVERSIGHT (督办单位), DUTY (按职责分工负责), or None where nothing
is said.
"""

from __future__ import annotations

import re
from typing import NamedTuple

LEAD, SUPPORT, PERSON, OVERSIGHT = "lead", "support", "person", "oversight"
DUTY = "duty"
OPEN, CLOSE = "（(〔【[《“", "）)〕】]》”"
CLAUSE = "，,；;。"

_LEAD = "牵头|主办|主责|主抓|牽頭|主辦|主責"
_SUPPORT = "配合|协办|协助|协同|参与|参加|協辦|協助|協同|參與|參加"
_BODY = "(?:单位|部门|科室|处室|股室|主体|机构)"
ROLE_WORD = re.compile(rf"{_LEAD}|{_SUPPORT}|负责|职责|会同|为主|分工")
_LABEL = re.compile(
    rf"(?:(?P<person>(?:责任|负责|联系|经办|牵头|包保)人|(?:责任|分管|牵头|包保)[\u3400-\u9fff]?领导|联系电话|电话)"
    rf"|(?P<lead>(?:主要|第一)?(?:{_LEAD})(?:责任)?{_BODY}?)"
    rf"|(?P<support>(?:{_SUPPORT}|协作|联合|会办|其[他它])(?:责任)?{_BODY}?)"
    rf"|(?P<oversight>(?:督办|督查|指导|监督|监管){_BODY})"
    rf"|(?P<own>(?:主要|具体|第一)?(?:责任|承办|实施|落实|执行|成员)?{_BODY}|责任))\s*[:：]\s*"
)
_HOW = "按照?|根据|依据|依照?|各自|分别|共同|联合|具体|总体|积极|密切|全力|做好|予以|给予|职责|职能|责任|业务|分工|范围"
_LEAD_END = re.compile(
    rf"(?P<all>共同|联合|分别)?(?:[为是]|作为|负责|主要|{_HOW})*(?:{_LEAD})(?:{_LEAD}|负责|落实|单位|部门|组织|实施|协调|推进|抓总)*$"
)
_SUPPORT_END = re.compile(
    rf"(?:[为是]|作为|支持|{_HOW})*(?:{_SUPPORT})(?:{_SUPPORT}|落实|单位|部门|工作|实施|开展|办理|推进|做好)*$"
)
_DUTY_END = re.compile(
    rf"(?:{_HOW})*(?:职责|职能|分工|负责)(?:{_HOW})*(?:组织|抓好)?(?:负责|落实|推进|实施)*$"
)
_SHARED_DUTY = re.compile("职责|职能|分工|分别|各自")
_MAIN = re.compile(r"^以?(.{2,}?)为主$")
_BRACKET = re.compile(
    rf"[（(](?:(?:(?P<all>共同|联合)|主要)?(?P<lead>{_LEAD})|(?:{_SUPPORT}))(?:负责|责任)?(?:单位|部门|科室)?[)）]$"
)
_BRACKET_FIRST = re.compile(
    rf"^(?:[（(](?:(?P<lead>{_LEAD})|(?:{_SUPPORT}))(?:单位|部门)?[)）]"
    rf"|(?:(?P<leads>{_LEAD})|(?:{_SUPPORT}))(?:责任)?(?:单位|部门)[为是]?)(?=[^）)\s]{{2}})"
)
_ROLE_ALONE = re.compile(
    rf"[，,]\s*(?=(?:共同|联合|分别|积极|做好|密切){{0,3}}(?:{_LEAD}|{_SUPPORT})(?:负责|落实|工作|配合){{0,2}}\s*(?:[，,；;。]|$))"
)
_RUN_ON = (
    re.compile(rf"((?:{_LEAD}|{_SUPPORT})(?:负责|组织|落实)?[)）]?)\s+(?!单位|部门|[:：])"),
    re.compile(
        rf"(?<=[\u3400-\u9fff）)])([（(](?:{_LEAD}|{_SUPPORT})(?:单位|部门)?[)）])(?=[\u3400-\u9fff])"
    ),
    re.compile(
        rf"(?<=[\u3400-\u9fff]{{2}})((?:{_LEAD})(?:负责|组织)?)(?!单位|部门|负责|{_LEAD}|{_SUPPORT})"
        rf"(?=[\u3400-\u9fff、（）()]{{2,60}}?(?:{_SUPPORT}))"
    ),
)
_DUTY_BRACKET = re.compile(r"[（(][按依根][照据]?(?:各自)?(?:职[责能]|分工)[^（()）]{0,10}[)）]$")
TOGETHER = re.compile(r"(?<!委员)(?<![协合])会同")
"""甲会同乙: the second helps."""
_WINDOW = 24
"""Characters at the end of a part in which its role may be said."""


class Part(NamedTuple):
    """A stretch of a cell with the role said for it; `labelled` by a word in front of it."""

    text: str
    said: str | None = None
    labelled: bool = False


class Ending(NamedTuple):
    """One name without its ending; `shared`: the role holds for the names before it too."""

    name: str
    said: str | None = None
    shared: bool = False


def blocks(text: str) -> list[Part]:
    """The cell cut at its labels; 甲（牵头单位：乙）、丙 is 甲, 乙 as labelled, 丙."""
    labels = list(_LABEL.finditer(text))
    if not labels:
        return [Part(text)]
    led = any(label["lead"] for label in labels)
    parts, start = [], 0
    ends = [label.start() for label in labels[1:]] + [len(text)]
    for label, end in zip(labels, ends, strict=True):
        before = text[start : label.start()] if start < label.start() else ""
        bracketed = before.rstrip().endswith(("（", "(", "【", "["))
        parts.append(Part(before.strip(" \n，,；;（(【[")))
        start = _closing(text, label.end(), end) if bracketed else end
        body = text[label.end() : start].strip(
            " \n，,；;。" if not bracketed else " \n，,；;。）)】]"
        )
        said = LEAD if label["lead"] else SUPPORT if label["support"] else None
        said = SUPPORT if label["own"] and led else said
        if label["person"]:
            said, body = PERSON, label.group() + body
        said = OVERSIGHT if label["oversight"] else said
        parts.append(Part(body, said, labelled=True))
    parts.append(Part(text[start:].strip(" \n，,；;。）)】]")))
    return [part for part in parts if part.text]


def _closing(text: str, start: int, end: int) -> int:
    """Behind the bracket that closes the one before `start`; `end` if another label comes first."""
    depth = 0
    for i in range(start, end):
        if text[i] in OPEN:
            depth += 1
        elif text[i] in CLOSE:
            if depth == 0:
                return i + 1
            depth -= 1
    return end


def run_on(text: str) -> str:
    """甲牵头乙配合 and 甲（牵头） 乙（配合） with a comma behind each role; 甲、乙，牵头 without."""
    text = _ROLE_ALONE.sub("", text)
    for pattern in _RUN_ON:
        text = pattern.sub(r"\1，", text)
    return text


def ending(name: str) -> Ending:
    """A name without the words behind it that say its role or only its duty."""
    duty = _DUTY_BRACKET.search(name)
    name = name[: duty.start()] if duty and duty.start() else name
    at = max(len(name) - _WINDOW, 0)
    tail = name[at:]
    for pattern, role in ((_LEAD_END, LEAD), (_SUPPORT_END, SUPPORT)):
        match = pattern.search(tail)
        if match and at + match.start() > 1:
            shared = role == SUPPORT or bool(match["all"])
            return Ending(name[: at + match.start()].strip(), role, shared)
    main = _MAIN.match(tail) if not at else None
    if main:
        return Ending(main.group(1), LEAD)
    duty = _DUTY_END.search(tail)
    if duty:
        said = DUTY if _SHARED_DUTY.search(duty.group()) else None
        return Ending(name[: at + duty.start()].strip(), said, shared=True)
    return Ending(name)


def bracketed(name: str) -> Ending:
    """甲（牵头）, （牵头）甲, 牵头单位甲: the name and its role."""
    match = _BRACKET.search(name)
    if match and match.start() > 0:
        role = LEAD if match["lead"] else SUPPORT
        return Ending(name[: match.start()].strip(), role, bool(match["all"]) or role == SUPPORT)
    first = _BRACKET_FIRST.match(name)
    if first:
        role = LEAD if first["lead"] or first["leads"] else SUPPORT
        return Ending(name[first.end() :].strip(), role)
    return Ending(name)
