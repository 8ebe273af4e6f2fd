"""What a Word document's styles and lists say of a paragraph: its number, level, whether hidden."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.parsers import expat

from importers.errors import ReadingRefused
from importers.wordlist import Counter, Level, Lists

_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_DEEPEST_STYLE = 20
Said = dict[str, str]


class Styles:
    """Reads styles.xml and numbering.xml, and counts the lists of one document."""

    def __init__(self, styles: bytes = b"", numbering: bytes = b"") -> None:
        self._based: dict[str, str] = {}
        self._list: dict[str, str] = {}
        self._depth: dict[str, int] = {}
        self._level: dict[str, int] = {}
        self._hidden: set[str] = set()
        self._read_styles(styles)
        self._lists = _read_lists(numbering)
        self._counter = Counter(self._lists)

    def hides(self, style: str) -> bool:
        """Whether text of this style is hidden."""
        return bool(self._hidden) and any(s in self._hidden for s in self._line(style))

    def heading(self, style: str) -> int:
        """1 to 9 for a heading, 0 for body text."""
        return next((self._level[s] for s in self._line(style) if s in self._level), 0)

    def number(self, style: str, number: str | None, depth: int | None) -> str:
        """The automatic number in front of a paragraph, counted on; '' where there is none."""
        if number is None:
            number = next((self._list[s] for s in self._line(style) if s in self._list), None)
            if number is not None and depth is None:
                depth = self._depth_of_style(style, number)
        if not number or number == "0":
            return ""
        written = self._counter.next(number, depth or 0)
        return written + " " if written[-1:].isascii() and written else written

    def _depth_of_style(self, style: str, number: str) -> int:
        linked = self._lists.styles.get(style)
        if linked and linked[0] == self._lists.abstract.get(number):
            return linked[1]
        return next((self._depth[s] for s in self._line(style) if s in self._depth), 0)

    def _line(self, style: str) -> Iterator[str]:
        """The style and those it is based on; a circle ends by itself."""
        for _ in range(_DEEPEST_STYLE):
            if not style:
                return
            yield style
            style = self._based.get(style, "")

    def _read_styles(self, data: bytes) -> None:
        style = ""

        def take(tag: str, parent: str, said: Said) -> None:
            nonlocal style
            value = said.get("val", "")
            if tag == "style":
                style = said.get("styleId", "")
            elif not style:
                return
            elif tag == "basedOn":
                self._based[style] = value
            elif tag == "name" and (heading := _HEADING.fullmatch(value)):
                self._level[style] = int(heading.group(1))
            elif tag == "outlineLvl" and value.isdigit() and int(value) < 9:
                self._level[style] = int(value) + 1
            elif tag == "numId":
                self._list[style] = value
            elif tag == "ilvl" and value.isdigit():
                self._depth[style] = int(value)
            elif tag == "vanish" and parent == "rPr" and value not in ("0", "false"):
                self._hidden.add(style)

        _each_element(data, take)


def _read_lists(data: bytes) -> Lists:
    reader = _ListReader()
    _each_element(data, reader.take)
    return reader.finished()


class _ListReader:
    """Takes the elements of numbering.xml in their order."""

    def __init__(self) -> None:
        self.lists = Lists()
        self._abstract = self._number = ""
        self._level: Level | None = None
        self._override = 0
        self._named: dict[str, str] = {}
        self._borrowed: dict[str, str] = {}

    def take(self, tag: str, parent: str, said: Said) -> None:
        value = said.get("val", "")
        if tag == "abstractNum":
            self._abstract, self._number = said.get("abstractNumId", ""), ""
        elif tag == "num":
            self._number, self._level = said.get("numId", ""), None
        elif tag == "abstractNumId" and parent == "num":
            self.lists.abstract[self._number] = value
        elif tag == "lvlOverride":
            self._override = _small(said.get("ilvl"))
        elif tag == "startOverride":
            self.lists.starts.setdefault(self._number, {})[self._override] = _small(value)
        elif tag == "styleLink":
            self._named[value] = self._abstract
        elif tag == "numStyleLink":
            self._borrowed[self._abstract] = value
        elif tag == "lvl":
            self._begin_level(_small(said.get("ilvl")))
        elif self._level is not None:
            self._shape(tag, value, said)

    def _begin_level(self, depth: int) -> None:
        self._level, self._depth = Level(), depth
        own, number = self.lists.own, self._number
        levels = self.lists.levels.setdefault(self._abstract, {})
        if number:
            levels = own.setdefault(number, {})
        levels[depth] = self._level

    def _shape(self, tag: str, value: str, said: Said) -> None:
        assert self._level is not None
        if tag == "numFmt":
            self._level.format = value
        elif tag == "lvlText":
            self._level.text = value
        elif tag == "start":
            self._level.start = _small(value)
        elif tag == "lvlRestart":
            self._level.restart = _small(value)
        elif tag == "pStyle":
            self.lists.styles[value] = (self._abstract, self._depth)

    def finished(self) -> Lists:
        """A list that only names a style has that style's levels."""
        for abstract, style in self._borrowed.items():
            if style in self._named:
                self.lists.levels[abstract] = self.lists.levels.get(self._named[style], {})
        return self.lists


def _small(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 0


def _each_element(data: bytes, take: Callable[[str, str, Said], None]) -> None:
    """Call with tag, parent's tag and attributes of every element, prefixes left off."""
    path = [""]

    def start(name: str, said: Said) -> None:
        tag = name.rpartition(" ")[2]
        take(tag, path[-1], {k.rpartition(" ")[2]: v for k, v in said.items()})
        path.append(tag)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: path.pop()
    try:
        if data:
            parser.Parse(data, True)
    except expat.ExpatError as e:
        message = "文档内部结构损坏，请用 Word 打开后另存再导入"
        raise ReadingRefused("damaged_xml", message) from e
