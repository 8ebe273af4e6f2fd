"""Each format's hostile and foreign files are refused in one sentence, quickly."""

from __future__ import annotations

import struct
import time

import pytest

from importers import Limits, ReadingRefused, read

from . import binary_xlsx, build, open_document
from .ole_file import biff5, container, label, record
from .open_document import ods, row, sheet
from .word import HEADER, docx, p, tbl, tc

DTD = "<!DOCTYPE x [<!ENTITY a 'b'>]>"


def refusal(data: bytes, limits: Limits | None = None) -> ReadingRefused:
    began = time.perf_counter()
    with pytest.raises(ReadingRefused) as refused:
        read(data, filename="来文", limits=limits)
    assert time.perf_counter() - began < 10
    message = refused.value.message
    assert "来文" in message and "！" not in message and "\n" not in message
    return refused.value


def nested_tables(depth: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * depth + p("底") + "</w:tc></w:tr></w:tbl>" * depth


def spans(span: str) -> str:
    return tbl((tc("宽", f'<w:gridSpan w:val="{span}"/>'), "乙"))


WORD = {
    "doctype": (lambda: docx(p("x"), before=DTD), "doctype"),
    "doctype in the styles": (lambda: docx(p("x"), {"styles": f"{DTD}<a/>"}), "doctype"),
    "bomb": (lambda: docx(p(" " * 101 * 1024 * 1024)), "unpacked_too_big"),
    "macros": (
        lambda: build.zipped({"word/document.xml": "<w/>", "word/vbaProject.bin": b"x"}),
        "macros",
    ),
    "a million tables in each other": (lambda: docx(nested_tables(1_000_000)), "nested_too_deep"),
    "very wide": (lambda: docx(spans("999999999")), "cell_outside"),
    "wide cell by cell": (lambda: docx(tbl(["x"] * 300)), "cell_outside"),
    "many rows": (lambda: docx("<w:tbl>" + "<w:tr/>" * 200_001 + "</w:tbl>"), "cell_outside"),
    "torn": (lambda: docx("<w:p><w:r>"), "damaged_xml"),
    "long paragraph": (lambda: docx(p("长" * 40_000)), "text_too_long"),
    "long in runs": (lambda: docx(p("甲" * 20_000 + "</w:t></w:r><w:r><w:t>" + "乙" * 20_000)), "text_too_long"),
    "empty": (lambda: docx(""), "no_table"),
    "no document in it": (lambda: build.zipped({"word/styles.xml": "<w/>"}), "not_a_workbook"),
}  # fmt: skip


@pytest.mark.parametrize("name", WORD)
def test_a_hostile_document_is_refused(name):
    make, code = WORD[name]
    assert refusal(make()).code == code


def test_a_document_in_bounds_passes_the_same_gate():
    row = ("1", "整理会议资料", "综合科", "3月底")
    assert len(read(docx(nested_tables(5) + tbl(HEADER, row)), year=2026).tasks) == 1


def test_a_document_fetches_nothing(listener):
    link = (
        f'<Relationship Id="r9" Type="x/styles" Target="http://127.0.0.1:{listener.port}/s" '
        'TargetMode="External"/>'
    )
    read(docx(p("1. 甲事。（责任单位：综合科）"), more=link), year=2026)
    assert listener.calls() == 0
    listener.call()
    assert listener.calls() == 1


def old(*cells: bytes, before: bytes = b"") -> bytes:
    return container({"Book": biff5(*cells, before=before)})


def circle() -> bytes:
    data = bytearray(old(label(0, 0, "x")))
    table = len(data) - 512
    data[table : table + 4] = struct.pack("<I", 0)
    return bytes(data)


OLD = {
    "encrypted": (lambda: container({"EncryptedPackage": b"x"}), "password_protected"),
    "password in the book": (lambda: old(before=record(0x2F, b"\0" * 6)), "password_protected"),
    "word": (lambda: container({"WordDocument": b"x"}), "old_doc"),
    "something else": (lambda: container({"PowerPoint Document": b"x"}), "not_a_workbook"),
    "basic": (lambda: container({"Workbook": b"x"}, ("_VBA_PROJECT_CUR",)), "macros"),
    "macro sheet": (lambda: old().replace(b"\0\0\x04plan", b"\0\x01\x04plan"), "macros"),
    "head only": (lambda: old()[:100], "damaged_xls"),
    "cut in the book": (lambda: old(label(0, 0, "x"))[:1500], "damaged_xls"),
    "chain in a circle": (circle, "damaged_xls"),
    "record longer than the book": (lambda: old(record(0x204, b"\0" * 8, size=0xFFFF)), "damaged_xls"),
    "merges that are not there": (lambda: old(record(0xE5, b"\xff\xff")), "damaged_xls"),
    "merge of the whole sheet": (
        lambda: old(label(0, 0, "x"), record(0xE5, struct.pack("<5H", 1, 0, 65_535, 0, 255))),
        "merge_too_big",
    ),
    "older still": (lambda: container({"Book": b"\x09\x00\x04\x00" * 4}), "old_xls"),
    "no sheets": (lambda: container({"Book": record(0x809, b"\0\5\5\0") + record(0x0A)}), "no_sheets"),
    "long text": (lambda: old(label(0, 0, "x"), label(1, 0, "y" * 40_000)), "text_too_long"),
}  # fmt: skip


@pytest.mark.parametrize("name", OLD)
def test_a_hostile_old_workbook_is_refused(name):
    make, code = OLD[name]
    assert refusal(make()).code == code


def test_an_old_workbook_keeps_to_the_limits_of_rows():
    cells = [label(r, 0, "x") for r in range(5)]
    assert refusal(old(*cells), Limits(rows=4)).code == "cell_outside"
    assert len(read(old(*cells), limits=Limits(rows=5)).tables) == 1


def repeated(columns: int, rows: int, text: str = "x") -> bytes:
    cell = open_document.cell(text, f'table:number-columns-repeated="{columns}"')
    return ods(sheet(row(cell, said=f'table:number-rows-repeated="{rows}"')))


def spanned(rows: int, columns: int) -> bytes:
    said = f'table:number-rows-spanned="{rows}" table:number-columns-spanned="{columns}"'
    return ods(sheet(row(open_document.cell("x", said))))


OPEN = {
    "doctype": (lambda: ods(sheet(row("x")), before=DTD), "doctype"),
    "bomb": (lambda: ods(sheet(row(" " * 101 * 1024 * 1024))), "unpacked_too_big"),
    "a cell repeated without end": (lambda: repeated(999_999_999, 1), "cell_outside"),
    "a row repeated without end": (lambda: repeated(1, 999_999_999), "cell_outside"),
    "many of both": (lambda: repeated(256, 200_000), "too_many_elements"),
    "spaces without end": (
        lambda: ods(sheet(row("<table:table-cell><text:p>x<text:s text:c='999999999'/>y</text:p></table:table-cell>"))),
        "text_too_long",
    ),
    "span of everything": (lambda: spanned(1_048_576, 16_384), "merge_too_big"),
    "macros": (lambda: ods(sheet(row("x")), **{"Basic/Standard/Module1.xml": "<x/>"}), "macros"),
    "password": (
        lambda: ods(sheet(), **{"META-INF/manifest.xml": "<m><encryption-data/></m>"}),
        "password_protected",
    ),
    "text document": (lambda: ods(sheet(), mimetype="application/vnd.oasis.opendocument.text"), "odt"),
    "drawing": (lambda: ods(mimetype="application/vnd.oasis.opendocument.graphics"), "not_a_workbook"),
    "no sheets": (lambda: ods(), "no_sheets"),
    "51 sheets": (lambda: ods(*[sheet(row("x"))] * 51), "too_many_sheets"),
    "torn": (lambda: ods("<table:table>"), "damaged_xml"),
}  # fmt: skip


@pytest.mark.parametrize("name", OPEN)
def test_a_hostile_open_document_is_refused(name):
    make, code = OPEN[name]
    assert refusal(make()).code == code


def test_deep_nesting_ends_the_open_document_reader_cleanly():
    deep = "<text:span>" * 500_000 + "x" + "</text:span>" * 500_000
    data = ods(sheet(row(f"<table:table-cell><text:p>{deep}</text:p></table:table-cell>")))
    assert read(data, filename="来文").tables[0].grid.rows == [["x"]]


def html(body: str) -> bytes:
    return f"<html><meta charset=utf-8><body>{body}</body></html>".encode()


SML = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'


def sml(inner: str, before: str = "") -> bytes:
    sheet = f'<Worksheet ss:Name="a"><Table>{inner}</Table></Worksheet>' if inner else ""
    return f'<?xml version="1.0"?>{before}<Workbook {SML}>{sheet}</Workbook>'.encode()


DATA = "<Data ss:Type='String'>x</Data>"
MARKUP = {
    "no table": (lambda: html("<p>通知</p>"), "no_table"),
    "colspan of a thousand million": (lambda: html("<table><tr><td colspan=1000000000>x</table>"), "merge_too_big"),
    "rowspan of a thousand million": (lambda: html("<table><tr><td rowspan=1000000000>x</table>"), "merge_too_big"),
    "spans that add up": (
        lambda: html("<table><tr>" + "<td rowspan=65000 colspan=3>x</td>" * 80 + "</table>"),
        "merge_too_big",
    ),
    "wide by cells": (lambda: html("<table><tr>" + "<td>x" * 300 + "</table>"), "cell_outside"),
    "tables in tables": (lambda: html("<table><tr><td>" * 100_000 + "x"), "nested_too_deep"),
    "torn tags": (lambda: html('<td colspan="' * 300_000), "unreadable"),
    "tags that never end": (lambda: html("<a " * 1_000_000), "unreadable"),
    "long cell": (lambda: html(f"<table><tr><td>{'长' * 40_000}</table>"), "text_too_long"),
    "sheet with a doctype": (lambda: sml(f"<Row><Cell>{DATA}</Cell></Row>", DTD), "doctype"),
    "no sheets": (lambda: sml(""), "no_sheets"),
    "far row": (lambda: sml(f'<Row ss:Index="999999999"><Cell>{DATA}</Cell></Row>'), "cell_outside"),
    "far column": (lambda: sml(f'<Row><Cell ss:Index="16384">{DATA}</Cell></Row>'), "cell_outside"),
    "wide merge": (lambda: sml(f'<Row><Cell ss:MergeAcross="99999" ss:MergeDown="9">{DATA}</Cell></Row>'), "merge_too_big"),
    "torn": (lambda: sml("<Row>"), "damaged_xml"),
    "another XML": (lambda: b"<?xml version='1.0'?><plan><task/></plan>", "not_a_workbook"),
    "Word's XML": (
        lambda: b"<?xml version='1.0'?><w:d xmlns:w='http://schemas.microsoft.com/office/word/2003/wordml'/>",
        "not_a_workbook",
    ),
    "mail without a table": (lambda: b"MIME-Version: 1.0\nContent-Type: text/html\n\n<p>x</p>", "no_table"),
}  # fmt: skip


@pytest.mark.parametrize("name", MARKUP)
def test_hostile_markup_is_refused(name):
    make, code = MARKUP[name]
    assert refusal(make()).code == code


def test_deep_nesting_costs_the_page_reader_nothing():
    deep = html(
        "<table><tr><td>" + "<b>" * 300_000 + "x" + "</b>" * 300_000 + "</td><td>y</td></table>"
    )
    assert read(deep, filename="来文").tables[0].grid.rows == [["x", "y"]]


def test_a_page_fetches_nothing(listener):
    address = f"http://127.0.0.1:{listener.port}"
    read(html(f"<link href='{address}/s.css'><img src='{address}/i'><table><tr><td>x<td>y</table>"))
    read(sml(f"<Row><Cell ss:HRef='{address}'>{DATA}</Cell></Row>"))
    assert listener.calls() == 0
    listener.call()
    assert listener.calls() == 1


def binary(cells: bytes = b"", row: int = 0, **said: object) -> bytes:
    return binary_xlsx.xlsb(binary_xlsx.sheet({row: cells}, **said))


BINARY = {
    "record longer than the part": (lambda: binary(binary_xlsx.record(6, b"\0" * 12, size=9999)), "damaged_xls"),
    "far row": (lambda: binary(binary_xlsx.texts("x"), row=1_048_575), "cell_outside"),
    "far column": (lambda: binary(binary_xlsx.texts("x", start=16_383)), "cell_outside"),
    "merge of everything": (lambda: binary(merges=((0, 1_048_575, 0, 16_383),)), "merge_too_big"),
    "macros": (lambda: binary_xlsx.xlsb(b"", **{"xl/vbaProject.bin": b"x"}), "macros"),
    "no sheets": (lambda: binary_xlsx.xlsb(b"", **{"xl/workbook.bin": b""}), "no_sheets"),
    "number that never ends": (lambda: binary_xlsx.xlsb(b"\xff"), "damaged_xls"),
}  # fmt: skip


@pytest.mark.parametrize("name", BINARY)
def test_a_hostile_binary_workbook_is_refused(name):
    make, code = BINARY[name]
    assert refusal(make()).code == code
