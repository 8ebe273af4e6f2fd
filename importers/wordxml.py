"""document.xml → paragraphs and tables as Word shows them, by expat: no tree, no recursion.

Tracked insertions and the fields of content controls are kept; deletions and hidden text are told
apart, so that the caller can say what was left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from importers.errors import ReadingRefused
from importers.limits import Limits
from importers.wordblocks import Block, Paragraph
from importers.wordcells import OpenTables, is_on, number
from importers.wordstyles import Styles

_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_MATH = (
    "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "http://purl.oclc.org/ooxml/officeDocument/math",
)
_CHOICES = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_SKIPPED = {
    "rt", "sdtPr", "instrText", "delInstrText", "pPrChange", "rPrChange", "tblPrChange",
    "tcPrChange", "trPrChange", "tblGridChange", "sectPrChange", "numberingChange", "sectPr",
    "tblPrExChange",
}  # fmt: skip
_SYMBOLS = {0xFC: "√", 0xFE: "☑", 0x52: "☑", 0x50: "√", 0xA8: "□", 0xA3: "□", 0x6C: "●", 0xB7: "·"}


@dataclass(slots=True)
class _Open:
    """A paragraph being read."""

    shown: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    boxes: list[Block] = field(default_factory=list)
    style: str = ""
    list: str | None = None
    depth: int | None = None
    level: int | None = None
    new_page: bool = False
    mark_deleted: bool = False


def read_blocks(data: bytes, styles: Styles, limits: Limits) -> list[Block]:
    """The body of a part in its order. Raises `ReadingRefused` where it is torn or too deep."""
    reader = _Reader(styles, limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as e:
        message = "文档内部结构损坏，请用 Word 打开后另存再导入"
        raise ReadingRefused("damaged_xml", message) from e
    return reader.containers[0]


class _Reader:
    """The handlers. `containers` are the open body, cells and text boxes, outermost first."""

    def __init__(self, styles: Styles, limits: Limits) -> None:
        self.styles = styles
        self.containers: list[list[Block]] = [[]]
        self.tables = OpenTables(limits)
        self.open: list[_Open] = []
        self.path: list[str] = []
        self.choices: list[bool] = []
        self.skip = self.gone = 0
        self.vanish = self.run_vanish = self.new_page = False
        self.carried = ""

    def start(self, name: str, said: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if self.skip or (space in _WORD and tag in _SKIPPED) or self._other_choice(space, tag):
            self.skip += 1
            return
        if space in _MATH:
            tag = tag if tag == "t" else f"m:{tag}"
        elif space not in _WORD:
            tag = f"x:{tag}"
        parent = self.path[-1] if self.path else ""
        self.path.append(tag)
        if tag in _STARTS:
            _STARTS[tag](self, {k.rpartition(" ")[2]: v for k, v in said.items()}, parent)
        elif tag in _TABLE_STARTS:
            _TABLE_STARTS[tag](self.tables, {k.rpartition(" ")[2]: v for k, v in said.items()})

    def _other_choice(self, space: str, tag: str) -> bool:
        """A text box is written twice, for new and for old programs: only the first is read."""
        if space != _CHOICES:
            return False
        if tag == "AlternateContent":
            self.choices.append(False)
        elif tag in ("Choice", "Fallback") and self.choices:
            if self.choices[-1]:
                return True
            self.choices[-1] = True
        return False

    def end(self, name: str) -> None:
        if self.skip:
            self.skip -= 1
            return
        tag = self.path.pop()
        if tag == "x:AlternateContent" and self.choices:
            self.choices.pop()
        handler = _ENDS.get(tag)
        if handler:
            handler(self)

    def text(self, words: str) -> None:
        if not self.skip and self.open and self.path[-1] in ("t", "delText"):
            self.add(words)

    def add(self, words: str) -> None:
        """Put words where they belong: shown, hidden or deleted."""
        if not self.open:
            return
        paragraph = self.open[-1]
        if self.gone:
            paragraph.deleted.append(words)
        elif self.run_vanish or self.styles.hides(paragraph.style):
            paragraph.hidden.append(words)
        else:
            paragraph.shown.append(words)

    # paragraphs and runs
    def p(self, _said: dict[str, str], _parent: str) -> None:
        self.open.append(_Open())

    def p_end(self) -> None:
        now = self.open.pop()
        shown, deleted = "".join(now.shown), "".join(now.deleted)
        if now.mark_deleted and (deleted or not shown):
            self.carried += shown  # the mark is gone: the text joins the next paragraph
            if deleted:
                self.containers[-1].append(Paragraph(deleted=deleted))
            return
        counted, level = "", now.level
        if not now.mark_deleted:
            counted, level = self.styles.number(now.style, now.list, now.depth), self._level(now)
        text = counted + self.carried + shown
        self.carried = ""
        fresh = now.new_page or self.new_page
        self.new_page = False
        hidden = "".join(now.hidden)
        self.containers[-1].append(Paragraph(text, hidden, deleted, level or 0, fresh))
        self.containers[-1] += now.boxes

    def _level(self, now: _Open) -> int:
        return now.level if now.level is not None else self.styles.heading(now.style)

    def r(self, _said: dict[str, str], _parent: str) -> None:
        self.run_vanish = False

    def vanished(self, said: dict[str, str], parent: str) -> None:
        if parent == "rPr" and self.path[-3:-2] == ["r"]:
            self.run_vanish = is_on(said)

    def run_style(self, said: dict[str, str], _parent: str) -> None:
        self.run_vanish = self.run_vanish or self.styles.hides(said.get("val", ""))

    def p_style(self, said: dict[str, str], _parent: str) -> None:
        if self.open:
            self.open[-1].style = said.get("val", "")

    def list_number(self, said: dict[str, str], parent: str) -> None:
        if self.open and parent == "numPr":
            self.open[-1].list = said.get("val", "")

    def list_depth(self, said: dict[str, str], parent: str) -> None:
        if self.open and parent == "numPr":
            self.open[-1].depth = number(said.get("val"), 0)

    def outline(self, said: dict[str, str], _parent: str) -> None:
        if self.open:
            level = number(said.get("val"), 9)
            self.open[-1].level = level + 1 if level < 9 else 0

    def page_before(self, said: dict[str, str], _parent: str) -> None:
        if self.open and is_on(said):
            self.open[-1].new_page = True

    def line_break(self, said: dict[str, str], parent: str) -> None:
        if parent != "r":
            return
        if said.get("type") == "page":
            self.new_page = True
        else:
            self.add("\n")

    def tab(self, _said: dict[str, str], parent: str) -> None:
        if parent == "r":
            self.add("\t")

    def hyphen(self, _said: dict[str, str], _parent: str) -> None:
        self.add("-")

    def symbol(self, said: dict[str, str], _parent: str) -> None:
        try:
            code = int(said.get("char", ""), 16)
        except ValueError:
            return
        private = 0xF000 <= code <= 0xF0FF
        self.add(_SYMBOLS.get(code & 0xFF, "□") if private else chr(code & 0xFFFF))

    # tracked changes
    def deletion(self, _said: dict[str, str], parent: str) -> None:
        if parent == "trPr":
            self.tables.delete_row()
        elif parent == "rPr" and self.path[-3:-2] == ["pPr"] and self.open:
            self.open[-1].mark_deleted = True
        self.gone += 1

    def deletion_end(self) -> None:
        self.gone -= 1

    # cells and boxes
    def tbl_end(self) -> None:
        self.containers[-1].append(self.tables.close())

    def tc(self, _said: dict[str, str], _parent: str) -> None:
        self.containers.append(self.tables.cell())
        self.tables.require_shallow(len(self.containers))

    def container_end(self) -> None:
        self.containers.pop()

    def box(self, _said: dict[str, str], _parent: str) -> None:
        self.containers.append(self.open[-1].boxes if self.open else [])
        self.tables.require_shallow(len(self.containers))


_STARTS = {
    "p": _Reader.p, "r": _Reader.r, "vanish": _Reader.vanished, "rStyle": _Reader.run_style,
    "pStyle": _Reader.p_style, "numId": _Reader.list_number, "ilvl": _Reader.list_depth,
    "outlineLvl": _Reader.outline, "pageBreakBefore": _Reader.page_before,
    "br": _Reader.line_break, "cr": _Reader.line_break, "tab": _Reader.tab,
    "noBreakHyphen": _Reader.hyphen, "sym": _Reader.symbol, "del": _Reader.deletion,
    "moveFrom": _Reader.deletion, "tc": _Reader.tc, "txbxContent": _Reader.box,
}  # fmt: skip
_TABLE_STARTS = {
    "tbl": OpenTables.begin, "gridCol": OpenTables.grid_column, "tr": OpenTables.row,
    "gridBefore": OpenTables.before, "gridSpan": OpenTables.span, "vMerge": OpenTables.merged_down,
    "hMerge": OpenTables.merged_across,
}  # fmt: skip
_ENDS = {
    "p": _Reader.p_end, "del": _Reader.deletion_end, "moveFrom": _Reader.deletion_end,
    "tbl": _Reader.tbl_end, "tc": _Reader.container_end, "txbxContent": _Reader.container_end,
}  # fmt: skip
