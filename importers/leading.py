"""Who leads, said once for many rows: in a note, in a header, in the name of a group."""

from __future__ import annotations

import re

from importers.grid import folded

_FIRST = re.compile(
    r"(?:第一|首|排首|列首|最前|第1)(?:位|个|家|名)?(?:的|列出的|责任|列)*(?:单位|部门|者)?(?:的)?(?:即|均|应|都)?"
    r"(?:是|为|系|作为|负责)?(?:主要)?(?:牵头|主办|主责)"
)
_OF_GROUP = re.compile(
    r"(?:牵头(?:责任)?(?:单位|部门)?|责任(?:单位|部门)|主办(?:单位|部门)|主责(?:单位|部门))\s*[:：]\s*([^）)]+)"
)


def first_leads(text: str) -> bool:
    """Whether a text says that the first department named leads: 列第一位的为牵头单位，下同."""
    return bool(_FIRST.search(folded(text)))


def lead_of_group(heading: str) -> str:
    """The departments a group names as its leads: 清洁工程（牵头单位：城管局） → 城管局; '' for none."""
    match = _OF_GROUP.search(heading)
    return match.group(1).strip() if match else ""
