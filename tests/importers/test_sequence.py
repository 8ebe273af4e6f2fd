"""Numbers of a table: twice, missing, or 1.10 become 1.1; told where it is odd, silent elsewhere."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from importers import Problem

from . import build
from .read_table import codes, table

OURS = ("repeated_number", "missing_number", "number_format")


def notices(*numbers: object, groups: dict[int, str] | None = None) -> list[Problem]:
    """What is told of a table with these numbers; `groups` are heading rows before the nth task."""
    rows: list[tuple[object, ...]] = [build.HEADER]
    for n, number in enumerate(numbers):
        if groups and n in groups:
            rows.append((groups[n],))
        rows.append((number, f"整理第{n}类材料", "综合科", "3月底"))
    return [p for p in table(build.workbook(*rows)).problems if p.code in OURS]


def test_a_number_that_stands_twice_and_one_that_is_missing_are_told():
    again, gone = notices(1, 2, 2, 4)
    assert (again.code, again.source, again.value) == ("repeated_number", "计划!A4", "2")
    assert "第 3 行和第 4 行" in again.message
    assert (gone.code, gone.source, gone.value) == ("missing_number", "计划!A5", "3")


def test_several_missing_ones_are_named():
    (gone,) = notices(1, 2, 3, 4, 7, 8, 9, 10)
    assert gone.value == "5、6"
    assert "从 4 跳到 7" in gone.message


@pytest.mark.parametrize(
    "numbers",
    [
        (1, 2, 3, 4),
        (1, 2, 3, 1, 2, 1, 2, 3),  # begins again in each group
        (3, 7, 12, 40),  # an excerpt of a longer list
        (2, 1, 4, 3),  # in another order
        (1, 1, 2, 2, 3, 3),  # several rows of one matter
        ("一", "二", "四"),
        ("A-1", "B-7", "B-7"),
        ("1.1", "1.2", "2.1", "2.2"),
        ("", "", ""),
    ],
)
def test_usual_ways_of_numbering_say_nothing(numbers):
    assert notices(*numbers) == []


def test_a_group_may_begin_again_and_is_looked_along_by_itself():
    groups = {0: "一、宣传", 3: "二、保障"}
    assert notices(1, 2, 3, 1, 2, 3, groups=groups) == []
    assert [p.value for p in notices(1, 2, 3, 1, 2, 2, 3, 4, groups=groups)] == ["2"]


def test_a_row_without_a_number_fills_a_gap():
    assert notices(1, 2, "", 4, 5) == []


def test_a_number_merged_over_rows_is_no_number_twice():
    rows = (
        build.HEADER,
        build.ROW,
        (None, "归档", "档案室", "4月底"),
        (2, "清点", "财务科", "5月底"),
    )
    assert not set(codes(table(build.workbook(*rows, merges=["A2:A3"])))) & set(OURS)


def test_numbers_below_a_stem_are_looked_along_too():
    (gone,) = notices("1.1", "1.2", "1.4", "2.1")
    assert gone.value == "1.3"


def test_one_dot_ten_that_became_one_dot_one_is_told():
    numbers = [*(f"1.{n}" for n in range(1, 10)), 1.1, "1.11"]
    (slipped,) = notices(*numbers)
    assert (slipped.code, slipped.value, slipped.proposed) == ("number_format", "1.1", "1.10")
    assert slipped.source == "计划!A11"


def formatted(shown: str | None) -> list[str]:
    """The numbers read of cells that hold 1.8, 1.9, 1.1 and 2 in this format."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("计划")
    cell = book.add_format({"num_format": shown} if shown else {})
    sheet.write_row(0, 0, build.HEADER)
    for r, number in enumerate((1.8, 1.9, 1.1, 1.125, 2), 1):
        sheet.write_number(r, 0, number, cell)
        sheet.write_row(r, 1, (f"第{r}项", "综合科", "3月底"))
    book.close()
    return [task.number for task in table(stream.getvalue()).tasks]


def test_the_format_of_a_cell_shows_the_zeros_that_the_number_lost():
    assert formatted("0.00") == ["1.80", "1.90", "1.10", "1.125", "2"]
    assert formatted("0.000")[2] == "1.100"
    assert formatted(None) == formatted("0.0#") == ["1.8", "1.9", "1.1", "1.125", "2"]
