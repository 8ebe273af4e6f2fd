"""Binary workbooks (.xlsb), and workbooks whose parts stand at unusual paths."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest

from importers import Table, read

from . import build
from .binary_xlsx import HEADER, error, formula, number, sheet, texts, xlsb


def only(data: bytes) -> Table:
    (table,) = read(data, filename="计划.xlsb", year=2026).tables
    return table


def plan(**said: object) -> bytes:
    second = number(0, 2) + texts("印发会议纪要", start=1) + formula(2, "财务科") + error(3, 0x17)
    first = number(0, 1) + texts("整理会议资料", "综合科", start=1) + number(3, 46_203, 1)
    return xlsb(sheet({0: texts(*HEADER), 1: first, 2: second}, **said))


def test_values_dates_formulas_and_errors():
    table = only(plan())
    assert [(t.number, t.text, t.source) for t in table.tasks] == [
        ("1", "整理会议资料", "计划!B2"),
        ("2", "印发会议纪要", "计划!B3"),
    ]
    assert table.tasks[0].deadline.due_on == date(2026, 6, 30)
    assert {(p.code, p.source, p.value) for p in table.problems} == {
        ("formula", "计划!C3", "财务科"),
        ("error_cell", "计划!D3", "#REF!"),
    }


def test_merges_and_what_is_hidden():
    table = only(plan(merges=((0, 0, 4, 5), (1, 2, 0, 0)), hidden=(2,), hidden_column=3))
    assert table.grid.merges == [(0, 4, 0, 5), (1, 0, 2, 0)]
    codes = {(p.code, p.source) for p in table.problems}
    assert codes >= {("hidden_rows", "计划!3:3"), ("hidden_columns", "计划!D:D")}


def test_a_hidden_sheet_is_told():
    (table,) = read(xlsb(sheet({0: texts("甲")}), state=1), filename="计划.xlsb").tables
    assert [p.code for p in table.problems] == ["hidden_sheet"]


def test_the_1904_system_means_the_same_day():
    days = (date(2026, 6, 30) - date(1904, 1, 1)).days
    row = number(0, 1) + texts("整理会议资料", "综合科", start=1) + number(3, days, 1)
    table = only(xlsb(sheet({0: texts(*HEADER), 1: row}), epoch_1904=True))
    assert table.tasks[0].deadline.due_on == date(2026, 6, 30)


def moved(change: Callable[[str], str]) -> bytes:
    """The plain test workbook with paths changed in names and contents alike."""
    with zipfile.ZipFile(io.BytesIO(build.raw(build.GOOD))) as archive:
        parts = {change(n): change(archive.read(n).decode()) for n in archive.namelist()}
    return build.zipped(parts)


STRICT = (
    ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships"),
)  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("xl/", "office/"),
        lambda text: text.replace("xl/workbook.xml", "xl/book2.xml").replace(
            "_rels/workbook", "_rels/book2"
        ),
        lambda text: text.replace("xl/worksheets/", "data/").replace(
            '"worksheets/sheet1', '"../data/sheet1'
        ),
        lambda text: text.replace("xl/worksheets/", "data/").replace('"worksheets/', '"/data/'),
        lambda text: text.replace("xl/workbook.xml", "xl/Workbook.xml").replace(
            "_rels/workbook", "_rels/Workbook"
        ),
        lambda text: text.replace(*STRICT[0]).replace(*STRICT[1]),
    ],
    ids=["folder", "book", "climbing", "absolute", "capitals", "strict"],
)
def test_parts_are_found_by_relationship_not_by_name(change):
    (table,) = read(moved(change), filename="计划.xlsx", year=2026).tables
    assert [t.text for t in table.tasks] == ["整理会议资料"]


def test_what_is_hidden_is_seen_at_unusual_paths_too():
    body = build.GOOD.replace('<row r="2"', '<row hidden="1" r="2"')
    with zipfile.ZipFile(io.BytesIO(build.raw(body))) as archive:
        parts = {
            n.replace("xl/", "office/"): archive.read(n).decode().replace("xl/", "office/")
            for n in archive.namelist()
        }
    (table,) = read(build.zipped(parts), filename="计划.xlsx", year=2026).tables
    assert [p.code for p in table.problems] == ["hidden_rows"]
