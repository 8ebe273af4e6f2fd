"""csv and tsv → Grid, in the encodings Chinese offices send; which separator is told by the rows."""

from __future__ import annotations

import csv
import io
from itertools import islice

from importers.errors import ReadingRefused
from importers.grid import Grid
from importers.limits import Limits
from importers.textfile import decode

_SEPARATORS = ",\t;|"
_SAMPLE = 200
"""Lines looked at to tell the separator."""


def read_csv(data: bytes, name: str, limits: Limits) -> list[Grid]:
    """One Grid; `name` is the sheet name shown in sources. Raises `ReadingRefused`."""
    text = decode(data)
    if "\0" in text:
        raise ReadingRefused(
            "not_a_workbook", "文件里有空字符，不是表格文本，请另存为 .xlsx 再导入"
        )
    rows = _parse(text, limits)
    width = max((len(row) for row in rows), default=0)
    if width < 2:
        raise ReadingRefused(
            "no_table",
            "文件里没有表格（没有逗号、制表符等分隔的列），请把计划表另存为 .xlsx 再导入",
        )
    return [Grid(sheet=name, rows=[row + [""] * (width - len(row)) for row in rows])]


def _parse(text: str, limits: Limits) -> list[list[str]]:
    delimiter, text = _delimiter(text, limits)
    csv.field_size_limit(limits.text_chars)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append([cell.replace("\r\n", "\n").strip() for cell in row])
            if len(row) > limits.columns or len(rows) > limits.rows:
                message = f"表格超出 {limits.rows} 行 × {limits.columns} 列的范围"
                raise ReadingRefused("cell_outside", message)
        return rows
    except csv.Error as e:
        raise ReadingRefused(
            "bad_csv", f"第 {reader.line_num} 行无法按 CSV 读取（引号未成对或单元格过长）"
        ) from e


def _delimiter(text: str, limits: Limits) -> tuple[str, str]:
    """The separator named by 'sep=;', else the one that cuts the first lines most evenly."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip("\r")) == 5:
        return first[4], rest
    csv.field_size_limit(limits.text_chars)
    return max(_SEPARATORS, key=lambda separator: _evenness(text, separator)), text


def _evenness(text: str, separator: str) -> tuple[int, int]:
    """How many of the first rows have as many cells as most do, and how many cells that is."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    counts: list[int] = []
    try:
        for row in islice(reader, 10 * _SAMPLE):
            if row:
                counts.append(len(row))
            if len(counts) >= _SAMPLE:
                break
    except csv.Error:
        pass
    wide = [count for count in counts if count > 1]
    usual = max(wide, key=wide.count, default=1)
    return wide.count(usual), usual
