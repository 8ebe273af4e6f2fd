"""Who does what by when, said in a sentence: 由甲局牵头，乙局、丙局配合，于6月底前完成.

Sentences of a plan say such things of many matters, so they are only heard in a text that names
nobody in any other way (minutes of a meeting, a letter of assignment).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from importers.prosewords import Said, are_departments

_CLAUSE = re.compile(r"[，,。；;：:\n]")
_LEAD = re.compile(
    r"^(?:.{0,8}?由|请|责成|交由)?(?P<names>.{2,60}?)(?:具体|统一|共同)?(?:负责)?(?:牵头|主办|主责)(?:负责|抓总|落实|实施|组织)*(?:.{0,2}会同(?P<more>.{2,60}?))?$"
)
_WORKS = re.compile(
    r"^(?:.{0,8}?由|请|责成|交由)(?P<names>.{2,60}?)(?:具体|统一|共同)?负责(?!解释|日常|联系)"
)
_HELPS = re.compile(
    r"^(?:由|会同|联合)?(?P<names>.{2,80}?)(?:按.{0,6}分工)?(?:积极|密切|做好)*(?:配合|协助|协同|参与)(?:落实|实施|做好)?"
)
_WITH = re.compile(r"^(?:会同|联合)(?P<names>.{2,60}?)(?:等)?$")
_DAY = re.compile(
    r"(?:(?:20\d\d)年)?\d{1,2}月(?:\d{1,2}日|底|[上中下]旬|份)?(?:之?前|以前)|年底前|年内|全年|[上下]半年|[一二三四]季度末?前?|\d+个?工作日内"
)


def spoken(text: str) -> tuple[Said, ...]:
    """What the sentences of a paragraph say of who and by when; () unless one names a lead."""
    found = [one for clause in _CLAUSE.split(text) for one in _clause(clause.strip())]
    return tuple(found) if any(one.meaning == "lead" for one in found) else ()


def _clause(clause: str) -> Iterator[Said]:
    for pattern, meaning in (
        (_LEAD, "lead"),
        (_WORKS, "lead"),
        (_HELPS, "support"),
        (_WITH, "support"),
    ):
        match = pattern.match(clause)
        if match and are_departments(match.group("names")):
            yield Said(meaning, "", match.group("names"))
            more = match.groupdict().get("more")
            if more and are_departments(more):
                yield Said("support", "", more)
            break
    day = _DAY.search(clause)
    if day:
        yield Said("deadline", "", day.group())
