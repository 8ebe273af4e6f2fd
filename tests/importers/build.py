"""Workbooks for tests, in our own words: sheets from rows, and hostile ones from raw XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import openpyxl

HEADER = ("序号", "工作任务", "责任单位", "完成时限")
ROW = (1, "整理会议资料", "综合科", "3月底")

NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_CONTENT = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_BOOK = (
    f'<workbook {NAMESPACE} xmlns:r="{_RELATION}"><sheets>'
    '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATION}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>"
)
_ROOT_RELS = _RELS.replace("/worksheet", "/officeDocument").replace(
    "worksheets/sheet1.xml", "xl/workbook.xml"
)


def workbook(*rows: Sequence[Any], merges: Iterable[str] = (), sheet: str = "计划") -> bytes:
    """An .xlsx with one sheet."""
    return workbooks({sheet: rows}, merges)


def workbooks(sheets: Mapping[str, Iterable[Sequence[Any]]], merges: Iterable[str] = ()) -> bytes:
    """An .xlsx with these sheets; the merges are made on the first."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for area in merges:
        book.worksheets[0].merge_cells(area)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes openpyxl writes."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def raw(body: str, *, extra: Mapping[str, str | bytes] | None = None, before: str = "") -> bytes:
    """An .xlsx whose only sheet's XML is `body` inside <worksheet>, with further parts."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _CONTENT,
        "_rels/.rels": _ROOT_RELS,
        "xl/workbook.xml": _BOOK,
        "xl/_rels/workbook.xml.rels": _RELS,
        "xl/worksheets/sheet1.xml": f"{before}<worksheet {NAMESPACE}>{body}</worksheet>",
    }
    return zipped(parts | dict(extra or {}))


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these parts, packed quickly: some are of a hundred megabytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def cells(*rows: Sequence[str]) -> str:
    """<sheetData> of inline strings."""
    lines = []
    for r, row in enumerate(rows, 1):
        inner = "".join(
            f'<c r="{chr(65 + c)}{r}" t="inlineStr"><is><t>{text}</t></is></c>'
            for c, text in enumerate(row)
        )
        lines.append(f'<row r="{r}">{inner}</row>')
    return f"<sheetData>{''.join(lines)}</sheetData>"


GOOD = cells(HEADER, ("1", *ROW[1:]))
