"""Who leads, said once for many rows: in a note, in a header, in the name of a group."""

from __future__ import annotations

import re
from collections.abc import Iterable

from importers.grid import folded
from importers.names import looks_like_department

_LEADS = "(?:牵头|主办|主责|主要责任)"
_UNIT = "(?:责任|承办|主体)?(?:单位|部门|科室|处室|股室|的?一?[个家])?"
_RANK = (
    "(?:(?:排|列|位|居|放|写|摆|标|署)(?:名|列|序|位|注)?(?:在|于|为)?(?:第一|首|最前|第1|1)(?:位|个|名|家|顺位|面|的)?"
    "|(?:第一|第1|首)(?:位|个|名|家|顺位)|第一(?=(?:责任)?(?:单位|部门)[为是])|首列|打头)"
)
_FIRST_LEADS = re.compile(
    rf"{_RANK}(?:的|者)?{_UNIT}[,，]?(?:即|均|都|应|一律|统一)?(?:为|是|系|作为|担任|负责|负)?(?:总)?{_LEADS}"
)
_LEAD_FIRST = re.compile(
    rf"{_LEADS}(?:责任)?(?:单位|部门|科室|处室)?(?:名称)?(?:即|均|都|应|一律|统一)?(?:为|是)?(?:排|列|放|写|位)(?:名|列|位)?(?:在|于)?(?:第一|首|最前|第1)"
)
_NOT = re.compile("牵头(?:领导|人)|第一[批次项季阶时步轮]")
_OF_GROUP = re.compile(
    r"(?:牵头(?:责任)?(?:单位|部门)?|责任(?:单位|部门)|主办(?:单位|部门)|主责(?:单位|部门))\s*[:：]\s*"
    r"((?:[^（()）]|[（(][^（()）]*[)）])+)"
)

_NUMBERED = re.compile(r"^[（(]?[一二三四五六七八九十百\d]*[)）]?[、.．\s]*")
_COUNTED = re.compile(r"[（(]\s*(?:共)?\s*\d+\s*[项条个]\s*[)）]$")
_DUTIES = re.compile(
    r"^(?P<before>20\d\d年度?)?(?P<name>[^\d\s，。]{2,20}?)(?P<after>20\d\d年度?)?(?P<bears>(?:承担|负责|牵头)的?)?"
    r"(?:主要|重点|年度|工作|责任|目标|任务|事项|清单|台账|分解表|一览表|计划|安排|要点)+$"
)
"""县教育局2026年重点工作任务清单: a title that says whose tasks these are."""
_OFFICE = re.compile(
    r"(?:局|委|办|[残妇侨工文]联|工商联|[科侨]协|团委|工会|专班|办公室|委员会|院|厅|科|处|室|镇|乡|街道|中心|公司|[大支]队|集团|学院|部|会|所|站)$"
)


def first_leads_in(texts: Iterable[str]) -> bool:
    """Whether one of very many texts says so."""
    return any(
        first_leads(text) for text in texts if "牵头" in text or "主办" in text or "主责" in text
    )


def first_leads(text: str) -> bool:
    """Whether a note, header or title line says so: 列第一位的为牵头单位，下同."""
    if "牵" not in text and "主" not in text:
        return False
    words = folded(text)[:400]
    for pattern in (_FIRST_LEADS, _LEAD_FIRST):
        match = pattern.search(words)
        if match and not _NOT.search(match.group() + words[match.end() : match.end() + 2]):
            return True
    return False


def lead_of_group(heading: str) -> str:
    """The departments a group names as its leads: 清洁工程（牵头单位：城管局） → 城管局; '' for none."""
    if ":" not in heading and "：" not in heading:
        return ""
    match = _OF_GROUP.search(heading)
    return match.group(1).strip() if match else ""


def department_heading(heading: str) -> str:
    """The department that a heading only names: 一、教育局（3项） → 教育局; '' for none."""
    bare = _COUNTED.sub("", _NUMBERED.sub("", heading)).strip(" ：:")
    duties = _DUTIES.match(bare)
    if duties and (duties["before"] or duties["after"] or duties["bears"]):
        bare = duties["name"]
    return bare if _OFFICE.search(bare) and looks_like_department(bare) else ""
