"""Binary workbooks (.xlsb) for tests, record by record, in our own words."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from . import build

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.bin" ContentType="application/vnd.ms-excel.worksheet"/>'
    '<Override PartName="/xl/styles.bin" ContentType="application/vnd.ms-excel.styles"/>'
    "</Types>"
)
HEADER = ("序号", "工作任务", "责任单位", "完成时限")


def xlsb(
    sheet: bytes, *, name: str = "计划", epoch_1904: bool = False, state: int = 0, **parts: bytes
) -> bytes:
    """A workbook of one sheet; `parts` are further members by name."""
    book = (
        record(131) + record(153, struct.pack("<II", int(epoch_1904), 0) + text("")) + record(143)
    )
    book += (
        record(156, struct.pack("<II", state, 1) + text("rId1") + text(name))
        + record(144)
        + record(132)
    )
    relations = (
        f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_OFFICE}/worksheet" '
        f'Target="worksheets/sheet1.bin"/><Relationship Id="rId2" Type="{_OFFICE}/styles" '
        'Target="styles.bin"/></Relationships>'
    )
    return build.zipped(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
            "xl/_rels/workbook.bin.rels": relations,
            "xl/workbook.bin": book,
            "xl/styles.bin": _styles(),
            "xl/worksheets/sheet1.bin": sheet,
        }
        | parts
    )


def _styles() -> bytes:
    """Two formats: general, and the built-in date 14."""
    formats = b"".join(
        record(47, struct.pack("<HHHHHBBHH", 0xFFFF, code, 0, 0, 0, 0, 0, 0, 0)) for code in (0, 14)
    )
    return record(278) + record(617, struct.pack("<I", 2)) + formats + record(618) + record(279)


def sheet(
    rows: Mapping[int, bytes],
    *,
    hidden: tuple[int, ...] = (),
    merges: tuple[tuple[int, ...], ...] = (),
    hidden_column: int | None = None,
) -> bytes:
    """A worksheet of rows of cells; merges are (top, bottom, left, right)."""
    found = record(129) + record(148, struct.pack("<4I", 0, 99, 0, 99))
    if hidden_column is not None:
        column = struct.pack("<4IH", hidden_column, hidden_column, 2304, 0, 1)
        found += record(390) + record(60, column) + record(391)
    found += record(145)
    for number, cells in rows.items():
        flags = 0x10 if number in hidden else 0
        found += record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, flags, 0, 0)) + cells
    found += record(146)
    if merges:
        found += record(177, struct.pack("<I", len(merges)))
        found += b"".join(record(176, struct.pack("<4I", *merge)) for merge in merges) + record(178)
    return found + record(130)


def texts(*words: str, start: int = 0) -> bytes:
    """Cells of texts, side by side; '' leaves one out."""
    return b"".join(
        record(6, _cell(start + c) + text(word)) for c, word in enumerate(words) if word
    )


def number(column: int, value: float, style: int = 0) -> bytes:
    """A number cell; style 1 shows it as a date."""
    return record(5, _cell(column, style) + struct.pack("<d", value))


def error(column: int, code: int) -> bytes:
    """An error cell."""
    return record(3, _cell(column) + bytes([code]))


def formula(column: int, word: str) -> bytes:
    """A formula with the text it gave when it was saved."""
    return record(8, _cell(column) + text(word) + struct.pack("<HII", 0, 0, 0))


def _cell(column: int, style: int = 0) -> bytes:
    return struct.pack("<II", column, style)


def text(word: str) -> bytes:
    """A counted UTF-16 text."""
    return struct.pack("<I", len(word)) + word.encode("utf-16-le")


def record(kind: int, data: bytes = b"", *, size: int | None = None) -> bytes:
    """One record; `size` may lie."""
    length = len(data) if size is None else size
    return _seven(kind) + _seven(length) + data


def _seven(value: int) -> bytes:
    """A number in groups of seven bits."""
    found = b""
    while True:
        value, low = value >> 7, value & 0x7F
        found += bytes([low | 0x80 if value else low])
        if not value:
            return found
