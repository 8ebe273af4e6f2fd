"""CSV and TSV: encodings by mark or certainty, separators by the rows, one sentence for the rest."""

from __future__ import annotations

import csv
import io

import pytest

from importers import ReadingRefused, read

HEADER = ("序号", "工作任务", "责任单位", "完成时限")
ROW = ("1", "整理会议资料，并归档", "综合科", "3月底")
TEXT = "\n".join(",".join(row) for row in (HEADER, ROW)) + "\n"


def rows(data: bytes) -> list[list[str]]:
    return read(data, filename="计划.csv", year=2026).tables[0].grid.rows


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(), TEXT.encode("utf-8-sig"), TEXT.encode("gb18030"), TEXT.encode("gbk"),
        b"\x84\x31\x95\x33" + TEXT.encode("gb18030"), TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"), TEXT.encode("utf-16-le"), TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode(), TEXT.replace("\n", "\r").encode(),
    ],
)  # fmt: skip
def test_every_usual_encoding_and_line_end(data):
    assert rows(data) == [list(HEADER), list(ROW)]


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_every_usual_separator(separator):
    assert rows(TEXT.replace(",", separator).encode()) == [list(HEADER), list(ROW)]


def test_the_separator_is_told_by_the_rows_not_by_how_often_it_occurs():
    lines = [
        "序号\t工作任务\t责任单位",
        "1\t整理甲,乙,丙,丁,戊,己,庚\t综合科",
        "2\t印发子,丑,寅\t财务科",
    ]
    assert [len(row) for row in rows("\n".join(lines).encode())] == [3, 3, 3]


def test_a_separator_may_be_named_in_the_first_line():
    text = "sep=|\n" + TEXT.replace(",", "|").replace("综合科", "综合,科,室,处,股")
    assert rows(text.encode())[1][2] == "综合,科,室,处,股"


def test_quoted_cells_hold_line_ends_and_quotes():
    stream = io.StringIO()
    csv.writer(stream).writerows([HEADER, ("1", '整理"会议"资料\n并归档', "综合科", "3月底")])
    assert rows(stream.getvalue().encode())[1][1] == '整理"会议"资料\n并归档'


def test_a_title_line_does_not_hide_the_separator():
    assert (
        read(("2026年计划\n" + TEXT).encode(), filename="计划.txt").tables[0].title == "2026年计划"
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("关于召开会议的通知\n请各科室参加。\n".encode(), "no_table"),
        ("只有一个词".encode("gb18030"), "no_table"),
        (b'a,b\n"x,y\n' * 9, "bad_csv"),
        (b"a,b\n" + b"x" * 200_000 + b",y\n", "bad_csv"),
        (b"a,b\nc\0,d\n", "not_a_workbook"),
        (TEXT.encode("gb18030") + b"\xff\xff,\n", "bad_encoding"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not_a_workbook"),
        (b"{\\rtf1\\ansi plan}", "not_a_workbook"),
        (("x," * 300 + "\n").encode(), "cell_outside"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(data, code):
    with pytest.raises(ReadingRefused) as refused:
        read(data, filename="来文.txt")
    assert refused.value.code == code
    assert "来文.txt" in refused.value.message


def test_big5_is_not_guessed_at():
    odd = "序號,工作任務,責任單位\n1,資料歸檔,綜合科\n".encode("big5")
    try:
        read_back = rows(odd)
    except ReadingRefused as refused:
        assert refused.code == "bad_encoding"
    else:
        assert read_back[0][0] != "序號"  # read as the other encoding, and shown so
