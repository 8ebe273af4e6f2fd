"""XML by the places of its tags: elements with their offsets, so that a part is changed where it must be
and nowhere else.

Tags are found by expat and by nothing else; prefixes, quotes, CDATA and comments stay as written.
Parts are UTF-8 (the reader's preflight refuses others). A part that expat refuses raises ExpatError.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

_TAG = re.compile(rb"""<[^<>"']*(?:(?:"[^"]*"|'[^']*')[^<>"']*)*>""")
"""A tag of which expat has said that it begins here."""
_ATTRIBUTE = re.compile(rb"""\s+([^\s=<>"'/]+)\s*=\s*("[^"]*"|'[^']*')""")
_SEPARATOR = "\x01"
"""No XML may hold it."""


class Doctype(ValueError):
    """The part declares entities; no office program writes such."""


@dataclass(slots=True)
class Element:
    """`start`..`open_end` is the opening tag, `close_start`..`end` the closing one, offsets in bytes; an
    element without content has them all at the end of its only tag. `attributes` by their name,
    "uri name" where they have a namespace."""

    uri: str
    name: str
    prefix: str
    attributes: dict[str, str]
    start: int
    open_end: int
    close_start: int = 0
    end: int = 0
    children: list[Element] = field(default_factory=list)
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it is one tag only."""
        return self.close_start == self.open_end == self.end

    def child(self, name: str) -> Element | None:
        """The first child of this name."""
        return next(self.all(name), None)

    def all(self, name: str) -> Iterator[Element]:
        """The children of this name."""
        return (child for child in self.children if child.name == name)

    def tag(self, name: str) -> str:
        """The name of a child of the same namespace, as it must be written here."""
        return f"{self.prefix}:{name}" if self.prefix else name


def parser() -> expat.XMLParserType:
    """An expat that knows namespaces and refuses declarations of types and entities."""
    made = expat.ParserCreate(namespace_separator=_SEPARATOR)
    made.namespace_prefixes = True
    made.buffer_text = True
    made.StartDoctypeDeclHandler = _refuse
    return made


def _refuse(*_said: object) -> None:
    raise Doctype("a part declares a document type")


def split_name(name: str) -> tuple[str, str, str]:
    """uri, local name and prefix, as expat gives them in one."""
    parts = name.split(_SEPARATOR)
    if len(parts) == 1:
        return "", parts[0], ""
    return parts[0], parts[1], parts[2] if len(parts) > 2 else ""


def said_of(attributes: Mapping[str, str]) -> dict[str, str]:
    """Attributes by name, "uri name" where they have a namespace."""
    return {" ".join(name.split(_SEPARATOR)[:2]): value for name, value in attributes.items()}


def tag_end(data: bytes, start: int) -> int:
    """Where the tag that begins at `start` ends."""
    found = _TAG.match(data, start)
    if found is None:
        raise ValueError(f"no tag at byte {start}")
    return found.end()


def tree(data: bytes) -> Element:
    """The part's root with all below it; for parts of ordinary size."""
    return _Tree(data).root()


class _Tree:
    def __init__(self, data: bytes) -> None:
        self.data, self.open = data, [Element("", "", "", {}, 0, 0)]
        self.parser = parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def root(self) -> Element:
        self.parser.Parse(self.data, True)
        return self.open[0].children[0]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        at = self.parser.CurrentByteIndex
        found = Element(*split_name(name), said_of(attributes), at, tag_end(self.data, at))
        self.open[-1].children.append(found)
        self.open.append(found)

    def _end(self, _name: str) -> None:
        close(self.data, self.open.pop(), self.parser.CurrentByteIndex)

    def _text(self, words: str) -> None:
        self.open[-1].text += words


def close(data: bytes, element: Element, at: int) -> None:
    """Say where an element ends; `at` is where expat says that its closing tag begins."""
    if data[element.open_end - 2 : element.open_end] == b"/>":
        element.close_start = element.end = element.open_end
    else:
        element.close_start, element.end = at, tag_end(data, at)


class Edits:
    """Changes of a part; offsets are those of the part as it came, changes do not overlap."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._made: list[tuple[int, int, bytes]] = []

    def replace(self, start: int, end: int, markup: str | bytes) -> None:
        """Put `markup` in place of these bytes."""
        new = markup if isinstance(markup, bytes) else markup.encode()
        self._made.append((start, end, new))

    def insert(self, at: int, markup: str | bytes) -> None:
        """Put `markup` here; of several at one place the first comes first."""
        self.replace(at, at, markup)

    def remove(self, element: Element) -> None:
        """Take an element out."""
        self.replace(element.start, element.end, b"")

    def append(self, parent: Element, markup: str, **attributes: str) -> None:
        """Put `markup` behind the last child, and set attributes of the parent if it has them."""
        opening = self.data[parent.start : parent.open_end]
        changes = {name: value for name, value in attributes.items() if name in parent.attributes}
        if parent.is_empty:
            opening = with_attributes(opening, changes)[:-2].rstrip() + b">"
            name = opening[1:].split(None, 1)[0].rstrip(b">")
            self.replace(parent.start, parent.end, opening + markup.encode() + b"</" + name + b">")
            return
        if changes:
            self.replace(parent.start, parent.open_end, with_attributes(opening, changes))
        self.insert(parent.close_start, markup)

    def done(self) -> bytes:
        """The part with its changes."""
        pieces, at = [], 0
        for start, end, new in sorted(self._made, key=lambda one: one[:2]):
            if start < at:
                raise ValueError(f"two changes of one place, byte {start}")
            pieces += [self.data[at:start], new]
            at = end
        return b"".join([*pieces, self.data[at:]])


def with_attributes(opening: bytes, attributes: Mapping[str, str | None]) -> bytes:
    """An opening tag with these attributes set (None: taken out); the others stay as they are."""
    wanted = dict(attributes)

    def said(found: re.Match[bytes]) -> bytes:
        name = found[1].decode()
        if name not in wanted:
            return found[0]
        value = wanted.pop(name)
        return b"" if value is None else f" {name}={quoteattr(value)}".encode()

    changed = _ATTRIBUTE.sub(said, opening)
    end = -2 if changed.endswith(b"/>") else -1
    more = "".join(f" {n}={quoteattr(v)}" for n, v in wanted.items() if v is not None)
    return changed[:end].rstrip() + more.encode() + changed[end:]


def written(tag: str, attributes: Mapping[str, str], inner: str = "") -> str:
    """An element as it is written."""
    said = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<{tag}{said}>{inner}</{tag}>" if inner else f"<{tag}{said}/>"


def copied(element: Element, prefix: str) -> str:
    """An element of one namespace written anew under another prefix; for small ones of our own."""
    tag = f"{prefix}:{element.name}" if prefix else element.name
    inner = escape(element.text) + "".join(copied(child, prefix) for child in element.children)
    return written(tag, {k: v for k, v in element.attributes.items() if " " not in k}, inner)


def add_child(
    edits: Edits, parent: Element, order: tuple[str, ...], name: str, markup: str
) -> None:
    """Put a new child called `name` where the schema wants it: behind those named before it."""
    before = order[: order.index(name)]
    present = [child for child in parent.children if child.name in before]
    if parent.is_empty:
        edits.append(parent, markup)
    else:
        edits.insert(present[-1].end if present else parent.open_end, markup)
