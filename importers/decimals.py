"""Zeros that a number format shows and the number has not: 1.10 is kept in a file as 1.1.

Only zeros are put back; no digit is ever rounded away, and whole numbers stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

from importers.xmlscan import column_number

_BUILT_IN = {2: 2}
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b([^<>]*)>")
_FIXED = re.compile(rb"0\.(0{1,9})(?:_\)|_ |;@|;General)?")
_STYLE = re.compile(rb"<(?:\w+:)?xf\b([^<>]*)>")
_NUMBER = re.compile(r"-?\d+\.\d+")
_PLACE = re.compile(rb'<c\b[^<>]{0,200}?\br="([A-Z]{1,3})(\d{1,7})"')
_LONGEST = 200
"""Bytes of a cell's tag before its style."""
_STYLED = re.compile(rb' s="(\d{1,6})"')
_MOST = 500_000
"""Cells that are looked at; a table with more is no list with numbers like 1.10."""


def fixed_decimals(styles: bytes) -> dict[int, int]:
    """Cell style → decimals, for the styles whose format is 0.0, 0.00 and so on."""
    formats = dict(_BUILT_IN)
    for match in _FORMAT.finditer(styles):
        fixed = _FIXED.fullmatch(_said(match.group(1), b"formatCode"))
        ident = _said(match.group(1), b"numFmtId")
        if fixed and ident.isdigit():
            formats[int(ident)] = len(fixed.group(1))
    first = styles.find(b"cellXfs")
    cells = styles[first : styles.find(b"cellXfs>", first)] if first >= 0 else b""
    found = enumerate(_STYLE.finditer(cells))
    idents = {n: _said(match.group(1), b"numFmtId") for n, match in found}
    return {n: formats[int(i)] for n, i in idents.items() if i.isdigit() and int(i) in formats}


def show_zeros(rows: list[list[str]], sheet: bytes, decimals: Mapping[int, int]) -> None:
    """Lengthen the texts of `rows` whose cells have one of these styles."""
    for match in islice(_STYLED.finditer(sheet), _MOST):
        count = decimals.get(int(match.group(1)))
        if count is not None:
            at = match.start()
            start = sheet.rfind(b"<c ", max(at - _LONGEST, 0), at)
            _show(rows, _PLACE.match(sheet, start, at) if start >= 0 else None, count)


def _show(rows: list[list[str]], place: re.Match[bytes] | None, count: int) -> None:
    if place is None:
        return
    row, column = int(place.group(2)) - 1, column_number(place.group(1)) - 1
    if row < len(rows) and column < len(rows[row]) and _NUMBER.fullmatch(rows[row][column]):
        whole, _, part = rows[row][column].partition(".")
        rows[row][column] = f"{whole}.{part.ljust(count, '0')}"


def _said(attributes: bytes, name: bytes) -> bytes:
    match = re.search(rb"""\b%s\s*=\s*(?:"([^"]*)"|'([^']*)')""" % name, attributes)
    return (match.group(1) or match.group(2) or b"") if match else b""
