"""Changes to XML and web pages that leave most of it standing, so that a parser meets them."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from .case import Net

Change = Callable[[Random, str], str]
MOST = 1_500_000
"""Characters; a mutant grows no further."""

_ATTRIBUTE = re.compile(r"""\s([\w:.-]+)=(["'])([^"'<>]*)\2""")
_NUMBER = re.compile(r"""\s([\w:.-]+)=(["'])([A-Z]{0,3}\d[^"'<>]*)\2""")
_TEXT = re.compile(r">([^<>]+)<")
_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]*)([^<>]*?)(/?)>")

NUMBERS = (
    "-1", "0", "1", "2", "7", "255", "256", "257", "9999", "16384", "65535", "65536", "200000", "200001",
    "1048576", "2147483647", "2147483648", "4294967295", "4294967296", "9223372036854775808", "1" + "0" * 30,
    "1e999", "-1e999", "NaN", "Infinity", "1e-400", "0x10", "1_0", "+5", " 3 ", "٣", "１２", "²", "", "abc", "1.5",
    "-0", "00000000001", "9" * 5000, "true", "45838", "60", "2958466", "99999999999", "-5", "0.1", "2026-13-45",
)  # fmt: skip
REFERENCES = (
    "A1", "A0", "B2", "C3:A1", "A1:A1", "A1:B2", "B2:C3", "A1:XFD1048576", "A1:A1048576", "XFD1048576", "IV200000",
    "IW1", "A200001", "AAAAAAA1", "A99999999999", "???", "", "1", "A", "$A$1:$B$2", "A:A", "1:1", "A1:B2:C3", "a1",
    "A1 B2", "Ａ1", "R1C1", "A-1", "A1.5", "A1:", ":A1", "#REF!", "Sheet1!A1", "D5:D40", "B3:B4", "A2:E2",
)  # fmt: skip
WORDS = (
    "", " ", "\t", "&#9;", "&#0;", "&#31;", "&#xD800;", "&#xFFFF;", "&#x202E;", "&#x1F468;&#x200D;", "&amp;lt;", "&lt;x&gt;",
    "&a;", "]]>", "=1+1", "=cmd|'/C calc'!A0", "_x000D_", "_x0000_", "_xD800_", "#REF!", "2026年44月底", "序号", "工作任务",
    "责任单位", "完成时限", "A牵头，B、C配合", "（", "）、；，", "长" * 33_000, "各单位", "●", "R/A", "\ufeff", "\u2028", "é" * 50,
    "一、", "（2项）", "１", "牵头" * 400, "12" * 40, "\ufffe",
)  # fmt: skip
PATHS = (
    "", "/", ".", "..", "../../../../etc/passwd", "xl/workbook.xml", "worksheets/sheet1.xml", "sharedStrings.xml",
    "file:///etc/passwd", "\\\\127.0.0.1\\a", "C:\\a.xml", "a" * 3000, "%2e%2e/x", "#", "styles.xml", "document.xml",
)  # fmt: skip


def hostile(rng: Random) -> str:
    """A value that no program would write here."""
    home = (f"{Net.address()}/a",)
    pool = rng.choice((NUMBERS, NUMBERS, REFERENCES, WORDS, PATHS, home))
    return rng.choice(pool)


def another_number(rng: Random, xml: str) -> str:
    """A number or reference in an attribute is another one; sometimes in all that are called so."""
    return _another(rng, xml, _NUMBER, lambda: rng.choice(rng.choice((NUMBERS, REFERENCES))))


def another_attribute(rng: Random, xml: str) -> str:
    """Any attribute has a hostile value."""
    return _another(rng, xml, _ATTRIBUTE, lambda: hostile(rng))


def _another(rng: Random, xml: str, pattern: re.Pattern[str], value: Callable[[], str]) -> str:
    found = [m for m in pattern.finditer(xml) if not m[1].startswith("xmlns")]
    if not found:
        return xml
    one = rng.choice(found)
    alike = [m for m in found if m[1] == one[1]] if rng.random() < 0.15 else [one]
    return _replaced(xml, [(*m.span(3), value()) for m in alike])


def _replaced(text: str, changes: list[tuple[int, int, str]]) -> str:
    pieces, at = [], 0
    for start, end, new in changes:
        pieces += [text[at:start], new]
        at = end
    return _bounded(text, "".join((*pieces, text[at:])))


def _bounded(before: str, after: str) -> str:
    return after if len(after) <= max(MOST, len(before)) else before


def another_text(rng: Random, xml: str) -> str:
    """A text, or every text that says the same, is another one."""
    found = list(_TEXT.finditer(xml))
    if not found:
        return xml
    one = rng.choice(found)
    alike = [m for m in found if m[1] == one[1]] if rng.random() < 0.3 else [one]
    new = rng.choice((rng.choice(WORDS), rng.choice(NUMBERS), rng.choice(REFERENCES)))
    return _replaced(xml, [(*m.span(1), new) for m in alike])


def an_end_is_missing(rng: Random, xml: str) -> str:
    """A closing tag is gone."""
    return _without(rng, xml, [m for m in _TAG.finditer(xml) if m[1]])


def a_beginning_is_missing(rng: Random, xml: str) -> str:
    """An opening tag is gone."""
    return _without(rng, xml, [m for m in _TAG.finditer(xml) if not m[1] and not m[4]])


def _without(rng: Random, xml: str, found: list[re.Match[str]]) -> str:
    return _replaced(xml, [(*rng.choice(found).span(), "")]) if found else xml


def element(rng: Random, xml: str) -> tuple[int, int] | None:
    """Where a random element begins and ends; only its tag where it has no end."""
    tags = list(_TAG.finditer(xml))
    opening = [n for n, m in enumerate(tags) if not m[1]]
    if not opening:
        return None
    first = rng.choice(opening)
    if tags[first][4]:
        return tags[first].span()
    depth = 0
    for tag in tags[first:]:
        if tag[2] == tags[first][2] and not tag[4]:
            depth += -1 if tag[1] else 1
            if not depth:
                return tags[first].start(), tag.end()
    return tags[first].span()


def _with_element(rng: Random, xml: str, change: Callable[[str], str]) -> str:
    place = element(rng, xml)
    if place is None:
        return xml
    return _replaced(xml, [(*place, change(xml[place[0] : place[1]]))])


def an_element_is_missing(rng: Random, xml: str) -> str:
    """An element is gone with all in it."""
    return _with_element(rng, xml, lambda _one: "")


def an_element_again(rng: Random, xml: str) -> str:
    """An element stands there twice, or very often."""
    return _with_element(rng, xml, lambda one: one * rng.choice((2, 2, 3, 50, 1500)))


def an_element_elsewhere(rng: Random, xml: str) -> str:
    """An element has moved behind some other tag."""
    place = element(rng, xml)
    if place is None:
        return xml
    one, rest = xml[place[0] : place[1]], xml[: place[0]] + xml[place[1] :]
    ends = [m.end() for m in _TAG.finditer(rest)]
    at = rng.choice(ends) if ends else 0
    return rest[:at] + one + rest[at:]


def an_element_in_itself(rng: Random, xml: str) -> str:
    """An element within its own tags again and again."""
    place = element(rng, xml)
    if place is None:
        return xml
    one = xml[place[0] : place[1]]
    tag, deep = _TAG.match(one), rng.choice((1, 2, 30, 2000))
    if tag is None or tag[4] or not one.endswith(f"</{tag[2]}>"):
        return xml
    return _replaced(xml, [(*place, tag[0] * deep + one + f"</{tag[2]}>" * deep)])


def another_name(rng: Random, xml: str) -> str:
    """Elements of one name have another that occurs."""
    names = sorted({m[2] for m in _TAG.finditer(xml)})
    if not names:
        return xml
    old, new = rng.choice(names), rng.choice([*names, "x", "a:b", "c"])
    limit = rng.choice((1, 2, 0))
    return re.sub(rf"(</?){re.escape(old)}\b", lambda m: m[1] + new, xml, count=limit)


def an_attribute_is_missing(rng: Random, xml: str) -> str:
    """One attribute, or all of its name."""
    found = list(_ATTRIBUTE.finditer(xml))
    if not found:
        return xml
    one = rng.choice(found)
    alike = [m for m in found if m[1] == one[1]] if rng.random() < 0.3 else [one]
    return _replaced(xml, [(*m.span(), "") for m in alike])


def an_attribute_again(rng: Random, xml: str) -> str:
    """An attribute stands there twice, which XML forbids."""
    found = list(_ATTRIBUTE.finditer(xml))
    if not found:
        return xml
    one = rng.choice(found)
    return _replaced(xml, [(*one.span(), one[0] * 2)])


def values_change_places(rng: Random, xml: str) -> str:
    """Two attributes of one name have each other's values: indexes, numbers of rows, references."""
    found = list(_NUMBER.finditer(xml))
    if not found:
        return xml
    one = rng.choice(found)
    other = rng.choice([m for m in found if m[1] == one[1]])
    first, second = sorted((one, other), key=lambda m: m.start())
    if first is second:
        return xml
    return _replaced(xml, [(*first.span(3), second[3]), (*second.span(3), first[3])])


def something_strange(rng: Random, xml: str) -> str:
    """What XML knows and workbooks do not hold."""
    strange = (
        "<!DOCTYPE x [<!ENTITY a 'b'>]>", "<!-- -- -->", "<!-- ", "<![CDATA[x]]>", "<![CDATA[", "<?x y?>", "&a;", "&#0;",
        "\x00", "\x0b", "<", ">", "&", "<x", "</x>", "<?xml version='1.0' encoding='utf-16'?>", "\ud800", "\ufffe", "]]>",
        "<x:y/>", f"<a href='{Net.address()}/b'/>", "<x xmlns='urn:x'><c r='A1'/></x>",
    )  # fmt: skip
    ends = [0, len(xml), *(m.end() for m in _TAG.finditer(xml))]
    at = rng.choice(ends)
    return xml[:at] + rng.choice(strange) + xml[at:]


def another_namespace(rng: Random, xml: str) -> str:
    """A namespace is another, or is not declared."""
    found = list(re.finditer(r"""\sxmlns(?::[\w.-]+)?=["']([^"']*)["']""", xml))
    if not found:
        return xml
    one, new = rng.choice(found), rng.choice(("urn:x", "", None))
    return _replaced(xml, [(*one.span(), "") if new is None else (*one.span(1), new)])


def breaks_off(rng: Random, xml: str) -> str:
    """The rest is missing."""
    return xml[: rng.randrange(len(xml) + 1)]


CHANGES: tuple[Change, ...] = (
    another_number, another_number, another_number, another_attribute, another_text, another_text,
    an_element_is_missing, an_element_is_missing, an_element_again, an_element_again, an_element_elsewhere,
    an_element_elsewhere, an_element_in_itself, an_attribute_is_missing, an_attribute_is_missing,
    values_change_places, values_change_places, another_name, an_end_is_missing, a_beginning_is_missing,
    an_attribute_again, something_strange, another_namespace, breaks_off,
)  # fmt: skip
"""The ones that leave it well-formed stand there more often."""
