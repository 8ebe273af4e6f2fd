"""Days and shares as their cells show them: 2026年6月 is kept in a file as the 1st of June, 15% as 0.15.

Excel makes a day of a month somebody types, and shows the month; its deadline is the month's end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

from importers.xmlscan import column_number

MONTH, SHARE = "month", "share"
_BUILT_IN = {9: SHARE, 10: SHARE, 17: MONTH, 27: MONTH, 36: MONTH, 50: MONTH, 52: MONTH, 57: MONTH}
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b([^<>]*)>")
_STYLE = re.compile(rb"<(?:\w+:)?xf\b([^<>]*)>")
_ASIDE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|[_*].')
_CELL = re.compile(rb'<(?:\w+:)?c\b(?=[^<>]*?\bs="(\d{1,6})")[^<>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_DAY = re.compile(r"(\d{4})-(\d\d)-\d\d")
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,17})?(?:[eE]-?\d{1,3})?")


def shown_styles(styles: bytes) -> dict[int, str]:
    """Cell style → MONTH or SHARE, for those that show a day as a month or a number as a share."""
    formats = dict(_BUILT_IN)
    for match in _FORMAT.finditer(styles):
        ident = _said(match.group(1), b"numFmtId")
        if ident.isdigit():
            formats.pop(int(ident), None)
            kind = _kind(unescape(_said(match.group(1), b"formatCode").decode("utf-8", "replace")))
            formats |= {int(ident): kind} if kind else {}
    first = styles.find(b"cellXfs")
    cells = styles[first : styles.find(b"cellXfs>", first)] if first >= 0 else b""
    idents = [_said(match.group(1), b"numFmtId") for match in _STYLE.finditer(cells)]
    return {n: formats[int(i)] for n, i in enumerate(idents) if i.isdigit() and int(i) in formats}


def _kind(code: str) -> str:
    letters = _ASIDE.sub("", code.partition(";")[0]).lower()
    if letters.rstrip().endswith("%"):
        return SHARE
    return MONTH if "y" in letters and "m" in letters and not set("dhs") & set(letters) else ""


def show(rows: list[list[str]], sheet: bytes, styles: Mapping[int, str]) -> None:
    """Write the cells of these styles in `rows` as they are shown."""
    if not any(b's="%d"' % style in sheet for style in styles):
        return
    for match in _CELL.finditer(sheet):
        kind = styles.get(int(match.group(1)))
        if kind:
            row, column = int(match.group(3)) - 1, column_number(match.group(2)) - 1
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = _shown(rows[row][column], kind)


def _shown(text: str, kind: str) -> str:
    day = _DAY.fullmatch(text)
    if kind == MONTH:
        return f"{day.group(1)}年{int(day.group(2))}月" if day else text
    return f"{round(float(text) * 100, 6):g}%" if _NUMBER.fullmatch(text) else text


def _said(attributes: bytes, name: bytes) -> bytes:
    match = re.search(rb"""\b%s\s*=\s*(?:"([^"]*)"|'([^']*)')""" % name, attributes)
    return (match.group(1) or match.group(2) or b"") if match else b""
