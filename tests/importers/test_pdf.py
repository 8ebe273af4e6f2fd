"""PDFs with a text layer: ruled tables are read and always asked about."""

from __future__ import annotations

import sys

import pytest

from importers import ReadingRefused, read
from importers.limits import Limits
from importers.plain import read_plain

from .pdf_file import pdf, table, text

HEADER = ("序号", "工作任务", "责任单位", "完成时限")
ROWS = (("1", "整理会议资料", "综合科", "3月底"), ("2", "印发会议纪要", "财务科", "4月底"))
PAGE = text("2026年窗口任务清单", 200, 790) + table(HEADER, *ROWS) + text("- 1 -", 290, 40)


def needs_the_extra() -> None:
    pytest.importorskip("pdfplumber", reason="PDF needs the extra: pip install -e '.[pdf]'")


def test_a_ruled_table_is_read_and_asked_about():
    needs_the_extra()
    (found,) = read(pdf(PAGE), filename="计划.pdf").tables
    assert (found.sheet, found.title) == ("表1", "2026年窗口任务清单")
    assert [(t.number, t.text, t.assignments[0].name) for t in found.tasks] == [
        ("1", "整理会议资料", "综合科"),
        ("2", "印发会议纪要", "财务科"),
    ]
    assert [(p.code, p.source) for p in found.problems] == [("pdf_table", "表1!A1")]


def test_cells_without_a_line_between_are_merged():
    needs_the_extra()
    rows = (HEADER, ROWS[0], (*ROWS[1][:2], "", ROWS[1][3]))
    (found,) = read(pdf(table(*rows, down=[(2, 1, 2)])), filename="计划.pdf", year=2026).tables
    assert found.grid.merges == [(1, 2, 2, 2)]
    assert [t.assignments[0].source for t in found.tasks] == ["表1!C2", "表1!C2"]


def test_a_table_goes_on_over_the_page_with_its_header_again():
    needs_the_extra()
    pages = (PAGE, table(HEADER, ("3", "归档", "综合科", "5月底")) + text("- 2 -", 290, 40))
    (found,) = read(pdf(*pages), filename="计划.pdf").tables
    assert [t.number for t in found.tasks] == ["1", "2", "3"]


def test_a_merged_cell_that_the_page_cuts_is_one_cell():
    needs_the_extra()
    first = table(HEADER, ROWS[0], (*ROWS[1][:2], "", ROWS[1][3]), down=[(2, 1, 2)])
    rest = (
        ("3", "归档", "", "5月底"),
        ("4", "移交", "", "6月底"),
        ("5", "销毁", "档案室", "7月底"),
    )
    middle = table(HEADER, *rest[:2], down=[(2, 1, 2)])
    pages = (first, middle, table(HEADER, *rest, down=[(2, 1, 2)]))
    (found,) = read(pdf(*pages), filename="计划.pdf", year=2026).tables
    who = [t.assignments[0].name for t in found.tasks]
    assert who == ["综合科"] * 6 + ["档案室"]
    assert {t.assignments[0].source for t in found.tasks} == {"表1!C2", "表1!C8"}
    assert "blank_department" not in [p.code for p in found.problems]


def test_an_empty_cell_at_the_top_of_a_page_is_empty():
    needs_the_extra()
    pages = (
        table(HEADER, *ROWS),
        table(HEADER, ("3", "归档", "", "5月底"), ("4", "移交", "综合科", "6月底")),
    )
    (found,) = read(pdf(*pages), filename="计划.pdf", year=2026).tables
    assert [len(t.assignments) for t in found.tasks] == [1, 1, 0, 1]


def test_words_outside_the_tables_are_listed():
    needs_the_extra()
    page = text("现将任务分工印发给你们，请认真落实。", 40, 800) + PAGE.replace(b"790", b"780")
    tables = read(pdf(page), filename="计划.pdf").tables
    assert [(t.sheet, t.kind, bool(t.skipped)) for t in tables] == [
        ("表1", "plan", False),
        ("正文", "not_a_plan", True),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (pdf(b"0 0 100 100 re S"), "pdf_without_text"),
        (pdf(text("只有文字", 40, 700)), "no_table"),
        (b"%PDF-1.7\n", "unreadable"),
        (pdf(PAGE)[:300], "unreadable"),
        (pdf(*[b""] * 301), "too_many_members"),
    ],
    ids=["scan", "no table", "head only", "cut", "301 pages"],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(data, code):
    needs_the_extra()
    with pytest.raises(ReadingRefused) as refused:
        read(data, filename="来文.pdf")
    assert refused.value.code == code
    assert "来文.pdf" in refused.value.message


def test_without_the_extra_the_command_is_named(monkeypatch):
    for name in ("pdfplumber", "pdfminer.pdfdocument"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ReadingRefused) as refused:
        read_plain(pdf(PAGE), "计划.pdf", 2026, None, Limits())
    assert refused.value.code == "pdf"
    assert "pip install -e '.[pdf]'" in refused.value.message
