"""Numbered prose as a tree: headings with what stands below them, and who each is given to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from importers.grid import without_layout
from importers.prosespoken import spoken
from importers.prosewords import DUTIES, Said, Segment, field_of, heads_duty, numbered, segments

_TITLE = 60
_MOST_SAID = 200
"""Lines that only name who or when below one item; more are no item's."""


@dataclass(slots=True, eq=False)
class Node:
    """A numbered paragraph, or one that names departments itself; rows count from 0."""

    row: int
    style: str = ""
    number: str = ""
    text: str = ""
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    body: list[tuple[int, str]] = field(default_factory=list)
    said: list[tuple[int, Said]] = field(default_factory=list)
    apart: bool = False
    """whether what is said stands on lines of its own, below the text"""
    listing: bool = False
    """whether the items that follow belong to a line of it (整改措施：)"""

    @property
    def last(self) -> int:
        """The last row that belongs to it alone."""
        rows = [self.row, *(r for r, _ in self.body), *(r for r, _ in self.said)]
        return max(rows)

    @property
    def title(self) -> str:
        """What stands in the outline above the tasks below: number and first sentence."""
        head = self.text if len(self.text) <= _TITLE else self.text.partition("。")[0]
        return f"{self.marker}{head}".rstrip("。：: ")

    @property
    def marker(self) -> str:
        """The number with its point, as it is written."""
        if self.style == "han":
            return f"{self.number}、"
        return f"{self.number}." if self.style in ("digit", "letter") else self.number

    @property
    def is_given(self) -> bool:
        """Whether it is given to somebody, or has a deadline."""
        return any(said.meaning in DUTIES or said.meaning == "who" for _, said in self.said)

    def whole(self) -> str:
        """Its text with the paragraphs that belong to it, one a line."""
        texts = (self.text, *(text for _, text in self.body))
        return "\n".join(without_layout(text) for text in texts if text)

    def below(self) -> Iterator[Node]:
        """Every node under this one, in order."""
        for child in self.children:
            yield child
            yield from child.below()


def grow(lines: list[tuple[int, str, int]], hear: bool = False) -> Node:
    """The tree of (row, text, heading level or 0); the root stands for the document.

    `hear`: sentences may say who leads (`prosespoken`), since nothing else in the text does.
    """
    tree = _Tree(hear)
    for row, text, level in lines:
        tree.take(row, text, level)
    return tree.root


class _Tree:
    """Takes paragraphs in order. `open` are the headings the next one may stand under."""

    def __init__(self, hear: bool) -> None:
        self._hear = hear
        self.root = Node(-1)
        self.open: list[Node] = [self.root]
        self.now = self.root

    def take(self, row: int, text: str, level: int) -> None:
        """Put the next paragraph where it belongs."""
        self._take(row, text, level)
        heard = spoken(text) if self._hear and self.now.row >= 0 else ()
        if heard and not self.now.is_given:
            self.now.said += [(row, one) for one in heard]

    def _take(self, row: int, text: str, level: int) -> None:
        style, number, rest = numbered(text)
        parts = segments(rest)
        told = any(part.said for part in parts)
        if self.now.listing and style and not told and self._is_deeper(style):
            self._list(row, text)
        elif not style and not told and self.now.style and (field := field_of(rest)):
            self.now.said.append((row, field))
            self.now.listing = not field.text
        elif not style and len(parts) == 1 and not parts[0].text:
            self._say(row, parts[0].said)
        elif style:
            self._numbered(row, style, number)
            self._fill(row, parts)
        elif level and not told:
            self._numbered(row, f"h{level}", "")
            self.now.text = rest
        elif told:
            self._plain(row)
            self._fill(row, parts)
        elif self.now.is_given or self.now is self.root or heads_duty(rest):
            self._plain(row)
            self.now.text = rest
        else:
            self.now.body.append((row, rest))

    def _is_deeper(self, style: str) -> bool:
        return all(node.style != style for node in self.open)

    def _list(self, row: int, text: str) -> None:
        """An item below 整改措施： is a line of that field."""
        _, field = self.now.said[-1]
        whole = f"{field.text}\n{text}" if field.text else text
        self.now.said.append((row, field._replace(text=whole)))

    def _say(self, row: int, said: tuple[Said, ...]) -> None:
        """A line that only names who or when belongs to what stands above it."""
        if self.now is self.root or len(self.now.said) > _MOST_SAID:
            self._plain(row)
        self.now.apart, self.now.listing = True, False
        self.now.said += [(row, one) for one in said]

    def _numbered(self, row: int, style: str, number: str) -> None:
        styles = [node.style for node in self.open]
        if style in styles:
            del self.open[styles.index(style) :]
        node = self._add(Node(row, style, number), self.open[-1])
        self.open.append(node)

    def _plain(self, row: int) -> None:
        """A paragraph without a number: under the last heading, or beside the last task."""
        above = self.open[-1]
        if above.is_given and above.parent is not None:
            above = above.parent
        self._add(Node(row), above)

    def _add(self, node: Node, parent: Node) -> Node:
        node.parent = parent
        parent.children.append(node)
        self.now = node
        return node

    def _fill(self, row: int, parts: list[Segment]) -> None:
        for i, part in enumerate(parts):
            if i and (self.now.said or part.said):
                self._plain(row)
            self.now.text = f"{self.now.text}{part.text}"
            self.now.said += [(row, one) for one in part.said]
