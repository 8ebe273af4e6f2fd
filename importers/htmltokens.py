"""HTML → tags, words and comments, in time that grows with the page only.

The standard library's parser looks to the page's end for every tag that never ends; here what is not
closed is words, and a page of nothing but torn tags is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from importers.errors import ReadingRefused

_ATTRIBUTES = r"""(?:[^<>"']|"[^"]{0,1000}"|'[^']{0,1000}'){0,1000}"""
_TAG = re.compile(rf"<(/?)([a-zA-Z][\w:.-]{{0,40}})({_ATTRIBUTES})>")
_ATTRIBUTE = re.compile(r"""([\w:.-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_RAW = {tag: re.compile(rf"</{tag}\b[^>]{{0,100}}>", re.IGNORECASE) for tag in ("script", "style")}
_MOST_TORN = 20_000


class Token(NamedTuple):
    """kind is 'start', 'end', 'words' or 'comment'; `text` the tag's name in small letters, or the words."""

    kind: str
    text: str
    said: dict[str, str] = {}  # noqa: RUF012 - never written to


def tokens(page: str) -> Iterator[Token]:
    """The page in its order. Raises `ReadingRefused` where hardly a tag is whole."""
    at = torn = 0
    while True:
        start = page.find("<", at)
        if start < 0:
            break
        if start > at:
            yield Token("words", unescape(page[at:start]))
        token, at = _markup(page, start)
        if token is not None:
            yield token
            if token.kind == "start" and token.text in _RAW:
                end = _RAW[token.text].search(page, at)
                at = end.start() if end else len(page)
        elif page[at - 1 : at] == "<":
            torn += 1
            yield Token("words", "<")
            if torn > _MOST_TORN:
                message = "网页内容残缺，无法读取，请用 Excel 打开后另存为 .xlsx 再导入"
                raise ReadingRefused("unreadable", message)
    if at < len(page):
        yield Token("words", unescape(page[at:]))


def _markup(page: str, start: int) -> tuple[Token | None, int]:
    """The markup at a '<' and where it ends; None for what is only left out, or for a bare '<'."""
    if page.startswith("<!--", start):
        end = page.find("-->", start + 4)
        stop = end if end >= 0 else len(page)
        return Token("comment", page[start + 4 : stop]), min(stop + 3, len(page))
    if page.startswith(("<!", "<?"), start):
        end = page.find(">", start)
        return None, end + 1 if end >= 0 else len(page)
    match = _TAG.match(page, start)
    if match is None:
        return None, start + 1
    closes, name, attributes = match.groups()
    if closes:
        return Token("end", name.lower()), match.end()
    return Token("start", name.lower(), _said(attributes)), match.end()


def _said(attributes: str) -> dict[str, str]:
    """The attributes by name; the first of two alike counts."""
    said: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(attributes):
        said.setdefault(name.lower(), unescape(double or single or bare))
    return said
