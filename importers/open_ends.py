"""Names that leave open who is meant: 相关单位, 等部门, XX局. They stay visible until somebody decides."""

from __future__ import annotations

import re

from importers.traditional import simplified

_GENERIC = re.compile(
    r"相关|有关|涉事|涉及|^各?(?:责任|牵头|主办|承办|配合|协办)(?:单位|部门|主体|科室)$|^其[他它余]|^等|^指定|[XxＸ]单位|成员单位$"
    r"|^[XxＸ×*某]{1,3}(?:单位|部门|科室|[局委办镇乡村])$|待定|另行(?:确定|明确)"
)
_AND_OTHERS = re.compile(
    r"(?<![中高初平同优均特上对])等(?:[\d一二三四五六七八九十多数几]+)?(?:个|家|所)?(?:相关|有关|其[他它]|各|市直|县直)?"
    r"(?:(?:责任|成员)?单位|部门|科室|处室|股室|机构|地区?|地方|乡?镇|街道|乡镇街道|社区|局|委办局|企业|公司|学校|医院|银行"
    r"|县（市、区）|县市区)?$"
)
_WINDOW = 24


def is_open(name: str) -> bool:
    """Whether a name says only that there are some, not which."""
    return _GENERIC.search(simplified(name)) is not None


def without_others(name: str) -> tuple[str, str]:
    """教育局等部门 → 教育局 and 等部门; the second is '' where nothing is left open."""
    at = max(len(name) - _WINDOW, 0)
    before = max(at - 1, 0)
    match = _AND_OTHERS.search(simplified(name[before:]), at - before)
    cut = before + match.start() if match else len(name)
    return name[:cut].strip() if match else name, name[cut:]
