"""What a list writes once: its prefix (省科技厅、教育厅), its suffix (甲市、乙市政府)."""

from __future__ import annotations

import re
from collections.abc import Callable

Report = Callable[[str, str], None]
"""Called with the name as written and as completed."""

_PREFIX = re.compile(r"^(省|自治区|市(?![场容政民])|县(?!域)|区(?!域)|旗(?!直)|州|盟)(.{2,})$")
_KIND = re.compile(r"[局厅委办]$")
_OWN = re.compile(
    r"^(?:省|自治区|市(?![场容政民])|县|区(?!域)|旗|州|盟|国家|中央|各|所有|全|本|相关|有关)|.[省市县区旗州盟镇乡](?=.{2})"
)
_PLACE = r"[\u3400-\u9fff]{1,8}(?:市|县|区|旗|州|盟|镇|乡|苏木|街道)"
_SUFFIX = re.compile(rf"^({_PLACE})((?:人民)?政府|党委|党工委|管委会|办事处)$")
_BARE = re.compile(rf"^{_PLACE}$")


def complete(names: list[str], report: Report) -> list[str]:
    """The names with what they share written out. Only where every name fits the pattern."""
    if len(names) < 2:
        return names
    return _suffixed(_prefixed(names, report), report)


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
