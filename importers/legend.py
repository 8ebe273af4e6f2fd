"""What a sheet says its marks mean: '●为牵头单位，○为配合单位', 'A：批准 R：执行'."""

from __future__ import annotations

import re
from collections.abc import Iterable

from importers.grid import folded

_PAIR = re.compile(
    r"(?P<mark>[^\s，,；;、。:：“”\"（）()]{1,4}?)[”\"]?\s*(?:为|表示|代表|指的?是?|即|是|[:：=＝—–-]+)?\s*"
    r"(?P<says>(?:[^\s，,；;、。:：★☆●○◎△▲□■√]*?)(?:牵头|主办|主责|配合|协办|协同|参与|协助|知晓|知情|咨询|"
    r"意见|告知|执行|支持|负责|批准|审批)[^\s，,；;、。★☆●○◎△▲□■√]*)"
)
_INTRO = re.compile(r"^\W*(?:注|说明|备注|图例|备 注)\s*\d*\s*[:：、.]")
_LEAD = re.compile(r"牵头|主办|主责|批准|审批")
_SUPPORT = re.compile(r"配合|协办|协同|参与|协助|知晓|知情|咨询|意见|告知|执行|支持")


def read_legend(texts: Iterable[str], marks: set[str]) -> dict[str, str]:
    """Mark → 'lead' or 'support', for those of `marks` that some text explains clearly."""
    found: dict[str, str] = {}
    for text in texts:
        for match in _PAIR.finditer(_INTRO.sub("", text)):
            mark, says = folded(match.group("mark")), match.group("says")
            if mark in marks and mark not in found and (role := _role(says)):
                found[mark] = role
    return found


def _role(says: str) -> str | None:
    if _LEAD.search(says):
        return "lead"
    if _SUPPORT.search(says):
        return "support"
    return None
