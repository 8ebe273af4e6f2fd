"""csv → Grid: the encodings Chinese offices send, decoded strictly, never guessed at."""

from __future__ import annotations

import codecs
import csv
import io

from importers.errors import ReadingRefused
from importers.grid import Grid
from importers.limits import Limits

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)


def read_csv(data: bytes, name: str, limits: Limits) -> list[Grid]:
    """One Grid; `name` is the sheet name shown in sources. Raises `ReadingRefused`."""
    text = decode(data)
    if "\0" in text:
        raise ReadingRefused(
            "not_a_workbook", "文件里有空字符，不是表格文本，请另存为 .xlsx 再导入"
        )
    rows = _parse(text, limits)
    width = max((len(row) for row in rows), default=0)
    if width > limits.columns or len(rows) > limits.rows:
        raise ReadingRefused(
            "cell_outside", f"表格超出 {limits.rows} 行 × {limits.columns} 列的范围"
        )
    return [Grid(sheet=name, rows=[row + [""] * (width - len(row)) for row in rows])]


def decode(data: bytes) -> str:
    """By byte order mark, then UTF-8, then GB18030; a byte that fits none names its line."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode(data, encoding).removeprefix("\ufeff")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode(data, "gb18030")


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as e:
        line = data.count(b"\n", 0, e.start) + 1
        raise ReadingRefused(
            "bad_encoding", f"第 {line} 行的编码无法识别，请另存为 UTF-8 的 CSV 或 .xlsx 再导入"
        ) from e


def _parse(text: str, limits: Limits) -> list[list[str]]:
    delimiter, text = _delimiter(text)
    csv.field_size_limit(limits.text_chars)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [[cell.replace("\r\n", "\n").strip() for cell in row] for row in reader]
    except csv.Error as e:
        raise ReadingRefused(
            "bad_csv", f"第 {reader.line_num} 行无法按 CSV 读取（引号未成对或单元格过长）"
        ) from e


def _delimiter(text: str) -> tuple[str, str]:
    """The separator named by 'sep=;', else the commonest of tab, semicolon, comma in the head."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], rest
    head = text[:4096]
    return max((",", "\t", ";"), key=head.count), text
