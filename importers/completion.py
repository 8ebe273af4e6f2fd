"""What a list writes once: its prefix (省科技厅、教育厅), its suffix (甲市、乙市政府)."""

from __future__ import annotations

import re
from collections.abc import Callable

from importers.namelists import ends_as_body

Report = Callable[[str, str], None]
"""Called with the name as written and as completed."""

_BODY = "委|政府|人大|人民|政协|纪委|监委|直|法院|检察院|武装|总工会|妇联|残联|工商联|文联|科协|红十字|领导"
_PREFIX = re.compile(
    rf"^(省|自治区|市(?![场容政民监])|县(?!域)|区(?!域|块)|旗|州|盟)(?!{_BODY})(.{{2,}})$"
)
"""A place before a bureau. 县委办, 市政府办 begin with a body of their own: nothing to share."""
_KIND = re.compile(r"[局厅委办]$")
_OWN = re.compile(
    r"^(?:省|自治区|市(?![场容政民监])|县|区(?!域|块)|旗|州|盟|国家|中央|各|所有|全|本|相关|有关|共?青?团[省市县区旗州盟]"
    r"|党委|党政|政府)|.[省市县区旗州盟镇乡](?=.{2})"
)
_PLACE = r"[\u3400-\u9fff]{1,8}(?:市|县|区|旗|州|盟|镇|乡|苏木|街道)"
_SUFFIX = re.compile(rf"^({_PLACE})((?:人民)?政府|党委|党工委|管委会|办事处)$")
_BARE = re.compile(rf"^{_PLACE}$")
_PLACE_KIND = re.compile(r"^[\u3400-\u9fff]{2,4}?(镇|乡|街道|苏木|社区|村|嘎查)$")
_STEM = re.compile(r"^(?!各|所有|全|相关|有关|本)[\u3400-\u9fff]{2,3}$")
_BUREAU = re.compile(
    r"公安|教育|财政|民政|水利|交通|住建|城管|农业|林业|卫健|卫生|环保|环境|商务|文旅|审计|统计|税务|司法|人社|信访"
    r"|应急|消防|供电|市监|市场|资源|发改|工信|宣传|组织|统战|政法|纪检|工会|妇女|气象|医保|残联|街道"
)
"""The stems of bureaus' names; 水利、南坪镇 are not two towns."""


def complete(names: list[str], report: Report) -> list[str]:
    """The names with what they share written out. Only where every name fits the pattern."""
    if len(names) < 2:
        return names
    return _placed(_suffixed(_prefixed(names, report), report), report)


def _prefixed(names: list[str], report: Report) -> list[str]:
    """The first name's 省/市/县… goes to the rest if each is a bare bureau without one."""
    first = _PREFIX.match(names[0])
    rest = names[1:]
    if first is None or not _KIND.search(names[0]):
        return names
    if any(_OWN.search(name) or not _KIND.search(name) for name in rest):
        return names
    whole = [first.group(1) + name for name in rest]
    for written, made in zip(rest, whole, strict=True):
        report(written, made)
    return [names[0], *whole]


def _suffixed(names: list[str], report: Report) -> list[str]:
    """The last name's 人民政府 goes to the bare places before it."""
    last = _SUFFIX.match(names[-1])
    if last is None or not all(_BARE.match(name) for name in names[:-1]):
        return names
    whole = [name + last.group(2) for name in names[:-1]]
    for written, made in zip(names[:-1], whole, strict=True):
        report(written, made)
    return [*whole, names[-1]]


def _is_stem(name: str) -> bool:
    """Whether a name may be that of a town or village without its kind."""
    stem = _STEM.match(name) and not _BUREAU.search(name)
    return bool(stem) and not ends_as_body(name)


def _placed(names: list[str], report: Report) -> list[str]:
    """东河、西河镇: the last name's 镇 goes to the bare place names before it."""
    last = _PLACE_KIND.match(names[-1])
    if last is None or not all(_is_stem(name) for name in names[:-1]):
        return names
    whole = [name + last.group(1) for name in names[:-1]]
    for written, made in zip(names[:-1], whole, strict=True):
        report(written, made)
    return [*whole, names[-1]]
