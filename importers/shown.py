"""Numbers as their cells show them: 2026年6月 is kept in a file as the 1st of June, 15% as 0.15, 1.10 as 1.1.

Excel makes a day of a month somebody types, and shows the month; its deadline is the month's end. Of
decimals only zeros are put back: no digit is ever rounded away, and whole numbers stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import islice

from importers.xmlscan import column_number

MONTH, SHARE = "month", "share"
Manner = str | int
"""MONTH, SHARE, or how many decimals are shown."""
_BUILT_IN: dict[int, Manner] = {
    2: 2, 9: SHARE, 10: SHARE,
    17: MONTH, 27: MONTH, 36: MONTH, 50: MONTH, 52: MONTH, 57: MONTH,
}  # fmt: skip
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b([^<>]*)>")
_STYLE = re.compile(rb"<(?:\w+:)?xf\b([^<>]*)>")
_FIXED = re.compile(r"0\.(0{1,9})(?:_\)|_ |;@|;General)?")
_ASIDE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|[_*].')
_CELL = re.compile(rb'<(?:\w+:)?c\b[^<>]{0,200}?\br="([A-Z]{1,3})(\d{1,7})"')
_LONGEST = 200
"""Bytes of a cell's tag before its style."""
_MOST = 500_000
"""Cells that are looked at; a table with more is no list with numbers like 1.10."""
_DAY = re.compile(r"(\d{4})-(\d\d)-\d\d")
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,17})?(?:[eE]-?\d{1,3})?")
_DECIMAL = re.compile(r"-?\d+\.\d+")


def shown_styles(styles: bytes) -> dict[int, Manner]:
    """Cell style → how it shows its number, for the styles that show it otherwise than it is kept."""
    formats = dict(_BUILT_IN)
    for match in _FORMAT.finditer(styles):
        ident = _said(match.group(1), b"numFmtId")
        if ident.isdigit():
            formats.pop(int(ident), None)
            manner = _manner(
                unescape(_said(match.group(1), b"formatCode").decode("utf-8", "replace"))
            )
            formats |= {int(ident): manner} if manner else {}
    first = styles.find(b"cellXfs")
    cells = styles[first : styles.find(b"cellXfs>", first)] if first >= 0 else b""
    idents = [_said(match.group(1), b"numFmtId") for match in _STYLE.finditer(cells)]
    return {n: formats[int(i)] for n, i in enumerate(idents) if i.isdigit() and int(i) in formats}


def _manner(code: str) -> Manner:
    fixed = _FIXED.fullmatch(code)
    if fixed:
        return len(fixed.group(1))
    letters = _ASIDE.sub("", code.partition(";")[0]).lower()
    if letters.rstrip().endswith("%"):
        return SHARE
    return MONTH if "y" in letters and "m" in letters and not set("dhs") & set(letters) else ""


def show(rows: list[list[str]], sheet: bytes, styles: Mapping[int, Manner]) -> None:
    """Write the cells of these styles in `rows` as they are shown."""
    for row, column, style in islice(_styled(sheet, styles), _MOST):
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = _shown(rows[row][column], styles[style])


def _styled(sheet: bytes, styles: Mapping[int, Manner]) -> Iterator[tuple[int, int, int]]:
    """(row, column, style), from 0, of every cell that has one of these styles."""
    wanted = b"|".join(b"%d" % style for style in sorted(styles))
    for match in re.finditer(rb'\ss="(%s)"' % wanted, sheet):
        at = match.start()
        start = sheet.rfind(b"<", max(at - _LONGEST, 0), at)
        cell = _CELL.match(sheet, start, at + _LONGEST) if start >= 0 else None
        if cell:
            place = int(cell.group(2)) - 1, column_number(cell.group(1)) - 1
            yield *place, int(match.group(1))


def _shown(text: str, manner: Manner) -> str:
    if isinstance(manner, int):
        whole, _, part = text.partition(".")
        return f"{whole}.{part.ljust(manner, '0')}" if _DECIMAL.fullmatch(text) else text
    if manner == MONTH:
        day = _DAY.fullmatch(text)
        return f"{day.group(1)}年{int(day.group(2))}月" if day else text
    return f"{round(float(text) * 100, 6):g}%" if _NUMBER.fullmatch(text) else text


def _said(attributes: bytes, name: bytes) -> bytes:
    match = re.search(rb"""\b%s\s*=\s*(?:"([^"]*)"|'([^']*)')""" % name, attributes)
    return (match.group(1) or match.group(2) or b"") if match else b""
