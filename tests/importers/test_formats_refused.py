"""Each format's hostile and foreign files are refused in one sentence, quickly."""

from __future__ import annotations

import time

import pytest

from importers import Limits, ReadingRefused, read

from . import build
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
