"""Bounds of one XML part of a workbook: no DTD, no cell far out, no huge merge, no endless text.

A byte pattern looks for anything that is not plainly harmless. What it
finds is judged by expat, which reads exactly but slowly, so an ordinary file never pays for it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from xml.parsers import expat

from importers.area import Area
from importers.errors import ReadingRefused
from importers.limits import Limits

_DTD = re.compile(rb"<!\s*(?:doctype|entity)", re.IGNORECASE)
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w-]+)""")
_REF = re.compile(r"([A-Z]{1,7})([1-9]\d{0,9})")
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([1-9]\d{0,6}):([A-Z]{1,3})([1-9]\d{0,6})"')
_WIDE = re.compile(rb'\br="([A-Z]{2})\d')
_STRINGS = re.compile(rb"""<(?:\w{1,9}:)?sst\b[^<>]{0,500}?\buniqueCount\s*=\s*["'](\d{1,20})""")
_MANY_STRINGS = 1_000_000
"""So many are made room for because a part says that it holds them."""
_NARROW = 26
"""Columns A to Z: most sheets name no other, and need not be looked through for how far they reach."""
_SHEET_NUMBER = re.compile(r"sheet(\d+)\.xml$")


def scan_part(data: bytes, name: str, limits: Limits) -> None:
    """Raise `ReadingRefused` where the part breaks a limit; `name` is its path in the zip."""
    if _DTD.search(data):
        raise ReadingRefused("doctype", "文件内含有 DOCTYPE 或 ENTITY 声明，不予打开", _place(name))
    _check_encoding(data, name)
    if data.count(b"<") > limits.elements:
        raise ReadingRefused("too_many_elements", "工作表内容过多，请拆分后再导入", _place(name))
    columns = min(_NARROW, limits.columns)
    if not _plainly_harmless(data, name, limits, columns):
        columns = limits.columns
        if not _plainly_harmless(data, name, limits, columns):
            _Judge(name, limits).read(data)
    if b"sheetData" in data:
        _check_area(data, name, limits, columns)
    _check_strings(data, name)


def _check_strings(data: bytes, name: str) -> None:
    """A list of texts may not say that it holds very many more than it does: calamine makes room for
    as many as it says."""
    said = _STRINGS.search(data[:2000])
    if said and int(said.group(1)) > max(_MANY_STRINGS, data.count(b"<")):
        raise _damaged(name)


def _damaged(name: str) -> ReadingRefused:
    message = "文件内部结构损坏，请用 Excel 打开后另存再导入"
    return ReadingRefused("damaged_xml", message, _place(name))


def _check_area(data: bytes, name: str, limits: Limits, most: int) -> None:
    """Of a sheet of up to `most` columns that says a high row number anywhere, whether it reaches so
    far that most of it is empty. Rows and cells may stand in any order."""
    if limits.rows * most <= limits.area:
        return
    digits = len(str(limits.area // limits.columns))
    high = re.compile(rb'\br="[A-Z]{0,3}(\d{%d,7})"' % digits)
    if not high.search(data):
        return
    columns = max((column_number(m.group(1)) for m in _WIDE.finditer(data)), default=0)
    if limits.rows * columns > limits.area:
        rows = max(int(m.group(1)) for m in high.finditer(data))
        Area(limits).add(_place(name), rows, columns)


def _check_encoding(data: bytes, name: str) -> None:
    declared = _ENCODING.match(data[3:203] if data.startswith(b"\xef\xbb\xbf") else data[:200])
    odd = declared and declared.group(1).lower() not in (b"utf-8", b"us-ascii", b"ascii")
    if odd or b"\0" in data[:64] or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ReadingRefused(
            "odd_encoding", "文件内部不是 UTF-8 编码，请用 Excel 打开后另存再导入", _place(name)
        )


def _plainly_harmless(data: bytes, name: str, limits: Limits, columns: int) -> bool:
    """True if no reference, merge or text can break a limit, whatever the XML around it says, and no
    cell is named beyond `columns`."""
    far, long_text = _suspects(limits.rows, columns, limits.text_chars)
    if far.search(data) or long_text.search(data):
        return False
    merges = _MERGE.findall(data)
    if len(merges) != data.count(b"mergeCell") - data.count(b"mergeCells"):
        return False
    if merges:
        tally = MergeTally(name, limits)
        for left, top, right, bottom in merges:
            tally.add(column_number(left), int(top), column_number(right), int(bottom))
    return True


@lru_cache(maxsize=8)
def _suspects(rows: int, columns: int, chars: int) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Patterns for 'an r attribute that is not a near cell or row' and 'a long tag or text'.

    Each begins where no run of the same can begin within it: a text of '>' only must not be looked
    through once for each of them.
    """
    most = str(rows)
    below = [
        f"{most[:i]}[{'1' if i == 0 else '0'}-{int(digit) - 1}]" + r"\d" * (len(most) - i - 1)
        for i, digit in enumerate(most)
        if int(digit) > (1 if i == 0 else 0)
    ]
    shorter = rf"[1-9]\d{{0,{len(most) - 2}}}" if len(most) > 1 else r"[1-9]"
    row = f"(?:{'|'.join([shorter, *below, most])})"
    letters = "[A-Z]|[A-H][A-Z]|I[A-V]" if columns >= 256 else "[A-Z]"
    far = rf"""r(?<![\w:.-]r)\s*=\s*(?!["'](?:{letters})?{row}["'])"""
    return re.compile(far.encode()), re.compile(rb"<[^<]{%d,}" % (chars + 1))


@lru_cache(maxsize=2048)
def column_number(letters: bytes | str) -> int:
    """1 for 'A', 27 for 'AA'."""
    number = 0
    for letter in letters.encode() if isinstance(letters, str) else letters:
        number = number * 26 + letter - 64
    return number


def _place(name: str) -> str:
    sheet = _SHEET_NUMBER.search(name)
    return f"第 {sheet.group(1)} 张工作表" if sheet else name


class MergeTally:
    """Adds up the merges of a part and refuses the one that is too many or too big."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.count = self.cells = 0

    def add(self, left: int, top: int, right: int, bottom: int) -> None:
        """Count one more; rows and columns from 1. Raises `ReadingRefused`."""
        limits = self.limits
        size = (abs(right - left) + 1) * (abs(bottom - top) + 1)
        self.count += 1
        self.cells += size
        outside = max(left, right) > limits.columns or max(top, bottom) > limits.rows
        if outside or size > limits.merge_cells or self.cells > limits.merged_cells:
            raise ReadingRefused(
                "merge_too_big",
                f"合并单元格范围过大（第 {min(top, bottom)} 行起），请取消该合并后再导入",
                _place(self.name),
            )
        if self.count > limits.merges:
            raise ReadingRefused(
                "too_many_merges",
                f"合并单元格超过 {limits.merges} 处，请拆分后再导入",
                _place(self.name),
            )


class _Judge:
    """Reads a suspect part exactly, with expat, and refuses by what the XML means."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.merges = MergeTally(name, limits)
        self.chars = 0
        self.cell = ""

    def read(self, data: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self.start
        parser.CharacterDataHandler = self.text
        parser.buffer_text = True
        try:
            parser.Parse(data, True)
        except expat.ExpatError as e:
            raise _damaged(self.name) from e

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag not in ("t", "r", "rPr", "is"):
            self.chars = 0
        if tag in ("c", "row") and "r" in attributes:
            self.check_reference(attributes["r"], tag)
        elif tag == "mergeCell":
            self.check_merge(attributes.get("ref", ""))

    def check_reference(self, reference: str, tag: str) -> None:
        match = _REF.fullmatch(reference if tag == "c" else f"A{reference}")
        if match is None:
            raise ReadingRefused(
                "bad_reference", f"单元格地址“{reference[:20]}”无法识别", _place(self.name)
            )
        self.cell = reference if tag == "c" else self.cell
        column, row = column_number(match.group(1)), int(match.group(2))
        if row > self.limits.rows or column > self.limits.columns:
            raise ReadingRefused(
                "cell_outside",
                f"单元格 {reference} 超出 {self.limits.rows} 行 × {self.limits.columns} 列的范围，"
                "请删除多余的行列后再导入",
                _place(self.name),
            )

    def check_merge(self, reference: str) -> None:
        ends = [_REF.fullmatch(end) for end in reference.split(":")]
        if len(ends) > 2 or not all(ends):
            raise ReadingRefused(
                "bad_reference",
                f"合并区域“{reference[:20]}”无法识别，请取消该合并",
                _place(self.name),
            )
        (left, top), (right, bottom) = (m.groups() for m in (ends[0], ends[-1]) if m)
        self.merges.add(column_number(left), int(top), column_number(right), int(bottom))

    def text(self, chunk: str) -> None:
        self.chars += len(chunk)
        if self.chars > self.limits.text_chars:
            where = f"单元格 {self.cell} 的" if self.cell else "有单元格的"
            raise ReadingRefused(
                "text_too_long",
                f"{where}文字超过 {self.limits.text_chars} 字，请缩短后再导入",
                _place(self.name),
            )
